import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { list } from "./columns-store";
import { TOTAL_MINUTE } from "./rollup";
import { DIMENSIONS, type Dimensions, type Family, MEASURES } from "./schema";
import type { SegmentSum, SumsAsked } from "./segments";
import { byTheHour, type Piece } from "./source-store";

type Wanted = Piece & { family: Family; segment: number };

/** Sums of segments from the rollups and what is still to be added to them: whole hours by the hour. */
export async function readSegments(
  workspace: string,
  asked: SumsAsked,
  db: Db = prisma,
): Promise<SegmentSum[]> {
  const { dimensions, bounds, keyed, spread, levels } = asked;
  const wanted = piecesOf(asked);
  const families = [...new Set([...asked.families.flat(), ...levels])];
  if (families.length === 0) return [];
  const column = <T extends string | number>(of: (piece: Wanted) => T) => wanted.map(of);
  const key = Prisma.sql`case when r.family = any(${[...keyed]}::text[]) then r.key else '' end as key`;
  const told = Prisma.sql`r.family, ${key}, ${list([...dimensions, ...MEASURES], "r.")}`;
  const waiting = Prisma.sql`null::bytea as histogram,
    case when r.family = any(${[...spread]}::text[]) then r.observations else '{}' end as observations
    from rollup_delta r where r.workspace = ${workspace}`;
  const place = list(["segment", "family", "key", ...dimensions]);
  const first = bounds[0] ?? 0;
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(segment, family, key, json_build_array(${list(dimensions)}),
      json_build_array(${list(MEASURES)}), packed, waiting))::text as rows
    from (
      select ${place}, ${list(MEASURES.map((name) => `sum(${name}) as ${name}`))},
        json_agg(encode(histogram, 'base64')) filter (where histogram is not null) as packed,
        json_agg(observations) filter (where observations <> '{}') as waiting
      from (
        select p.segment, ${told},
          case when r.family = any(${[...spread]}::text[]) then r.histogram end as histogram,
          '{}'::smallint[] as observations
        from unnest(${column(({ grain }) => grain)}::text[], ${column(({ family }) => family)}::text[],
          ${column(({ from }) => from)}::int[], ${column(({ to }) => to)}::int[],
          ${column(({ segment }) => segment)}::int[]) as p(grain, family, since, until, segment)
        join rollup r on r.workspace = ${workspace} and r.grain = p.grain and r.family = p.family
          and r.minute >= p.since and r.minute < p.until
        union all
        select width_bucket(r.minute, ${[...bounds]}::int[]) - 1, ${told}, ${waiting}
          and r.family = any(${families}::text[])
          and r.minute >= ${first} and r.minute < ${bounds.at(-1) ?? 0}
        union all
        select -1, ${told}, ${waiting} and r.family = any(${[...levels]}::text[])) r
      group by ${place}) sums`;
  return (JSON.parse(row?.rows ?? "[]") as SumJson[]).map((json) => sumOf(json, asked));
}

/** How a gauge stands after everything is told in total. */
function piecesOf({ dimensions, bounds, families, levels }: SumsAsked): Wanted[] {
  const grain = dimensions.every((name) => name === "agent") ? "agent_hour" : "hour";
  const pieces = families.flatMap((of, segment) =>
    byTheHour(grain, bounds[segment] ?? 0, bounds[segment + 1] ?? 0).flatMap((piece) =>
      of.map((family) => ({ ...piece, family, segment })),
    ),
  );
  const total = { grain: "total", from: TOTAL_MINUTE, to: 0, segment: -1 };
  return [...pieces, ...levels.map((family) => ({ ...total, family }))];
}

type SumJson = [
  segment: number,
  family: Family,
  key: string,
  dimensions: string[],
  measures: number[],
  packed: string[] | null,
  observations: number[][] | null,
];

function sumOf(json: SumJson, asked: SumsAsked): SegmentSum {
  const [segment, family, key, named, measures, packed, observations] = json;
  const of = (name: keyof Dimensions) => named[asked.dimensions.indexOf(name)] ?? "";
  return {
    ...{ segment, family, key, session: null },
    dimensions: Object.fromEntries(DIMENSIONS.map((name) => [name, of(name)])) as Dimensions,
    measures: Object.fromEntries(MEASURES.map((name, at) => [name, measures[at] ?? 0])),
    packed: (packed ?? []).map((text) => Buffer.from(text, "base64")),
    observations: observations ?? [],
  };
}
