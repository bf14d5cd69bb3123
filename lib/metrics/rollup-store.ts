import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { linesOf } from "@/lib/db/lines";
import { dimensions, list, measures, rolledDimensions } from "./columns-store";
import { packHistogram } from "./histogram";
import {
  addStored,
  type Delta,
  type Grain,
  LEVELS,
  type Sum,
  type Sums,
  TOTAL_MINUTE,
} from "./rollup";
import { DIMENSIONS, type Dimensions, type Family, MEASURES, OWN_FAMILIES } from "./schema";

type DeltaJson = [
  workspace: string,
  minute: number,
  family: Family,
  key: string,
  dimensions: string[],
  measures: number[],
  observations: number[],
];

/** Of a table or alias `t` that has a difference's columns. */
const deltaJson = (
  t: string,
) => Prisma.sql`json_build_array(${list(["workspace", "minute", "family", "key"], `${t}.`)},
  json_build_array(${list(DIMENSIONS, `${t}.`)}), json_build_array(${list(MEASURES, `${t}.`)}), ${Prisma.raw(`${t}.observations`)})`;

const deltasOf = (json: string | null | undefined): Delta[] =>
  (JSON.parse(json ?? "[]") as DeltaJson[]).map(
    ([workspace, minute, family, key, named, measures, observations]) => ({
      workspace,
      minute,
      family,
      key,
      dimensions: dimensionsOf(named),
      measures,
      observations,
    }),
  );

const dimensionsOf = (named: readonly string[]) =>
  Object.fromEntries(DIMENSIONS.map((name, at) => [name, named[at] ?? ""])) as Dimensions;

/** Whether nobody else adds up until this transaction ends; then it is ours to do. */
export async function claimAddingUp(db: Db): Promise<boolean> {
  const [row] = await db.$queryRaw<{ mine: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended('watchkeeper rollups', 0)) as mine`;
  return row?.mine ?? false;
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
    insert into rollup (workspace, grain, family, minute, ${dimensions}, key, ${measures}, histogram)
    select w, g, f, m::int, ${dimensions}, k, ${list(MEASURES.map((name) => `${name}::bigint`))},
      decode(substr(nullif(h, ''), 2), 'hex')
    from ${lines} as r(w, g, f, m, ${dimensions}, k, ${measures}, h, n) where n > 1
    on conflict (workspace, grain, family, minute, ${dimensions}, key) do update set
      ${added}, histogram = coalesce(excluded.histogram, rollup.histogram)`;
}

const placeColumns: ReadonlyArray<(sum: Sum) => string | number> = [
  ({ workspace }) => workspace,
  ({ grain }) => grain,
  ({ family }) => family,
  ({ minute }) => minute,
  ...DIMENSIONS.map((name) => (sum: Sum) => sum.dimensions[name]),
  ({ key }) => key,
];

/** Brings what is stored of the histograms into the sums that have something to add to one. */
async function mergeHistograms(db: Db, sums: Sums, wanted: readonly Sum[]): Promise<void> {
  if (wanted.length === 0) return;
  const same = Prisma.raw(DIMENSIONS.map((name) => `t.${name} = r.${name}`).join(" and "));
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(r.n, encode(t.histogram, 'base64')))::text as rows
    from ${linesOf(wanted, placeColumns)} as r(w, g, f, m, ${dimensions}, k, n)
    cross join lateral (select histogram from rollup t where t.workspace = r.w and t.grain = r.g
      and t.family = r.f and t.minute = r.m::int and ${same} and t.key = r.k limit 1) t
    where r.n > 1 and t.histogram is not null`;
  for (const [number, packed] of JSON.parse(row?.rows ?? "[]") as Array<[number, string]>) {
    const sum = wanted[number - 2];
    if (sum) addStored(sums, { ...sum, measures: [] }, Buffer.from(packed, "base64"));
  }
}

/** Forgets minutes before this one. Returns how many rows went. */
export async function deleteMinutes(db: Db, firstMinute: number): Promise<number> {
  return db.$executeRaw`
    delete from rollup where grain = 'minute' and minute < ${firstMinute}`;
}

/** What cells tell; the rest is of no session and proved by nothing. */
const ofSessions = Prisma.sql`family <> all(${Object.keys(OWN_FAMILIES)}::text[])`;

/** Minutes from one to before another. */
type Range = { workspace: string; from: number; to: number };

/** The first minute of each stretch of so many minutes that anything is known of, in order. */
export async function readStretches(db: Db, workspace: string, minutes: number): Promise<number[]> {
  const rows = await db.$queryRaw<{ first: number }[]>`
    select distinct (floor(minute / ${minutes}::float8) * ${minutes})::int as first from (
      select minute from rollup where workspace = ${workspace} and grain <> 'total' and ${ofSessions}
      union all select minute from rollup_delta where workspace = ${workspace} and ${ofSessions}
      union all select minute from session_cell where workspace = ${workspace}) m
    order by first`;
  return rows.map(({ first }) => first);
}

/** The cells of a range, as differences from nothing. */
export async function readCellsAsDeltas(db: Db, { workspace, from, to }: Range): Promise<Delta[]> {
  const [row] = await db.$queryRaw<{ deltas: string | null }[]>`
    select json_agg(${deltaJson("c")})::text as deltas from (
      select c.*, ${rolledDimensions} from session_cell c
      left join session_state st using (workspace, session_id, connection_id)
      where c.workspace = ${workspace} and c.minute >= ${from} and c.minute < ${to}) c`;
  return deltasOf(row?.deltas);
}

/** Differences of a range, as far as they are of sessions, that are not added up yet. */
export async function readDeltas(db: Db, { workspace, from, to }: Range): Promise<Delta[]> {
  const [row] = await db.$queryRaw<{ deltas: string | null }[]>`
    select json_agg(${deltaJson("d")})::text as deltas from rollup_delta d
    where d.workspace = ${workspace} and d.minute >= ${from} and d.minute < ${to}
      and ${ofSessions}`;
  return deltasOf(row?.deltas);
}

type SumJson = [Grain, Family, number, string[], string, number[], string | null];

/** Everything the rollups hold of sessions in a range. */
export async function readSums(db: Db, { workspace, from, to }: Range): Promise<Sums> {
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(grain, family, minute, json_build_array(${dimensions}), key,
      json_build_array(${measures}), encode(histogram, 'base64')))::text as rows
    from rollup where workspace = ${workspace} and minute >= ${from} and minute < ${to}
      and ${ofSessions}`;
  const sums: Sums = new Map();
  for (const json of JSON.parse(row?.rows ?? "[]") as SumJson[]) {
    const [grain, family, minute, named, key, values, packed] = json;
    const place = { workspace, grain, family, minute, key, dimensions: dimensionsOf(named) };
    addStored(sums, { ...place, measures: values }, packed ? Buffer.from(packed, "base64") : null);
  }
  return sums;
}

type TotalJson = [Family, string, string[], number[], Array<[number, number]> | null];

/** What the cells of all sessions come to in total. */
export async function readCellTotals(db: Db, workspace: string): Promise<Sums> {
  const named = DIMENSIONS.map((name) =>
    name === "agent"
      ? Prisma.sql`agent`
      : Prisma.sql`case when family = any(${[...LEVELS]}::text[]) then ${Prisma.raw(name)} else '' end`,
  );
  const place = Prisma.sql`family, key, ${dimensions}`;
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    with c as materialized (
      select family, key, ${Prisma.join(
        named.map((sql, at) => Prisma.sql`${sql} as ${Prisma.raw(DIMENSIONS[at] ?? "")}`),
      )}, ${measures}, observations
      from (
        select c.*, ${rolledDimensions} from session_cell c
        left join session_state st using (workspace, session_id, connection_id)
        where c.workspace = ${workspace}) c),
    counted as (
      select ${place}, case when o < 0 then -1 - o else o end as bucket,
        sum(case when o < 0 then -1 else 1 end)::int as n
      from c cross join unnest(observations) as o group by ${place}, bucket),
    histograms as (
      select ${place}, json_agg(json_build_array(bucket, n)) as histogram from counted
      where n <> 0 group by ${place}),
    sums as (
      select ${place}, ${list(MEASURES.map((name) => `sum(${name}) as ${name}`))} from c group by ${place})
    select json_agg(json_build_array(family, key, json_build_array(${dimensions}),
      json_build_array(${measures}), histogram))::text as rows
    from sums left join histograms using (${place})`;
  const sums: Sums = new Map();
  for (const json of JSON.parse(row?.rows ?? "[]") as TotalJson[]) {
    const [family, key, labels, values, histogram] = json;
    const total = { workspace, grain: "total", family, minute: TOTAL_MINUTE, key } as const;
    const packed = histogram ? packHistogram(new Map(histogram)) : null;
    addStored(sums, { ...total, dimensions: dimensionsOf(labels), measures: values }, packed);
  }
  return sums;
}
