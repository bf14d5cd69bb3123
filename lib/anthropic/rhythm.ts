import type { TestFailure } from "./schema";

/** How often things are looked at, in ms. */
export type Rhythm = {
  /** A session at work; where webhooks tell of turns, up to the second the more of them there are. */
  activeMs: number;
  activeWithWebhooksMs: number;
  /** A session that has come to rest is read once more, from its beginning: what came late is in then. */
  settleMs: number;
  settleLargeMs: number;
  /** What rested for longer is complete at the first reading. */
  settledMs: number;
  /** How far before the last known event new ones are looked for. */
  overlapMs: number;
  /** The list of sessions at work, and of those just made. */
  listMs: number;
  listWithWebhooksMs: number;
  /** For how long work is claimed; who is at it renews that, and what a dead process claimed is free after it. */
  leaseMs: number;
  /** After a first failure; each one more in a row doubles it, up to the most. */
  retryMs: number;
  retryMostMs: number;
  /** The most where it is the platform or the network that is in trouble, not this session. */
  retryOutageMs: number;
  /** How often sessions are looked for whose spans do not add up to their usage. */
  relistMs: number;
};

export const RHYTHM: Rhythm = {
  activeMs: 24_000,
  activeWithWebhooksMs: 120_000,
  settleMs: 60_000,
  settleLargeMs: 600_000,
  settledMs: 3_600_000,
  overlapMs: 300_000,
  listMs: 10_000,
  listWithWebhooksMs: 30_000,
  leaseMs: 60_000,
  retryMs: 2_000,
  retryMostMs: 600_000,
  retryOutageMs: 30_000,
  relistMs: 10_000,
};

/** Above so many events a session is not read from its beginning each time it comes to rest. */
const LARGE_EVENTS = 2_000;

export type Known = {
  status: string | null;
  readUpdatedAt: string | null;
  watermark: string | null;
  events: number;
  isWhole: boolean;
};

export type Reading = { lists: "since" | "whole"; threads: "changed" | "all" };
export const WHOLE: Reading = { lists: "whole", threads: "all" };

/** Statuses of a session that is at work. */
export const ACTIVE = ["running", "rescheduling"] as const;

export const isActive = (status: string | null) => ACTIVE.some((active) => active === status);

/** What of a session is to be read now, given what is known and the object as it is. */
export function readingOf(known: Known, object: { status: string; updatedAt: string }): Reading {
  const isNews = object.updatedAt !== known.readUpdatedAt || object.status !== known.status;
  if (!known.isWhole || known.watermark === null) return WHOLE;
  if (isActive(object.status)) return { lists: "since", threads: "changed" };
  if (!isNews) return WHOLE;
  return { lists: known.events > LARGE_EVENTS ? "since" : "whole", threads: "changed" };
}

/**
 * A list of sessions at work is as good as the session's own object while it is younger than the next
 * one, unless more is known of the session already.
 */
export function isJustListed(
  known: {
    isWhole: boolean;
    listedStatus: string | null;
    listedAgoMs: number;
    updatedAt: string | null;
    readUpdatedAt: string | null;
  },
  { rhythm, hasWebhooks }: { rhythm: Rhythm; hasWebhooks: boolean },
): boolean {
  const everyMs = hasWebhooks ? rhythm.listWithWebhooksMs : rhythm.listMs;
  if (!known.isWhole || !isActive(known.listedStatus)) return false;
  if ((known.updatedAt ?? "") < (known.readUpdatedAt ?? "")) return false;
  return known.listedAgoMs < everyMs * 1.5;
}

/** What looking at sessions at work may cost, of all of them together, where webhooks tell the most. */
const LOOKS_PER_MINUTE = 25;

/** When to look again after this reading, in ms from now; null: when a list or a webhook tells of news. */
export function nextLookMs(
  given: {
    status: string;
    isNews: boolean;
    events: number;
    hasWebhooks: boolean;
    /** Sessions at work. */
    active: number;
    /** Since the session last changed. */
    restedMs: number;
  },
  rhythm: Rhythm,
): number | null {
  const { activeMs, activeWithWebhooksMs } = rhythm;
  if (isActive(given.status)) {
    if (!given.hasWebhooks) return activeMs;
    const sharedMs = (given.active / LOOKS_PER_MINUTE) * 60_000;
    return Math.min(activeWithWebhooksMs, Math.max(activeMs, sharedMs));
  }
  if (!given.isNews || given.restedMs > rhythm.settledMs) return null;
  return given.events > LARGE_EVENTS ? rhythm.settleLargeMs : rhythm.settleMs;
}

/** When a session that could not be read is tried again, and how many failures in a row that makes. */
export function retryOf(
  reason: TestFailure,
  failures: number,
  rhythm: Rhythm,
): { failures: number; retryMs: number } {
  // The budget knows until when nobody reads; the session is not to blame.
  if (reason === "rate_limited") return { failures, retryMs: rhythm.retryMs };
  const most = reason === "network" ? rhythm.retryOutageMs : rhythm.retryMostMs;
  return {
    failures: failures + 1,
    retryMs: Math.min(most, rhythm.retryMs * 2 ** Math.min(failures, 10)),
  };
}

/** A sweep over the sessions made within `ageMs` (null: all, archived ones included). */
export type Ring = { kind: string; ageMs: number | null; everyMs: number };

const HOUR_MS = 3_600_000;
/** Of the read budget, what one ring may take. */
const RING_SHARE = 0.08;

export const RINGS: readonly Ring[] = [
  { kind: "ring_day", ageMs: 24 * HOUR_MS, everyMs: HOUR_MS / 6 },
  { kind: "ring_week", ageMs: 7 * 24 * HOUR_MS, everyMs: HOUR_MS },
  { kind: "ring_all", ageMs: null, everyMs: 24 * HOUR_MS },
];

/** What a workspace holds beside its sessions, in ms. */
export const OBJECT_RHYTHM = {
  /** Archived objects too, and what is gone. */
  allMs: 24 * HOUR_MS,
  /** What is in use, and runs of deployments. */
  freshMs: HOUR_MS,
  /** The queue of a self-hosted environment; and whether there is one. */
  queueMs: HOUR_MS / 20,
  noQueueMs: HOUR_MS / 6,
};
/** Of the read budget, what lists of objects may take. */
const OBJECTS_SHARE = 0.03;

/** A workspace with very many objects has them listed less often. */
export const objectsEveryMs = (everyMs: number, pages: number, readsPerMinute: number) =>
  Math.max(everyMs, (pages / (readsPerMinute * OBJECTS_SHARE)) * 60_000);

/** A fleet too large for its ring's interval is swept less often, so that reads are left for the rest. */
export function ringEveryMs(ring: Ring, pages: number, readsPerMinute: number): number {
  return Math.max(ring.everyMs, (pages / (readsPerMinute * RING_SHARE)) * 60_000);
}
