import { AppError } from "@/lib/http/errors";

/** Batches written at once: more only wait for each other's locks and for two cores. */
const SLOTS = 4;
/** Batches that may wait; beyond it a sender is told to come back, and nothing of its request is stored. */
const QUEUE = 64;

let busy = 0;
const waiting: Array<() => void> = [];

/** Runs `work` when a slot is free. Throws `rate_limited` with a `retry-after` when the queue is full. */
export async function inSlot<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= SLOTS) {
    if (waiting.length >= QUEUE)
      throw new AppError("rate_limited", "Too many batches are waiting; send it again shortly.", {
        retryAfterSeconds: 1,
      });
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    busy++;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else busy--;
  }
}
