import { isDeepStrictEqual } from "node:util";
import type { Db } from "@/lib/db/client";
import { tellChanged } from "@/lib/live/store";
import { readCells } from "@/lib/metrics/cell-store";
import { settledCells } from "@/lib/metrics/cells";
import { loadSessions, type SessionWork } from "./arrival-service";
import { bareEvent, bareObject } from "./bare";
import { configHashOf } from "./config-hash";
import {
  deleteSaid,
  forgetPlace,
  goBack,
  markPlace,
  writePayloads,
  writeThreadObjects,
} from "./content-store";
import { isMoved } from "./contributions";
import { readEvents } from "./event-store";
import { foldSessions } from "./fold-service";
import { writeFolded } from "./folded-service";
import { isObject } from "./normalize";
import type { JsonObject, Origin } from "./schema";
import { markContentDropped } from "./seal-store";
import { readAllThreads } from "./thread-store";

/**
 * Takes what was said out of sessions that are here, and folds them from what is left, so that no span
 * and no column holds on to any of it. Their cells have to come out as they are: a session of which they
 * do not keeps its content, and is told among `kept`. Of an earlier fold none is touched: it is derived
 * anew first.
 */
export async function dropContent(
  tx: Db,
  origin: Origin,
  ids: readonly string[],
  now: Date,
): Promise<{ dropped: string[]; kept: string[] }> {
  const batches = ids.map((sessionId) => ({
    ...{ sessionId, events: [], versions: [], threads: new Map() },
  }));
  const loaded = await loadSessions(tx, origin, batches, now.toISOString().slice(0, 10));
  const works = loaded.filter(({ isNew, mustRefold }) => !isNew && !mustRefold);
  const told = { dropped: [] as string[], kept: [] as string[] };
  for (const work of works)
    told[(await dropOf(tx, origin, work)) ? "dropped" : "kept"].push(work.sessionId);
  const named = told.dropped.map((sessionId) => ({
    ...{ sessionId, connectionId: origin.connectionId },
  }));
  await markContentDropped(tx, origin.workspace, named, now);
  if (told.dropped.length > 0) await tellChanged(tx, origin, told.dropped);
  return told;
}

async function dropOf(tx: Db, origin: Origin, work: SessionWork): Promise<boolean> {
  await markPlace(tx);
  await writeBare(tx, origin, work);
  Object.assign(work, { mustRefold: true, isChanged: true });
  const days = new Map([[work.sessionId, work.day]]);
  const folded = await foldSessions(tx, origin, days, [work]);
  const before = settledCells(await readCells(tx, origin, work.sessionId));
  const isSame = folded.contributions.every(
    (one) => isDeepStrictEqual(one.cells, before) && !isMoved(one),
  );
  if (!isSame) {
    await goBack(tx);
    return false;
  }
  await writeFolded(tx, origin, days, folded);
  await deleteSaid(tx, origin, work);
  await forgetPlace(tx);
  return true;
}

async function writeBare(tx: Db, origin: Origin, work: SessionWork): Promise<void> {
  const events = await readEvents(tx, origin, work);
  const bare = events.map((event) => ({ ...event, payload: bareEvent(event.payload) }));
  const changed = bare.filter(({ payload }, at) => payload !== events[at]?.payload);
  await writePayloads(tx, origin, work, changed);
  if (work.object) {
    const { agent } = work.object;
    // It is still the one that others ran with.
    const config = isObject(agent) ? (work.facts.config ?? configHashOf(agent)) : undefined;
    work.facts = { ...work.facts, config };
    work.object = bareObject("session", work.object);
  }
  const objects = new Map<string, JsonObject>();
  for (const { threadId, object } of await readAllThreads(tx, origin, work.sessionId))
    if (object) objects.set(threadId, bareObject("thread", object));
  await writeThreadObjects(tx, origin, work.sessionId, objects);
}
