import { streamPages } from "@/lib/http/page-stream";
import { csvHeader, csvRows, ndjsonRows } from "./export";
import { readSessions } from "./list-store";
import type { ExportQuery } from "./query-schema";

const ROWS_AT_ONCE = 500;

/** Every session the filter lets through, as text. */
export function exportSessions(
  workspace: string,
  { format, ...filter }: ExportQuery,
): Promise<ReadableStream<Uint8Array>> {
  return streamPages(
    (cursor) =>
      readSessions(workspace, {
        ...filter,
        limit: ROWS_AT_ONCE,
        ...(cursor === null ? {} : { cursor }),
      }),
    format === "csv" ? { head: csvHeader(), write: csvRows } : { head: "", write: ndjsonRows },
  );
}
