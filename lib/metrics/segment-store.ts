import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { list } from "./columns-store";
import type { LabelNames, SessionLabels } from "./counting";
import { Tally } from "./histogram";
import { cut, cutsOf, type Piece } from "./pieces";
import { TOTAL_MINUTE } from "./rollup";
import { DIMENSIONS, type Dimensions, type Family, isOwn, MEASURES } from "./schema";
import type { SegmentSum, SumsAsked } from "./segments";

type Wanted = Piece & { family: Family; segment: number };

/** Sums of segments from the rollups and what is still to be added to them: whole hours by the hour, whole quarters by the quarter. */
export async function readSegments(
  workspace: string,
  asked: SumsAsked,
  db: Db = prisma,
): Promise<SegmentSum[]> {
  const { bounds, levels } = asked;
  const wanted = piecesOf(asked);
  const families = familiesIn(asked);
  if (families.length === 0) return [];
  const column = <T extends string | number>(of: (piece: Wanted) => T) => wanted.map(of);
  const told = toldOf(asked, list(asked.dimensions.map((name) => `r.${name}`)));
  const ofSpread = Prisma.sql`r.family = any(${[...asked.spread]}::text[])`;
  const waiting = Prisma.sql`null::bytea, case when ${ofSpread} then r.observations else '{}' end
    from rollup_delta r where r.workspace = ${workspace}`;
  return readSums(
    asked,
    Prisma.sql`
      select p.segment, ${told}, case when ${ofSpread} then r.histogram end, '{}'::smallint[]
      from unnest(${column(({ grain }) => grain)}::text[], ${column(({ family }) => family)}::text[],
        ${column(({ from }) => from)}::int[], ${column(({ to }) => to)}::int[],
        ${column(({ segment }) => segment)}::int[]) as p(grain, family, since, until, segment)
      join rollup r on r.workspace = ${workspace} and r.promotion = 0 and r.grain = p.grain
        and r.family = p.family and r.minute >= p.since and r.minute < p.until
      union all
      select width_bucket(r.minute, ${[...bounds]}::int[]) - 1, ${told}, ${waiting}
        and r.family = any(${families}::text[])
        and r.minute >= ${bounds[0] ?? 0} and r.minute < ${bounds.at(-1) ?? 0}
      union all
      select -1, ${told}, ${waiting} and r.family = any(${[...levels]}::text[])`,
    db,
  );
}

/** The same from the cells of all sessions, told apart by what sessions say, too. */
export async function readSessionSegments(
  workspace: string,
  asked: SumsAsked,
  db: Db = prisma,
): Promise<SegmentSum[]> {
  const { bounds, levels, ofSession } = asked;
  const families = familiesIn(asked);
  if (families.length === 0) return [];
  const labels = [
    ...asked.dimensions.map((name) => Prisma.raw(`coalesce(s.${COLUMNS[name]}, '')`)),
    ...ofSession.metadata.map((key) => Prisma.sql`s.metadata ->> ${key}::text`),
    ...ofSession.labels.map((name) => Prisma.raw(LABELS[name])),
  ];
  const told = toldOf(asked, Prisma.join(labels));
  const cells = Prisma.sql`null::bytea,
      case when r.family = any(${[...asked.spread]}::text[]) then r.observations else '{}' end
    from session_cell r join session s on s.workspace = r.workspace and s.session_id = r.session_id
      and s.connection_id = r.connection_id
    ${Prisma.join([Prisma.empty, ...ofSession.labels.map((name) => keysJoin(workspace, name))], " ")}
    where r.workspace = ${workspace}`;
  return readSums(
    asked,
    Prisma.sql`
      select width_bucket(r.minute, ${[...bounds]}::int[]) - 1, ${told}, ${cells}
        and r.family = any(${families}::text[])
        and r.minute >= ${bounds[0] ?? 0} and r.minute < ${bounds.at(-1) ?? 0}
      union all
      select -1, ${told}, ${cells} and r.family = any(${[...levels]}::text[])`,
    db,
  );
}

const COLUMNS: Record<keyof Dimensions, string> = {
  agent: "agent_id",
  agent_version: "agent_version",
  environment: "environment_id",
  deployment: "deployment_id",
  source: "source",
};
const LABELS: Record<LabelNames["labels"][number], string> = {
  outcome: "s.outcome",
  model: "coalesce(s.model, '')",
  connection: "s.connection_id",
  config: "coalesce(s.config_hash, '')",
  models: "array_to_json(s.models)::text",
  tools: "array_to_json(s.tools)::text",
  error_types: "array_to_json(s.error_types)::text",
  mcp_servers: "mcp.keys",
  error_groups: "fault.keys",
};

/** A session has no column of some: its own cells tell. */
function keysJoin(workspace: string, name: LabelNames["labels"][number]): Prisma.Sql {
  if (name !== "mcp_servers" && name !== "error_groups") return Prisma.empty;
  const family = Prisma.raw(name === "mcp_servers" ? "mcp" : "fault");
  return Prisma.sql`left join (
      select session_id, connection_id, json_agg(distinct key)::text as keys from session_cell
      where workspace = ${workspace} and family = '${family}' group by session_id, connection_id
    ) ${family} on ${family}.session_id = s.session_id and ${family}.connection_id = s.connection_id`;
}

const familiesIn = ({ families, levels }: SumsAsked): Family[] => [
  ...new Set([...families.flat(), ...levels]),
];

/** Of a cell or rollup `r`. */
const toldOf = ({ keyed }: SumsAsked, labels: Prisma.Sql): Prisma.Sql => Prisma.sql`r.family,
  case when r.family = any(${[...keyed]}::text[]) then r.key else '' end, ${list(MEASURES, "r.")},
  array[${labels}]::text[]`;

/** `source`: a query for segment, family, key, the measures, labels, histogram and observations. */
async function readSums(asked: SumsAsked, source: Prisma.Sql, db: Db): Promise<SegmentSum[]> {
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(segment, family, key, labels,
      json_build_array(${list(MEASURES)}), packed, waiting))::text as rows
    from (
      select segment, family, key, labels, ${list(MEASURES.map((name) => `sum(${name}) as ${name}`))},
        json_agg(encode(histogram, 'base64')) filter (where histogram is not null) as packed,
        json_agg(observations) filter (where observations <> '{}') as waiting
      from (${source}) r(segment, family, key, ${list(MEASURES)}, labels, histogram, observations)
      group by segment, family, key, labels) sums`;
  const tally = new Tally();
  return (JSON.parse(row?.rows ?? "[]") as SumJson[]).map((json) => sumOf(json, asked, tally));
}

/** How a gauge stands after everything is told in total. */
function piecesOf({ dimensions, bounds, families, keyed, levels }: SumsAsked): Wanted[] {
  const isFine = dimensions.some((name) => name !== "agent");
  const pieces = families.flatMap((of, segment) =>
    of.flatMap((family) =>
      cut(
        cutsOf({ isFine, isKeyed: keyed.includes(family), isOwn: isOwn(family) }),
        bounds[segment] ?? 0,
        bounds[segment + 1] ?? 0,
      ).map((piece) => ({ ...piece, family, segment })),
    ),
  );
  const total = { grain: "total", from: TOTAL_MINUTE, to: 0, segment: -1 } as const;
  return [...pieces, ...levels.map((family) => ({ ...total, family }))];
}

type SumJson = [
  segment: number,
  family: Family,
  key: string,
  labels: Array<string | null>,
  measures: number[],
  packed: string[] | null,
  observations: number[][] | null,
];

function sumOf(json: SumJson, asked: SumsAsked, tally: Tally): SegmentSum {
  const [segment, family, key, labels, measures, packed, observations] = json;
  const of = (name: keyof Dimensions) => labels[asked.dimensions.indexOf(name)] ?? "";
  return {
    ...{ segment, family, key },
    dimensions: Object.fromEntries(DIMENSIONS.map((name) => [name, of(name)])) as Dimensions,
    session: sessionOf(labels.slice(asked.dimensions.length), asked.ofSession),
    measures: Object.fromEntries(MEASURES.map((name, at) => [name, measures[at] ?? 0])),
    histogram: packed || observations ? merged(packed ?? [], observations ?? [], tally) : null,
  };
}

/** Merged once for all questions that ask for it. */
function merged(packed: readonly string[], observations: readonly number[][], tally: Tally) {
  tally.clear();
  for (const text of packed) tally.addPacked(Buffer.from(text, "base64"));
  for (const each of observations) tally.addObservations(each);
  return tally.packed();
}

const NOTHING: SessionLabels = {
  ...{ metadata: {}, outcome: "", model: "", connection: "", config: "" },
  ...{ models: [], tools: [], error_types: [], mcp_servers: [], error_groups: [] },
};

function sessionOf(
  labels: ReadonlyArray<string | null>,
  { metadata, labels: names }: LabelNames,
): SessionLabels | null {
  if (metadata.length + names.length === 0) return null;
  const read = names.map((name, at) => {
    const text = labels[metadata.length + at] ?? null;
    const isList = Array.isArray(NOTHING[name]);
    return [name, isList ? JSON.parse(text ?? "[]") : (text ?? "")];
  });
  return {
    ...NOTHING,
    metadata: Object.fromEntries(metadata.map((key, at) => [key, labels[at] ?? null])),
    ...Object.fromEntries(read),
  };
}
