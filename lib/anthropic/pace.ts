/** How a read budget is spread over time. */
export type Pace = {
  /** Between two reads, in ms. */
  intervalMs: number;
  /** How far ahead of its turn a read may go, in ms: what a rest has saved up. */
  aheadMs: number;
};

/** What is left of the budget for reads that come to the server later than they were let go. */
const SHARE = 0.965;
/** Of the budget of a minute, what may go out at once after a rest. */
const BURST = 0.0125;

/**
 * Even steps, so that no window of a minute ever holds more than the budget: a minute's steps, the
 * burst and one stand below it.
 */
export function paceOf(readsPerMinute: number): Pace {
  const intervalMs = 60_000 / (readsPerMinute * SHARE);
  return { intervalMs, aheadMs: Math.floor(readsPerMinute * BURST) * intervalMs };
}

/** What an answer of the API means for the reads that follow it. */
export type Verdict =
  | { kind: "go" }
  /** Nobody of this connection reads until then. */
  | { kind: "wait"; ms: number }
  /** Reading is over until a person has done something. */
  | { kind: "stop" };

const LEAST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 300_000;
/** Of the organisation's own limit: below it the rest is left to the customer's production. */
const RESERVE = 0.05;

/**
 * @param refusals 429s in a row, this one not counted: without `retry-after` each doubles the wait
 */
export function verdictOf(
  answer: { status: number; header(name: string): string | null; errorCode: string | null },
  refusals: number,
  nowMs: number,
): Verdict {
  const { status, header } = answer;
  if (status === 401 || status === 402 || status === 403) return { kind: "stop" };
  if (status === 429) {
    if (answer.errorCode === "enforced_spend_limit_reached") return { kind: "stop" };
    const stated = Number(header("retry-after") ?? Number.NaN) * 1000;
    const wait = Number.isFinite(stated) ? stated : LEAST_WAIT_MS * 2 ** Math.min(refusals, 8);
    return { kind: "wait", ms: Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, wait)) };
  }
  const limit = Number(header("anthropic-ratelimit-requests-limit") ?? Number.NaN);
  const remaining = Number(header("anthropic-ratelimit-requests-remaining") ?? Number.NaN);
  if (!(remaining < limit * RESERVE)) return { kind: "go" };
  const resetMs = Date.parse(header("anthropic-ratelimit-requests-reset") ?? "");
  const wait = Number.isNaN(resetMs) ? LEAST_WAIT_MS : resetMs - nowMs;
  return wait <= 0 ? { kind: "go" } : { kind: "wait", ms: Math.min(60_000, wait) };
}
