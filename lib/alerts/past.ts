import { findMetric } from "@/lib/metrics/catalogue";
import type { MinuteSeries } from "@/lib/metrics/minutes";
import { slidingOf } from "@/lib/metrics/sliding";
import type { WindowQuestion } from "@/lib/metrics/window-schema";
import type { ObservationsAt } from "./backtest";
import { fingerprintOf } from "./fingerprint";
import type { Figure } from "./observation";
import { observationOf } from "./observed";
import { questionsOf } from "./questions";
import type { Judged } from "./rule";

const MINUTE_MS = 60_000;

/** How far before a tick the windows of a rule reach, and how far before it they end. */
export function reachOf(rule: Judged): { fromMs: number; toMs: number } {
  const questions = questionsOf(rule, 0);
  return {
    fromMs: Math.min(0, ...questions.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...questions.map(({ toMs }) => toMs)),
  };
}

/** The one question whose minutes all windows of a rule are made of; null for rules that ask none. */
export function minutesAsked(
  rule: Judged,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): WindowQuestion | null {
  const [question] = questionsOf(rule, 0);
  return question ? { ...question, fromMs, toMs } : null;
}

type Given = {
  series: readonly MinuteSeries[];
  /** Start of the first session there is; null without any. */
  firstMs: number | null;
  /** Minutes before it were not read. */
  readFromMs: number;
};

/**
 * Of a rule that asks the metrics, what it would have seen at any tick, from sums by minute. Windows are
 * rounded to whole minutes, one at least; a label set shows where it had anything in any of them.
 */
export function pastOf(rule: Judged, { series, firstMs, readFromMs }: Given): ObservationsAt {
  const windows = questionsOf(rule, 0);
  const [first] = windows;
  const metric = first && findMetric(first.metric);
  if (!first || !metric) return () => [];
  const isWhole = first.groupBy.length === 0;
  const known = series.map((one) => ({
    labels: one.labels,
    fingerprint: fingerprintOf(one.labels),
    slides: windows.map(({ agg = "p50" }) => slidingOf(one, { metric, aggregate: agg })),
  }));
  const begun = firstMs === null ? null : Math.max(firstMs, readFromMs);
  const minuteOf = (ms: number) => Math.round(ms / MINUTE_MS);
  return function* (tickMs) {
    const fromMs = windows.map((window) => tickMs + window.fromMs);
    const ends = windows.map((window) => minuteOf(tickMs + window.toMs));
    const starts = fromMs.map((ms, at) => Math.min(minuteOf(ms), (ends[at] ?? 0) - 1));
    const given = { firstMs: begun, fromMs, ruleAgeMs: tickMs - readFromMs };
    for (const { labels, fingerprint, slides } of known) {
      const figures = slides.map((slide, at): Figure | null => {
        const figure = slide.windowAt(starts[at] ?? 0, ends[at] ?? 0);
        return isEmpty(figure) ? null : figure;
      });
      if (!isWhole && figures.every((figure) => figure === null)) continue;
      yield { labels, fingerprint, observation: observationOf(rule, figures, given) };
    }
  };
}

const isEmpty = ({ value, denominator }: Figure): boolean =>
  denominator === undefined ? value === null || value === 0 : denominator === 0;
