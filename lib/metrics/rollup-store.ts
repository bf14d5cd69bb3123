import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { linesOf } from "@/lib/db/lines";
import { dimensions, list, measures, rolledDimensions } from "./columns-store";
import { packHistogram } from "./histogram";
import {
  addStored,
  type Delta,
  FORGOTTEN,
  type Grain,
  type Part,
  type Sum,
  type Sums,
} from "./rollup";
import {
  DIMENSIONS,
  type Dimensions,
  type Family,
  MEASURES,
  OWN_FAMILIES,
  type Promoted,
} from "./schema";

type DeltaJson = [
  workspace: string,
  minute: number,
  family: Family,
  key: string,
  dimensions: string[],
  promoted: Promoted | null,
  measures: number[],
  observations: number[],
];

/** Of a table or alias `t` that has a difference's columns. */
const deltaJson = (
  t: string,
) => Prisma.sql`json_build_array(${list(["workspace", "minute", "family", "key"], `${t}.`)},
  json_build_array(${list(DIMENSIONS, `${t}.`)}), ${Prisma.raw(`${t}.promoted`)}, json_build_array(${list(MEASURES, `${t}.`)}), ${Prisma.raw(`${t}.observations`)})`;

const deltasOf = (json: string | null | undefined): Delta[] =>
  (JSON.parse(json ?? "[]") as DeltaJson[]).map(deltaOf);

const deltaOf = ([workspace, minute, family, key, named, ...rest]: DeltaJson): Delta => {
  const [promoted, measures, observations] = rest;
  const dimensions = dimensionsOf(named);
  return { workspace, minute, family, key, dimensions, promoted, measures, observations };
};

export const dimensionsOf = (named: readonly string[]) =>
  Object.fromEntries(DIMENSIONS.map((name, at) => [name, named[at] ?? ""])) as Dimensions;

const ADDING_UP = Prisma.sql`hashtextextended('watchkeeper rollups', 0)`;

/** Whether nobody else adds up until this transaction ends; then it is ours to do. */
export async function claimAddingUp(db: Db): Promise<boolean> {
  const [row] = await db.$queryRaw<{ mine: boolean }[]>`
    select pg_try_advisory_xact_lock(${ADDING_UP}) as mine`;
  return row?.mine ?? false;
}

/** The same once whoever adds up is through with it. */
export async function waitToAddUp(db: Db): Promise<void> {
  await db.$executeRaw`select pg_advisory_xact_lock(${ADDING_UP})`;
}

/** Takes the oldest differences off the list. */
export async function takeDeltas(db: Db, limit: number): Promise<Delta[]> {
  const [row] = await db.$queryRaw<{ deltas: string | null }[]>`
    with gone as (
      delete from rollup_delta where id in (select id from rollup_delta order by id limit ${limit})
      returning *)
    select json_agg(${deltaJson("gone")})::text as deltas from gone`;
  return deltasOf(row?.deltas);
}

/** Adds sums to the rollups. Only the one who has claimed adding up may do it. */
export async function addToRollups(db: Db, sums: Sums): Promise<void> {
  const rows = [...sums.values()];
  if (rows.length === 0) return;
  const touched = new Set(rows.filter(({ histogram }) => histogram.size > 0));
  await mergeHistograms(db, sums, [...touched]);
  const added = list(MEASURES.map((name) => `${name} = rollup.${name} + excluded.${name}`));
  const lines = linesOf<Sum>(rows, [
    ...placeColumns,
    ...MEASURES.map((_, at) => (sum: Sum) => sum.measures[at] ?? 0),
    (sum) => (touched.has(sum) ? `:${packHistogram(sum.histogram).toString("hex")}` : ""),
  ]);
  await db.$executeRaw`
    insert into rollup (workspace, grain, family, minute, ${dimensions}, key, promotion, value, folded,
      ${measures}, histogram)
    select w, g, f, m::int, ${dimensions}, k, p::int, v, fd::boolean, ${list(MEASURES.map((name) => `${name}::bigint`))},
      decode(substr(nullif(h, ''), 2), 'hex')
    from ${lines} as r(w, g, f, m, ${dimensions}, k, p, v, fd, ${measures}, h, n) where n > 1
    on conflict (workspace, promotion, grain, family, minute, ${dimensions}, key, value, folded) do update set
      ${added}, histogram = coalesce(excluded.histogram, rollup.histogram)`;
}

const placeColumns: ReadonlyArray<(sum: Sum) => string | number> = [
  ({ workspace }) => workspace,
  ({ grain }) => grain,
  ({ family }) => family,
  ({ minute }) => minute,
  ...DIMENSIONS.map((name) => (sum: Sum) => sum.dimensions[name]),
  ({ key }) => key,
  ({ part }) => part.promotion,
  ({ part }) => part.value,
  ({ part }) => `${part.folded}`,
];

/** Brings what is stored of the histograms into the sums that have something to add to one. */
async function mergeHistograms(db: Db, sums: Sums, wanted: readonly Sum[]): Promise<void> {
  if (wanted.length === 0) return;
  const same = Prisma.raw(DIMENSIONS.map((name) => `t.${name} = r.${name}`).join(" and "));
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(r.n, encode(t.histogram, 'base64')))::text as rows
    from ${linesOf(wanted, placeColumns)} as r(w, g, f, m, ${dimensions}, k, p, v, fd, n)
    cross join lateral (select histogram from rollup t where t.workspace = r.w
      and t.promotion = r.p::int and t.grain = r.g and t.family = r.f and t.minute = r.m::int
      and ${same} and t.key = r.k and t.value = r.v and t.folded = r.fd::boolean limit 1) t
    where r.n > 1 and t.histogram is not null`;
  for (const [number, packed] of JSON.parse(row?.rows ?? "[]") as Array<[number, string]>) {
    const sum = wanted[number - 2];
    if (sum) addStored(sums, { ...sum, measures: [] }, Buffer.from(packed, "base64"));
  }
}

/** Forgets minutes and quarters before this one. Returns how many rows went. */
export async function deleteMinutes(db: Db, firstMinute: number): Promise<number> {
  return db.$executeRaw`
    delete from rollup where grain = any(${[...FORGOTTEN]}::text[]) and minute < ${firstMinute}`;
}

/** What cells tell; the rest is of no session and proved by nothing. */
export const ofSessions = Prisma.sql`family <> all(${Object.keys(OWN_FAMILIES)}::text[])`;

/** Minutes from one to before another. */
export type Range = { workspace: string; from: number; to: number };

/** The cells of a range, as differences from nothing. */
export async function readCellsAsDeltas(db: Db, { workspace, from, to }: Range): Promise<Delta[]> {
  const [row] = await db.$queryRaw<{ deltas: string | null }[]>`
    select json_agg(${deltaJson("c")})::text as deltas from (
      select c.*, ${rolledDimensions} from session_cell c
      left join session_state st using (workspace, session_id, connection_id)
      where c.workspace = ${workspace} and c.minute >= ${from} and c.minute < ${to}) c`;
  return deltasOf(row?.deltas);
}

/** All cells of some sessions, as differences from nothing, and whose each is. */
export async function readCellsOf(
  db: Db,
  workspace: string,
  sessions: ReadonlyArray<{ sessionId: string; connectionId: string }>,
): Promise<Array<{ sessionId: string; connectionId: string; delta: Delta }>> {
  const keys = sessions.map(({ sessionId, connectionId }) => [sessionId, connectionId]);
  const [row] = await db.$queryRaw<{ cells: string | null }[]>`
    select json_agg(json_build_array(c.session_id, c.connection_id, ${deltaJson("c")}))::text as cells
    from (
      select c.*, ${rolledDimensions} from json_array_elements(${JSON.stringify(keys)}::json) k
      join session_cell c on c.workspace = ${workspace} and c.session_id = k ->> 0
        and c.connection_id = k ->> 1
      join session_state st using (workspace, session_id, connection_id)) c`;
  const cells = JSON.parse(row?.cells ?? "[]") as Array<[string, string, DeltaJson]>;
  return cells.map(([sessionId, connectionId, delta]) => ({
    ...{ sessionId, connectionId },
    delta: deltaOf(delta),
  }));
}

/** Differences of a range, as far as they are of sessions, that are not added up yet. */
export async function readDeltas(db: Db, { workspace, from, to }: Range): Promise<Delta[]> {
  const [row] = await db.$queryRaw<{ deltas: string | null }[]>`
    select json_agg(${deltaJson("d")})::text as deltas from rollup_delta d
    where d.workspace = ${workspace} and d.minute >= ${from} and d.minute < ${to}
      and ${ofSessions}`;
  return deltasOf(row?.deltas);
}

type SumJson = [Grain, Family, number, string[], string, Part, number[], string | null];

/** A stored row as `sumsFrom` takes it. */
export const sumJson = Prisma.sql`json_build_array(grain, family, minute, json_build_array(${dimensions}), key,
  json_build_object('promotion', promotion, 'value', value, 'folded', folded),
  json_build_array(${measures}), encode(histogram, 'base64'))`;

export function sumsFrom(workspace: string, json: string | null | undefined): Sums {
  const sums: Sums = new Map();
  for (const row of JSON.parse(json ?? "[]") as SumJson[]) {
    const [grain, family, minute, named, key, part, values, packed] = row;
    const place = { workspace, grain, family, minute, key, part, dimensions: dimensionsOf(named) };
    addStored(sums, { ...place, measures: values }, packed ? Buffer.from(packed, "base64") : null);
  }
  return sums;
}
