import { severityRank } from "./rule-schema";
import type { Severity, Transition } from "./schema";

/** The timers of a route that names none: see `lib/notify`. */
export const GROUP_WAIT_MS = 30_000;
export const GROUP_INTERVAL_MS = 300_000;
const REPEAT_MS = 86_400_000;
const REPEAT_CRITICAL_MS = 3_600_000;

/** A transition and the alert it is of. */
export type Told = Pick<Transition, "event" | "to" | "severity"> & {
  atMs: number;
  fingerprint: string;
};

type Group = {
  /** Open ones by fingerprint: as they are, and as the last message said. */
  open: Map<string, Severity>;
  said: Map<string, Severity>;
  sentMs: number;
  /** Null while there is no group. */
  flushMs: number | null;
  count: number;
};

/**
 * How many messages a rule's alerts come to when they are one group: what changed is gathered until the next
 * one, what opened and closed between two is not told, and what stays open is repeated. In order of time.
 */
export function messagesOf(told: readonly Told[], untilMs: number): number {
  const group: Group = { open: new Map(), said: new Map(), sentMs: 0, flushMs: null, count: 0 };
  for (const one of told) {
    flushUntil(group, one.atMs);
    take(group, one);
  }
  flushUntil(group, untilMs);
  return group.count;
}

function take(group: Group, { event, to, severity, atMs, fingerprint }: Told): void {
  if (event === null) return;
  if (event === "close" || to === "inactive") group.open.delete(fingerprint);
  else group.open.set(fingerprint, severity);
  const isFirst = group.sentMs === 0;
  const dueMs = severity === "critical" ? atMs : atMs + GROUP_WAIT_MS;
  if (group.flushMs === null) group.flushMs = dueMs;
  else if (isFirst) group.flushMs = Math.min(group.flushMs, dueMs);
}

function flushUntil(group: Group, untilMs: number): void {
  while (group.flushMs !== null && group.flushMs < untilMs) flush(group, group.flushMs);
}

function flush(group: Group, atMs: number): void {
  const { open, said } = group;
  const isNews =
    [...said.keys()].some((one) => !open.has(one)) ||
    [...open].some(([one, severity]) => {
      const before = said.get(one);
      return before === undefined || severityRank(severity) > severityRank(before);
    });
  const isCritical = [...open.values()].includes("critical");
  const repeatMs = isCritical ? REPEAT_CRITICAL_MS : REPEAT_MS;
  if (isNews || (open.size > 0 && atMs - group.sentMs >= repeatMs)) {
    group.count++;
    group.sentMs = atMs;
  }
  group.said = new Map(open);
  group.flushMs = open.size > 0 ? atMs + GROUP_INTERVAL_MS : null;
  if (open.size === 0) group.sentMs = 0;
}
