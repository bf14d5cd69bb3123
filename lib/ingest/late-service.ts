import type { Db } from "@/lib/db/client";
import { isoFromMicros } from "@/lib/time/micros";
import type { SessionWork } from "./arrival-service";
import { bareEvent } from "./bare";
import type { SessionBatch } from "./batch";
import { cleanText } from "./canonical";
import { countGoneLate } from "./gone-store";
import { countLate, keepLate, type LateEvent } from "./late-store";
import { lineOf } from "./line";
import type { EventRecord, ObjectRecord, Origin, RejectedAnswer } from "./schema";
import { type Retained, readRetained } from "./seal-store";

/**
 * What came for sessions that take nothing in: answered item by item with the code `retained` and
 * counted with the session, never folded, since what is left of it would give other totals. Most of
 * it is what was dropped, come again. An event later than all that was known would have woken the session,
 * unless it is sealed for good: it is kept among the rejected items, without what it says. Of a session
 * that is gone nothing is kept.
 */
export async function takeLate(
  tx: Db,
  origin: Origin,
  batches: readonly SessionBatch[],
  receivedAt: string,
): Promise<Map<string, RejectedAnswer[]>> {
  const answers = new Map<string, RejectedAnswer[]>();
  if (batches.length === 0) return answers;
  const ids = batches.map(({ sessionId }) => sessionId);
  const retained = await readRetained(tx, origin, ids);
  const counts = new Map<string, number>();
  const gone = new Map<string, number>();
  const news: LateEvent[] = [];
  for (const batch of batches) {
    const how = retained.get(batch.sessionId) ?? null;
    const message = `retained: ${reasonOf(how)}`;
    const objects = [...batch.versions, ...batch.threads.values()];
    const answerOf = (index: number, kind: string) => ({ index, kind, code: "retained", message });
    answers.set(batch.sessionId, [
      ...batch.events.map(({ index }) => answerOf(index, "event")),
      ...objects.map(({ index, kind }) => answerOf(index, kind)),
    ]);
    const items = batch.events.length + objects.length;
    if (items > 0 && how?.how === "sealed") counts.set(batch.sessionId, items);
    else if (items > 0 && how !== null && how.how !== "sealed") gone.set(how.hash, items);
    for (const event of batch.events) if (isNews(event, how)) news.push(keptOf(event, message));
  }
  await countLate(tx, origin, counts, receivedAt);
  await countGoneLate(tx, origin.workspace, gone, receivedAt);
  await keepLate(tx, origin, news, receivedAt);
  return answers;
}

/**
 * What belongs to the dropped events of sessions that have gone on since. Something that happened later
 * but is about what ended before is news as well.
 */
export async function takeAside(
  tx: Db,
  origin: Origin,
  works: readonly SessionWork[],
  receivedAt: string,
): Promise<Map<string, RejectedAnswer[]>> {
  const answers = new Map<string, RejectedAnswer[]>();
  const counts = new Map<string, number>();
  const news: LateEvent[] = [];
  for (const { sessionId, late, goesOn } of works) {
    if (goesOn === null || late.length === 0) continue;
    const { untilUs } = goesOn;
    const message = `retained: retention dropped this session's events up to ${isoFromMicros(untilUs)}. What belongs to them is counted, and changes none of its totals.`;
    const answerOf = (index: number) => ({ index, kind: "event", code: "retained", message });
    answers.set(
      sessionId,
      late.map(({ index }) => answerOf(index)),
    );
    counts.set(sessionId, late.length);
    for (const event of late)
      if ((event.atUs ?? untilUs) > untilUs) news.push(keptOf(event, message));
  }
  await countLate(tx, origin, counts, receivedAt);
  await keepLate(tx, origin, news, receivedAt);
  return answers;
}

/** Starts of deployments, those that made a session which was erased without its id. */
export async function withoutErased(
  tx: Db,
  origin: Origin,
  runs: readonly ObjectRecord[],
): Promise<ObjectRecord[]> {
  const named = runs.map(({ payload }) => String(payload.session_id ?? ""));
  const retained = runs.length === 0 ? new Map() : await readRetained(tx, origin, named);
  return runs.map((run, at) => {
    if (retained.get(named[at] ?? "")?.how !== "erased") return run;
    const { session_id, ...payload } = run.payload;
    return { ...run, payload };
  });
}

function isNews({ atUs }: EventRecord, how: Retained | null): boolean {
  return how?.how === "sealed" && atUs !== null && atUs > (how.lastUs ?? -Infinity);
}

function keptOf(event: EventRecord, message: string): LateEvent {
  const { sessionId, threadId, id, payload } = event;
  const data = bareEvent(payload);
  const line = lineOf({ kind: "event", sessionId, threadId: threadId || null, data });
  return { sessionId, threadId, id, message, line: cleanText(line) };
}

function reasonOf(how: Retained | null): string {
  if (how === null) return "this session is just being removed; nothing of it is taken in.";
  const day = how.at.slice(0, 10);
  switch (how.how) {
    case "sealed":
      return `retention dropped this session's events on ${day}. What belongs to them is counted, and changes none of its totals.`;
    case "dropped":
      return `retention dropped this session on ${day}. It is not taken in again.`;
    case "erased":
      return `this session was erased on ${day}. It is not taken in again.`;
  }
}
