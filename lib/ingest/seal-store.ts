import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { largeText } from "@/lib/db/large-text";
import { list } from "@/lib/metrics/columns-store";
import { MEASURES } from "@/lib/metrics/schema";
import { SEALED } from "@/lib/sessions/fold-version";
import { type Gone, readGone } from "./gone-store";
import type { Origin } from "./schema";

// A session whose events are dropped is sealed: what came of them is all that will ever be known, so
// nothing derives it anew. What comes later is added to that, from its base on (`base-store`). One lock, the
// session's row, is held both by who seals and by who takes items in: of two that meet, the later sees what
// the earlier has done.

export type SessionName = { sessionId: string; connectionId: string };

export const isSealed = (alias: string) =>
  Prisma.sql`exists (select from session_seal x where x.workspace = ${Prisma.raw(alias)}.workspace
    and x.session_id = ${Prisma.raw(alias)}.session_id
    and x.connection_id = ${Prisma.raw(alias)}.connection_id and x.events_at is not null)`;

/** Names what a session `alias` adds to the rollups. Cells come and change only by what is taken in. */
export const cellsDigest = (alias: string) => Prisma.sql`(
  select md5(coalesce(string_agg(concat_ws(',', c.minute, c.family, c.key, ${list(MEASURES, "c.")},
    c.observations), E'\n' order by c.minute, c.family, c.key), ''))::uuid
  from session_cell c where c.workspace = ${Prisma.raw(alias)}.workspace
    and c.session_id = ${Prisma.raw(alias)}.session_id
    and c.connection_id = ${Prisma.raw(alias)}.connection_id)`;

export const keysJson = (sessions: readonly SessionName[]) =>
  JSON.stringify(sessions.map((one) => [one.sessionId, one.connectionId]));

/** Sessions as a table `k`, to be joined to `s`. */
export const keysTable = (sessions: readonly SessionName[]) =>
  Prisma.sql`(select k ->> 0 as session_id, k ->> 1 as connection_id
    from json_array_elements(${largeText(keysJson(sessions))}::json) k) k`;

/** Rows that were made for sessions that are gone: they came with the batch that named them, and go with it. */
export async function deleteJustMade(
  db: Db,
  { workspace, connectionId }: Origin,
  ids: readonly string[],
): Promise<void> {
  await db.$executeRaw`
    delete from session s where workspace = ${workspace} and connection_id = ${connectionId}
      and session_id = any(${[...ids]}::text[])
      and not exists (select from session_state st where st.workspace = s.workspace
        and st.session_id = s.session_id and st.connection_id = s.connection_id)`;
}

/** Those of the sessions that have their events. */
export async function readUnsealed(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<SessionName[]> {
  if (sessions.length === 0) return [];
  return db.$queryRaw`
    select k.session_id as "sessionId", k.connection_id as "connectionId"
    from ${keysTable(sessions)} where not exists (select from session_seal x
      where x.workspace = ${workspace} and x.session_id = k.session_id
        and x.connection_id = k.connection_id and x.events_at is not null)`;
}

/**
 * Locked sessions' events, with `spans` their spans too, are dropped from now on, and the rows themselves
 * are removed later. What they add to the rollups is named, so that it can be proved unchanged.
 */
export async function sealSessions(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
  { spans, now }: { spans: boolean; now: Date },
): Promise<void> {
  if (sessions.length === 0) return;
  const spansAt = spans ? now : null;
  await db.$executeRaw`
    insert into session_seal as x (workspace, session_id, connection_id, day, events_at, spans_at, cells)
    select s.workspace, s.session_id, s.connection_id, s.day, ${now}, ${spansAt}::timestamptz, ${cellsDigest("s")}
    from session s join ${keysTable(sessions)} using (session_id, connection_id)
    where s.workspace = ${workspace}
    on conflict (workspace, session_id, connection_id) do update set
      events_at = coalesce(x.events_at, excluded.events_at),
      spans_at = coalesce(x.spans_at, excluded.spans_at), cells = coalesce(x.cells, excluded.cells)`;
  await db.$executeRaw`
    update session_state st set fold_version = ${SEALED} from ${keysTable(sessions)}
    where st.workspace = ${workspace} and st.session_id = k.session_id
      and st.connection_id = k.connection_id`;
  await db.$executeRaw`
    delete from withheld_result w using ${keysTable(sessions)} where w.workspace = ${workspace}
      and w.session_id = k.session_id and w.connection_id = k.connection_id`;
}

/** Remembers that nothing of what locked sessions said is stored any more. */
export async function markContentDropped(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
  now: Date,
): Promise<void> {
  if (sessions.length === 0) return;
  await db.$executeRaw`
    insert into session_seal as x (workspace, session_id, connection_id, day, content_at)
    select s.workspace, s.session_id, s.connection_id, s.day, ${now}
    from session s join ${keysTable(sessions)} using (session_id, connection_id)
    where s.workspace = ${workspace}
    on conflict (workspace, session_id, connection_id) do update set content_at = excluded.content_at`;
}

/** Something new was said in these: it goes with the next run that finds them due. */
export async function markContentNew(
  db: Db,
  { workspace, connectionId }: Origin,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await db.$executeRaw`
    update session_seal set content_at = null where workspace = ${workspace}
      and connection_id = ${connectionId} and session_id = any(${[...ids]}::text[])`;
}

/** Why a session takes nothing in, and of a sealed one up to when it is known, in µs. */
export type Retained = { how: "sealed"; at: string; lastUs: number | null } | Gone;

/** Of sessions, those that take nothing in; of locked ones it is certain. */
export async function readRetained(
  db: Db,
  origin: Omit<Origin, "source">,
  ids: readonly string[],
): Promise<Map<string, Retained>> {
  if (ids.length === 0) return new Map();
  const { workspace, connectionId } = origin;
  const rows = await db.$queryRaw<Array<{ id: string; at: string; lastUs: number | null }>>`
    select x.session_id as id, x.events_at::text as at,
      (extract(epoch from s.last_event_at) * 1000000)::float8 as "lastUs"
    from session_seal x join session s using (workspace, session_id, connection_id)
    where x.workspace = ${workspace} and x.connection_id = ${connectionId}
      and x.session_id = any(${[...ids]}::text[]) and x.events_at is not null`;
  const sealed = rows.map(({ id, ...one }): [string, Retained] => [id, { how: "sealed", ...one }]);
  return new Map([...sealed, ...(await readGone(db, origin, ids))]);
}
