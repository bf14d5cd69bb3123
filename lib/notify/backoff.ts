const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Before each attempt, the first included. */
export const WAITS_MS = [
  ...[0, 5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
  ...[1 * HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS],
] as const;
const SPREAD = 0.2;
const LONGEST_ASKED_MS = 24 * HOUR_MS;

type Failed = {
  /** Attempts so far, at least one. */
  tries: number;
  nowMs: number;
  /** Asked for by the receiver; it is kept to exactly, up to a day. */
  retryAfterMs: number | null;
  /** From 0 to 1. */
  random: number;
};

/** When the next attempt is due; null when there is none left. */
export function nextTry({ tries, nowMs, retryAfterMs, random }: Failed): number | null {
  const waitMs = WAITS_MS[tries];
  if (waitMs === undefined) return null;
  if (retryAfterMs !== null) return nowMs + Math.min(retryAfterMs, LONGEST_ASKED_MS);
  return nowMs + Math.round(waitMs * (1 - SPREAD + 2 * SPREAD * random));
}

/** The header's seconds or date as milliseconds from now; null for none, and for what is neither. */
export function retryAfterOf(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * SECOND_MS);
  if (!/[a-z]/i.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

const LONGEST_PAUSE_MS = MINUTE_MS;

/**
 * How long a receiver that did not answer is left alone: each message behind would wait as long for
 * it. `failures` are those in a row, this one included.
 */
export function pauseOf(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, 5 * SECOND_MS * 2 ** Math.min(10, Math.max(0, failures - 1)));
}
