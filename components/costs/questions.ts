import { CONTEXT_METRICS } from "@/components/costs/context";
import {
  type Asked,
  asker,
  filtersOf,
  isAllTime,
  sessionsParams,
  spanOf,
} from "@/components/metrics/asked";
import type { Questions } from "@/lib/metrics/queries";
import { stepOf } from "@/lib/metrics/step";
import { comparedSpan } from "@/lib/time/range";

/** What costs are divided by. A metadata key is one, too. */
export const DIMENSIONS = [
  { id: "meter", label: "Meter" },
  { id: "agent", label: "Agent" },
  { id: "agent_version", label: "Agent version" },
  { id: "environment", label: "Environment" },
  { id: "deployment", label: "Deployment" },
  { id: "model", label: "Model" },
  { id: "source", label: "Source" },
  { id: "bucket", label: "Token bucket" },
] as const;
const METADATA = "metadata.";
export type By = (typeof DIMENSIONS)[number]["id"] | `metadata.${string}`;

const isBy = (text: string): text is By =>
  DIMENSIONS.some(({ id }) => id === text) || /^metadata\..{1,64}$/s.test(text);

/** What the URL asks to divide by; what makes no sense becomes the meter. */
export function byOf(params: URLSearchParams): By {
  const text = params.get("by") ?? "";
  return isBy(text) ? text : "meter";
}

export function byLabel(by: By): string {
  return DIMENSIONS.find(({ id }) => id === by)?.label ?? by.slice(METADATA.length);
}

/** Labels of the API that make up one row. A version number alone names no version. */
export function groupsOf(by: By): string[] {
  if (by === "meter") return [];
  return by === "agent_version" ? ["agent", "agent_version"] : [by];
}

export const MOST_DRAWN = 10;
const MOST_ROWS = 200;
const FIGURES = [
  ...["cost", "cost_tokens", "cost_runtime", "cost_web_search", "list_cost"],
  ...["cost_per_completed_session", "session_hours", "cache_hit_ratio", "unpriced_tokens"],
  ...["tokens", "web_searches", "sessions_started", "turns", "utilisation"],
];

/** What a row can tell: a whole session has no model, and only tokens have buckets. */
export function rowMetrics(by: By): string[] {
  if (by === "bucket") return ["tokens"];
  const ofRequests = ["cost", "tokens", "cache_hit_ratio", "unpriced_tokens"];
  if (by === "model") return ofRequests;
  return [...ofRequests, "session_hours", "sessions_started", "cost_per_completed_session"];
}

/** Names what the URL asks for. */
export function costsKey({ params, scope, tz }: Asked): string {
  return JSON.stringify([scope.range, scope.compare, tz, byOf(params), `${filtersOf(params)}`]);
}

const MOST_SESSIONS = 10;

export function topParams(asked: Asked, nowMs: number): URLSearchParams {
  const params = sessionsParams(asked, nowMs);
  params.set("sort", "cost");
  params.set("limit", `${MOST_SESSIONS}`);
  return params;
}

/** Of every model and bucket, for what made the cost change. */
const MIX = { step: "all", limit: `${MOST_ROWS}` };
function mixed(params: URLSearchParams): URLSearchParams {
  for (const group of ["model", "bucket"]) params.append("group_by", group);
  return params;
}

/**
 * What the page asks, at one moment, of one range and the one it is compared with. `firstMs` is the
 * first session's start, NaN without one.
 */
export function costQuestions(asked: Asked, nowMs: number, firstMs: number): Questions {
  const span = spanOf(asked, nowMs, firstMs);
  const compared = isAllTime(asked.scope) ? null : comparedSpan(span, asked.scope.compare);
  const by = byOf(asked.params);
  const step = stepOf(span, nowMs).step;
  const ask = asker(asked, span);
  const grouped = (params: URLSearchParams) => {
    for (const group of groupsOf(by)) params.append("group_by", group);
    return params;
  };
  return {
    figures: ask(FIGURES, { step }),
    ...(compared ? { before: ask(FIGURES, { step: "all" }, compared) } : {}),
    ...(by === "meter"
      ? {}
      : {
          trend: grouped(
            ask([by === "bucket" ? "tokens" : "cost"], { step, limit: `${MOST_DRAWN}` }),
          ),
          rows: grouped(ask(rowMetrics(by), { step: "all", limit: `${MOST_ROWS}` })),
        }),
    ...(compared
      ? {
          mix: mixed(ask(["tokens"], MIX)),
          spent: ask(["cost_tokens"], { ...MIX, group_by: "model" }),
          mixBefore: mixed(ask(["tokens"], MIX, compared)),
          spentBefore: ask(["cost_tokens"], { ...MIX, group_by: "model" }, compared),
        }
      : {}),
    context: ask(CONTEXT_METRICS, { step: "all", group_by: "tool", limit: `${MOST_ROWS}` }),
    buckets: ask(["tokens"], { step: "all", group_by: "bucket" }),
    unpriced: ask(["unpriced_tokens"], { step: "all", group_by: "model", limit: "3" }),
  };
}
