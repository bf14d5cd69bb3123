/** What is made up for after a standstill; what was before is passed over. */
export const MOST_TICKS = 60;
export const MOST_BACK_MS = 21_600_000;

const SECOND_MS = 1_000;

/** So that rules do not all ask at once: the same for the same rule, in whole seconds. */
export function offsetOf(ruleId: string, everyMs: number): number {
  // FNV-1a.
  let hash = 0x811c9dc5;
  for (const char of ruleId) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return ((hash >>> 0) % Math.max(1, Math.floor(everyMs / SECOND_MS))) * SECOND_MS;
}

/** The first tick after an instant. */
export const nextTick = (afterMs: number, everyMs: number, offsetMs: number): number =>
  (Math.floor((afterMs - offsetMs) / everyMs) + 1) * everyMs + offsetMs;

type Due = {
  /** The last tick that is decided; null before the first. */
  cursorMs: number | null;
  nowMs: number;
  everyMs: number;
  offsetMs: number;
};

/**
 * Ticks to be decided now, in order: the missed ones of the last six hours, at most 60, and the newest
 * whatever its age. `skipped` are those before; where there are any, `afterGap` is to be told of it.
 */
export function ticksDue({ cursorMs, nowMs, everyMs, offsetMs }: Due): {
  ticks: number[];
  skipped: number;
} {
  const newest = nextTick(nowMs - everyMs, everyMs, offsetMs);
  if (cursorMs === null) return { ticks: [newest], skipped: 0 };
  const first = nextTick(cursorMs, everyMs, offsetMs);
  if (first > newest) return { ticks: [], skipped: 0 };
  const missed = (newest - first) / everyMs + 1;
  const back = Math.floor(Math.max(0, newest - (nowMs - MOST_BACK_MS)) / everyMs) + 1;
  const count = Math.min(missed, MOST_TICKS, back);
  const ticks = Array.from({ length: count }, (_, at) => newest - (count - 1 - at) * everyMs);
  return { ticks, skipped: missed - count };
}
