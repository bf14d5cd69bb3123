import { type Db, prisma } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/http/errors";
import { readAges } from "./age-store";
import { endsOf, seriesOfAges } from "./ages";
import { type Asked, EVER, foldedIn, isMetadata, metadataKeys, readsFacts } from "./asked";
import { findMetric } from "./catalogue";
import type { Told } from "./columns";
import { exportLines } from "./export";
import type { Aggregate, Metric, Percentile } from "./metric";
import { readFilled, readFoldedDays } from "./promoted-store";
import { bucketsOf, seriesOf, stepThatFits } from "./query";
import type { MetricResult, MetricsAnswer, MetricsExportQuery, MetricsQuery } from "./query-schema";
import { isShared, type Known, readKnown, readTogether, readTold } from "./query-store";
import { refusalOf } from "./refusal";
import { MINUTE_DAYS, NEVER } from "./rollup";
import { type Total, type TotalsQuery, totalsOf } from "./totals";

const MINUTE_MS = 60_000;
const MINUTE_STEPS = ["1m", "5m", "15m", "30m"];

/** Within the house any quantile may be asked for, and that no value of metadata is folded into others. */
export type Question = Omit<MetricsQuery, "agg"> & {
  agg: Aggregate | Percentile;
  isWhole?: boolean;
};

/**
 * The answer to every question about metrics: charts, rules, the JSON API and Prometheus ask here.
 * Throws `invalid` when a range has too many steps, or asks for minutes that are kept no more. `known`
 * is how far what is stored goes, where that was read already.
 */
export async function readMetrics(
  workspace: string,
  query: Question,
  { now = new Date(), db = prisma as Db, known: given = undefined as Known | undefined } = {},
): Promise<MetricsAnswer> {
  const toMs = query.to ? Date.parse(query.to) : now.getTime();
  const fromMs = Date.parse(query.from);
  if (fromMs >= toMs) throw invalidField("from", "it must be before `to`");
  const firstMinute = Math.floor(now.getTime() / MINUTE_MS) - MINUTE_DAYS * 1440;
  if (MINUTE_STEPS.includes(query.step) && fromMs < firstMinute * MINUTE_MS)
    throw invalidField("step", `steps below an hour are kept for ${MINUTE_DAYS} days; use 1h`);
  const buckets = bucketsOf({ fromMs, toMs }, query.step, query.tz);
  if (!buckets) {
    const fits = stepThatFits((toMs - fromMs) / MINUTE_MS);
    throw invalidField("step", `the range has more than 1,500 such steps; \`${fits}\` fits`);
  }
  const groups = query.group_by ?? [];
  const promoted = await readPromoted(workspace, query, buckets, db);
  const common = { workspace, groups, filter: query, buckets, firstMinute, promoted };
  const asked = query.metric.map((id): Asked => ({ ...common, metric: metricOf(id) }));
  for (const { metric, groups } of asked) {
    const refusal = refusalOf(metric, groups, query);
    if (refusal) throw invalidField(refusal.path, refusal.message);
  }
  const { outdated, ...known } = given ?? (await readKnown(workspace, db));
  const until = Math.min(
    now.getTime(),
    known.syncedUntil?.getTime() ?? Infinity,
    known.began?.getTime() ?? Infinity,
  );
  const shared = asked.filter(isShared).map(({ metric }) => metric);
  const told = shared.length > 1 ? await readTogether(common, shared, db) : new Map<Metric, Told>();
  const results: MetricResult[] = [];
  for (const each of asked) {
    const { id, unit, kind } = each.metric;
    const drawing = { told: told.get(each.metric), now, db };
    const isFolded = groups.some(isMetadata) && !readsFacts(each);
    const { series, truncated } = await drawSeries(each, query, drawing);
    results.push({
      metric: id,
      unit: kind === "distribution" && query.agg === "count" ? "count" : unit,
      kind,
      step: query.step,
      complete_until: new Date(until).toISOString(),
      outdated_sessions: outdated,
      series,
      truncated_groups: truncated,
      folded_days: isFolded ? foldedIn(each).length : 0,
    });
  }
  return { results };
}

/** The metadata key that is asked for, where it is one alone and rolled up. */
async function readPromoted(
  workspace: string,
  query: Question,
  buckets: Asked["buckets"],
  db: Db,
): Promise<Asked["promoted"]> {
  const [key, ...others] = metadataKeys({ groups: query.group_by ?? [], filter: query });
  if (key === undefined || others.length > 0) return null;
  const found = await readFilled(workspace, key, db);
  if (found === null) return null;
  // A gauge is told by all there ever was.
  const days = { from: 0, to: NEVER };
  const folded = await readFoldedDays(db, { workspace, promotion: found.id }, days);
  const promoted = { ...found, folded };
  return query.isWhole && foldedIn({ promoted, buckets }).length > 0 ? null : promoted;
}

type Drawing = { told: Told | undefined; now: Date; db: Db };

async function drawSeries(asked: Asked, { agg, limit }: Question, { told, now, db }: Drawing) {
  const { metric, groups, buckets } = asked;
  if (metric.kind !== "gauge" || !metric.oldest) {
    const read = told ?? (await readTold(asked, db));
    return seriesOf(read, { metric, groups, buckets, aggregate: agg, limit });
  }
  const ends = endsOf(buckets, now.getTime());
  const none = metric.oldest === "wait" ? 0 : null;
  const ages = await readAges(metric.oldest, asked, ends, db);
  return seriesOfAges(ages, { groups, starts: buckets.starts, ends, limit, none });
}

/** What a metric has come to in all there ever was; of a gauge how it stands now. */
export async function readTotals(
  workspace: string,
  { metric: id, groups, outcome }: TotalsQuery,
  db: Db = prisma,
): Promise<Total[]> {
  const metric = metricOf(id);
  const filter = outcome ? { outcome } : {};
  const told = await readTold(
    { workspace, metric, groups, filter, buckets: EVER, firstMinute: 0, promoted: null },
    db,
  );
  return totalsOf(told, { metric, groups });
}

/** The same as a file, series by series. */
export async function exportMetrics(
  workspace: string,
  query: MetricsExportQuery,
): Promise<ReadableStream<Uint8Array>> {
  const { results } = await readMetrics(workspace, query);
  const lines = exportLines(results, query.group_by ?? [], query.format);
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull(controller) {
      const next = lines.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
  });
}

function metricOf(id: string): Metric {
  const metric = findMetric(id);
  if (!metric) throw new AppError("invalid", `There is no metric ${id}.`);
  return metric;
}
