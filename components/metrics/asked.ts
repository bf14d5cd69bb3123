import { apiParams, FACETS, listKey, listParams } from "@/components/sessions/filter";
import { resolveRange, type Scope, type Span } from "@/lib/time/range";

export type Asked = { params: URLSearchParams; scope: Scope; tz: string };

const METADATA = "metadata.";

/** Whether a URL parameter narrows metrics down. */
export function isMetricFilter(name: string): boolean {
  return FACETS.some((facet) => facet.name === name) || name.startsWith(METADATA);
}

/** The filters of the URL, in a fixed order. */
export function filtersOf(params: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...listParams(params)].filter(([name]) => isMetricFilter(name)));
}

const WHOLE = ["agent", "agent_version", "environment", "deployment", "source"];

/** Of the filters, those that whole costs can have: a tool or a model has no part of the running time. */
export function wholeFiltersOf(params: URLSearchParams, more: readonly string[] = []) {
  const isTaken = (name: string) =>
    WHOLE.includes(name) || more.includes(name) || name.startsWith(METADATA);
  return new URLSearchParams([...filtersOf(params)].filter(([name]) => isTaken(name)));
}

/** The same as changes of a link. */
export function filterChanges(params: URLSearchParams): Record<string, string[]> {
  const filters = filtersOf(params);
  return Object.fromEntries([...filters.keys()].map((name) => [name, filters.getAll(name)]));
}

/**
 * Agents whose versions explain what a page shows: those it is filtered to, else those it is divided
 * by; none where it is about something else.
 */
export function agentsShown(
  params: URLSearchParams,
  by: string,
  drawn: readonly { labels: Record<string, string> }[],
): string[] {
  const filtered = params.getAll("agent");
  if (filtered.length > 0) return filtered;
  if (by !== "agent" && by !== "agent_version") return [];
  return [...new Set(drawn.flatMap(({ labels }) => labels.agent || []))];
}

const DAY = 86_400_000;

export const isAllTime = ({ range }: Scope) => range.kind === "preset" && range.preset === "all";

/** The range as two instants; all time begins with the first session, or a day ago without one. */
export function spanOf({ scope }: Asked, nowMs: number, firstMs: number): Span {
  const begun = firstMs < nowMs ? firstMs : nowMs - DAY;
  return resolveRange(scope.range, nowMs) ?? { fromMs: begun, toMs: nowMs };
}

/** Sets the range of a question. */
export function setSpan(params: URLSearchParams, { fromMs, toMs }: Span): URLSearchParams {
  params.set("from", new Date(fromMs).toISOString());
  params.set("to", new Date(toMs).toISOString());
  return params;
}

/** Asks the sessions API for the first session there is. */
export const OLDEST = { sort: "started_at", order: "asc", limit: "1" };

/** Names the sessions behind the page: its filters and its range. */
export function sessionsKey({ params }: Asked): string {
  const key = filtersOf(params);
  for (const name of ["range", "from", "to"])
    for (const value of params.getAll(name)) key.append(name, value);
  return listKey(key);
}

/** The API's parameters of the sessions active in the range. */
export function sessionsParams({ params, scope }: Asked, nowMs: number): URLSearchParams {
  const span = resolveRange(scope.range, nowMs);
  return apiParams(filtersOf(params), span, scope.range.kind === "preset");
}

/** Builds questions of one range, filter and time zone. */
export function asker({ params, tz }: Asked, span: Span) {
  return (metrics: readonly string[], more: Record<string, string>, over = span) => {
    const question = filtersOf(params);
    for (const metric of metrics) question.append("metric", metric);
    setSpan(question, over).set("tz", tz);
    for (const [name, value] of Object.entries(more)) question.set(name, value);
    return question;
  };
}
