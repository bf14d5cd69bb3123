import type { Step } from "./query-schema";
import { MINUTE_DAYS } from "./rollup";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Fine enough to see a course in, coarse enough to press on; long ranges by the day. */
const DRAWN = [
  { step: "1m", ms: MINUTE, upTo: HOUR },
  { step: "5m", ms: 5 * MINUTE, upTo: 6 * HOUR },
  { step: "30m", ms: 30 * MINUTE, upTo: DAY },
  { step: "1h", ms: HOUR, upTo: 3 * DAY },
  { step: "3h", ms: 3 * HOUR, upTo: 10 * DAY },
  { step: "6h", ms: 6 * HOUR, upTo: 21 * DAY },
  { step: "1d", ms: DAY, upTo: 1_490 * DAY },
] as const;

/** The step a range is drawn in. Minutes are not kept for ever; an hour is left to clocks that differ. */
export function stepOf(
  { fromMs, toMs }: { fromMs: number; toMs: number },
  nowMs: number,
): { step: Step; ms: number } {
  const isOld = fromMs < nowMs - MINUTE_DAYS * DAY + HOUR;
  const found = DRAWN.find(({ ms, upTo }) => toMs - fromMs <= upTo && (ms >= HOUR || !isOld));
  return found ?? { step: "all", ms: toMs - fromMs };
}

/** Null of `all`, which has no length of its own. */
export const stepMsOf = (step: string): number | null =>
  DRAWN.find((item) => item.step === step)?.ms ?? null;
