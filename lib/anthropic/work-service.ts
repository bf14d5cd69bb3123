import type { Reader } from "./budget-store";
import { claimWork, releaseWork } from "./work-store";

export const AFTER_FAILURE_MS = 5_000;

/**
 * Runs work that is due and that nobody else is at. `run` answers in how many ms it is due again;
 * after a failure, which is thrown on, it is so soon. False when it was not run.
 */
export async function whenDue(
  reader: Reader,
  { kind, leaseSeconds }: { kind: string; leaseSeconds: number },
  run: () => Promise<number>,
): Promise<boolean> {
  if (!(await claimWork(reader, kind, leaseSeconds))) return false;
  let dueMs = AFTER_FAILURE_MS;
  try {
    dueMs = await run();
  } finally {
    await releaseWork(reader, kind, dueMs);
  }
  return true;
}
