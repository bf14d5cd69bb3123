import type { Issue } from "@/lib/http/errors";
import type { Kind, OwnPolicy, RetentionPolicy, RetentionSettings } from "./schema";

const DAY_MS = 86_400_000;
/** Before any time there is. */
const NEVER = "-infinity";
const ORDER: readonly Kind[] = ["content", "events", "spans", "sessions"];

/** What holds of a connection, '' for what is pushed. */
export function policyOf(settings: RetentionSettings, connectionId: string): RetentionPolicy {
  const own = connectionId === "" ? settings.pushed : settings.connections[connectionId];
  return { ...settings.default, ...given(own ?? {}) };
}

const given = (own: OwnPolicy): OwnPolicy =>
  Object.fromEntries(Object.entries(own).filter(([, days]) => days !== undefined));

/**
 * What is wrong with the order. Each kind is made of the one before: a span is derived from events, and
 * nothing can be shown of a session that is gone, so what comes first has to go first.
 */
export function faultsOf(settings: RetentionSettings): Issue[] {
  const places = [
    { path: "default", own: settings.default, policy: settings.default },
    { path: "pushed", own: settings.pushed, policy: policyOf(settings, "") },
    ...Object.entries(settings.connections).map(([id, own]) => ({
      ...{ path: `connections.${id}`, own, policy: policyOf(settings, id) },
    })),
  ];
  return places.flatMap(({ path, own, policy }) =>
    Object.keys(own).length === 0 ? [] : faultsIn(path, policy),
  );
}

function faultsIn(path: string, policy: RetentionPolicy): Issue[] {
  return ORDER.flatMap((kind, at) => {
    const before = ORDER[at - 1];
    if (before === undefined) return [];
    const [mine, theirs] = [policy[kind], policy[before]];
    if (mine === null || (theirs !== null && theirs <= mine)) return [];
    const least = theirs === null ? "for ever" : `${theirs} days or more, or for ever`;
    const kept = theirs === null ? "for ever" : `for ${theirs} days`;
    const message = `expected ${least}: ${kind} cannot go before ${before}, which ${before === "content" ? "is" : "are"} kept ${kept}`;
    return [{ path: `${path}.${kind}`, message }];
  });
}

export type Cutoffs = Record<Kind, string>;
/** Up to when what was last heard of is due, by connection; `*` for all others. */
export type AllCutoffs = Record<string, Cutoffs>;

export function cutoffsOf(settings: RetentionSettings, now: Date): AllCutoffs {
  const of = (policy: RetentionPolicy): Cutoffs =>
    Object.fromEntries(ORDER.map((kind) => [kind, before(policy[kind], now)])) as Cutoffs;
  return {
    "*": of(settings.default),
    "": of(policyOf(settings, "")),
    ...Object.fromEntries(
      Object.keys(settings.connections).map((id) => [id, of(policyOf(settings, id))]),
    ),
  };
}

const before = (days: number | null, now: Date) =>
  days === null ? NEVER : new Date(now.getTime() - days * DAY_MS).toISOString();

/** Whether nothing is ever due. */
export const isForEver = (cutoffs: AllCutoffs): boolean =>
  Object.values(cutoffs).every((one) => ORDER.every((kind) => one[kind] === NEVER));

/** UTC, every night. */
export const RUNS_AT = { hour: 2, minute: 11 };

export function nextRun(now: Date): Date {
  const next = new Date(now);
  next.setUTCHours(RUNS_AT.hour, RUNS_AT.minute, 0, 0);
  if (next <= now) next.setUTCDate(next.getUTCDate() + 1);
  return next;
}
