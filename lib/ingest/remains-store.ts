import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { list, measures } from "@/lib/metrics/columns-store";
import { MEASURES, ROLLUP_VERSION, type Rolled } from "@/lib/metrics/schema";
import { SEALED } from "@/lib/sessions/fold-version";
import { keysTable, type SessionName } from "./seal-store";

/**
 * What the totals are of that no session tells any more: one row of state and one set of cells for all
 * sessions that are gone with the same labels. It has no session, so nothing finds it but the sums.
 */
const REMAINS = "remains:";

export const isRemains = Prisma.raw(`session_id like '${REMAINS}%'`);

/** The name of what remains of a state `st`: by all that the rollups have it under. */
const nameOf =
  Prisma.raw(`'${REMAINS}' || md5(concat_ws(E'\\n', (st.rolled -> 'dimensions')::jsonb::text,
  (st.rolled -> 'promoted')::jsonb::text))`);

const sums = list(MEASURES.map((name) => `sum(${name})::bigint as ${name}`));
const added = list(MEASURES.map((name) => `${name} = session_cell.${name} + excluded.${name}`));
const PLACE = Prisma.raw("session_id, connection_id, minute, family, key");

/**
 * Locks what is there already, for who counts it under a key that is promoted later gives it another name.
 * Adds the cells of locked sessions to what remains under the same labels, where they stay when the
 * sessions go. The rollups have the very same sums as before, and the cells still prove them.
 */
export async function mergeIntoRemains(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<void> {
  if (sessions.length === 0) return;
  await db.$executeRaw`
    insert into session_state (workspace, session_id, connection_id, fold, fold_version, rolled)
    select distinct on (2, 3) ${workspace}, ${nameOf}, st.connection_id, '{}'::json, ${SEALED}::int,
      (jsonb_build_object('version', ${ROLLUP_VERSION}::int, 'dimensions', st.rolled -> 'dimensions',
          'pricing', st.rolled -> 'pricing', 'covered', '{"tokens":{},"runtime":{}}'::jsonb, 'cells', '[]'::jsonb)
        || case when st.rolled -> 'promoted' is null then '{}'::jsonb
          else jsonb_build_object('promoted', st.rolled -> 'promoted') end)::json
    from session_state st join ${keysTable(sessions)} using (session_id, connection_id)
    where st.workspace = ${workspace} and st.rolled is not null
    on conflict (workspace, session_id, connection_id) do update set fold_version = excluded.fold_version`;
  await db.$executeRaw`
    with named as materialized (
      select st.session_id as from_id, st.connection_id, ${nameOf} as session_id
      from session_state st join ${keysTable(sessions)} using (session_id, connection_id)
      where st.workspace = ${workspace} and st.rolled is not null),
    moved as (
      delete from session_cell c using named n
      where c.workspace = ${workspace} and c.session_id = n.from_id and c.connection_id = n.connection_id
      returning n.session_id, n.connection_id, c.minute, c.family, c.key, ${list(MEASURES, "c.")}, c.observations),
    summed as (select ${PLACE}, ${sums} from moved group by ${PLACE}),
    observed as (
      select ${PLACE}, array_agg(o) as observations from moved, unnest(observations) o group by ${PLACE})
    insert into session_cell (workspace, ${PLACE}, ${measures}, observations)
    select ${workspace}, ${PLACE}, ${measures}, coalesce(observations, '{}')
    from summed left join observed using (${PLACE})
    on conflict (workspace, session_id, connection_id, minute, family, key) do update set
      ${added}, observations = session_cell.observations || excluded.observations`;
}

/** What a session is counted under from then on, and where what it gives to the totals goes. */
export type Remaining = { connectionId: string; rolled: Rolled };

/** Makes what remains under these labels where it is missing; the names of it, in their order. */
export async function makeRemains(
  db: Db,
  workspace: string,
  sessions: readonly Remaining[],
): Promise<string[]> {
  const given = sessions.map(({ connectionId, rolled }) => ({
    ...{ connection_id: connectionId },
    rolled: {
      ...{ version: rolled.version, dimensions: rolled.dimensions, pricing: rolled.pricing },
      ...(rolled.promoted ? { promoted: rolled.promoted } : {}),
      ...{ covered: { tokens: {}, runtime: {} }, cells: [] },
    },
  }));
  const st = Prisma.sql`json_to_recordset(${JSON.stringify(given)}::json) as st(connection_id text, rolled json)`;
  await db.$executeRaw`
    insert into session_state (workspace, session_id, connection_id, fold, fold_version, rolled)
    select distinct on (2, 3) ${workspace}, ${nameOf}, st.connection_id, '{}'::json, ${SEALED}::int, st.rolled
    from ${st} order by 2, 3 on conflict (workspace, session_id, connection_id) do update set fold_version = excluded.fold_version`;
  const rows = await db.$queryRaw<Array<{ name: string }>>`
    select ${nameOf} as name from rows from (json_to_recordset(${JSON.stringify(given)}::json)
      as (connection_id text, rolled json)) with ordinality as st(connection_id, rolled, n) order by n`;
  return rows.map(({ name }) => name);
}

/** Has what remains stand under its labels again, which have changed: it is called by them. */
export async function renameRemains(
  db: Db,
  workspace: string,
  remains: readonly SessionName[],
): Promise<void> {
  if (remains.length === 0) return;
  await mergeIntoRemains(db, workspace, remains);
  await db.$executeRaw`
    delete from session_state st using ${keysTable(remains)}
    where st.workspace = ${workspace} and st.session_id = k.session_id
      and st.connection_id = k.connection_id and st.session_id <> ${nameOf}`;
}

/** Takes what remains of a connection's sessions, or of a source's, away when these are removed for good. */
export const remainsOf = (workspace: string, of: { source: string } | { connectionId: string }) =>
  Prisma.sql`workspace = ${workspace} and ${isRemains}
    and ${
      "source" in of
        ? Prisma.sql`rolled #>> '{dimensions,source}' = ${of.source}`
        : Prisma.sql`connection_id = ${of.connectionId}`
    }`;
