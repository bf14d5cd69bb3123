import { type Db, prisma } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/http/errors";
import { readAges } from "./age-store";
import { endsOf, seriesOfAges } from "./ages";
import { findMetric } from "./catalogue";
import { exportLines } from "./export";
import type { Aggregate, Metric, Percentile } from "./metric";
import { bucketsOf, seriesOf, stepThatFits } from "./query";
import type { MetricResult, MetricsAnswer, MetricsExportQuery, MetricsQuery } from "./query-schema";
import { readKnown, readRows } from "./query-store";
import { refusalOf } from "./refusal";
import { MINUTE_DAYS } from "./rollup";
import { type Asked, EVER } from "./source-store";
import { type Total, type TotalsQuery, totalsOf } from "./totals";

const MINUTE_MS = 60_000;
const MINUTE_STEPS = ["1m", "5m", "15m", "30m"];

/** Within the house any quantile may be asked for. */
export type Question = Omit<MetricsQuery, "agg"> & { agg: Aggregate | Percentile };

/**
 * The answer to every question about metrics: charts, rules, the JSON API and Prometheus ask here.
 * Throws `invalid` when a range has too many steps, or asks for minutes that are kept no more.
 */
export async function readMetrics(
  workspace: string,
  query: Question,
  { now = new Date(), db = prisma as Db } = {},
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
  const known = await readKnown(workspace, db);
  const until = new Date(
    Math.min(
      now.getTime(),
      known.syncedUntil?.getTime() ?? Infinity,
      known.began?.getTime() ?? Infinity,
    ),
  ).toISOString();
  const results: MetricResult[] = [];
  for (const id of query.metric) {
    const groups = query.group_by ?? [];
    const metric = metricOf(id);
    const refusal = refusalOf(metric, groups, query);
    if (refusal) throw invalidField(refusal.path, refusal.message);
    const asked = { workspace, metric, groups, filter: query, buckets, firstMinute };
    const { series, truncated } = await drawSeries(asked, query, now, db);
    results.push({
      metric: id,
      unit: metric.kind === "distribution" && query.agg === "count" ? "count" : metric.unit,
      kind: metric.kind,
      step: query.step,
      complete_until: until,
      outdated_sessions: known.outdated,
      series,
      truncated_groups: truncated,
    });
  }
  return { results };
}

async function drawSeries(asked: Asked, { agg, limit }: Question, now: Date, db: Db) {
  const { metric, groups, buckets } = asked;
  if (metric.kind !== "gauge" || !metric.oldest)
    return seriesOf(await readRows(asked, db), { metric, groups, buckets, aggregate: agg, limit });
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
  const rows = await readRows(
    { workspace, metric, groups, filter, buckets: EVER, firstMinute: 0 },
    db,
  );
  return totalsOf(rows, { metric, groups });
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
