import type { ChannelKind } from "./channel-schema";

/** Requests a second that a receiver takes, and as many at once. */
const PER_SECOND: Record<ChannelKind, number> = {
  ...{ slack: 1, teams: 4, discord: 5, email: 5 },
  ...{ pagerduty: 5, webhook: 5, alertmanager: 5 },
};

// A token bucket kept as one instant: each request moves it on by what it takes to earn it back, and
// it may be ahead of the present by a full bucket less one.
const stepOf = (kind: ChannelKind) => 1_000 / PER_SECOND[kind];
const aheadOf = (kind: ChannelKind) => (PER_SECOND[kind] - 1) * stepOf(kind);

type Bucket = { kind: ChannelKind; clearMs: number | null; nowMs: number };

/** When a channel may send: now or later. */
export function freeAt({ kind, clearMs, nowMs }: Bucket): number {
  return Math.max(nowMs, (clearMs ?? 0) - aheadOf(kind));
}

/** The bucket after so many requests. */
export function afterSending({ kind, clearMs, nowMs }: Bucket, requests: number): number {
  return Math.max(nowMs, clearMs ?? 0) + requests * stepOf(kind);
}

/** The bucket of one that shall not send before an instant. */
export function closedUntil({ kind, clearMs }: Bucket, untilMs: number): number {
  return Math.max(clearMs ?? 0, untilMs + aheadOf(kind));
}
