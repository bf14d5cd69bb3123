/** How often things are looked at, in ms. */
export type Rhythm = {
  /** A session at work, without webhooks that tell of its turns, and with them. */
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
};

export const RHYTHM: Rhythm = {
  activeMs: 20_000,
  activeWithWebhooksMs: 120_000,
  settleMs: 60_000,
  settleLargeMs: 600_000,
  settledMs: 3_600_000,
  overlapMs: 300_000,
  listMs: 10_000,
  listWithWebhooksMs: 20_000,
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

export const isActive = (status: string | null) =>
  status === "running" || status === "rescheduling";

/** What of a session is to be read now, given what is known and the object as it is. */
export function readingOf(known: Known, object: { status: string; updatedAt: string }): Reading {
  const isNews = object.updatedAt !== known.readUpdatedAt || object.status !== known.status;
  if (!known.isWhole || known.watermark === null) return { lists: "whole", threads: "all" };
  if (isActive(object.status)) return { lists: "since", threads: "changed" };
  if (!isNews) return { lists: "whole", threads: "all" };
  return { lists: known.events > LARGE_EVENTS ? "since" : "whole", threads: "changed" };
}

/** When to look again after this reading, in ms from now; null: when a list or a webhook tells of news. */
export function nextLookMs(
  given: {
    status: string;
    isNews: boolean;
    events: number;
    hasWebhooks: boolean;
    /** Since the session last changed. */
    restedMs: number;
  },
  rhythm: Rhythm,
): number | null {
  if (isActive(given.status))
    return given.hasWebhooks ? rhythm.activeWithWebhooksMs : rhythm.activeMs;
  if (!given.isNews || given.restedMs > rhythm.settledMs) return null;
  return given.events > LARGE_EVENTS ? rhythm.settleLargeMs : rhythm.settleMs;
}

/** After so many failures in a row, in ms. */
export const retryMs = (failures: number) => Math.min(600_000, 2_000 * 2 ** Math.min(failures, 10));

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
