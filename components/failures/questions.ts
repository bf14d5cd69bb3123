import {
  type Asked,
  asker,
  filtersOf,
  isAllTime,
  sessionsParams,
  spanOf,
  stepOf,
} from "@/components/metrics/asked";
import type { Questions } from "@/lib/metrics/queries";
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
  return {
    figures: ask(FIGURES, { step }),
    ...(compared ? { before: ask(FIGURES, { step: "all" }, compared) } : {}),
    outcomes: ask(["sessions_settled"], { step, group_by: "outcome", limit: "20" }),
    trend: grouped(ask([course], { step, limit: `${MOST_DRAWN}` })),
    rows: grouped(ask(rowMetrics(by), { step: "all", limit: `${MOST_ROWS}` })),
  };
}
