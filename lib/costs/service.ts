import { streamPages } from "@/lib/http/page-stream";
import { csvHeader, csvRows, ndjsonRows } from "./reconcile-export";
import type { ReconcileExportQuery } from "./reconcile-schema";
import { readReconcileSessions } from "./reconcile-sessions-store";

const ROWS_AT_ONCE = 500;

/** Every session behind the figures of a filter, as text, those that are farthest off first. */
export function exportReconcile(
  workspace: string,
  { format, ...filter }: ReconcileExportQuery,
): Promise<ReadableStream<Uint8Array>> {
  return streamPages(
    (cursor) =>
      readReconcileSessions(workspace, {
        ...filter,
        limit: ROWS_AT_ONCE,
        ...(cursor === null ? {} : { cursor }),
      }),
    format === "csv" ? { head: csvHeader(), write: csvRows } : { head: "", write: ndjsonRows },
  );
}
