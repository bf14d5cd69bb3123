import { streamPages } from "@/lib/http/page-stream";
import { csvHeader, csvRows, ndjsonRows } from "./export";
import { readSessions } from "./list-store";
import type { ExportQuery } from "./query-schema";
import type { SessionItem } from "./schema";

const ROWS_AT_ONCE = 500;

/** Every session the filter lets through, as text, as it is `shown` to who asks. */
export function exportSessions(
  workspace: string,
  { format, ...filter }: ExportQuery,
  shown: (item: SessionItem) => SessionItem,
): Promise<ReadableStream<Uint8Array>> {
  return streamPages(
    async (cursor) => {
      const asked = { ...filter, limit: ROWS_AT_ONCE, ...(cursor === null ? {} : { cursor }) };
      const { data, next_cursor } = await readSessions(workspace, asked);
      return { data: data.map(shown), next_cursor };
    },
    format === "csv" ? { head: csvHeader(), write: csvRows } : { head: "", write: ndjsonRows },
  );
}
