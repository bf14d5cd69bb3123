import type { Db } from "@/lib/db/client";
import { tellChanged } from "@/lib/live/store";
import { loadSessions } from "./arrival-service";
import { foldSessions } from "./fold-service";
import { writeFolded } from "./folded-service";
import type { Origin } from "./schema";
import type { OwnInterrupt } from "./state";
import { hasSession } from "./store";

/** Of a session; older ones are those of turns that ended long ago. */
const MOST = 20;

type Key = { workspace: string; connectionId: string; sessionId: string };

/**
 * Remembers that an interrupt is a rule's, so that the session's outcome says so, whether the event
 * is here already or comes later. Nothing when the session is gone.
 */
export async function noteInterrupt(
  tx: Db,
  { workspace, connectionId, sessionId }: Key,
  interrupt: OwnInterrupt,
  now: Date,
): Promise<void> {
  const origin: Origin = { workspace, connectionId, source: "push" };
  if (!(await hasSession(tx, origin, sessionId))) return;
  const batch = { sessionId, events: [], versions: [], threads: new Map() };
  const works = await loadSessions(tx, origin, [batch], now.toISOString().slice(0, 10));
  for (const work of works) {
    const others = (work.facts.interrupts ?? []).filter(
      ({ eventId }) => eventId !== interrupt.eventId,
    );
    work.facts = { ...work.facts, interrupts: [...others, interrupt].slice(-MOST) };
    work.isChanged = true;
  }
  const days = new Map(works.map((work) => [work.sessionId, work.day]));
  await writeFolded(tx, origin, days, await foldSessions(tx, origin, days, works));
  await tellChanged(tx, origin, [sessionId]);
}
