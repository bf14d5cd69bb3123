import { streamPages } from "@/lib/http/page-stream";
import { csvHeader, csvRows, ndjsonRows } from "./reconcile-export";
import type { ReconcileExportQuery, ReconcileSession } from "./reconcile-schema";
import { readReconcileSessions } from "./reconcile-sessions-store";

const ROWS_AT_ONCE = 500;

/** Every session behind the figures of a filter, as text, those that are farthest off first. */
export function exportReconcile(
  workspace: string,
  { format, ...filter }: ReconcileExportQuery,
  shown: (item: ReconcileSession) => ReconcileSession,
): Promise<ReadableStream<Uint8Array>> {
  return streamPages(
    async (cursor) => {
      const asked = { ...filter, limit: ROWS_AT_ONCE, ...(cursor === null ? {} : { cursor }) };
      const { data, next_cursor } = await readReconcileSessions(workspace, asked);
      return { data: data.map(shown), next_cursor };
    },
    format === "csv" ? { head: csvHeader(), write: csvRows } : { head: "", write: ndjsonRows },
  );
}
