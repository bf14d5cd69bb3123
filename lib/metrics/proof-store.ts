import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { dimensions, list, measures, rolledDimensions } from "./columns-store";
import { packHistogram } from "./histogram";
import { addStored, agentAlone, LEVELS, type Sums, TOTAL_MINUTE, WHOLE } from "./rollup";
import { dimensionsOf, ofSessions, type Range, sumJson, sumsFrom } from "./rollup-store";
import { DIMENSIONS, type Family, MEASURES } from "./schema";

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

/** Everything the rollups hold of sessions in a range. */
export async function readSums(db: Db, { workspace, from, to }: Range): Promise<Sums> {
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(${sumJson})::text as rows
    from rollup where workspace = ${workspace} and minute >= ${from} and minute < ${to}
      and ${ofSessions}`;
  return sumsFrom(workspace, row?.rows);
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
    const total = {
      workspace,
      grain: "total",
      family,
      minute: TOTAL_MINUTE,
      key,
      part: WHOLE,
    } as const;
    const packed = histogram ? packHistogram(new Map(histogram)) : null;
    addStored(sums, { ...total, dimensions: dimensionsOf(labels), measures: values }, packed);
  }
  return sums;
}

/** How things stand in total by the cells of all sessions, by agent and by what these are counted under. */
export async function readLevels(db: Db, workspace: string): Promise<Sums> {
  const rows = await db.$queryRaw<
    Array<{ family: Family; agent: string; promotion: number; value: string | null; count: number }>
  >`
    select c.family, coalesce(st.rolled #>> '{dimensions,agent}', '') as agent, p.key::int as promotion,
      p.value, sum(c.count)::int as count
    from session_cell c join session_state st using (workspace, session_id, connection_id)
    cross join lateral json_each_text(st.rolled -> 'promoted') p
    where c.workspace = ${workspace} and c.family = any(${[...LEVELS]}::text[])
    group by 1, 2, 3, 4`;
  const sums: Sums = new Map();
  for (const { family, agent, promotion, value, count } of rows) {
    const part = { promotion, value: value ?? "", folded: value === null };
    addStored(
      sums,
      {
        ...{ workspace, grain: "total", minute: TOTAL_MINUTE, family, key: "", part },
        dimensions: agentAlone(agent),
        measures: MEASURES.map((name) => (name === "count" ? count : 0)),
      },
      null,
    );
  }
  return sums;
}
