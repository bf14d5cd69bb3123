const formatters = new Map<string, Intl.DateTimeFormat>();

function parts(atMs: number, tz: string): Record<string, number> {
  let formatter = formatters.get(tz);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: tz,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(tz, formatter);
  }
  return Object.fromEntries(formatter.formatToParts(atMs).map((p) => [p.type, Number(p.value)]));
}

/** How far the zone's clocks are ahead of UTC at an instant, in ms. */
export function zoneOffsetMs(atMs: number, tz: string): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts(atMs, tz);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}

/** What the clocks of the zone show: "2026-11-20T14:02:10", as date-time inputs write it. */
export function wallClock(atMs: number, tz: string): string {
  return new Date(atMs + zoneOffsetMs(atMs, tz)).toISOString().slice(0, 19);
}

/** The instant at which the zone's clocks show `text`; null when it is no date-time. In the hour that does not exist, the one after it. */
export function instantOfWallClock(text: string, tz: string): number | null {
  const asUtc = Date.parse(`${text}Z`);
  if (!Number.isFinite(asUtc)) return null;
  const guess = asUtc - zoneOffsetMs(asUtc, tz);
  return asUtc - zoneOffsetMs(guess, tz);
}

/** The start of the day, in the zone, that holds the instant. */
export function startOfDay(atMs: number, tz: string): number {
  return instantOfWallClock(`${wallClock(atMs, tz).slice(0, 10)}T00:00:00`, tz) ?? atMs;
}
