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

type Attempt = { email: string; address: string | null };

const keysOf = ({ email, address }: Attempt): [RateLimiterAbstract, string][] => [
  [limiters.pair, `${email} ${address}`],
  [limiters.email, email],
  [limiters.address, address ?? ""],
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
  const [pair, email, address] = keysOf(attempt);
  if (pair) await pair[0].delete(pair[1]);
  for (const counted of [email, address]) await counted?.[0].reward(counted[1]);
}
