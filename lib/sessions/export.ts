import { stringify } from "csv-stringify/sync";
import { withoutFormula } from "@/lib/format";
import type { SessionItem } from "./schema";

type Cell = string | number | null;

/** The columns of the CSV, in order: names as in the JSON, nested ones joined by a dot. */
const COLUMNS: Record<string, (item: SessionItem) => Cell> = {
  id: (item) => item.id,
  connection_id: (item) => item.connection_id,
  title: (item) => item.title,
  "agent.id": (item) => item.agent.id,
  "agent.name": (item) => item.agent.name,
  "agent.version": (item) => item.agent.version,
  environment_id: (item) => item.environment_id,
  deployment_id: (item) => item.deployment_id,
  model: (item) => item.model,
  source: (item) => item.source,
  status: (item) => item.status,
  outcome: (item) => item.outcome,
  "outcome_detail.reason": (item) => item.outcome_detail?.reason ?? null,
  started_at: (item) => item.started_at,
  settled_at: (item) => item.settled_at,
  last_event_at: (item) => item.last_event_at,
  archived_at: (item) => item.archived_at,
  deleted_at: (item) => item.deleted_at,
  duration_ms: (item) => item.duration_ms,
  active_ms: (item) => item.active_ms,
  waiting_ms: (item) => item.waiting_ms,
  turns: (item) => item.turns,
  threads: (item) => item.threads,
  events: (item) => item.events,
  model_requests: (item) => item.model_requests,
  tool_calls: (item) => item.tool_calls,
  tool_errors: (item) => item.tool_errors,
  tool_denials: (item) => item.tool_denials,
  errors: (item) => item.errors.map(({ type, count }) => `${type} ${count}`).join("; "),
  "usage.input_tokens": (item) => item.usage.input_tokens,
  "usage.cache_write_5m_tokens": (item) => item.usage.cache_write_5m_tokens,
  "usage.cache_write_1h_tokens": (item) => item.usage.cache_write_1h_tokens,
  "usage.cache_read_tokens": (item) => item.usage.cache_read_tokens,
  "usage.output_tokens": (item) => item.usage.output_tokens,
  "usage.web_searches": (item) => item.usage.web_searches,
  "cost.computed_nanos": (item) => item.cost.computed_nanos,
  "cost.tokens_nanos": (item) => item.cost.tokens_nanos,
  "cost.runtime_nanos": (item) => item.cost.runtime_nanos,
  "cost.web_search_nanos": (item) => item.cost.web_search_nanos,
  "cost.unpriced_tokens": (item) => item.cost.unpriced_tokens,
  "cost.missing_thread_tokens": (item) => item.cost.missing_thread_tokens,
  "cost.list_cost_cents": (item) => item.cost.list_cost_cents,
  "cost.drift_nanos": (item) => item.cost.drift_nanos,
  "cost.drift_causes": (item) => item.cost.drift_causes.join("; "),
  "cost.price_book": (item) => item.cost.price_book,
  budget_cents: (item) => item.budget_cents,
  metadata: (item) => JSON.stringify(item.metadata),
};

export const csvHeader = (): string => stringify([Object.keys(COLUMNS)]);

/** Rows without the header. */
export function csvRows(items: readonly SessionItem[]): string {
  const columns = Object.values(COLUMNS);
  return stringify(items.map((item) => columns.map((column) => withoutFormula(column(item)))));
}

export function ndjsonRows(items: readonly SessionItem[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join("");
}
