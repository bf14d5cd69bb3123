import type { Reader } from "./budget-store";
import { claimWork, releaseWork, renewWork } from "./work-store";

export const AFTER_FAILURE_MS = 5_000;

/**
 * Runs work that is due and that nobody else is at. `run` answers in how many ms it is due again;
 * after a failure, which is thrown on, it is so soon. False when it was not run.
 */
export async function whenDue(
  reader: Reader,
  { kind, leaseMs }: { kind: string; leaseMs: number },
  run: () => Promise<number>,
): Promise<boolean> {
  if (!(await claimWork(reader, kind, leaseMs))) return false;
  let dueMs = AFTER_FAILURE_MS;
  try {
    dueMs = await holding({ leaseMs, renew: () => renewWork(reader, kind, leaseMs) }, run);
  } finally {
    await releaseWork(reader, kind, dueMs);
  }
  return true;
}

/**
 * Runs something that is claimed for `leaseMs`, and renews the claim for as long as it takes: a claim
 * is short, so that what a killed process left is soon taken up, and yet outlasts the longest reading.
 */
export async function holding<T>(
  { leaseMs, renew }: { leaseMs: number; renew: () => Promise<void> },
  run: () => Promise<T>,
): Promise<T> {
  // A renewal that fails is made up for by the next; should all fail, another reads the same again.
  const beat = setInterval(() => renew().catch(() => {}), leaseMs / 3);
  try {
    return await run();
  } finally {
    clearInterval(beat);
  }
}
