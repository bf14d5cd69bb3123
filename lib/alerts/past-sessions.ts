import type { ObservationsAt } from "./backtest";
import type { Seen } from "./course";
import { fingerprintOf } from "./fingerprint";
import { measuredBy, standsAt } from "./past-values";
import type { Judged } from "./rule";
import { boundOf, sessionLabels } from "./session-bounds";

/** What is stored of a session's way. Times in milliseconds. */
export type PastSession = {
  id: string;
  connectionId: string;
  agent: string;
  environment: string;
  startedMs: number;
  /** What its running time costs in all. */
  runtimeNanos: number;
  /** Its states by name, each from when on, oldest first. */
  bands: [string, number][];
  /** What the measure is made of: see `past-values`. */
  marks: (number | string | null)[][];
};

export type Watching = Extract<Judged, { kind: "session" }>;

type Track = Omit<Seen, "observation"> & {
  session: PastSession;
  valueAt: ReturnType<typeof measuredBy>;
  /** When it ended and began no more; Infinity while it has not. */
  overMs: number;
};

/**
 * What a rule would have seen of sessions at ticks that go forward: as live, those at work or waiting that
 * have come far enough, those whose alert is open, and once those that ended since the tick before.
 */
export function pastSessions(rule: Watching, sessions: readonly PastSession[]): ObservationsAt {
  const coming = sessions.map((session) => trackOf(rule, session));
  coming.sort((a, b) => a.session.startedMs - b.session.startedMs);
  const isFar = farthest(rule);
  const told = new Map<string, number>();
  const present = new Set<Track>();
  let begun = 0;
  return (tickMs, isOpen) => {
    for (let one = coming[begun]; one && one.session.startedMs <= tickMs; one = coming[++begun])
      present.add(one);
    const seen: (Seen & { value: number | null; open: boolean })[] = [];
    const sinceMs = tickMs - rule.everyMs - rule.delayMs;
    for (const track of present) {
      const { labels, fingerprint, session, valueAt } = track;
      const open = isOpen(fingerprint);
      if (!open && track.overMs < sinceMs) present.delete(track);
      const state = standsAt(session, tickMs);
      if (!state) continue;
      const { ended, sinceMs: endedMs } = state;
      const value = valueAt(tickMs);
      const isNew = !ended || (endedMs >= sinceMs && (told.get(fingerprint) ?? -1) < endedMs);
      if (!open && !(isNew && value !== null && isFar(value))) continue;
      if (ended && open) told.set(fingerprint, tickMs);
      const observation = { kind: "session" as const, value, ended: ended && open };
      seen.push({ labels, fingerprint, observation, value, open });
    }
    const sign = "least" in boundOf(rule.compared) ? -1 : 1;
    return seen.sort(
      (a, b) => Number(b.open) - Number(a.open) || sign * ((a.value ?? 0) - (b.value ?? 0)),
    );
  };
}

function trackOf(rule: Watching, session: PastSession): Track {
  const { id, connectionId, agent, environment, bands } = session;
  const labels = sessionLabels({ session: id, connection: connectionId, agent, environment });
  const last = bands.at(-1);
  return {
    ...{ labels, fingerprint: fingerprintOf(labels), session },
    valueAt: measuredBy(rule, session),
    overMs: last && standsAt(session, Infinity)?.ended ? last[1] : Infinity,
  };
}

function farthest(rule: Watching): (value: number) => boolean {
  const bound = boundOf(rule.compared);
  return "least" in bound ? (value) => value >= bound.least : (value) => value <= bound.most;
}
