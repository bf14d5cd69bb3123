import { type Db, prisma } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/http/errors";
import { findMetric, type Metric } from "./catalogue";
import { exportLines } from "./export";
import { bucketsOf, seriesOf, stepThatFits } from "./query";
import type { MetricResult, MetricsAnswer, MetricsExportQuery, MetricsQuery } from "./query-schema";
import { readRows, readSyncedUntil } from "./query-store";
import { MINUTE_DAYS } from "./rollup";

const MINUTE_MS = 60_000;
const MINUTE_STEPS = ["1m", "5m", "15m", "30m"];

/**
 * The answer to every question about metrics: charts, rules, the JSON API and Prometheus ask here.
 * Throws `invalid` when a range has too many steps, or asks for minutes that are kept no more.
 */
export async function readMetrics(
  workspace: string,
  query: MetricsQuery,
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
  const synced = await readSyncedUntil(workspace, db);
  const until = new Date(Math.min(now.getTime(), synced?.getTime() ?? Infinity)).toISOString();
  const results: MetricResult[] = [];
  for (const id of query.metric) {
    const metric = metricOf(id);
    const groups = query.group_by ?? [];
    refuseStrangeBucket(metric, groups);
    const rows = await readRows(
      { workspace, metric, groups, filter: query, buckets, firstMinute },
      db,
    );
    const asked = { metric, groups, buckets, aggregate: query.agg, limit: query.limit };
    const { series, truncated } = seriesOf(rows, asked);
    results.push({
      metric: id,
      unit: metric.kind === "distribution" && query.agg === "count" ? "count" : metric.unit,
      kind: metric.kind,
      step: query.step,
      complete_until: until,
      series,
      truncated_groups: truncated,
    });
  }
  return { results };
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

function refuseStrangeBucket(metric: Metric, groups: readonly string[]): void {
  if (groups.includes("bucket") && metric.id !== "tokens")
    throw invalidField("group_by", "`bucket` is a dimension of `tokens` alone");
}
