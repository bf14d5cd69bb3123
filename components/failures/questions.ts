import {
  type Asked,
  asker,
  filtersOf,
  isAllTime,
  sessionsParams,
  setSpan,
  spanOf,
} from "@/components/metrics/asked";
import type { Questions } from "@/lib/metrics/queries";
import { stepOf } from "@/lib/metrics/step";
import { comparedSpan } from "@/lib/time/range";

/** What failures are divided by. A metadata key is one, too. */
export const DIMENSIONS = [
  { id: "agent", label: "Agent" },
  { id: "agent_version", label: "Agent version" },
  { id: "environment", label: "Environment" },
  { id: "deployment", label: "Deployment" },
  { id: "model", label: "Model" },
  { id: "tool", label: "Tool" },
  { id: "error_type", label: "Error type" },
  { id: "outcome", label: "Outcome" },
  { id: "source", label: "Source" },
] as const;
const METADATA = "metadata.";
export type By = (typeof DIMENSIONS)[number]["id"] | `metadata.${string}`;

const isBy = (text: string): text is By =>
  DIMENSIONS.some(({ id }) => id === text) || /^metadata\..{1,64}$/s.test(text);

/** What the URL asks to divide by; what makes no sense becomes the agent. */
export function byOf(params: URLSearchParams): By {
  const text = params.get("by") ?? "";
  return isBy(text) ? text : "agent";
}

export function byLabel(by: By): string {
  return DIMENSIONS.find(({ id }) => id === by)?.label ?? by.slice(METADATA.length);
}

/** Labels of the API that make up one row. A version number alone names no version. */
const groupsOf = (by: By): string[] => (by === "agent_version" ? ["agent", "agent_version"] : [by]);

/** Rows that have their course drawn. */
export const MOST_DRAWN = 20;
const MOST_ROWS = 200;
const FIGURES = [
  ...["failure_rate", "sessions_failed", "sessions_settled", "turn_failure_rate"],
  ...["tool_error_rate", "model_error_rate", "session_errors", "final_errors", "reschedules"],
];

/** What a row can tell beside its failure rate. */
export function rowMetrics(by: By): string[] {
  switch (by) {
    case "outcome":
      return ["sessions_settled"];
    case "tool":
      return ["failure_rate", "tool_error_rate"];
    case "error_type":
      return ["failure_rate", "session_errors", "final_errors"];
    case "model":
      return ["failure_rate", "model_error_rate"];
    default:
      return ["failure_rate", "turn_failure_rate", "tool_error_rate", "session_errors"];
  }
}

/** Names what the URL asks for. */
export function failuresKey({ params, scope, tz }: Asked): string {
  const what = [byOf(params), `${filtersOf(params)}`];
  return JSON.stringify(["failures", scope.range, scope.compare, tz, ...what]);
}

/** What the room of failures is asked: the filters, and how much. */
export function stuckParams({ params }: Asked): URLSearchParams {
  const asked = filtersOf(params);
  asked.set("limit", "10");
  return asked;
}

/** The same of a range; with `step`, in which steps its course is drawn. */
export function rangeParams(asked: Asked, nowMs: number, firstMs: number): URLSearchParams {
  return setSpan(filtersOf(asked.params), spanOf(asked, nowMs, firstMs));
}

export const FEW_GROUPS = 20;
const MANY_GROUPS = 200;

/** The group whose details are open, as the URL names it. */
export const groupOf = (params: URLSearchParams): string | null => params.get("group") || null;

export function groupsParams(asked: Asked, nowMs: number, firstMs: number): URLSearchParams {
  const params = rangeParams(asked, nowMs, firstMs);
  params.set("step", stepOf(spanOf(asked, nowMs, firstMs), nowMs).step);
  params.set("tz", asked.tz);
  params.set("limit", `${asked.params.get("groups") === "all" ? MANY_GROUPS : FEW_GROUPS}`);
  return params;
}

/** In which versions a group of errors came, and what became of the sessions it was in. */
export function groupQuestions(group: string) {
  return (asked: Asked, nowMs: number, firstMs: number): Questions => {
    const ask = asker(asked, spanOf(asked, nowMs, firstMs));
    const versions = ask(["grouped_errors"], { step: "all", limit: "10", error_group: group });
    for (const name of ["agent", "agent_version"]) versions.append("group_by", name);
    return { versions, rate: ask(["failure_rate"], { step: "all", error_group: group }) };
  };
}

/** Names range and filters, for what does not depend on what the page divides by. */
export function rangeKey({ params, scope, tz }: Asked): string {
  return JSON.stringify([scope.range, tz, `${filtersOf(params)}`]);
}

const MOST_REFUSED = 5;

/** Asks the sessions API for those that were refused last. */
export function refusedParams(asked: Asked, nowMs: number): URLSearchParams {
  const params = sessionsParams(asked, nowMs);
  params.set("by", "settled");
  params.set("outcome", "refused");
  params.set("sort", "settled_at");
  params.set("limit", `${MOST_REFUSED}`);
  return params;
}

/**
 * What the page asks, at one moment, of one range and the one it is compared with. `firstMs` is the
 * first session's start, NaN without one.
 */
export function failureQuestions(asked: Asked, nowMs: number, firstMs: number): Questions {
  const span = spanOf(asked, nowMs, firstMs);
  const compared = isAllTime(asked.scope) ? null : comparedSpan(span, asked.scope.compare);
  const by = byOf(asked.params);
  const { step } = stepOf(span, nowMs);
  const ask = asker(asked, span);
  const grouped = (params: URLSearchParams) => {
    for (const group of groupsOf(by)) params.append("group_by", group);
    return params;
  };
  const course = by === "outcome" ? "sessions_settled" : "failure_rate";
  const whole = { step: "all", limit: `${MOST_ROWS}` };
  const byTool = { ...whole, group_by: "tool" };
  const byServer = { ...whole, group_by: "mcp_server" };
  return {
    figures: ask(FIGURES, { step }),
    ...(compared ? { before: ask(FIGURES, { step: "all" }, compared) } : {}),
    outcomes: ask(["sessions_settled"], { step, group_by: "outcome", limit: "20" }),
    trend: grouped(ask([course], { step, limit: `${MOST_DRAWN}` })),
    rows: grouped(ask(rowMetrics(by), whole)),
    tools: ask(["tool_calls", "tool_error_rate", "tool_denials", "tool_latency"], byTool),
    tools_p95: ask(["tool_latency"], { ...byTool, agg: "p95" }),
    servers: ask(["mcp_calls", "mcp_error_rate", "mcp_denials", "mcp_latency"], byServer),
    servers_p95: ask(["mcp_latency"], { ...byServer, agg: "p95" }),
    approvals: ask(["approval_wait_total", "approval_wait"], byTool),
    approvals_p95: ask(["approval_wait"], { ...byTool, agg: "p95" }),
    approvals_count: ask(["approval_wait"], { ...byTool, agg: "count" }),
    refusals: ask(["sessions_settled"], { ...whole, outcome: "refused", group_by: "model" }),
  };
}
