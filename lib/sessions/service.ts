import { csvHeader, csvRows, ndjsonRows } from "./export";
import { readSessions } from "./list-store";
import type { ExportQuery, SessionsQuery } from "./query-schema";

const ROWS_AT_ONCE = 500;

/**
 * Every session the filter lets through, page after page, as text; no page is read before the one
 * before it was taken, so that a slow reader costs no memory. Throws before it streams if the first
 * page fails.
 */
export async function exportSessions(
  workspace: string,
  { format, ...filter }: ExportQuery,
): Promise<ReadableStream<Uint8Array>> {
  const query = (cursor: string | null): SessionsQuery => ({
    ...filter,
    limit: ROWS_AT_ONCE,
    ...(cursor === null ? {} : { cursor }),
  });
  const text = new TextEncoder();
  let page: Awaited<ReturnType<typeof readSessions>> | null = await readSessions(
    workspace,
    query(null),
  );
  let head = format === "csv" ? csvHeader() : "";
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (page === null) return controller.close();
        const rows = format === "csv" ? csvRows(page.data) : ndjsonRows(page.data);
        controller.enqueue(text.encode(head + rows));
        head = "";
        const next = page.next_cursor;
        page = next === null ? null : await readSessions(workspace, query(next));
      },
    },
    { highWaterMark: 1 },
  );
}
