import { formatCount, formatPercent, formatPlural } from "@/lib/format";
import type { UseFacts } from "./facts";
import type { Advice } from "./schema";

// Advice is one plain sentence: what is the matter, and what to do about it.

const DAY_MS = 86_400_000;
/** Below so many settled sessions a rate says little. */
const LEAST_SETTLED = 5;
const FAILING = 0.2;
/** What nobody used for so long may go; what is new need not be used yet. */
export const NEW_MS = 7 * DAY_MS;
export const IDLE_MS = 30 * DAY_MS;

export const advice = (level: Advice["level"], code: string, text: string): Advice => ({
  level,
  code,
  text,
});

/** Worst first: the first of several that has something to say. */
export const firstOf = (...found: Array<Advice | null>): Advice | null =>
  found.find((one) => one !== null) ?? null;

export const olderThan = (iso: string | null, ms: number, nowMs: number) =>
  iso !== null && nowMs - Date.parse(iso) > ms;

export function failing({ failed, settled }: UseFacts): Advice | null {
  if (settled < LEAST_SETTLED || failed / settled < FAILING) return null;
  const rate = formatPercent(failed / settled);
  const share = `${formatCount(failed)} of ${formatCount(settled)} sessions failed (${rate})`;
  return advice("act", "failing", `${share}: open them and see where they stop.`);
}

export function idle(lastUsed: string | null, then: string, nowMs: number): Advice {
  const days = Math.floor((nowMs - Date.parse(lastUsed ?? "")) / DAY_MS);
  return advice("tidy", "idle", `Not used for ${formatPlural(days, "day")}: ${then}.`);
}
