import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { FOLD_VERSION, SEALED } from "@/lib/sessions/fold-version";
import { type Amount, amountOf, amountsOf, columnsOf, isSome, sidesOf } from "./amounts";
import { type Asked, isMetadata, readsFacts } from "./asked";
import { FOLDED, partOf, type Read, type Told } from "./columns";
import { type Metric, termsOf } from "./metric";
import { type Buckets, bucketsAt } from "./query";
import type { Group } from "./query-schema";
import { TOTAL_MINUTE } from "./rollup";
import { DIMENSIONS, type Family } from "./schema";
import { sourceOf } from "./source-store";
import { familiesIn, familiesOf, isManyOfSession, isOfSession } from "./told";

type Sql = Prisma.Sql;
const raw = Prisma.raw;
const join = (parts: readonly Sql[], separator = ", ") => Prisma.join([...parts], separator);

/** What the metric's terms sum to, by bucket and labels; of distributions every row by itself. */
export async function readTold(asked: Asked, db: Db): Promise<Told> {
  const sides = sidesOf(asked);
  const read = await readAmounts(asked, sides.filter(isSome).map(amountOf), db);
  let at = 0;
  const sums = sides.map((side) => (isSome(side) ? (read.sums[at++] ?? []) : []));
  return { ...read, sums };
}

/** Whether it may be read in one with others of which the same is asked. */
export const isShared = (asked: Asked): boolean =>
  ["count", "sum", "ratio"].includes(asked.metric.kind) && !readsFacts(asked);

/** The same of several metrics that are shared, each as if it had been read alone. */
export async function readTogether(
  asked: Omit<Asked, "metric">,
  metrics: readonly Metric[],
  db: Db,
): Promise<Map<Metric, Told>> {
  const terms = metrics.flatMap(termsOf);
  const all: Metric = { id: "", text: "", unit: "count", kind: "sum", of: terms };
  const amounts = amountsOf(terms);
  const read = await readAmounts({ ...asked, metric: all }, amounts, db);
  return new Map(metrics.map((metric) => [metric, partOf(read, columnsOf(metric, amounts))]));
}

async function readAmounts(asked: Asked, amounts: readonly Amount[], db: Db): Promise<Read> {
  const { metric, groups, buckets } = asked;
  const isDistribution = metric.kind === "distribution";
  const isByMinute = isDistribution || isAsStored(asked);
  const families = familiesIn(metric);
  const byFamily = families.length > 1 && amounts.flat().some((part) => !part.families);
  const by: Array<[string, Sql]> = [
    ["b", isByMinute ? raw("c.minute") : bucketIn(buckets)],
    ...groups.map((group, at): [string, Sql] => [`l${at}`, labelIn(asked, group)]),
    ...(byFamily ? [["f", raw("c.family")] as [string, Sql]] : []),
  ];
  const of = (amount: Amount) =>
    isDistribution ? summandOf(amount, families) : Prisma.sql`sum(${summandOf(amount, families)})`;
  const named = [...by, ...amounts.map((amount, at): [string, Sql] => [`t${at}`, of(amount)])];
  const grouped = raw(`group by ${by.map((_, at) => at + 1).join(", ")}`);
  const [row] = await db.$queryRaw<Record<string, string | null>[]>`
    select ${raw(named.map(([name]) => `json_agg(${name})::text as ${name}`).join(", "))}
      ${isDistribution ? HISTOGRAMS : raw("")}
    from (select ${join(named.map(([name, value]) => Prisma.sql`${value} as ${raw(name)}`))}
        ${isDistribution ? raw(", histogram, observations") : raw("")}
      from (${sourceOf(asked)}) c ${isDistribution ? raw("") : grouped}) r`;
  const list = (name: string) => JSON.parse(row?.[name] ?? "[]");
  const minutes: number[] = list("b");
  return {
    buckets: isByMinute ? bucketsAt(minutes, buckets) : minutes,
    labels: groups.map((group, at) =>
      isMetadata(group)
        ? list(`l${at}`).map((label: string | null) => label ?? FOLDED)
        : list(`l${at}`),
    ),
    families: byFamily ? list("f") : null,
    sums: amounts.map((_, at) => list(`t${at}`)),
    histograms: isDistribution
      ? {
          sizes: list("sizes"),
          packed: Buffer.from(row?.packed ?? "", "base64"),
          observations: list("observed"),
        }
      : null,
  };
}

// One text of all of them, and where each ends: by the row, their texts would be most of the work.
const HISTOGRAMS = Prisma.sql`, encode(string_agg(histogram, ''), 'base64') as packed,
  json_agg(case when histogram is null and observations <> '{}' then -1
    else coalesce(octet_length(histogram), 0) end)::text as sizes,
  json_agg(observations) filter (where histogram is null and observations <> '{}')::text as observed`;

/** Whether steps are as long as what is stored: then nothing is gained by finding buckets in the database. */
function isAsStored({ metric, buckets: { starts } }: Asked): boolean {
  const [, second = 0, third = 0] = starts;
  return metric.kind !== "gauge" && (third - second === 60 || third - second === 1);
}

function bucketIn({ starts, to }: Buckets): Sql {
  const thresholds = Prisma.sql`${[...starts, to]}::int[]`;
  return Prisma.sql`case when c.minute = ${TOTAL_MINUTE} then -1
    else greatest(width_bucket(c.minute, ${thresholds}) - 1, 0) end`;
}

/** Of a row `c` of one of these families. */
function summandOf(amount: Amount, all: readonly Family[]): Sql {
  return join(
    amount.map(({ families, keys, measures }) => {
      const value = raw(measures.map((measure) => `c.${measure}`).join(" + "));
      const conditions = [
        ...(families && families.length < all.length
          ? [Prisma.sql`c.family = any(${[...families]}::text[])`]
          : []),
        ...(keys ? [isAmong(keys)] : []),
      ];
      if (conditions.length === 0) return value;
      return Prisma.sql`case when ${join(conditions, " and ")} then ${value} else 0 end`;
    }),
    " + ",
  );
}

const isAmong = (keys: readonly string[]) => Prisma.sql`c.key = any(${[...keys]}::text[])`;

/** The same where its rollups tell a promoted key; null is a value that they have folded. */
const labelIn = (asked: Asked, group: Group): Sql =>
  isMetadata(group) && !readsFacts(asked)
    ? raw("case when c.folded then null else c.value end")
    : labelOf(asked.metric, group);

/** What has no such label is under ''. */
export function labelOf(metric: Metric, group: Group): Sql {
  if (isOfSession(metric, group) || isManyOfSession(metric, group))
    return raw(`c.session_${group}`);
  if (group === "bucket") return Prisma.sql`''`;
  if (isMetadata(group))
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
      and ((fold_version > ${SEALED} and fold_version < ${FOLD_VERSION}) or fold_version > ${FOLD_VERSION})) old`;
  return row ?? { syncedUntil: null, outdated: 0, began: null };
}
