import { lineOf } from "./line";
import type { RawItem } from "./schema";

/** What one request to ingest takes of an import: small enough to show progress and to be stored at once. */
export const BATCH_ITEMS = 2000;
export const BATCH_CHARS = 8 * 1024 * 1024;

/** One request: its lines as NDJSON, and the position of the first of them among all items. */
export type ImportBatch = { ndjson: string; first: number; count: number };

/** The items as requests, in their order. A single item over the limit goes alone: the server says what is wrong with it. */
export function* importBatches(items: readonly RawItem[]): Generator<ImportBatch> {
  let lines: string[] = [];
  let chars = 0;
  let first = 0;
  for (const item of items) {
    const line = lineOf(item);
    if (lines.length > 0 && (lines.length >= BATCH_ITEMS || chars + line.length > BATCH_CHARS)) {
      yield { ndjson: lines.join("\n"), first, count: lines.length };
      first += lines.length;
      lines = [];
      chars = 0;
    }
    lines.push(line);
    chars += line.length + 1;
  }
  if (lines.length > 0) yield { ndjson: lines.join("\n"), first, count: lines.length };
}
