import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { linesOf } from "@/lib/db/lines";
import { type Cell, DIMENSIONS, type Dimensions, MEASURES } from "./schema";

/** Whose cells. */
export type CellsOf = { workspace: string; connectionId: string };

export type SessionCells = { sessionId: string; dimensions: Dimensions; cells: readonly Cell[] };

const list = (names: readonly string[], prefix = "") =>
  Prisma.raw(names.map((name) => `${prefix}${name}`).join(", "));
const measures = list(MEASURES);
const dimensions = list(DIMENSIONS);
const bigints = list(MEASURES.map((name) => `r.${name}::bigint as ${name}`));
const COLUMNS = [...DIMENSIONS, ...MEASURES, "observations"];
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
  const rows = sessions.flatMap(({ sessionId, dimensions, cells }) =>
    cells.map((cell) => ({ sessionId, dimensions, cell })),
  );
  if (rows.length === 0) return;
  type Row = (typeof rows)[number];
  const lines = linesOf<Row>(rows, [
    ({ sessionId }) => sessionId,
    ({ cell }) => cell.minute,
    ({ cell }) => cell.family,
    ({ cell }) => cell.key,
    ...DIMENSIONS.map((name) => (row: Row) => row.dimensions[name]),
    ...MEASURES.map((name) => (row: Row) => row.cell.measures[name] ?? 0),
    ({ cell }) => `{${cell.observations.join(",")}}`,
  ]);
  await db.$executeRaw`
    with r as materialized (
      select s, m::int as minute, f, k, ${dimensions}, ${bigints}, o::smallint[] as observations
      from ${lines} as r(s, m, f, k, ${list(COLUMNS.slice(0, -1))}, o, n) where n > 1),
    kept as (
      insert into session_cell (workspace, session_id, connection_id, minute, family, key, ${measures}, observations)
      select ${workspace}, s, ${connectionId}, minute, f, k, ${measures}, observations from r
      on conflict (workspace, session_id, connection_id, minute, family, key) do update set
        ${added}, observations = session_cell.observations || excluded.observations)
    insert into rollup_delta (workspace, minute, family, key, ${list(COLUMNS)})
    select ${workspace}, minute, f, k, ${list(COLUMNS)} from r`;
}

/** Takes all cells of some sessions away and puts that on the list for the rollups. */
export async function withdrawCells(
  db: Db,
  { workspace, connectionId }: CellsOf,
  sessions: ReadonlyArray<{ sessionId: string; dimensions: Dimensions }>,
): Promise<void> {
  if (sessions.length === 0) return;
  await db.$executeRaw`
    with gone as (
      delete from session_cell where workspace = ${workspace} and connection_id = ${connectionId}
        and session_id = any(${sessions.map(({ sessionId }) => sessionId)}::text[]) returning *)
    insert into rollup_delta (workspace, minute, family, key, ${list(COLUMNS)})
    select ${workspace}, g.minute, g.family, g.key, ${list(DIMENSIONS, "d.")}, ${list(MEASURES, "-g.")},
      ${withdrawn(Prisma.raw("g.observations"))}
    from gone g join ${dimensionsOf(sessions)} on d.session_id = g.session_id`;
}

/** The same of sessions of any connection that are about to be removed. */
export async function withdrawSessions(
  db: Db,
  workspace: string,
  sessions: ReadonlyArray<{ session_id: string; connection_id: string }>,
): Promise<void> {
  const named = list(
    DIMENSIONS.map((name) => `coalesce(st.rolled #>> '{dimensions,${name}}', '') as ${name}`),
  );
  await db.$executeRaw`
    with k as (select * from json_to_recordset(${JSON.stringify(sessions)}::json)
      as k(session_id text, connection_id text)),
    gone as (
      delete from session_cell c using k where c.workspace = ${workspace}
        and c.session_id = k.session_id and c.connection_id = k.connection_id returning c.*),
    d as (
      select st.session_id, st.connection_id, ${named} from session_state st
      join k using (session_id, connection_id) where st.workspace = ${workspace})
    insert into rollup_delta (workspace, minute, family, key, ${list(COLUMNS)})
    select ${workspace}, g.minute, g.family, g.key, ${list(DIMENSIONS, "d.")}, ${list(MEASURES, "-g.")},
      ${withdrawn(Prisma.raw("g.observations"))}
    from gone g join d using (session_id, connection_id)`;
}

/** Moves what the rollups hold of sessions from some dimensions to others; their cells stay. */
export async function relabelCells(
  db: Db,
  { workspace, connectionId }: CellsOf,
  sessions: ReadonlyArray<{ sessionId: string; from: Dimensions; to: Dimensions }>,
): Promise<void> {
  if (sessions.length === 0) return;
  const from = dimensionsOf(sessions.map((one) => ({ ...one, dimensions: one.from })));
  const to = dimensionsOf(sessions.map((one) => ({ ...one, dimensions: one.to })));
  const cells = Prisma.sql`session_cell c where c.workspace = ${workspace}
    and c.connection_id = ${connectionId}
    and c.session_id = any(${sessions.map(({ sessionId }) => sessionId)}::text[])`;
  await db.$executeRaw`
    with c as materialized (select * from ${cells})
    insert into rollup_delta (workspace, minute, family, key, ${list(COLUMNS)})
    select ${workspace}, c.minute, c.family, c.key, ${list(DIMENSIONS, "d.")}, ${list(MEASURES, "-c.")},
      ${withdrawn(Prisma.raw("c.observations"))} from c join ${from} on d.session_id = c.session_id
    union all
    select ${workspace}, c.minute, c.family, c.key, ${list(DIMENSIONS, "d.")}, ${list(MEASURES, "c.")},
      c.observations from c join ${to} on d.session_id = c.session_id`;
}

/** The same observations, each taken back. */
const withdrawn = (observations: Prisma.Sql) =>
  Prisma.sql`array(select (-1 - o)::smallint from unnest(${observations}) o)`;

function dimensionsOf(
  sessions: ReadonlyArray<{ sessionId: string; dimensions: Dimensions }>,
): Prisma.Sql {
  const rows = sessions.map((one) => ({ session_id: one.sessionId, ...one.dimensions }));
  const columns = list(["session_id", ...DIMENSIONS].map((name) => `${name} text`));
  return Prisma.sql`json_to_recordset(${JSON.stringify(rows)}::json) as d(${columns})`;
}

/** A session's cells as they are stored. */
export async function readCells(
  db: Db,
  { workspace, connectionId }: CellsOf,
  sessionId: string,
): Promise<Cell[]> {
  const [row] = await db.$queryRaw<{ cells: string | null }[]>`
    select json_agg(json_build_object('minute', minute, 'family', family, 'key', key,
      'measures', json_build_object(${list(MEASURES.map((name) => `'${name}', ${name}`))}),
      'observations', observations))::text as cells
    from session_cell where workspace = ${workspace} and connection_id = ${connectionId}
      and session_id = ${sessionId}`;
  return JSON.parse(row?.cells ?? "[]");
}
