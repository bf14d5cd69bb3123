import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { FOLD_VERSION } from "@/lib/sessions/fold-version";
import { type Metric, type Term, termsOf } from "./metric";
import type { Row } from "./query";
import type { Group } from "./query-schema";
import { TOTAL_MINUTE } from "./rollup";
import { DIMENSIONS } from "./schema";
import { type Asked, sourceOf } from "./source-store";
import { familiesOf, isManyOfSession, isOfSession } from "./told";

type Sql = Prisma.Sql;
const raw = Prisma.raw;
const join = (parts: readonly Sql[], separator = ", ") => Prisma.join([...parts], separator);

/** What the metric's terms sum to, by bucket and labels. */
export async function readRows(asked: Asked, db: Db): Promise<Row[]> {
  const { metric, groups, buckets } = asked;
  const terms = termsOf(metric);
  const labels = groups.map((group) => labelOf(metric, group));
  const isDistribution = metric.kind === "distribution";
  const thresholds = Prisma.sql`${[...buckets.starts, buckets.to]}::int[]`;
  const histograms = isDistribution
    ? Prisma.sql`json_agg(encode(c.histogram, 'base64')) filter (where c.histogram is not null),
        json_agg(c.observations) filter (where c.observations <> '{}')`
    : Prisma.sql`null, null`;
  const grouped = raw(["1", ...labels.map((_, at) => `${at + 2}`)].join(", "));
  const columns = raw(
    ["b", ...labels.map((_, at) => `l${at}`), ...terms.map((_, at) => `t${at}`), "h", "o"].join(
      ", ",
    ),
  );
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(${columns}))::text as rows from (
      select case when c.minute = ${TOTAL_MINUTE} then -1
          else greatest(width_bucket(c.minute, ${thresholds}) - 1, 0) end as b,
        ${join([...labels.map((label, at) => Prisma.sql`${label} as ${raw(`l${at}`)}`), ...terms.map(sumOf)])},
        ${histograms}
      from (${sourceOf(asked)}) c group by ${grouped}) as r(${columns})`;
  return (JSON.parse(row?.rows ?? "[]") as unknown[][]).map((json) =>
    rowOf(json, groups.length, terms.length),
  );
}

function rowOf(json: unknown[], labels: number, terms: number): Row {
  const [bucket, ...rest] = json;
  const packed = rest[labels + terms] as string[] | null;
  const observations = rest[labels + terms + 1] as number[][] | null;
  return {
    bucket: Number(bucket),
    labels: rest.slice(0, labels).map((label) => String(label ?? "")),
    sums: rest.slice(labels, labels + terms).map((sum) => Number(sum ?? 0)),
    histograms: {
      packed: (packed ?? []).map((text) => Buffer.from(text, "base64")),
      observations: observations ?? [],
    },
  };
}

/** A term of the metric as a column `t` of that number. */
export function sumOf(term: Term, at: number): Sql {
  const named = term.keys ? Prisma.sql` and c.key = any(${[...term.keys]}::text[])` : raw("");
  return Prisma.sql`sum(c.${raw(term.measure)}) filter (where c.family = ${term.family}${named}) as ${raw(`t${at}`)}`;
}

/** What has no such label is under ''. */
export function labelOf(metric: Metric, group: Group): Sql {
  if (isOfSession(metric, group) || isManyOfSession(metric, group))
    return raw(`c.session_${group}`);
  if (group === "bucket") return Prisma.sql`''`;
  if (group.startsWith("metadata."))
    return Prisma.sql`coalesce(c.metadata ->> ${group.slice("metadata.".length)}::text, '')`;
  if ((DIMENSIONS as readonly string[]).includes(group)) return raw(`c.${group}`);
  return Prisma.sql`case when c.family = any(${familiesOf(group)}::text[]) then c.key else '' end`;
}

export type Known = {
  /** Up to when every connection that is to be read has been read; null without one. */
  syncedUntil: Date | null;
  /** Sessions that are still to be derived anew after an update. */
  outdated: number;
  /** Start of the first session, where some are outdated. */
  began: Date | null;
};

/** How far what is stored goes. */
export async function readKnown(workspace: string, db: Db = prisma): Promise<Known> {
  const [row] = await db.$queryRaw<Known[]>`
    select (select min(coalesce(last_synced_at, created_at) - coalesce(lag_seconds, 0) * interval '1 second')
        from connection where workspace = ${workspace} and state <> 'paused') as "syncedUntil",
      outdated, case when outdated > 0
        then (select min(started_at) from session where workspace = ${workspace}) end as began
    from (select count(*)::int as outdated from session_state where workspace = ${workspace}
      and (fold_version < ${FOLD_VERSION} or fold_version > ${FOLD_VERSION})) old`;
  return row ?? { syncedUntil: null, outdated: 0, began: null };
}
