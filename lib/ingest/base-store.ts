import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { largeText } from "@/lib/db/large-text";
import type { Cell } from "@/lib/metrics/schema";
import { FOLD_VERSION, SEALED } from "@/lib/sessions/fold-version";
import type { Base, Queued } from "./base";
import type { Origin } from "./schema";

/** Of a session whose events are dropped up to an instant, and which something can be added to. */
export type GoesOn = { untilUs: number; queued: Queued[] };

type Named = { sessionId: string; goesOn: GoesOn | null };

/** A name as a number: of two spans of one session, as good as never the same. */
const numbered = (text: string) => Prisma.raw(`('x' || left(md5(${text}), 16))::bit(64)::bigint`);

const isOf = ({ workspace, connectionId }: Origin, sessionId: string) => Prisma.sql`
  x.workspace = ${workspace} and x.connection_id = ${connectionId} and x.session_id = ${sessionId}
  and x.base_version = ${FOLD_VERSION}`;

/** Up to when a session's events are dropped, in µs, where it goes on from there; null where it does not. */
export async function readUntil(
  db: Db,
  { workspace, connectionId }: Omit<Origin, "source">,
  sessionId: string,
): Promise<number | null> {
  const rows = await db.$queryRaw<Array<{ us: number | null }>>`
    select (extract(epoch from until) * 1000000)::float8 as us from session_seal
    where workspace = ${workspace} and connection_id = ${connectionId}
      and session_id = ${sessionId} and base_version = ${FOLD_VERSION}`;
  return rows[0]?.us ?? null;
}

/** What a session goes on from; null for one that has all its events. */
export async function readBase(db: Db, origin: Origin, work: Named): Promise<Base | null> {
  if (work.goesOn === null) return null;
  const rows = await db.$queryRaw<Array<{ base: string }>>`
    select x.base::text as base from session_seal x where ${isOf(origin, work.sessionId)}`;
  return rows[0] ? JSON.parse(rows[0].base) : null;
}

/** The cells of spans that are settled. */
export async function readSettledCells(db: Db, origin: Origin, work: Named): Promise<Cell[]> {
  if (work.goesOn === null) return [];
  const rows = await db.$queryRaw<Array<{ cells: string }>>`
    select x.base_cells::text as cells from session_seal x where ${isOf(origin, work.sessionId)}`;
  return rows[0] ? JSON.parse(rows[0].cells) : [];
}

/** Those of the spans that are settled. */
export async function readSettled(
  db: Db,
  origin: Origin,
  sessionId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.$queryRaw<Array<{ id: string }>>`
    with settled as materialized (
      select unnest(x.settled) as n from session_seal x where ${isOf(origin, sessionId)})
    select i as id from unnest(${[...new Set(ids)]}::text[]) i
    where ${numbered("i")} in (select n from settled)`;
  return new Set(rows.map(({ id }) => id));
}

/** Of locked sessions, events that have no time yet. */
export async function readQueued(
  db: Db,
  { workspace, connectionId }: Origin,
  { sessionId, day }: { sessionId: string; day: string },
): Promise<Queued[]> {
  const rows = await db.$queryRaw<Array<{ t: string; i: string }>>`
    select thread_id as t, id as i from event where workspace = ${workspace}
      and connection_id = ${connectionId} and session_id = ${sessionId}
      and day = ${day}::date and at is null order by 1, 2`;
  return rows.map(({ t, i }) => [t, i]);
}

/** Of a session's events, those of a list that are stored. */
export async function readHere(
  db: Db,
  { workspace, connectionId }: Origin,
  { sessionId, day }: { sessionId: string; day: string },
  queued: readonly Queued[],
): Promise<Queued[]> {
  if (queued.length === 0) return [];
  const rows = await db.$queryRaw<Array<{ t: string; i: string }>>`
    select e.thread_id as t, e.id as i
    from json_array_elements(${JSON.stringify(queued)}::json) k
    join event e on e.workspace = ${workspace} and e.connection_id = ${connectionId}
      and e.session_id = ${sessionId} and e.day = ${day}::date
      and e.thread_id = k ->> 0 and e.id = k ->> 1`;
  return rows.map(({ t, i }) => [t, i]);
}

/** What a session is to go on from, beside its seal. Before its spans are dropped: they are named here. */
export async function writeBase(
  db: Db,
  { workspace, connectionId }: Origin,
  { sessionId, day }: { sessionId: string; day: string },
  { base, cells }: { base: Base; cells: readonly Cell[] },
): Promise<void> {
  const open = base.open.map(({ id }) => id);
  await db.$executeRaw`
    insert into session_seal as x (workspace, session_id, connection_id, day,
      until, base, base_version, base_cells, settled)
    values (${workspace}, ${sessionId}, ${connectionId}, ${day}::date,
      to_timestamp(0) + ${base.untilUs}::bigint * interval '1 microsecond',
      ${largeText(JSON.stringify(base))}::json, ${FOLD_VERSION},
      ${largeText(JSON.stringify(cells))}::json,
      array(select ${numbered("p.id")} from span p where p.workspace = ${workspace}
        and p.session_id = ${sessionId} and p.connection_id = ${connectionId}
        and p.day = ${day}::date and not p.id = any(${open}::text[])))
    on conflict (workspace, session_id, connection_id) do update set
      until = excluded.until, base = excluded.base, base_version = excluded.base_version,
      base_cells = excluded.base_cells,
      settled = array(select distinct unnest(x.settled || excluded.settled))`;
}

/** The same with other words in it. */
export async function replaceBase(
  db: Db,
  origin: Origin,
  sessionId: string,
  base: Base,
): Promise<void> {
  await db.$executeRaw`
    update session_seal x set base = ${largeText(JSON.stringify(base))}::json
    where ${isOf(origin, sessionId)}`;
}

export type Sleeping = { sessionId: string; day: string; hasSpans: boolean };

/**
 * Wakes locked sessions that were sealed: what comes is stored with today's, and what is left of their
 * rows moves there. Rows that were still to be removed go now.
 */
export async function wakeSessions(
  db: Db,
  { workspace, connectionId }: Origin,
  sessions: readonly Sleeping[],
  today: string,
): Promise<void> {
  for (const { sessionId, day, hasSpans } of sessions) {
    const gone = ["event", "message_text", ...(hasSpans ? [] : ["span"])];
    for (const table of gone)
      await db.$executeRaw`
        delete from ${Prisma.raw(table)} where workspace = ${workspace}
          and session_id = ${sessionId} and connection_id = ${connectionId} and day = ${day}::date`;
    if (hasSpans && day !== today)
      await db.$executeRaw`
        update span set day = ${today}::date where workspace = ${workspace}
          and session_id = ${sessionId} and connection_id = ${connectionId} and day = ${day}::date`;
    await db.$executeRaw`
      update session set day = ${today}::date where workspace = ${workspace}
        and session_id = ${sessionId} and connection_id = ${connectionId}`;
    await db.$executeRaw`
      update session_seal set day = ${today}::date, events_at = null, spans_at = null,
        has_events = true, has_spans = true, cells = null
      where workspace = ${workspace} and session_id = ${sessionId}
        and connection_id = ${connectionId}`;
  }
}

/** After an upgrade that changed the fold: what an earlier one has left cannot be gone on from. */
export async function leaveOutdated(db: Db): Promise<void> {
  await db.$executeRaw`
    update session_state st set fold_version = ${SEALED} from session_seal x
    where x.workspace = st.workspace and x.session_id = st.session_id
      and x.connection_id = st.connection_id and x.base_version <> ${FOLD_VERSION}
      and st.fold_version <> ${SEALED}`;
}
