import Anthropic from "@anthropic-ai/sdk";
import { failureOf } from "./failure";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Of the cost report: at most so many days at once, so far back, and none before this one. */
const LONGEST_DAYS = 31;
const LOOK_BACK_DAYS = 364;
const EARLIEST_MS = Date.UTC(2026, 0, 1);
/** Days that had been reported whole may still be corrected. */
const CORRECTED_DAYS = 3;
/** After midnight UTC; the report is minutes behind. */
const AFTER_MIDNIGHT_MS = HOUR_MS / 2;

export type Stretch = { fromMs: number; toMs: number };

const dayOf = (ms: number) => Math.floor(ms / DAY_MS) * DAY_MS;

/**
 * The whole UTC days to ask the cost report for, in stretches it allows: at first from the first
 * session on, later what was not complete yet, the last complete days once more, and days before
 * when older sessions have come.
 */
export function stretchesToRead(given: {
  firstMs: number | null;
  read: { sinceMs: number; untilMs: number } | null;
  nowMs: number;
}): Stretch[] {
  const { firstMs, read, nowMs } = given;
  const earliest = Math.max(EARLIEST_MS, dayOf(nowMs) - LOOK_BACK_DAYS * DAY_MS);
  const first = Math.max(earliest, dayOf(Math.min(firstMs ?? nowMs, nowMs)));
  const end = dayOf(nowMs) + DAY_MS;
  if (read === null) return cut(first, end);
  const again = Math.max(earliest, dayOf(read.untilMs) - CORRECTED_DAYS * DAY_MS);
  return [...cut(first, Math.min(read.sinceMs, again)), ...cut(again, end)];
}

function cut(fromMs: number, toMs: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (let start = fromMs; start < toMs; start += LONGEST_DAYS * DAY_MS)
    stretches.push({ fromMs: start, toMs: Math.min(toMs, start + LONGEST_DAYS * DAY_MS) });
  return stretches;
}

/**
 * In how many ms the report, which now reaches until `untilMs`, is to be read again: soon after the
 * day's end, or within the hour while yesterday is not reported whole.
 */
export function nextBillingMs(untilMs: number, nowMs: number): number {
  if (untilMs < dayOf(nowMs)) return HOUR_MS;
  return dayOf(nowMs) + DAY_MS + AFTER_MIDNIGHT_MS - nowMs;
}

/** Why the report could not be read, and what can be done, in plain words; nothing of the key is in it. */
export function billingFailure(error: unknown, host: string): string {
  const status = error instanceof Anthropic.APIError ? error.status : undefined;
  switch (status) {
    case 401:
      return `${host} does not know the Admin key (401). Enter another one in the connection.`;
    case 403:
      return "The key may not read the cost report (403): it has to be an Admin key, or have the scope read:analytics.";
    case 404:
      return `${host} has no cost report (404).`;
    case 400:
      return `${host} refuses to report the cost (400): ${(error as InstanceType<typeof Anthropic.APIError>).apiMessage ?? "no reason given"}`;
    default:
      return failureOf(error, host).message;
  }
}
