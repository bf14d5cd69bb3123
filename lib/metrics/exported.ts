import { findMetric } from "./catalogue";
import type { TotalsQuery } from "./totals";

type Groups = TotalsQuery["groups"];

/** How a metric of the catalogue is told to Prometheus. Several of one name are told apart by `fixed`. */
export type Exported = {
  /** After `watchkeeper_`. */
  name: string;
  type: "counter" | "gauge" | "histogram";
  /** Of the catalogue; `groups` become labels of the same name. */
  metric: string;
  groups: Groups;
  /** From the metric's own unit to the one in the name. */
  scale: number;
  help: string;
  fixed?: Record<string, string>;
  /** Only these outcomes. */
  outcome?: string[];
  /** Upper bounds of a histogram's buckets, in seconds. */
  bounds?: readonly number[];
};

const USD = 1e-9;
const SECONDS = 1e-3;

const SHORT = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];
/** What a person does takes longer. */
const LONG = [5, 15, 30, 60, 300, 900, 1_800, 3_600, 14_400, 86_400];
const LAGS = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 86_400];

const FAILED = ["outcome_failed", "retries_exhausted", "refused", "terminated"];
const ENDED = ["completed", "interrupted", "waiting", "budget_paused", "unknown", ...FAILED];

const textOf = (metric: string) => findMetric(metric)?.text ?? "";

function counter(name: string, metric: string, groups: Groups, more: Partial<Exported> = {}) {
  return {
    name,
    type: "counter",
    metric,
    groups,
    scale: 1,
    help: textOf(metric),
    ...more,
  } as const;
}
function gauge(name: string, metric: string, groups: Groups, more: Partial<Exported> = {}) {
  return { name, type: "gauge", metric, groups, scale: 1, help: textOf(metric), ...more } as const;
}
function seconds(metric: string, groups: Groups, bounds: readonly number[], name = metric) {
  const told = name.endsWith("_seconds") ? name : `${name}_seconds`;
  return {
    ...counter(told, metric, groups, { scale: SECONDS, bounds }),
    type: "histogram",
  } as const;
}
const usd = (name: string, metric: string, meter: string): Exported => ({
  ...counter(name, metric, ["agent"], { scale: USD, fixed: { meter } }),
  help: "Computed cost in US dollars, by what it is paid for.",
});
const byOutcome = (metric: string, groups: Groups, fixed?: Record<string, string>): Exported => ({
  ...gauge("sessions", metric, groups, fixed ? { fixed } : {}),
  help: "Sessions by their outcome as it is now; those that run or wait are under these words.",
});

/**
 * Everything `/metrics` tells of the fleet, from the catalogue alone. Rates are Prometheus' to make. The
 * first with a label decides which of its values are the heaviest.
 */
export const EXPORTED: readonly Exported[] = [
  byOutcome("sessions_settled", ["outcome"]),
  byOutcome("running_sessions", [], { outcome: "running" }),
  byOutcome("waiting_sessions", [], { outcome: "waiting" }),
  counter("sessions_started_total", "sessions_started", ["agent"]),
  gauge("running_sessions", "running_sessions", ["agent"], { help: "Sessions running now." }),
  gauge("waiting_sessions", "waiting_sessions", ["agent"], {
    help: "Sessions waiting for somebody now.",
  }),
  counter("sessions_settled_total", "sessions_settled", ["agent", "outcome"]),
  counter("failed_sessions_total", "sessions_failed", ["agent", "outcome"], { outcome: FAILED }),
  counter("turns_total", "turns", ["agent", "outcome"], { outcome: ENDED }),
  counter("reschedules_total", "reschedules", ["agent"]),
  counter("session_errors_total", "session_errors", ["agent", "error_type"]),
  counter("final_session_errors_total", "final_errors", ["agent", "error_type"]),
  counter("grouped_errors_total", "grouped_errors", ["agent"]),
  usd("cost_usd_total", "cost_tokens", "tokens"),
  usd("cost_usd_total", "cost_runtime", "runtime"),
  usd("cost_usd_total", "cost_web_search", "web_search"),
  counter("list_cost_usd_total", "list_cost", ["agent"], {
    scale: USD,
    help: "The provider's own cost of sessions in US dollars, when it was last told.",
  }),
  counter("settled_cost_usd_total", "cost_per_completed_session", ["agent"], {
    scale: USD,
    help: "What all sessions that settled have cost in US dollars, failures too.",
  }),
  counter("failed_cost_usd_total", "cost_of_failures", ["agent"], {
    scale: USD,
    help: "What sessions that settled as a failure have cost in US dollars.",
  }),
  counter("tokens_total", "tokens", ["agent", "model", "bucket"], {
    help: "Tokens of all five buckets.",
  }),
  counter("unpriced_tokens_total", "unpriced_tokens", ["agent", "model"]),
  counter("session_seconds_total", "session_hours", ["agent"], {
    scale: SECONDS,
    help: "Seconds that sessions ran; 3,600 are a session-hour.",
  }),
  counter("expired_cache_cost_usd_total", "cost_of_expired_cache", ["agent", "model"], {
    scale: USD,
    help: "What it cost in US dollars to write again what the cache had not kept.",
  }),
  counter("expired_cache_tokens_total", "expired_cache_tokens", ["agent", "model"]),
  counter("briefly_expired_cache_tokens_total", "briefly_expired_cache_tokens", ["agent", "model"]),
  counter("context_tokens_total", "context_tokens", ["agent", "tool"]),
  counter("carried_tokens_total", "carried_tokens", ["agent", "tool"]),
  counter("context_cost_usd_total", "cost_of_context", ["agent", "tool"], {
    scale: USD,
    help: "Computed cost of prompts in US dollars, by the tool whose results they carried.",
  }),
  counter("web_searches_total", "web_searches", ["agent"]),
  counter("model_requests_total", "model_requests", ["agent", "model"]),
  counter("model_request_errors_total", "model_error_rate", ["agent", "model"]),
  counter("tool_calls_total", "tool_calls", ["agent", "tool"]),
  counter("tool_errors_total", "tool_error_rate", ["agent", "tool"]),
  counter("tool_denials_total", "tool_denials", ["agent", "tool"]),
  counter("mcp_calls_total", "mcp_calls", ["agent", "mcp_server"]),
  counter("mcp_errors_total", "mcp_error_rate", ["agent", "mcp_server"]),
  counter("mcp_denials_total", "mcp_denials", ["agent", "mcp_server"]),
  seconds("turn_duration", ["agent"], SHORT),
  seconds("time_to_first_output", ["agent"], SHORT),
  seconds("model_latency", ["model"], SHORT),
  seconds("tool_latency", ["tool"], SHORT),
  seconds("mcp_latency", ["mcp_server"], SHORT),
  seconds("approval_wait", ["tool"], LONG),
  counter("reads_total", "reads_per_minute", ["connection"], {
    help: "Reads of the provider's API that went out.",
  }),
  counter("rate_limited_total", "rate_limited", ["connection"]),
  counter("ingest_events_total", "ingest_events", ["source"]),
  counter("rejected_events_total", "rejected_events", ["source"]),
  seconds("ingest_lag_seconds", ["source"], LAGS),
  seconds("rule_lag_seconds", [], LAGS),
];

/** Gauges of age, which have no totals: told as the last point of a series. */
export const EXPORTED_AGES = [
  {
    name: "oldest_wait_seconds",
    group: "agent",
    help: "How long the session that has waited longest for somebody has done so by now.",
  },
  {
    name: "sync_lag_seconds",
    group: "connection",
    help: "How far what is here of a connection is behind now; paused ones are left out.",
  },
] as const;
