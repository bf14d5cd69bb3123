import type { Db } from "@/lib/db/client";
import { largeText } from "@/lib/db/large-text";
import { spoken } from "@/lib/masking/marks";
import { cleanText } from "./canonical";
import { textIn } from "./error-text";
import type { Days } from "./event-store";
import type { EventRecord, Origin } from "./schema";

/** Text beyond this is not indexed: a tsvector holds 1 MiB at most. The event itself is stored whole. */
const INDEXED_CHARS = 200_000;
const SEARCHED = new Set(["user.message", "agent.message"]);

/** Puts messages' words, and the titles' under event id '', into the search index. */
export async function writeWords(
  db: Db,
  origin: Origin,
  days: Days,
  { fresh, changed }: { fresh: readonly EventRecord[]; changed: readonly EventRecord[] },
  titles: ReadonlyMap<string, string | null>,
): Promise<void> {
  await deleteTitles(
    db,
    origin,
    [...titles].filter(([, title]) => title === null).map(([sessionId]) => sessionId),
  );
  await deleteWords(
    db,
    origin,
    changed.filter((event) => !SEARCHED.has(event.type)),
  );
  const rows = [...fresh, ...changed]
    .filter((event) => SEARCHED.has(event.type))
    .map((event) => ({
      s: event.sessionId,
      t: event.threadId,
      i: event.id,
      d: days.get(event.sessionId),
      w: cleanText(spoken(textIn(event.payload.content)).slice(0, INDEXED_CHARS)),
    }));
  for (const [sessionId, title] of titles)
    if (title !== null) rows.push({ s: sessionId, t: "", i: "", d: days.get(sessionId), w: title });
  if (rows.length === 0) return;
  await db.$executeRaw`
    insert into message_text (workspace, session_id, connection_id, thread_id, event_id, day, words)
    select ${origin.workspace}, r.s, ${origin.connectionId}, r.t, r.i, r.d, to_tsvector('simple', r.w)
    from json_to_recordset(${largeText(JSON.stringify(rows))}::json) as r(s text, t text, i text, d date, w text)
    on conflict (workspace, session_id, connection_id, thread_id, event_id, day)
      do update set words = excluded.words`;
}

/** Of events that were messages and, in their better version, are none. */
async function deleteWords(db: Db, origin: Origin, events: readonly EventRecord[]): Promise<void> {
  if (events.length === 0) return;
  const keys = events.map((event) => ({ s: event.sessionId, t: event.threadId, i: event.id }));
  await db.$executeRaw`
    delete from message_text m using json_to_recordset(${largeText(JSON.stringify(keys))}::json)
      as k(s text, t text, i text)
    where m.workspace = ${origin.workspace} and m.session_id = k.s
      and m.connection_id = ${origin.connectionId} and m.thread_id = k.t and m.event_id = k.i`;
}

async function deleteTitles(db: Db, origin: Origin, sessions: readonly string[]): Promise<void> {
  if (sessions.length === 0) return;
  await db.$executeRaw`
    delete from message_text where workspace = ${origin.workspace}
      and connection_id = ${origin.connectionId} and session_id = any(${[...sessions]}::text[])
      and thread_id = '' and event_id = ''`;
}
