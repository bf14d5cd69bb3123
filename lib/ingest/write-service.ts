import { type Db, PATIENT, prisma } from "@/lib/db/client";
import { tellChanged } from "@/lib/live/store";
import { writeArrival } from "@/lib/metrics/meter-store";
import {
  type Counts,
  hasNews,
  loadSessions,
  noCounts,
  type SessionWork,
  sortArrivals,
} from "./arrival-service";
import type { Grouped } from "./batch";
import { isPrepared, makeDay, rememberDay } from "./day-store";
import { writeChangedEvents, writeEvents } from "./event-store";
import { writeDeployments, writeReleases, writeResources, writeRuns } from "./fleet-store";
import { foldSessions } from "./fold-service";
import { writeFolded } from "./folded-service";
import { takeAside, takeLate, withoutErased } from "./late-service";
import { joined, type Load, type Written } from "./load";
import type { Masking } from "./masking";
import { countMasked, requireSameMasking } from "./masking-service";
import {
  writeAgents,
  writeAgentVersions,
  writeEnvironments,
  writeRejections,
} from "./object-store";
import type { EventRecord, LooseKind, ObjectRecord, Origin, RejectedAnswer } from "./schema";
import { markContentNew } from "./seal-store";
import { agentConfigs } from "./session-object";
import { titlesOf } from "./titles";
import { keepWithheld, nameCalls, releaseResults } from "./withheld-service";
import { writeWords } from "./word-store";

/** Makes today's and the next days' partitions, so that no sender waits for them at midnight. */
export async function prepareDays(now: Date): Promise<void> {
  for (let ahead = 0; ahead <= 3; ahead++)
    await prepareDay(new Date(now.getTime() + ahead * 86_400_000).toISOString().slice(0, 10));
}

async function prepareDay(day: string): Promise<void> {
  if (isPrepared(day)) return;
  await prisma.$transaction((tx) => makeDay(tx, day), PATIENT);
  rememberDay(day);
}

/** In one transaction, tried again where it met another: what became of each load. */
export async function writeLoads(loads: readonly [Load, ...Load[]]): Promise<Written[]> {
  const load = joined(loads);
  const today = load.now.toISOString().slice(0, 10);
  await prepareDay(today);
  for (let attempt = 1; ; attempt++) {
    try {
      const told = await prisma.$transaction((tx) => writeAll(tx, load, today), PATIENT);
      return loads.map((one) => writtenOf(one, told, loads.length === 1));
    } catch (error) {
      if (attempt === 3 || !isConflict(error)) throw error;
    }
  }
}

/** What became of a transaction's items, by their session; `loose` of those that have none. */
type Told = {
  works: ReadonlyMap<string, SessionWork>;
  late: ReadonlyMap<string, RejectedAnswer[]>;
  loose: Counts;
};

function writtenOf({ grouped }: Load, { works, late, loose }: Told, isWhole: boolean): Written {
  const written: Written = { ...(isWhole ? loose : noCounts()), late: [] };
  for (const { sessionId } of grouped.sessions) {
    const { accepted, duplicates, updated } = works.get(sessionId)?.counts ?? noCounts();
    written.accepted += accepted;
    written.duplicates += duplicates;
    written.updated += updated;
    written.late.push(...(late.get(sessionId) ?? []));
  }
  return written;
}

async function writeAll(tx: Db, load: Load, today: string): Promise<Told> {
  const { origin, grouped, rejected, masking, now } = load;
  const receivedAt = now.toISOString();
  const works = await loadSessions(tx, origin, grouped.sessions, today);
  if (masking) await requireSameMasking(tx, origin, masking, works);
  const taken = new Set(works.map(({ batch }) => batch));
  const others = grouped.sessions.filter((batch) => !taken.has(batch));
  const late = await takeLate(tx, origin, others, receivedAt);
  await nameCalls(tx, origin, works, masking);
  const { fresh, better } = await storeSessions(tx, origin, { works, masking }, receivedAt);
  const aside = await takeAside(tx, origin, works, receivedAt);
  const changed = works.filter((work) => work.isChanged);
  await writeAgentVersions(tx, origin, agentConfigs(changed), receivedAt);
  const loose = await storeLoose(tx, origin, grouped);
  await writeRejections(tx, origin, rejected, receivedAt);
  await writeArrival(tx, { ...origin, ...arrivalOf(fresh, now), rejected: rejected.length });
  if (changed.length > 0)
    await tellChanged(
      tx,
      origin,
      changed.map((work) => work.sessionId),
    );
  const events = [...fresh, ...better];
  await countMasked(tx, origin, { events, works: changed, rejected }, receivedAt);
  const heard = changed.filter(({ isBare, batch }) => isBare && hasNews(batch));
  await markContentNew(
    tx,
    origin,
    heard.map((work) => work.sessionId),
  );
  return {
    works: new Map(works.map((work) => [work.sessionId, work])),
    late: new Map([...late, ...aside]),
    loose,
  };
}

/** How many came, and how old those were that have a time; a sender's clock may be ahead of ours. */
function arrivalOf(fresh: readonly EventRecord[], at: Date) {
  const lagsMs = fresh.flatMap(({ atUs }) =>
    atUs === null ? [] : [Math.max(0, at.getTime() - Math.floor(atUs / 1000))],
  );
  return { at, events: fresh.length, lagsMs };
}

/**
 * Events first, then what follows from them: the fold may have to read a session's whole history.
 * Returns the events that are new, and those that took the place of known ones.
 */
async function storeSessions(
  tx: Db,
  origin: Origin,
  { works, masking }: { works: SessionWork[]; masking: Masking | null },
  receivedAt: string,
): Promise<{ fresh: readonly EventRecord[]; better: readonly EventRecord[] }> {
  const days = new Map(works.map((work) => [work.sessionId, work.day]));
  const arrivals = await sortArrivals(tx, origin, days, works);
  await writeEvents(tx, origin, days, arrivals.fresh, receivedAt);
  await writeChangedEvents(tx, origin, days, arrivals.changed, receivedAt);
  const released = await releaseResults(tx, origin, { days, works, masking });
  await keepWithheld(tx, origin, { works, fresh: arrivals.fresh, masking }, receivedAt);
  const folded = await foldSessions(tx, origin, days, works);
  await writeFolded(tx, origin, days, folded);
  await writeWords(tx, origin, days, arrivals, titlesOf(works, folded.sessions));
  return { fresh: arrivals.fresh, better: [...arrivals.changed, ...released] };
}

/** What belongs to no session. An agent counts by its versions, of which only the newest is the agent's row. */
async function storeLoose(tx: Db, origin: Origin, { loose, releases }: Grouped): Promise<Counts> {
  const counts = noCounts();
  const of = (kind: LooseKind) => loose.filter((object) => object.kind === kind);
  const count = async (
    objects: readonly ObjectRecord[],
    write: (db: Db, origin: Origin, objects: readonly ObjectRecord[]) => Promise<number>,
  ) => {
    const written = await write(tx, origin, objects);
    counts.accepted += written;
    counts.duplicates += objects.length - written;
  };
  await writeAgents(tx, origin, of("agent"));
  await count(releases, writeReleases);
  await count(of("environment"), writeEnvironments);
  await count(of("deployment"), writeDeployments);
  await count(await withoutErased(tx, origin, of("deployment_run")), writeRuns);
  await count([...of("vault"), ...of("memory_store")], writeResources);
  return counts;
}

/** Deadlock or serialization failure: the whole transaction was undone and may simply be tried again. */
function isConflict(error: unknown): boolean {
  const text = String((error as Error)?.message ?? "");
  return /40P01|40001|P2034|deadlock detected|could not serialize/.test(text);
}
