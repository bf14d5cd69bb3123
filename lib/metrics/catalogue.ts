import type { Metric, Term } from "./metric";
import {
  cost,
  count,
  distribution,
  gauge,
  lag,
  of,
  oldest,
  perMinute,
  ratio,
  tokenSum,
} from "./metric-kinds";
import type { Measure } from "./schema";

/** Outcomes a rate of failure is taken of: design §4 leaves the interrupted and the paused out. */
const FAILED = ["outcome_failed", "retries_exhausted", "refused", "terminated"];
const DECIDED = ["completed", ...FAILED];

const tokens = (bucket: string, measure: Measure): Term => ({ family: "request", measure, bucket });

const TOKEN_TERMS = [
  tokens("input", "input_tokens"),
  tokens("cache_write_5m", "cache_write_5m_tokens"),
  tokens("cache_write_1h", "cache_write_1h_tokens"),
  tokens("cache_read", "cache_read_tokens"),
  tokens("output", "output_tokens"),
];
const COST_TERMS = [of("request", "nanos"), of("runtime", "nanos"), of("search", "nanos")];
const PROMPT_TERMS = TOKEN_TERMS.filter(({ bucket }) => bucket !== "output");
const READ_TERMS = TOKEN_TERMS.filter(({ bucket }) => bucket === "cache_read");
const CARRIED_TERMS = PROMPT_TERMS.map(({ measure }) => of("context", measure));
const BRIEF = of("expired", "cache_write_5m_tokens");
const MS_PER_HOUR = 3_600_000;

const SESSIONS: readonly Metric[] = [
  count("sessions_started", "Sessions, when they started.", of("started", "count")),
  count("sessions_settled", "Sessions whose outcome settled.", of("settled", "count")),
  count("sessions_failed", "Sessions that settled as a failure.", of("settled", "failed")),
  ratio(
    "failure_rate",
    "Failed among the completed and failed sessions that settled; interrupted and paused ones are left out.",
    [of("settled", "failed")],
    [of("settled", "count", DECIDED)],
  ),
  count(
    "interrupted",
    "Sessions that somebody interrupted.",
    of("settled", "count", ["interrupted"]),
  ),
  count("turns", "Turns, when they ended.", of("turn", "count")),
  ratio(
    "turn_failure_rate",
    "Failed among the completed and failed turns.",
    [of("turn", "failed")],
    [of("turn", "count", DECIDED)],
  ),
  gauge("running_sessions", "Sessions running at the end of the step.", of("running", "count")),
  gauge(
    "waiting_sessions",
    "Sessions waiting for somebody at the end of the step.",
    of("waiting", "count"),
  ),
  oldest(
    "oldest_wait_seconds",
    "How long the session that had waited longest for somebody had done so at the end of the step.",
    "wait",
  ),
  count(
    "reschedules",
    "How often the platform put a session off to try again.",
    of("reschedule", "count"),
  ),
  count(
    "session_errors",
    "Errors in sessions, those that were tried again included.",
    of("error", "count"),
  ),
  count(
    "grouped_errors",
    "Errors of sessions and workflows and failed tool calls, by what they say.",
    of("fault", "count"),
  ),
  count(
    "final_errors",
    "Errors in sessions that the platform did not try again.",
    of("error", "failed"),
  ),
];

const COSTS: readonly Metric[] = [
  cost("cost", "Computed cost: tokens, running time and web searches.", COST_TERMS),
  cost("cost_tokens", "Computed cost of tokens.", [of("request", "nanos")]),
  cost("cost_runtime", "Computed cost of running time.", [of("runtime", "nanos")]),
  cost("cost_web_search", "Computed cost of web searches.", [of("search", "nanos")]),
  cost("cost_of_failures", "What sessions that settled as a failure have cost.", [
    of("settled", "nanos", FAILED),
  ]),
  cost("list_cost", "The provider's own cost of sessions, when it was last told.", [
    of("list", "nanos"),
  ]),
  {
    ...ratio(
      "cost_per_completed_session",
      "What all sessions that settled have cost, for each that completed: failures are paid for, too.",
      [of("settled", "nanos")],
      [of("settled", "count", ["completed"])],
    ),
    unit: "nanodollars",
  },
  tokenSum("unpriced_tokens", "Tokens without a known price; they are in no cost.", [
    of("request", "unpriced_tokens"),
  ]),
  {
    id: "session_hours",
    text: "Hours that sessions ran.",
    ...{ unit: "hours", kind: "sum", of: [of("runtime", "ms")], divideBy: MS_PER_HOUR },
  },
  ratio(
    "utilisation",
    "Time of model requests and tool calls for each time that sessions ran; what goes on at once counts each, so that it may be above 1.",
    [of("request", "ms"), of("tool", "ms")],
    [of("runtime", "ms")],
  ),
  tokenSum("tokens", "Tokens of all five buckets; group by `bucket` for each.", TOKEN_TERMS),
  ratio(
    "cache_hit_ratio",
    "Share of prompt tokens that came from the cache.",
    READ_TERMS,
    PROMPT_TERMS,
  ),
  cost(
    "cost_of_expired_cache",
    "What it cost to write again what the cache had not kept, above reading it: a request came more than five minutes after the one before.",
    [of("expired", "nanos")],
  ),
  tokenSum(
    "expired_cache_tokens",
    "Tokens that were written to the cache again because it had not kept them.",
    [BRIEF, of("expired", "cache_write_1h_tokens")],
  ),
  tokenSum(
    "briefly_expired_cache_tokens",
    "Of these, those that a cache of one hour would have kept.",
    [BRIEF],
  ),
  tokenSum(
    "context_tokens",
    "Tokens that came into prompts, by the tool whose results they are attributed to; under none what people and agents said, and what was there to begin with.",
    [of("context", "output_tokens")],
  ),
  tokenSum(
    "carried_tokens",
    "Tokens of prompts, by the tool whose results they carried: each request carries all again.",
    CARRIED_TERMS,
  ),
  cost(
    "cost_of_context",
    "Computed cost of prompts, by the tool whose results they carried; an attribution, by the hour.",
    [of("context", "nanos")],
  ),
  count("web_searches", "Web searches.", of("search", "count")),
];

const SPEED: readonly Metric[] = [
  distribution("turn_duration", "How long turns took.", "turn"),
  distribution(
    "time_to_first_output",
    "How long after a turn's start its agent first put something out: a message, or a model request that ended without an error.",
    "first_output",
  ),
  distribution("model_latency", "How long model requests took.", "request"),
  distribution("tool_latency", "How long tool calls took, once they were allowed.", "tool"),
  distribution("mcp_latency", "The same of calls to MCP servers, by server.", "mcp"),
  distribution("approval_wait", "How long calls waited for a person's permission.", "approval"),
  {
    id: "approval_wait_total",
    text: "All the time that calls waited for a person's permission.",
    ...{ unit: "ms", kind: "sum", of: [of("approval", "ms")] },
  },
];

const WORK: readonly Metric[] = [
  count("model_requests", "Model requests.", of("request", "count")),
  ratio(
    "model_error_rate",
    "Model requests that ended in an error.",
    [of("request", "failed")],
    [of("request", "count")],
  ),
  count("tool_calls", "Tool calls.", of("tool", "count")),
  ratio(
    "tool_error_rate",
    "Tool calls that ended in an error; denied ones are none.",
    [of("tool", "failed")],
    [of("tool", "count")],
  ),
  count("tool_denials", "Tool calls that a person or a policy denied.", of("tool", "denied")),
  count("mcp_calls", "Calls of tools that MCP servers offer.", of("mcp", "count")),
  ratio(
    "mcp_error_rate",
    "Calls to MCP servers that ended in an error; denied ones are none.",
    [of("mcp", "failed")],
    [of("mcp", "count")],
  ),
  count("mcp_denials", "Calls to MCP servers that were denied.", of("mcp", "denied")),
];

const LIMITS: readonly Metric[] = [
  perMinute("sessions_created_per_minute", "Sessions started", of("started", "count")),
  perMinute("reads_per_minute", "Reads of the provider's API that went out", of("read", "count")),
  count(
    "rate_limited",
    "Reads that the provider refused for their rate (429).",
    of("read", "failed"),
  ),
];

const SELF: readonly Metric[] = [
  count("ingest_events", "Events that were new, when they came in.", of("arrival", "count")),
  lag(
    "ingest_lag_seconds",
    "How old events were when they came in; what is imported or read of history is old by nature.",
    "arrival",
  ),
  count(
    "rejected_events",
    "Events and objects that could not be taken in, when they came.",
    of("arrival", "failed"),
  ),
  oldest(
    "sync_lag_seconds",
    "How far what is here of the connection most behind was from the end of the step; connections paused now are left out.",
    "sync",
  ),
  lag(
    "rule_lag_seconds",
    "How long after their time alert rules were judged; a rule made up for ticks it missed counts once.",
    "judged",
  ),
];

/** Every metric there is. Pages, rules, the JSON API and Prometheus ask for these and for nothing else. */
export const CATALOGUE: readonly Metric[] = [SESSIONS, COSTS, SPEED, WORK, LIMITS, SELF].flat();

const BY_ID = new Map(CATALOGUE.map((metric) => [metric.id, metric]));
export const findMetric = (id: string): Metric | undefined => BY_ID.get(id);
