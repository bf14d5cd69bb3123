import type { Db } from "@/lib/db/client";
import { tellChanged } from "@/lib/live/store";
import { add, type Hits, type Masker } from "@/lib/masking/masker";
import { readCells } from "@/lib/metrics/cell-store";
import { loadSessions, type SessionWork } from "./arrival-service";
import type { Base } from "./base";
import { readBase, replaceBase } from "./base-store";
import { readCallNames } from "./call-store";
import { forgetPlace, goBack, markPlace, writeOver, writeThreadsOver } from "./content-store";
import { readEvents } from "./event-store";
import { foldSessions } from "./fold-service";
import { writeFolded } from "./folded-service";
import { toolNames } from "./masking";
import { writeAgentVersions } from "./object-store";
import {
  hasSameFigures,
  remaskedBase,
  remaskedEvent,
  remaskedObject,
  settledFacts,
  settledThread,
  toolsOf,
} from "./remask";
import type { EventRecord, JsonObject, Origin } from "./schema";
import { agentConfigs } from "./session-object";
import type { StoredThread } from "./store";
import { readAllThreads } from "./thread-store";
import { titlesOf } from "./titles";
import { callOfResult } from "./withheld";
import { keepWithheld } from "./withheld-service";
import { writeWords } from "./word-store";

export type Remasked = { sessions: number; events: number; kept: number; hits: Hits };

type How = { masker: Masker; now: Date; isPreview: boolean };

/**
 * Masks what is stored of sessions by the rules that hold, and folds them from what is left, so that no
 * span, column or word of the search holds on to any of it. All figures have to come out as they are: a
 * session of which they do not, or of an earlier fold, is left as it is and told among `kept`. A preview
 * only counts.
 */
export async function remaskSessions(
  tx: Db,
  origin: Origin,
  ids: readonly string[],
  how: How,
): Promise<Remasked> {
  const batches = ids.map((sessionId) => ({
    ...{ sessionId, events: [], versions: [], threads: new Map() },
  }));
  const loaded = await loadSessions(tx, origin, batches, how.now.toISOString().slice(0, 10));
  const told: Remasked = { sessions: 0, events: 0, kept: 0, hits: new Map() };
  const changed: string[] = [];
  for (const work of loaded.filter(({ isNew }) => !isNew)) {
    const found = await findIn(tx, origin, work, how.masker);
    if (!isAny(found)) continue;
    if (work.mustRefold || !(how.isPreview || (await apply(tx, origin, work, { ...how, found })))) {
      told.kept++;
      continue;
    }
    told.sessions++;
    told.events += found.events.length;
    for (const [rule, count] of found.hits) add(told.hits, rule, count);
    changed.push(work.sessionId);
  }
  if (!how.isPreview && changed.length > 0) await tellChanged(tx, origin, changed);
  return told;
}

type Found = {
  events: EventRecord[];
  object: JsonObject | null;
  threads: StoredThread[];
  base: Base | null;
  hits: Hits;
};

/** A result that waits for its call is changed too, and counts when it is masked. */
const isAny = ({ events, object, threads, base }: Found) =>
  events.length + threads.length > 0 || object !== null || base !== null;

/** What the rules would change. */
async function findIn(tx: Db, origin: Origin, work: SessionWork, masker: Masker): Promise<Found> {
  const hits: Hits = new Map();
  const stored = await readEvents(tx, origin, work);
  const { tools, unnamed } = toolsOf(stored);
  // Calls of a session that goes on may be dropped; their spans are here as long as they are open.
  for (const { id, name } of await readCallNames(origin, unnamed.map(callOfResult), tx))
    tools.set(id, name);
  const events = stored.flatMap((event) => remaskedEvent(masker, event, { tools, hits }) ?? []);
  const object = remaskedObject(masker, "session", work.object, hits);
  const threads = await readAllThreads(tx, origin, work.sessionId);
  const changed = threads.flatMap((thread) => {
    const left = remaskedObject(masker, "thread", thread.object, hits);
    return left ? [settledThread(thread, left)] : [];
  });
  const base = remaskedBase(masker, await readBase(tx, origin, work), hits);
  return { events, object, threads: changed, base, hits };
}

/** False when a figure would be another: nothing is changed then. */
async function apply(
  tx: Db,
  origin: Origin,
  work: SessionWork,
  { found, masker, now }: How & { found: Found },
): Promise<boolean> {
  const receivedAt = now.toISOString();
  const days = new Map([[work.sessionId, work.day]]);
  await markPlace(tx);
  await writeOver(tx, origin, days, found.events);
  const waiting = { ...work, batch: { ...work.batch, events: found.events } };
  const masking = { masker, toolOf: toolNames(new Map()) };
  await keepWithheld(tx, origin, { works: [waiting], fresh: found.events, masking }, receivedAt);
  await writeThreadsOver(tx, origin, found.threads);
  if (found.base) await replaceBase(tx, origin, work.sessionId, found.base);
  if (found.object) Object.assign(work, { object: found.object, facts: settledFacts(work.facts) });
  Object.assign(work, { mustRefold: true, isChanged: true });
  const folded = await foldSessions(tx, origin, days, [work]);
  const before = await readCells(tx, origin, work.sessionId);
  if (!folded.contributions.every((one) => hasSameFigures(before, one))) {
    await goBack(tx);
    return false;
  }
  await writeFolded(tx, origin, days, folded);
  const titles = titlesOf([work], folded.sessions);
  await writeWords(tx, origin, days, { fresh: [], changed: found.events }, titles);
  await writeAgentVersions(tx, origin, agentConfigs([work]), receivedAt);
  await forgetPlace(tx);
  return true;
}
