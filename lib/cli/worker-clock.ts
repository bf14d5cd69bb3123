import type { Task } from "graphile-worker";
import { bringAlertsBack } from "@/lib/alerts/clock-service";
import { bringReadsBack } from "@/lib/anthropic/clock-store";
import { logger } from "@/lib/http/logger";
import { bringJobsBack, readAhead } from "@/lib/jobs/clock-store";
import { type Leap, leaps } from "@/lib/jobs/leap";
import { bringMessagesBack } from "@/lib/notify/clock-store";

const LOOK_MS = 5_000;
/** A clock that is wrong when a machine starts, or leaps, is mostly put right before. */
const SETTLED_MS = 1_800_000;

/** Resolves when the clock on the wall has leapt, which what waits for a minute of it does not hear of. */
export function clockLeaps(): { leapt: Promise<Leap>; end: () => void } {
  const look = leaps();
  let end = () => {};
  const leapt = new Promise<Leap>((done) => {
    const timer = setInterval(() => {
      const leap = look();
      if (leap === null) return;
      end();
      done(leap);
    }, LOOK_MS);
    end = () => clearInterval(timer);
  });
  return { leapt, end };
}

/**
 * Before anything runs: what a clock that was ahead has put off until it comes there again, which is a day
 * for one that was a day ahead, goes on now. Nothing is done where the clock was not ahead.
 */
export async function comeBack(now: Date): Promise<void> {
  const aheadMs = await readAhead();
  if (aheadMs === 0) return;
  await bringReadsBack();
  await bringMessagesBack(now);
  const rules = await bringAlertsBack(now);
  // Last of all: it is by these that one knows.
  await bringJobsBack();
  logger.warn(
    { aheadSeconds: Math.round(aheadMs / 1000), rules },
    "the clock has been ahead: what it put off goes on",
  );
}

/**
 * A task that drops what is old: put off until this process has run for half an hour, which it has not after
 * a leap either. By a clock that is years ahead everything would be old.
 */
export const onceSettled =
  (work: () => Promise<unknown>): Task =>
  async (_payload, { job, addJob }) => {
    const waitMs = SETTLED_MS - performance.now();
    if (waitMs <= 0) {
      await work();
      return;
    }
    const task = job.task_identifier;
    const runAt = new Date(Date.now() + waitMs);
    await addJob(task, {}, { jobKey: `${task}_later`, runAt, maxAttempts: job.max_attempts });
  };
