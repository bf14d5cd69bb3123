import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { Age, Open } from "./ages";
import type { Asked } from "./asked";
import { waitsOf } from "./facts-store";
import type { Aged } from "./metric";
import { labelOf } from "./query-store";

/** Since when the oldest was open at each of the ends, by labels. */
export async function readAges(
  aged: Aged,
  asked: Asked,
  endsMs: readonly number[],
  db: Db,
): Promise<Age[]> {
  const ends = Prisma.sql`${endsMs.map((ms) => new Date(ms))}::timestamptz[]`;
  const source = aged === "wait" ? waitsAt(asked, ends) : syncsAt(asked, ends);
  const [row] = await db.$queryRaw<{ ages: string | null }[]>`
    select json_agg(json_build_array(bucket, labels, us))::text as ages from (
      select bucket, labels, (extract(epoch from min(since)) * 1000000)::bigint as us
      from (${source}) open group by bucket, labels) oldest`;
  return (JSON.parse(row?.ages ?? "[]") as Array<[number, string[], number]>).map(
    ([bucket, labels, sinceUs]) => ({ bucket, labels, sinceUs }),
  );
}

/** A wait is open at every end from its start to before it ended. */
function waitsAt(asked: Asked, ends: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select bucket, ${labelsOf(asked)} as labels, c.started_at as since
    from (${waitsOf(asked, ends)}) c
    cross join lateral generate_series(width_bucket(c.started_at, ${ends}),
      coalesce(width_bucket(c.ended_at - interval '1 microsecond', ${ends}), cardinality(${ends})) - 1)
      as bucket`;
}

function labelsOf({ metric, groups }: Asked): Prisma.Sql {
  const labels = groups.map((group) => Prisma.sql`coalesce(${labelOf(metric, group)}, '')`);
  return Prisma.sql`array[${Prisma.join([...labels, Prisma.sql`''`])}]::text[]`;
}

/** The waits that were open at some time from one instant to another. */
export async function readWaits(asked: Asked, range: readonly number[], db: Db): Promise<Open[]> {
  const ends = Prisma.sql`${range.map((ms) => new Date(ms))}::timestamptz[]`;
  const us = (column: string) => Prisma.raw(`(extract(epoch from ${column}) * 1000000)::bigint`);
  const [row] = await db.$queryRaw<{ waits: string | null }[]>`
    select json_agg(json_build_array(labels, ${us("started_at")}, ${us("ended_at")}))::text as waits
    from (select ${labelsOf(asked)} as labels, c.started_at, c.ended_at
      from (${waitsOf(asked, ends)}) c) w`;
  return (JSON.parse(row?.waits ?? "[]") as Array<[string[], number, number | null]>).map(
    ([labels, sinceUs, untilUs]) => ({ labels, sinceUs, untilUs: untilUs ?? Infinity }),
  );
}

/** Up to when a connection's events were here at each end: what was last known before it. */
function syncsAt({ workspace, groups, filter }: Asked, ends: Prisma.Sql): Prisma.Sql {
  const named = filter.connection?.length
    ? Prisma.sql`and c.id = any(${filter.connection}::text[])`
    : Prisma.empty;
  return Prisma.sql`
    select e.place::int - 1 as bucket, array[${groups.length > 0 ? Prisma.sql`c.id` : Prisma.sql`''`}] as labels,
      m.until as since
    from connection c cross join unnest(${ends}) with ordinality as e(at, place)
    cross join lateral (
      select until from sync_minute m where m.workspace = c.workspace and m.connection_id = c.id
        and m.minute < extract(epoch from e.at) / 60
      order by m.minute desc limit 1) m
    where c.workspace = ${workspace} and c.state <> 'paused' ${named}`;
}
