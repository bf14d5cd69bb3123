// Figures as people read them. Pure: the same input gives the same text on server and in browser.
const LOCALE = "en-US";
const NANOS_PER_DOLLAR = 1_000_000_000;

/** What stands apart already: no sign in it turns anything, and its end is there. */
const APART = /\u2068[^\p{Cc}\u202a-\u202e\u2066-\u2069]*\u2069/gu;
/** The same, or a control character (but the line's end and the tab), or a sign that turns text. */
const STEERING = new RegExp(
  `${APART.source}|(?![\\n\\t])\\p{Cc}|[\\u202a-\\u202e\\u2066-\\u2069]`,
  "gu",
);
/** Letters and signs of scripts that are written from the right. */
const LEFTWARDS =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Somebody's words among ours: what turns their direction, or steers a terminal, is seen as � and does
 * nothing; what is written from the right stands apart, so that a figure beside it stays where it is.
 * Done again it changes nothing.
 */
export function plain(text: string): string {
  const seen = text.replace(STEERING, (sign) => (sign.length > 1 ? sign : "\ufffd"));
  return LEFTWARDS.test(seen.replace(APART, "")) ? `\u2068${seen}\u2069` : seen;
}

const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(LOCALE, options);
const WHOLE = number({ maximumFractionDigits: 0 });
const COMPACT = number({ notation: "compact", maximumSignificantDigits: 3 });
const ONE_DIGIT = number({ maximumFractionDigits: 1 });

function dollars(value: number, digits: number): string {
  const text = number({ minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${value < 0 ? "−" : ""}$${text.format(Math.abs(value))}`;
}

/** Nano-dollars → "$0.412", "$12.40", "$1,204"; what is not zero never reads as zero. */
export function formatNanos(nanos: number): string {
  const value = nanos / NANOS_PER_DOLLAR;
  const size = Math.abs(value);
  if (size === 0) return "$0";
  if (size < 0.0001) return value < 0 ? "−<$0.0001" : "<$0.0001";
  if (size < 0.01) return dollars(value, 4);
  if (size < 1) return dollars(value, 3);
  return dollars(value, size < 1000 ? 2 : 0);
}

/** Nano-dollars with every digit that counts: "$0.000750000" → "$0.00075". For inspectors. */
export function formatNanosExact(nanos: number): string {
  const text = number({ minimumFractionDigits: 2, maximumFractionDigits: 9 });
  return `${nanos < 0 ? "−" : ""}$${text.format(Math.abs(nanos) / NANOS_PER_DOLLAR)}`;
}

/** Whole US cents → "$0.41". */
export function formatCents(cents: number): string {
  return dollars(cents / 100, 2);
}

/** "1,204" */
export function formatCount(value: number): string {
  return WHOLE.format(value);
}

/** "3,175", from 10,000 on "31.8K", "1.24M". Tokens and other counts where three digits are enough. */
export function formatCompact(value: number): string {
  return Math.abs(value) < 10_000 ? WHOLE.format(value) : COMPACT.format(value);
}

/** One number with its noun: "1 session", "3 sessions". */
export function formatPlural(value: number, one: string, many = `${one}s`): string {
  return `${WHOLE.format(value)} ${value === 1 ? one : many}`;
}

/** 0.031 → "3.1 %"; null (no denominator) → "–". */
export function formatPercent(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return "–";
  const percent = ratio * 100;
  if (percent !== 0 && Math.abs(percent) < 0.1) return percent < 0 ? "> −0.1 %" : "< 0.1 %";
  return `${ONE_DIGIT.format(percent)} %`;
}

/** The step from `before` to `now`: "+12 %", "−3.4 %", from eleven times on "×15"; null when `before` is zero or unknown. */
export function formatChange(now: number, before: number | null): string | null {
  if (before === null || before === 0) return null;
  const percent = ((now - before) / Math.abs(before)) * 100;
  if (Math.abs(percent) < 0.05) return "±0 %";
  const size = Math.abs(percent);
  if (percent >= 1000) return `×${COMPACT.format(now / before)}`;
  const text = size < 10 ? ONE_DIGIT.format(size) : WHOLE.format(size);
  return `${percent < 0 ? "−" : "+"}${text} %`;
}

/** The step between two ratios in percentage points: "+0.9 pt". */
export function formatPoints(now: number | null, before: number | null): string | null {
  if (now === null || before === null) return null;
  const points = (now - before) * 100;
  if (Math.abs(points) < 0.05) return "±0 pt";
  return `${points < 0 ? "−" : "+"}${ONE_DIGIT.format(Math.abs(points))} pt`;
}

const UNITS = [
  { ms: 86_400_000, unit: "d" },
  { ms: 3_600_000, unit: "h" },
  { ms: 60_000, unit: "min" },
  { ms: 1000, unit: "s" },
] as const;

/** Milliseconds → "412 ms", "3.2 s", "42 s", "4 min 12 s", "2 h 5 min", "3 d 4 h"; null → "–". */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return "–";
  if (ms < 0) return `−${formatDuration(-ms)}`;
  if (ms === 0) return "0 s";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${ONE_DIGIT.format(ms / 1000)} s`;
  const rounded = Math.round(ms / 1000) * 1000;
  const at = UNITS.findIndex((unit) => rounded >= unit.ms);
  const big = UNITS[at];
  const small = UNITS[at + 1];
  if (!big) return `${ms} ms`;
  if (!small) return `${Math.round(rounded / big.ms)} ${big.unit}`;
  const parts = Math.round(rounded / small.ms);
  const perBig = big.ms / small.ms;
  const [whole, rest] = [Math.floor(parts / perBig), parts % perBig];
  return rest === 0 ? `${whole} ${big.unit}` : `${whole} ${big.unit} ${rest} ${small.unit}`;
}

/** Hours from milliseconds: "41.3 h", "0.02 h". */
export function formatHours(ms: number): string {
  const hours = ms / 3_600_000;
  const digits = hours === 0 ? 0 : hours < 0.1 ? 3 : hours < 1 ? 2 : hours < 100 ? 1 : 0;
  return `${number({ maximumFractionDigits: digits }).format(hours)} h`;
}

/** How long ago or ahead: "now", "12 s ago", "3 min ago", "2 h ago", "5 d ago", "in 4 min". */
export function formatRelative(atMs: number, nowMs: number): string {
  const ahead = atMs > nowMs;
  const distance = Math.abs(nowMs - atMs);
  if (distance < 5000) return "now";
  const unit = UNITS.find((item) => distance >= item.ms);
  const text = unit ? `${Math.floor(distance / unit.ms)} ${unit.unit}` : "0 s";
  return ahead ? `in ${text}` : `${text} ago`;
}

/** Bytes → "812 B", "3.4 kB", "1.2 MB" (powers of 1000). */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let at = 0;
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${at === 0 ? WHOLE.format(value) : ONE_DIGIT.format(value)} ${units[at]}`;
}

const STYLES = {
  /** 14:02 */
  minute: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  /** 14:02:10 */
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  /** 14:02:10.123 */
  millisecond: {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  },
  /** 20 Nov */
  day: { day: "numeric", month: "short" },
  /** 20 Nov, 14:02 */
  dayMinute: {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  },
  /** 20 Nov, 14:02:10 */
  daySecond: {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  },
  /** 20 Nov 2026, 14:02:10 */
  full: {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  },
} satisfies Record<string, Intl.DateTimeFormatOptions>;
export type InstantStyle = keyof typeof STYLES;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** An instant in a time zone. Formatters are kept: making one is a thousand times slower than using it. */
export function formatInstant(atMs: number, tz: string, style: InstantStyle): string {
  const key = `${style} ${tz}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-GB", { ...STYLES[style], timeZone: tz });
    formatters.set(key, formatter);
  }
  return formatter.format(atMs);
}

/** A text that a spreadsheet would run as a formula gets a quote before it. */
export const withoutFormula = (cell: string | number | null) =>
  typeof cell === "string" && /^[=+\-@＝＋－＠\t\r\n]/.test(cell) ? `'${cell}` : cell;
