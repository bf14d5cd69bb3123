import { apiParams, FACETS, listKey, listParams } from "@/components/sessions/filter";
import { MINUTE_DAYS } from "@/lib/metrics/rollup";
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

/** The same as changes of a link. */
export function filterChanges(params: URLSearchParams): Record<string, string[]> {
  const filters = filtersOf(params);
  return Object.fromEntries([...filters.keys()].map((name) => [name, filters.getAll(name)]));
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Fine enough to see a course in, coarse enough to press on; long ranges by the day. */
const STEPS = [
  { step: "1m", ms: MINUTE, upTo: HOUR },
  { step: "5m", ms: 5 * MINUTE, upTo: 6 * HOUR },
  { step: "30m", ms: 30 * MINUTE, upTo: DAY },
  { step: "1h", ms: HOUR, upTo: 3 * DAY },
  { step: "3h", ms: 3 * HOUR, upTo: 10 * DAY },
  { step: "6h", ms: 6 * HOUR, upTo: 21 * DAY },
  { step: "1d", ms: DAY, upTo: 1_490 * DAY },
] as const;

/** The step a range is drawn in. Minutes are not kept for ever; an hour is left to clocks that differ. */
export function stepOf({ fromMs, toMs }: Span, nowMs: number): { step: string; ms: number } {
  const isOld = fromMs < nowMs - MINUTE_DAYS * DAY + HOUR;
  const found = STEPS.find(({ ms, upTo }) => toMs - fromMs <= upTo && (ms >= HOUR || !isOld));
  return found ?? { step: "all", ms: toMs - fromMs };
}

/** Null of `all`, which has no length of its own. */
export const stepMsOf = (step: string): number | null =>
  STEPS.find((item) => item.step === step)?.ms ?? null;

export const isAllTime = ({ range }: Scope) => range.kind === "preset" && range.preset === "all";

/** The range as two instants; all time begins with the first session, or a day ago without one. */
export function spanOf({ scope }: Asked, nowMs: number, firstMs: number): Span {
  const begun = firstMs < nowMs ? firstMs : nowMs - DAY;
  return resolveRange(scope.range, nowMs) ?? { fromMs: begun, toMs: nowMs };
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
    question.set("from", new Date(over.fromMs).toISOString());
    question.set("to", new Date(over.toMs).toISOString());
    question.set("tz", tz);
    for (const [name, value] of Object.entries(more)) question.set(name, value);
    return question;
  };
}
