import { ApiFault } from "./errors";

/** A token bucket; `perMinute` null lifts it. Takes real time in ms. */
export class Bucket {
  #tokens: number;
  #atMs: number;

  constructor(
    readonly perMinute: number | null,
    readonly burst: number,
    nowMs: number,
  ) {
    this.#tokens = burst;
    this.#atMs = nowMs;
  }

  /** Headers of the answer, or a 429. */
  take(nowMs: number): Record<string, string> {
    if (this.perMinute === null) return {};
    const perMs = this.perMinute / 60_000;
    this.#tokens = Math.min(this.burst, this.#tokens + (nowMs - this.#atMs) * perMs);
    this.#atMs = nowMs;
    const isSpent = this.#tokens < 1;
    if (!isSpent) this.#tokens -= 1;
    const headers = {
      "anthropic-ratelimit-requests-limit": String(this.perMinute),
      "anthropic-ratelimit-requests-remaining": String(Math.floor(this.#tokens)),
      "anthropic-ratelimit-requests-reset": new Date(
        nowMs + (this.burst - this.#tokens) / perMs,
      ).toISOString(),
    };
    if (!isSpent) return headers;
    const waitMs = (1 - this.#tokens) / perMs;
    throw new ApiFault(429, "rate_limit_error", "The organization's rate limit is exceeded.", {
      headers: { ...headers, "retry-after": String(Math.max(1, Math.ceil(waitMs / 1_000))) },
    });
  }
}
