import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "./errors";

/** Of a key that was given no limit of its own. */
export const REQUESTS_PER_MINUTE = 6000;

// One count a process, also where the bundler gives each route its own copy of this module.
const shared = globalThis as { watchkeeperLimiters?: Map<number, RateLimiterMemory> };
shared.watchkeeperLimiters ??= new Map();
const limiters = shared.watchkeeperLimiters;

function limiterOf(points: number): RateLimiterMemory {
  const known = limiters.get(points);
  if (known) return known;
  const limiter = new RateLimiterMemory({ points, duration: 60 });
  limiters.set(points, limiter);
  return limiter;
}

/** Counts requests of one key. Throws `rate_limited` with the time to wait beyond the limit. */
export async function countRequest(
  keyId: string,
  { requests = 1, perMinute = REQUESTS_PER_MINUTE }: { requests?: number; perMinute?: number } = {},
): Promise<void> {
  try {
    await limiterOf(perMinute).consume(keyId, requests);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw new AppError(
      "rate_limited",
      `More than ${perMinute} requests in a minute with this key; slow down.`,
      { retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) },
    );
  }
}
