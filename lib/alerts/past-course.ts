import { findMetric } from "@/lib/metrics/catalogue";
import type { MinuteSeries } from "@/lib/metrics/minutes";
import { slidingOf } from "@/lib/metrics/sliding";
import { questionsOf } from "./questions";
import type { Judged } from "./rule";

const MINUTE_MS = 60_000;

/** The value of a rule's first window at so many instants of a range at most, for drawing. */
export function courseOf(
  rule: Judged,
  series: MinuteSeries,
  { fromMs, toMs, most }: { fromMs: number; toMs: number; most: number },
): [string, number | null][] {
  const [question] = questionsOf(rule, 0);
  const metric = question && findMetric(question.metric);
  if (!question || !metric) return [];
  const slide = slidingOf(series, { metric, aggregate: question.agg ?? "p50" });
  const step = Math.max(1, Math.ceil((toMs - fromMs) / MINUTE_MS / most)) * MINUTE_MS;
  const points: [string, number | null][] = [];
  for (let at = Math.ceil(fromMs / step) * step; at <= toMs; at += step) {
    const minute = (ms: number) => Math.round((at + ms) / MINUTE_MS);
    const end = minute(question.toMs);
    const { value } = slide.windowAt(Math.min(minute(question.fromMs), end - 1), end);
    points.push([new Date(at).toISOString(), value]);
  }
  return points;
}
