import { findMetric } from "@/lib/metrics/catalogue";
import type { WindowQuestion } from "@/lib/metrics/window-schema";
import type { Groups } from "./observed";
import type { Labels } from "./schema";

/** What happened at instants: null where nothing is known, `stale` where it ended. */
export type Sample = { atMs: number; value: number | null | "stale" };
export type Series = { name: string; labels: Labels; samples: Sample[] };

const NAME = /^([a-z_]+(?::(?:numerator|denominator))?)\s*(?:\{(.*)\})?$/s;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_.]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/gy;
const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e-?\d+)?`;
const MISSING = /^_(?:x(\d+))?$/;
const STEPS = new RegExp(`^(${NUMBER})(?:([+-])(${NUMBER}))?(?:x(\\d+))?$`);

/** `name{label="value"}` and values as promtool writes them: `1+2x3`, `5x2`, `_`, `stale`. Throws a `SyntaxError`. */
export function seriesOf(
  { series, values }: { series: string; values: string },
  intervalMs: number,
): Series {
  const [, name, inner = ""] = series.trim().match(NAME) ?? [];
  if (name === undefined) throw new SyntaxError(`\`${series}\` is no series like name{label="a"}`);
  const [metric = "", part] = name.split(":");
  const kind = metric === "heartbeat" ? "heartbeat" : findMetric(metric)?.kind;
  if (kind === undefined) throw new SyntaxError(`there is no metric ${metric}`);
  if ((kind === "ratio") !== (part !== undefined))
    throw new SyntaxError(
      kind === "ratio"
        ? `\`${metric}\` is a ratio: give ${metric}:numerator and ${metric}:denominator`
        : `\`${metric}\` is a ${kind} and has no ${part}`,
    );
  const told = values.trim().split(/\s+/).filter(Boolean).flatMap(valuesOf);
  return {
    name,
    labels: labelsOf(inner),
    samples: told.map((value, at) => ({ atMs: at * intervalMs, value })),
  };
}

function labelsOf(text: string): Labels {
  const labels: Labels = {};
  let end = 0;
  for (const match of text.matchAll(LABEL)) {
    const [whole, name = "", value = ""] = match;
    labels[name] = value.replace(/\\(.)/g, "$1");
    end = match.index + whole.length;
  }
  if (text.slice(end).trim() !== "") throw new SyntaxError(`\`{${text}}\` are no labels`);
  return labels;
}

function valuesOf(text: string): Sample["value"][] {
  if (text === "stale") return ["stale"];
  const missing = text.match(MISSING);
  if (missing) return Array.from({ length: Number(missing[1] ?? 1) }, () => null);
  const match = text.match(STEPS);
  if (!match) throw new SyntaxError(`\`${text}\` is no value like 5, 1+2x3, 5x2, _ or stale`);
  const [, first = "", sign, step, times] = match;
  if (times === undefined) {
    if (sign !== undefined) throw new SyntaxError(`\`${text}\` lacks how often, like ${text}x10`);
    return [Number(first)];
  }
  const by = step === undefined ? 0 : Number(step) * (sign === "-" ? -1 : 1);
  return Array.from({ length: Number(times) + 1 }, (_, at) => Number(first) + at * by);
}

/** The answer that the metrics would give if the series were all that happened. */
export function answerOf(all: readonly Series[], question: WindowQuestion): Groups {
  const metric = findMetric(question.metric);
  if (!metric) return [];
  const fitting = all.filter(({ name, labels }) => {
    const isAsked = Object.entries(question.filters).every(([filter, values]) =>
      values.includes(labels[filter] ?? ""),
    );
    return name.split(":")[0] === metric.id && isAsked;
  });
  const groups = new Map<string, { labels: Labels; series: Series[] }>();
  for (const series of fitting) {
    const labels = Object.fromEntries(
      question.groupBy.map((name) => [name, series.labels[name] ?? ""]),
    );
    const key = JSON.stringify(labels);
    const known = groups.get(key) ?? { labels, series: [] };
    groups.set(key, { ...known, series: [...known.series, series] });
  }
  if (question.groupBy.length === 0 && groups.size === 0)
    groups.set("", { labels: {}, series: [] });
  return [...groups.values()].flatMap(({ labels, series }) => {
    const figure = FIGURES[metric.kind](series, question);
    return figure === null && question.groupBy.length > 0 ? [] : [{ labels, ...(figure ?? NONE) }];
  });
}

const NONE = { value: null };
type Figured = { value: number | null; numerator?: number; denominator?: number } | null;

function within({ samples }: Series, { fromMs, toMs }: WindowQuestion): number[] {
  return samples.flatMap(({ atMs, value }) =>
    typeof value === "number" && atMs >= fromMs && atMs < toMs ? [value] : [],
  );
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

function summed(series: readonly Series[], question: WindowQuestion): Figured {
  const values = series.flatMap((one) => within(one, question));
  return values.length === 0 ? null : { value: total(values) };
}

function divided(series: readonly Series[], question: WindowQuestion): Figured {
  const part = (end: string) =>
    series.filter(({ name }) => name.endsWith(end)).flatMap((one) => within(one, question));
  const [above, below] = [part(":numerator"), part(":denominator")];
  if (above.length + below.length === 0) return null;
  const [numerator, denominator] = [total(above), total(below)];
  return { value: denominator === 0 ? null : numerator / denominator, numerator, denominator };
}

/** Each sample is one that was measured. */
function distributed(series: readonly Series[], question: WindowQuestion): Figured {
  const values = series.flatMap((one) => within(one, question)).sort((a, b) => a - b);
  if (values.length === 0) return null;
  const { agg = "p50" } = question;
  if (agg === "count") return { value: values.length };
  if (agg === "mean") return { value: total(values) / values.length };
  const rank = Math.ceil((Number(agg.slice(1)) / 100) * values.length);
  return { value: values[Math.max(0, rank - 1)] ?? null };
}

/** A gauge stands as it was last seen. */
function standing(series: readonly Series[], { toMs }: WindowQuestion): Figured {
  const last = series.flatMap(({ samples }) => {
    const seen = samples.findLast(({ atMs, value }) => atMs <= toMs && value !== null);
    return typeof seen?.value === "number" ? [seen.value] : [];
  });
  return last.length === 0 ? null : { value: total(last) };
}

const FIGURES = {
  count: summed,
  sum: summed,
  ratio: divided,
  distribution: distributed,
  gauge: standing,
};
