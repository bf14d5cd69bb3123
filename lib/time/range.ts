/** The stretch of time a page shows, as it stands in the URL: a preset that moves with the clock, or two fixed instants. */
export type Range =
  | { kind: "preset"; preset: PresetId }
  | { kind: "fixed"; fromMs: number; toMs: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const PRESETS = [
  { id: "15m", label: "Last 15 minutes", short: "15 min", ms: 15 * MINUTE },
  { id: "1h", label: "Last hour", short: "1 h", ms: HOUR },
  { id: "6h", label: "Last 6 hours", short: "6 h", ms: 6 * HOUR },
  { id: "24h", label: "Last 24 hours", short: "24 h", ms: DAY },
  { id: "7d", label: "Last 7 days", short: "7 d", ms: 7 * DAY },
  { id: "30d", label: "Last 30 days", short: "30 d", ms: 30 * DAY },
  { id: "90d", label: "Last 90 days", short: "90 d", ms: 90 * DAY },
  { id: "all", label: "All time", short: "all time", ms: null },
] as const;
export type PresetId = (typeof PRESETS)[number]["id"];

export const COMPARISONS = [
  { id: "previous", label: "Previous period" },
  { id: "day", label: "Same time the day before" },
  { id: "week", label: "Same time the week before" },
  { id: "none", label: "No comparison" },
] as const;
export type Comparison = (typeof COMPARISONS)[number]["id"];

/** What every page keeps in its URL: range, comparison, time zone (null: the reader's own). */
export type Scope = { range: Range; compare: Comparison; tz: string | null };

export const DEFAULT_PRESET: PresetId = "24h";
/** The URL's names of the scope, which links carry from page to page. */
export const SCOPE_PARAMS = ["range", "from", "to", "compare", "tz"] as const;

type Read = (name: string) => string | null | undefined;

/** Reads the scope from URL parameters. What makes no sense becomes the default, so that no link is broken. */
export function parseScope(read: Read): Scope {
  const compare = COMPARISONS.find((item) => item.id === read("compare"))?.id ?? "previous";
  const tz = read("tz");
  return { range: parseRange(read), compare, tz: tz && isTimeZone(tz) ? tz : null };
}

function parseRange(read: Read): Range {
  const fromMs = Date.parse(read("from") ?? "");
  const toMs = Date.parse(read("to") ?? "");
  if (Number.isFinite(fromMs) && Number.isFinite(toMs) && fromMs < toMs)
    return { kind: "fixed", fromMs, toMs };
  const preset = PRESETS.find((item) => item.id === read("range"))?.id ?? DEFAULT_PRESET;
  return { kind: "preset", preset };
}

/** The scope as URL parameters; null stands for "leave out". */
export function scopeParams(scope: Scope): Record<(typeof SCOPE_PARAMS)[number], string | null> {
  const { range } = scope;
  const fixed = range.kind === "fixed";
  return {
    range: range.kind === "preset" && range.preset !== DEFAULT_PRESET ? range.preset : null,
    from: fixed ? new Date(range.fromMs).toISOString() : null,
    to: fixed ? new Date(range.toMs).toISOString() : null,
    compare: scope.compare === "previous" ? null : scope.compare,
    tz: scope.tz,
  };
}

export type Span = { fromMs: number; toMs: number };

/** The range as two instants; null for all time, which has no first one. */
export function resolveRange(range: Range, nowMs: number): Span | null {
  if (range.kind === "fixed") return { fromMs: range.fromMs, toMs: range.toMs };
  const ms = PRESETS.find((item) => item.id === range.preset)?.ms ?? null;
  return ms === null ? null : { fromMs: nowMs - ms, toMs: nowMs };
}

/** What `span` is compared with, or null. */
export function comparedSpan(span: Span, compare: Comparison): Span | null {
  if (compare === "none") return null;
  const back = compare === "day" ? DAY : compare === "week" ? 7 * DAY : span.toMs - span.fromMs;
  return { fromMs: span.fromMs - back, toMs: span.toMs - back };
}

/** The range in words: "last 24 h", or the two instants given by `format`. */
export function rangeWords(range: Range, format: (ms: number) => string): string {
  if (range.kind === "fixed") return `${format(range.fromMs)} – ${format(range.toMs)}`;
  const short = PRESETS.find((item) => item.id === range.preset)?.short ?? range.preset;
  return range.preset === "all" ? short : `last ${short}`;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
