import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

const QUARTER_HOUR_S = 15 * 60;

type Limiters = {
  pair: RateLimiterAbstract;
  email: RateLimiterAbstract;
  address: RateLimiterAbstract;
};

// Once a process, also where the bundler gives each route its own copy of this module.
const kept = globalThis as { watchkeeperAttempts?: Limiters };
kept.watchkeeperAttempts ??= {
  // Somebody who has forgotten a password, at one address, waits after these.
  pair: new RateLimiterMemory({ points: 8, duration: QUARTER_HOUR_S }),
  // Many addresses at one account; wide, so that guessing keeps nobody from their own account soon.
  email: new RateLimiterMemory({ points: 60, duration: QUARTER_HOUR_S }),
  // One address at many accounts.
  address: new RateLimiterMemory({ points: 40, duration: QUARTER_HOUR_S }),
};
const limiters = kept.watchkeeperAttempts;

/** `email` is null where no account is named: by a key. */
type Attempt = { email: string | null; address: string | null };

/** What is not known is not counted by itself: everybody would share it. */
const keysOf = ({ email, address }: Attempt): [RateLimiterAbstract, string][] => [
  [limiters.pair, `${email} ${address}`],
  ...(email === null ? [] : [[limiters.email, email] as [RateLimiterAbstract, string]]),
  ...(address === null ? [] : [[limiters.address, address] as [RateLimiterAbstract, string]]),
];

/** Counts an attempt before it is judged. How many seconds to wait, or null when it may be made. */
export async function countAttempt(attempt: Attempt): Promise<number | null> {
  for (const [limiter, key] of keysOf(attempt)) {
    try {
      await limiter.consume(key);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
    }
  }
  return null;
}

/** It was the right one: nothing is held against them. */
export async function forgetAttempts(attempt: Attempt): Promise<void> {
  for (const [limiter, key] of keysOf(attempt))
    if (limiter === limiters.pair) await limiter.delete(key);
    else await limiter.reward(key);
}
