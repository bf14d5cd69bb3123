import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { linesOf } from "@/lib/db/lines";
import { dimensions, list, measures, rolledDimensions } from "./columns-store";
import { type Cell, DIMENSIONS, type Dimensions, MEASURES, type Promoted } from "./schema";

/** Whose cells. */
export type CellsOf = { workspace: string; connectionId: string };

export type SessionName = { sessionId: string; connectionId: string };

/** What a session is counted under. */
export type Labels = { sessionId: string; dimensions: Dimensions; promoted: Promoted | undefined };
export type SessionCells = Labels & { cells: readonly Cell[] };

const bigints = list(MEASURES.map((name) => `r.${name}::bigint as ${name}`));
const COLUMNS = [...DIMENSIONS, "promoted", ...MEASURES, "observations"];
const added = list(MEASURES.map((name) => `${name} = session_cell.${name} + excluded.${name}`));

/**
 * Adds differences to sessions' cells and puts the same differences on the list for the rollups.
 * Only inserts: what two batches add to one rollup never makes one wait for the other.
 */
export async function addToCells(
  db: Db,
  { workspace, connectionId }: CellsOf,
  sessions: readonly SessionCells[],
): Promise<void> {
  const rows = sessions.flatMap(({ sessionId, dimensions, promoted, cells }) => {
    const said = promoted ? JSON.stringify(promoted) : "";
    return cells.map((cell) => ({ sessionId, dimensions, said, cell }));
  });
  if (rows.length === 0) return;
  type Row = (typeof rows)[number];
  const lines = linesOf<Row>(rows, [
    ({ sessionId }) => sessionId,
    ({ cell }) => cell.minute,
    ({ cell }) => cell.family,
    ({ cell }) => cell.key,
    ...DIMENSIONS.map((name) => (row: Row) => row.dimensions[name]),
    ({ said }) => said,
    ...MEASURES.map((name) => (row: Row) => row.cell.measures[name] ?? 0),
    ({ cell }) => `{${cell.observations.join(",")}}`,
  ]);
  await db.$executeRaw`
    with r as materialized (
      select s, m::int as minute, f, k, ${dimensions}, nullif(promoted, '')::jsonb as promoted,
        ${bigints}, o::smallint[] as observations
      from ${lines} as r(s, m, f, k, ${list(COLUMNS.slice(0, -1))}, o, n) where n > 1),
    kept as (
      insert into session_cell (workspace, session_id, connection_id, minute, family, key, ${measures}, observations)
      select ${workspace}, s, ${connectionId}, minute, f, k, ${measures}, observations from r
      on conflict (workspace, session_id, connection_id, minute, family, key) do update set
        ${added}, observations = session_cell.observations || excluded.observations)
    insert into rollup_delta (workspace, minute, family, key, ${list(COLUMNS)})
    select ${workspace}, minute, f, k, ${list(COLUMNS)} from r`;
}

/**
 * Takes all cells of some sessions away and puts that on the list for the rollups, under what the
 * sessions' states still say: before these are written anew or removed.
 */
export async function withdrawCells(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<void> {
  if (sessions.length === 0) return;
  await db.$executeRaw`
    with d as (${statesOf(workspace, sessions)}),
    gone as (
      delete from session_cell c using d where c.workspace = ${workspace}
        and c.session_id = d.session_id and c.connection_id = d.connection_id
      returning c.*, d.promoted, ${list(DIMENSIONS, "d.")})
    insert into rollup_delta (workspace, minute, family, key, ${list(COLUMNS)})
    ${takenBack("gone")}`;
}

/** Moves what the rollups hold of sessions from what their states still say to other dimensions; their cells stay. */
export async function relabelCells(
  db: Db,
  { workspace, connectionId }: CellsOf,
  sessions: readonly Labels[],
): Promise<void> {
  if (sessions.length === 0) return;
  const names = sessions.map(({ sessionId }) => ({ sessionId, connectionId }));
  const to = sessions.map(({ sessionId, dimensions, promoted }) => ({
    ...{ session_id: sessionId, promoted },
    ...dimensions,
  }));
  const columns = list([
    "promoted jsonb",
    ...["session_id", ...DIMENSIONS].map((name) => `${name} text`),
  ]);
  await db.$executeRaw`
    with d as (${statesOf(workspace, names)}),
    moved as materialized (
      select c.*, d.promoted, ${list(DIMENSIONS, "d.")} from session_cell c join d using (session_id, connection_id)
      where c.workspace = ${workspace})
    insert into rollup_delta (workspace, minute, family, key, ${list(COLUMNS)})
    ${takenBack("moved")}
    union all
    select m.workspace, m.minute, m.family, m.key, ${list(DIMENSIONS, "n.")}, n.promoted,
      ${list(MEASURES, "m.")}, m.observations
    from moved m join json_to_recordset(${JSON.stringify(to)}::json) as n(${columns}) using (session_id)`;
}

/** What the rollups have these sessions under. */
function statesOf(workspace: string, sessions: readonly SessionName[]): Prisma.Sql {
  return Prisma.sql`
    select st.session_id, st.connection_id, ${rolledDimensions} from session_state st
    join unnest(${sessions.map(({ sessionId }) => sessionId)}::text[],
      ${sessions.map(({ connectionId }) => connectionId)}::text[]) as k(session_id, connection_id)
      using (session_id, connection_id)
    where st.workspace = ${workspace}`;
}

/** Cells with their dimensions as differences that undo them. */
const takenBack = (cells: string) => Prisma.sql`
  select c.workspace, c.minute, c.family, c.key, ${list(DIMENSIONS, "c.")}, c.promoted, ${list(MEASURES, "-c.")},
    array(select (-1 - o)::smallint from unnest(c.observations) o)
  from ${Prisma.raw(cells)} c`;

/** A session's cells as they are stored. */
export async function readCells(db: Db, of: CellsOf, sessionId: string): Promise<Cell[]> {
  return (await readCellsOf(db, of, [sessionId])).get(sessionId) ?? [];
}

/** The cells of several sessions, by session. */
export async function readCellsOf(
  db: Db,
  { workspace, connectionId }: CellsOf,
  sessionIds: readonly string[],
): Promise<Map<string, Cell[]>> {
  const rows = await db.$queryRaw<{ session_id: string; cells: string }[]>`
    select session_id, json_agg(json_build_object('minute', minute, 'family', family, 'key', key,
      'measures', json_build_object(${list(MEASURES.map((name) => `'${name}', ${name}`))}),
      'observations', observations))::text as cells
    from session_cell where workspace = ${workspace} and connection_id = ${connectionId}
      and session_id = any(${[...sessionIds]}::text[])
    group by session_id`;
  return new Map(rows.map(({ session_id, cells }) => [session_id, JSON.parse(cells)]));
}
