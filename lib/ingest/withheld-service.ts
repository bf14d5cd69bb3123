import { openWith, seal, sealWith, unseal } from "@/lib/auth/sealing";
import { newSecret } from "@/lib/auth/secrets";
import type { Db } from "@/lib/db/client";
import type { SessionWork } from "./arrival-service";
import { eventKey } from "./batch";
import { readCallNames } from "./call-store";
import { writeOver } from "./content-store";
import { type Days, readStoredEvents } from "./event-store";
import type { Masking } from "./masking";
import { isLowest } from "./normalize";
import type { EventRecord, Origin, WithheldVersion } from "./schema";
import {
  byResult,
  callOfResult,
  newVersions,
  readVersion,
  settledResult,
  usesIn,
  writtenVersion,
} from "./withheld";
import {
  deleteWithheld,
  readKey,
  readWithheld,
  saveKey,
  type WithheldRow,
  writeWithheld,
} from "./withheld-store";

// A rule may be about a tool's results, and a result tells its call alone. One that comes before its call
// is stored without its content, and what it says is kept sealed beside it until the call is here: then it
// is what it would have been had the call come first. Calls and results of a session meet behind its lock.

/** Of results that came without their call: masks those whose call somebody else has brought meanwhile. */
export async function nameCalls(
  tx: Db,
  origin: Origin,
  works: readonly SessionWork[],
  masking: Masking | null,
): Promise<void> {
  const waiting = works.flatMap(({ batch }) => batch.events.filter(({ withheld }) => withheld));
  if (masking === null || waiting.length === 0) return;
  const named = await readCallNames(origin, waiting.map(callOfResult), tx);
  const tools = new Map(named.map(({ sessionId, id, name }) => [`${sessionId}\n${id}`, name]));
  for (const { batch } of works)
    batch.events = batch.events.map((event) => {
      if (!event.withheld) return event;
      const { sessionId, id } = callOfResult(event);
      const tool = tools.get(`${sessionId}\n${id}`);
      if (tool === undefined) return event;
      return settledResult(masking.masker, event, { versions: event.withheld, tool }) ?? event;
    });
}

type Arrived = { days: Days; works: readonly SessionWork[]; masking: Masking | null };

/** Puts the results that waited for calls of this batch in their place; returns them. */
export async function releaseResults(
  tx: Db,
  origin: Origin,
  { days, works, masking }: Arrived,
): Promise<EventRecord[]> {
  const waiting = works.filter(({ hasWithheld }) => hasWithheld);
  const uses = usesIn(waiting.flatMap(({ batch }) => batch.events));
  const rows = masking ? await openRows(tx, origin, await readWithheld(tx, origin, uses)) : [];
  if (masking === null || rows.length === 0) return [];
  const tools = new Map(uses.map(({ sessionId, id, name }) => [`${sessionId}\n${id}`, name]));
  const primary = new Map(works.map(({ sessionId, facts }) => [sessionId, facts.primaryThreadId]));
  const placed = rows.map((row) =>
    primary.get(row.sessionId) === row.threadId ? { ...row, threadId: "" } : row,
  );
  const settled = [...byResult(placed).values()].flatMap((versions) => {
    const [first] = versions;
    const tool = first && tools.get(`${first.sessionId}\n${first.callId}`);
    if (!first || tool === undefined) return [];
    const event = settledResult(masking.masker, { ...first, index: 0 }, { versions, tool });
    return event ? [{ event, hasVersions: versions.length > 1 }] : [];
  });
  const stored = await readStoredEvents(
    tx,
    origin,
    days,
    settled.map(({ event }) => event),
  );
  const waits = new Set(stored.filter(({ hash }) => isLowest(hash)).map(eventKey));
  const found = settled.filter(({ event }) => waits.has(eventKey(event)));
  for (const { event, hasVersions } of found) {
    // Of a result's content the fold knows the size, which it had, and what an error says.
    const work = works.find(({ sessionId }) => sessionId === event.sessionId);
    if (work && (hasVersions || event.payload.is_error === true))
      Object.assign(work, { mustRefold: true, isChanged: true });
  }
  const events = found.map(({ event }) => event);
  await writeOver(tx, origin, days, events);
  await deleteWithheld(tx, origin, rows);
  return events;
}

type Waiting = Omit<Arrived, "days"> & { fresh: readonly EventRecord[] };

/** Keeps what those say that still wait. One that comes again may say something else than before. */
export async function keepWithheld(
  tx: Db,
  origin: Origin,
  { works, fresh, masking }: Waiting,
  receivedAt: string,
): Promise<void> {
  const waiting = works.flatMap(({ batch }) => batch.events.filter(({ withheld }) => withheld));
  if (masking === null || waiting.length === 0) return;
  const isFresh = new Set(fresh);
  const again = waiting.filter((event) => !isFresh.has(event));
  const known = byResult(
    await openRows(tx, origin, await readWithheld(tx, origin, again.map(callOfResult))),
  );
  const key = await keyOf(tx, origin.workspace);
  const rows = waiting.flatMap((event) => {
    const { sessionId, threadId, id, withheld } = event;
    return newVersions(known.get(eventKey(event)) ?? [], withheld ?? []).map((version) => ({
      ...{ sessionId, callId: callOfResult(event).id, threadId, id },
      sealed: sealWith(key, writtenVersion(version), placeOf(origin, event)),
    }));
  });
  await writeWithheld(tx, origin, rows, receivedAt);
}

/** What cannot be opened any more, its key being lost, stays as it is until its time is over. */
async function openRows(
  tx: Db,
  origin: Origin,
  rows: readonly WithheldRow[],
): Promise<(WithheldRow & WithheldVersion)[]> {
  if (rows.length === 0) return [];
  const key = await keyOf(tx, origin.workspace);
  return rows.flatMap((row) => {
    const text = openWith(key, row.sealed, placeOf(origin, row));
    return text === null ? [] : [{ ...row, ...readVersion(text) }];
  });
}

const placeOf = (
  { workspace, connectionId }: Origin,
  { sessionId, id }: { sessionId: string; id: string },
) => ["withheld", workspace, connectionId, sessionId, id].join("/");

/** One key for all that a workspace keeps, stored sealed as every secret is. */
async function keyOf(tx: Db, workspace: string): Promise<string> {
  const place = `withheld/${workspace}`;
  const known = await readKey(tx, workspace);
  if (known !== null) return unseal(known, place);
  await saveKey(tx, workspace, await seal(newSecret(), place));
  return unseal((await readKey(tx, workspace)) ?? "", place);
}
