import { ratioIn, resultOf, totalOf } from "@/components/metrics/answers";
import { findPrice } from "@/lib/costs/book";
import { type Change, type Effect, explainChange, type Used } from "@/lib/costs/change";
import type { PriceBook } from "@/lib/costs/schema";
import { formatCompact, formatCount, formatDuration, formatPercent } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";
import type { MetricResult } from "@/lib/metrics/query-schema";

const MS_PER_HOUR = 3_600_000;

type Figures = readonly MetricResult[] | undefined;

function usedOf(figures: Figures, mix: Figures, spent: Figures): Used {
  const models = new Map<string, { tokens: Record<string, number>; nanos: number }>();
  for (const { labels, total } of resultOf(mix, "tokens")?.series ?? []) {
    const { model = "", bucket = "" } = labels;
    const known = models.get(model) ?? { tokens: {}, nanos: 0 };
    known.tokens[bucket] = total ?? 0;
    models.set(model, known);
  }
  for (const { labels, total } of resultOf(spent, "cost_tokens")?.series ?? []) {
    const known = models.get(labels.model ?? "");
    if (known) known.nanos = total ?? 0;
  }
  return {
    sessions: totalOf(figures, "sessions_started"),
    turns: totalOf(figures, "turns"),
    models,
    runtimeNanos: totalOf(figures, "cost_runtime"),
    searchNanos: totalOf(figures, "cost_web_search"),
  };
}

/** The newest prices of a model, for the proportions of its buckets. */
function listOf(model: string, book: PriceBook): Record<string, number> {
  const found = findPrice({ model, geo: null, speed: null, promptTokens: 0, atUs: null }, book);
  if (found.kind !== "priced") return {};
  const { row } = found;
  return {
    input: row.inputPico,
    cache_write_5m: row.cacheWrite5mPico,
    cache_write_1h: row.cacheWrite1hPico,
    cache_read: row.cacheReadPico,
    output: row.outputPico,
  };
}

/** Null where the page compares with nothing, or one of the two ranges has no session. */
export function changeOf({ figures, before, ...answers }: Answers, book: PriceBook): Change | null {
  if (!before) return null;
  return explainChange(
    usedOf(before, answers.mixBefore, answers.spentBefore),
    usedOf(figures, answers.mix, answers.spent),
    (model) => listOf(model, book),
  );
}

export const EFFECT_LABELS: Record<Effect, string> = {
  sessions: "Sessions",
  turns: "Turns per session",
  tokens: "Tokens per turn",
  cache: "Use of the cache",
  models: "Mix of models",
  prices: "Prices",
  runtime: "Runtime per session",
  searches: "Searches per session",
};

/** From what to what a part changed, in words; null where no one figure says it. */
export function effectWords(
  effect: Effect,
  { figures, before, ...answers }: Answers,
): string | null {
  const both = (words: (of: Figures, mix: Figures) => string) =>
    `${words(before, answers.mixBefore)} → ${words(figures, answers.mix)}`;
  const per = (of: Figures, above: string, below: string) =>
    totalOf(of, above) / totalOf(of, below);
  switch (effect) {
    case "sessions":
      return both((of) => formatCount(totalOf(of, "sessions_started")));
    case "turns":
      return both((of) => per(of, "turns", "sessions_started").toFixed(2));
    case "tokens":
      return both((of) => formatCompact(Math.round(per(of, "tokens", "turns"))));
    case "cache":
      return both((of) => `${formatPercent(ratioIn(of, "cache_hit_ratio").value)} read`);
    case "models":
      return both((_, mix) => topModel(mix));
    case "runtime":
      return both((of) =>
        formatDuration(Math.round(per(of, "session_hours", "sessions_started") * MS_PER_HOUR)),
      );
    case "searches":
      return both((of) => per(of, "web_searches", "sessions_started").toFixed(2));
    case "prices":
      return null;
  }
}

/** The model with most tokens, and its share. */
function topModel(mix: Figures): string {
  const models = new Map<string, number>();
  let all = 0;
  for (const { labels, total } of resultOf(mix, "tokens")?.series ?? []) {
    models.set(labels.model ?? "", (models.get(labels.model ?? "") ?? 0) + (total ?? 0));
    all += total ?? 0;
  }
  const [top] = [...models].sort(([, a], [, b]) => b - a);
  return top && all > 0 ? `${top[0] || "no model"} ${formatPercent(top[1] / all)}` : "none";
}

/** Where each bar stands between the least and the greatest sum on the way, in percent. */
export function waterfallOf({ before, after, effects }: Change) {
  const sums = [before];
  for (const effect of Object.values(effects)) sums.push((sums.at(-1) ?? 0) + effect);
  const [least, most] = [Math.min(0, ...sums), Math.max(...sums, after)];
  const at = (nanos: number) => (most === least ? 0 : ((nanos - least) / (most - least)) * 100);
  const bar = (from: number, to: number) => ({
    left: at(Math.min(from, to)),
    width: at(Math.max(from, to)) - at(Math.min(from, to)),
  });
  return {
    before: bar(0, before),
    after: bar(0, after),
    effects: Object.fromEntries(
      Object.keys(effects).map((name, n) => [name, bar(sums[n] ?? 0, sums[n + 1] ?? 0)]),
    ) as Record<Effect, { left: number; width: number }>,
  };
}
