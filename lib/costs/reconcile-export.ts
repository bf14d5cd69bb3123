import { stringify } from "csv-stringify/sync";
import { withoutFormula } from "@/lib/format";
import type { ReconcileSession } from "./reconcile-schema";

/** The columns of the CSV, in order: names as in the JSON, nested ones joined by a dot. */
const COLUMNS: Record<string, (item: ReconcileSession) => string | number | null> = {
  id: (item) => item.id,
  connection_id: (item) => item.connection_id,
  title: (item) => item.title,
  "agent.id": (item) => item.agent.id,
  "agent.name": (item) => item.agent.name,
  model: (item) => item.model,
  source: (item) => item.source,
  outcome: (item) => item.outcome,
  settled_at: (item) => item.settled_at,
  computed_nanos: (item) => item.computed_nanos,
  list_nanos: (item) => item.list_nanos,
  drift_nanos: (item) => item.drift_nanos,
  billed_nanos: (item) => item.billed_nanos,
  cause: (item) => item.cause,
  causes: (item) => item.causes.join("; "),
  price_book: (item) => item.price_book,
  "usage.input_tokens": (item) => item.usage?.input_tokens ?? null,
  "usage.cache_write_5m_tokens": (item) => item.usage?.cache_write_5m_tokens ?? null,
  "usage.cache_write_1h_tokens": (item) => item.usage?.cache_write_1h_tokens ?? null,
  "usage.cache_read_tokens": (item) => item.usage?.cache_read_tokens ?? null,
  "usage.output_tokens": (item) => item.usage?.output_tokens ?? null,
  "spans.input_tokens": (item) => item.spans.input_tokens,
  "spans.cache_write_tokens": (item) => item.spans.cache_write_tokens,
  "spans.cache_read_tokens": (item) => item.spans.cache_read_tokens,
  "spans.output_tokens": (item) => item.spans.output_tokens,
  token_gap: (item) => item.token_gap,
  relist: (item) => item.relist,
};

export const csvHeader = (): string => stringify([Object.keys(COLUMNS)]);

/** Rows without the header. */
export function csvRows(items: readonly ReconcileSession[]): string {
  const columns = Object.values(COLUMNS);
  return stringify(items.map((item) => columns.map((column) => withoutFormula(column(item)))));
}

export function ndjsonRows(items: readonly ReconcileSession[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join("");
}
