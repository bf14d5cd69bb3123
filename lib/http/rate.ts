import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "./errors";

export const REQUESTS_PER_MINUTE = 6000;

// One limiter a process, also where the bundler gives each route its own copy of this module.
const shared = globalThis as { watchkeeperLimiter?: RateLimiterMemory };
shared.watchkeeperLimiter ??= new RateLimiterMemory({ points: REQUESTS_PER_MINUTE, duration: 60 });
const limiter = shared.watchkeeperLimiter;

/** Counts requests of one key. Throws `rate_limited` with the time to wait beyond the limit. */
export async function countRequest(keyId: string, requests = 1): Promise<void> {
  try {
    await limiter.consume(keyId, requests);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw new AppError(
      "rate_limited",
      `More than ${REQUESTS_PER_MINUTE} requests in a minute with this key; slow down.`,
      { retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) },
    );
  }
}
