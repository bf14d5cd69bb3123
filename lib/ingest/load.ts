import type { Grouped } from "./batch";
import type { Masking } from "./masking";
import type { Origin, RejectedAnswer, Rejection } from "./schema";

/** What one request brings to be written. `masking`: null where it brings no items. */
export type Load = {
  origin: Origin;
  grouped: Grouped;
  rejected: readonly Rejection[];
  masking: Masking | null;
  now: Date;
};

/** What became of the items of a load. */
export type Written = {
  accepted: number;
  duplicates: number;
  updated: number;
  late: RejectedAnswer[];
};

/** More in one transaction saves little more, and all of them wait for its end. */
const MOST = { loads: 16, events: 250 };

/**
 * Whether a load can be written in one transaction with these, and told apart again afterwards: all are of
 * one origin and masked alike, bring nothing but sessions, and no session is in two of them.
 */
export function fitsWith(load: Load, others: readonly Load[]): boolean {
  const all = [load, ...others];
  const [first] = others;
  if (!first || all.length > MOST.loads || !all.every(isOfSessions)) return false;
  const isAlike =
    load.masking?.masker === first.masking?.masker &&
    load.origin.workspace === first.origin.workspace &&
    load.origin.connectionId === first.origin.connectionId &&
    load.origin.source === first.origin.source;
  if (!isAlike || all.reduce((sum, one) => sum + eventsOf(one), 0) > MOST.events) return false;
  const taken = new Set(others.flatMap(idsIn));
  return idsIn(load).every((id) => !taken.has(id));
}

const idsIn = (load: Load) => load.grouped.sessions.map(({ sessionId }) => sessionId);
const eventsOf = (load: Load) =>
  load.grouped.sessions.reduce((sum, { events }) => sum + events.length, 0);

/** A rule about tools' results knows the calls of its own request alone. */
const isOfSessions = ({ grouped: { loose, releases }, masking }: Load) =>
  loose.length + releases.length === 0 && !masking?.masker.hasOutputRules;

/** All of them as one; sessions in the order in which they are locked. */
export function joined(loads: readonly [Load, ...Load[]]): Load {
  const [first, ...rest] = loads;
  if (rest.length === 0) return first;
  const sessions = loads.flatMap(({ grouped: { sessions } }) => sessions);
  return {
    ...first,
    grouped: {
      ...{ loose: [], releases: [], repeated: 0 },
      sessions: sessions.sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1)),
    },
    rejected: loads.flatMap(({ rejected }) => rejected),
    now: new Date(Math.max(...loads.map(({ now }) => now.getTime()))),
  };
}
