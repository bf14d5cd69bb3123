const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|z|[+-]\d{2}(?::?\d{2})?)$/;

/** Instants the product accepts, in µs: 2000-01-01 to 2200-01-01. Beyond the year 2255 a µs count is no exact JavaScript number. */
export const EARLIEST_US = Date.UTC(2000, 0, 1) * 1000;
export const LATEST_US = Date.UTC(2200, 0, 1) * 1000;

/**
 * RFC 3339 text → integer microseconds since the epoch, or null when the text is no such instant.
 * JavaScript's own dates stop at milliseconds, and events of one batch are 1 µs apart.
 */
export function microsFromIso(text: string): number | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = match;
  const monthIndex = Number(month) - 1;
  const ms = Date.UTC(
    Number(year),
    monthIndex,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  // Date.UTC rolls 31 February over into March; an instant that does not exist is refused instead.
  const date = new Date(ms);
  if (date.getUTCMonth() !== monthIndex || date.getUTCDate() !== Number(day)) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const fractionUs = Number(fraction.padEnd(6, "0").slice(0, 6));
  return (ms - zoneOffsetMs(zone)) * 1000 + fractionUs;
}

/** Integer microseconds → RFC 3339 in UTC with six fraction digits. */
export function isoFromMicros(us: number): string {
  const seconds = Math.floor(us / 1_000_000);
  const fraction = us - seconds * 1_000_000;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(fraction).padStart(6, "0")}Z`;
}

/** An instant in one form, however it was written, so that texts sort like instants; '' for what is none. */
export function uniformIso(value: unknown): string {
  const us = typeof value === "string" ? microsFromIso(value) : null;
  return us === null ? "" : isoFromMicros(us);
}

function zoneOffsetMs(zone: string): number {
  if (zone === "Z" || zone === "z") return 0;
  const digits = zone.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4) || "0");
  return (zone.startsWith("-") ? -1 : 1) * minutes * 60_000;
}
