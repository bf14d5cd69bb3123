import { type Db, prisma } from "@/lib/db/client";
import { refuseWhenFull } from "@/lib/db/space";
import { tellChanged } from "@/lib/live/store";
import { writeArrival } from "@/lib/metrics/meter-store";
import { hasNews, loadSessions, type SessionWork, sortArrivals } from "./arrival-service";
import { type Grouped, groupBatch } from "./batch";
import { isPrepared, makeDay, rememberDay } from "./day-store";
import { writeChangedEvents, writeEvents } from "./event-store";
import { writeDeployments, writeReleases, writeResources, writeRuns } from "./fleet-store";
import { foldSessions } from "./fold-service";
import { writeFolded } from "./folded-service";
import { takeAside, takeLate, withoutErased } from "./late-service";
import { type Masking, maskedRejection } from "./masking";
import { countMasked, MaskingChanged, readMasking, requireSameMasking } from "./masking-service";
import { normalizeItem } from "./normalize";
import {
  writeAgents,
  writeAgentVersions,
  writeEnvironments,
  writeRejections,
} from "./object-store";
import type {
  EventRecord,
  IngestAnswer,
  LooseKind,
  ObjectRecord,
  Origin,
  RawItem,
  RejectedAnswer,
  Rejection,
} from "./schema";
import { markContentNew } from "./seal-store";
import { agentConfigs } from "./session-object";
import { inSlot } from "./slots";
import { titlesOf } from "./titles";
import { keepWithheld, nameCalls, releaseResults } from "./withheld-service";
import { writeWords } from "./word-store";

/** A batch takes milliseconds; a large import on a busy disk may take longer than Prisma's five seconds. */
export const PATIENT = { maxWait: 120_000, timeout: 120_000 };

/**
 * Takes items of any number of sessions in: every good one is stored and folded in one transaction, every
 * bad one answered and kept with its reason, what comes for a sealed session counted. Returns once committed.
 * Throws `rate_limited` when too many batches wait, `out_of_space` on a full disk; nothing is stored then.
 */
export async function acceptItems(
  origin: Origin,
  items: readonly RawItem[],
  alreadyRejected: readonly Rejection[],
  now: Date,
): Promise<IngestAnswer> {
  await refuseWhenFull();
  const { batch, counts } = await writeItems(origin, { items, alreadyRejected }, now);
  const { rejected } = batch;
  return {
    accepted: counts.accepted,
    duplicates: counts.duplicates + batch.grouped.repeated,
    updated: counts.updated,
    rejected: [...rejected, ...counts.late]
      .map(({ index, kind, code, message }) => ({ index, kind, code, message }))
      .sort((a, b) => a.index - b.index),
  };
}

type Items = { items: readonly RawItem[]; alreadyRejected: readonly Rejection[] };

/** As often as the rules of masking change meanwhile. */
async function writeItems(origin: Origin, all: Items, now: Date) {
  for (;;) {
    const batch = await maskedBatch(origin, all);
    try {
      return { batch, counts: await inSlot(origin, () => writeBatch(origin, batch, now)) };
    } catch (error) {
      if (!(error instanceof MaskingChanged)) throw error;
    }
  }
}

async function maskedBatch(origin: Origin, { items, alreadyRejected }: Items): Promise<Batch> {
  const events: EventRecord[] = [];
  const objects: ObjectRecord[] = [];
  const masking = await readMasking(origin, items);
  const rejected = alreadyRejected.map((one) => maskedRejection(masking, one, null));
  for (const item of items) {
    const result = normalizeItem(item, masking);
    if (result.kind === "event") events.push(result.event);
    else if (result.kind === "object") objects.push(result.object);
    else rejected.push(result.rejection);
  }
  return { grouped: groupBatch(events, objects), rejected, masking };
}

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

type Counts = { accepted: number; duplicates: number; updated: number };
type Written = Counts & { late: RejectedAnswer[] };
/** `masking`: null of a batch that brings no items. */
type Batch = { grouped: Grouped; rejected: readonly Rejection[]; masking: Masking | null };

/** One transaction, tried again where it met another. */
export async function writeBatch(origin: Origin, batch: Batch, now: Date): Promise<Written> {
  const today = now.toISOString().slice(0, 10);
  await prepareDay(today);
  for (let attempt = 1; ; attempt++) {
    try {
      return await prisma.$transaction((tx) => writeAll(tx, origin, batch, now, today), PATIENT);
    } catch (error) {
      if (attempt === 3 || !isConflict(error)) throw error;
    }
  }
}

async function writeAll(
  tx: Db,
  origin: Origin,
  { grouped, rejected, masking }: Batch,
  now: Date,
  today: string,
): Promise<Written> {
  const counts: Counts = { accepted: 0, duplicates: 0, updated: 0 };
  const receivedAt = now.toISOString();
  const works = await loadSessions(tx, origin, grouped.sessions, today);
  if (masking) await requireSameMasking(tx, origin, masking);
  const taken = new Set(works.map(({ batch }) => batch));
  const others = grouped.sessions.filter((batch) => !taken.has(batch));
  const late = await takeLate(tx, origin, others, receivedAt);
  await nameCalls(tx, origin, works, masking);
  const stored = await storeSessions(tx, origin, { works, masking }, receivedAt, counts);
  const { fresh, better } = stored;
  late.push(...(await takeAside(tx, origin, works, receivedAt)));
  const changed = works.filter((work) => work.isChanged);
  await writeAgentVersions(tx, origin, agentConfigs(changed), receivedAt);
  await storeLoose(tx, origin, grouped, counts);
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
  return { ...counts, late };
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
  counts: Counts,
): Promise<{ fresh: readonly EventRecord[]; better: readonly EventRecord[] }> {
  const days = new Map(works.map((work) => [work.sessionId, work.day]));
  const arrivals = await sortArrivals(tx, origin, days, works);
  counts.accepted += arrivals.fresh.length;
  counts.updated += arrivals.changed.length;
  counts.duplicates += arrivals.same;
  await writeEvents(tx, origin, days, arrivals.fresh, receivedAt);
  await writeChangedEvents(tx, origin, days, arrivals.changed, receivedAt);
  const released = await releaseResults(tx, origin, { days, works, masking });
  await keepWithheld(tx, origin, { works, fresh: arrivals.fresh, masking }, receivedAt);
  const folded = await foldSessions(tx, origin, days, works, counts);
  await writeFolded(tx, origin, days, folded);
  await writeWords(tx, origin, days, arrivals, titlesOf(works, folded.sessions));
  return { fresh: arrivals.fresh, better: [...arrivals.changed, ...released] };
}

/** What belongs to no session. An agent counts by its versions, of which only the newest is the agent's row. */
async function storeLoose(
  tx: Db,
  origin: Origin,
  { loose, releases }: Grouped,
  counts: Counts,
): Promise<void> {
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
}

/** Deadlock or serialization failure: the whole transaction was undone and may simply be tried again. */
function isConflict(error: unknown): boolean {
  const text = String((error as Error)?.message ?? "");
  return /40P01|40001|P2034|deadlock detected|could not serialize/.test(text);
}
