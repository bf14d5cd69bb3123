import { labelLine } from "@/components/alerts/words";
import { coloursOf } from "@/components/charts/colours";
import type { BacktestAnswer } from "@/lib/alerts/rules-schema";
import type { Labels } from "@/lib/alerts/schema";
import { type Level, type LevelSeries, type Series, totalOf } from "@/lib/series";

/** States that are shaded in charts, the worst first. */
export const STATE_LOOKS = [
  { state: "firing", word: "firing", tone: "fail" },
  { state: "recovering", word: "recovering", tone: "run" },
  { state: "pending", word: "pending", tone: "wait" },
  { state: "no_data", word: "no data", tone: "stop" },
  { state: "low", word: "too little to judge by", tone: "quiet" },
] as const;

/** What a backtest draws: the largest groups, each with its states. */
export function backtestSeries(
  answer: BacktestAnswer,
  levels: readonly Level[],
  nameOf: (agent: string) => string,
): LevelSeries | null {
  const [first] = answer.series;
  const times = (first?.points ?? []).map(([at]) => Date.parse(at));
  const [fromMs, second] = times;
  if (fromMs === undefined || second === undefined) return null;
  const stepMs = second - fromMs;
  const keyOf = (labels: Labels) => JSON.stringify(labels);
  const colours = coloursOf(answer.series.map(({ labels }) => keyOf(labels)));
  const series = answer.series.map(({ labels, points }): Series => {
    const values = points.map(([, value]) => value);
    const { agent = "" } = labels;
    const names = agent === "" ? {} : { [agent]: nameOf(agent) };
    const line = { key: keyOf(labels), label: labelLine(labels, names) || "All", values };
    const peak = values.reduce<number | null>(
      (most, value) => (value === null ? most : Math.max(most ?? value, value)),
      null,
    );
    const color = colours.get(line.key) ?? "var(--accent)";
    return { ...line, color, total: totalOf({ values, total: peak }) };
  });
  return {
    ...{ fromMs, toMs: (times.at(-1) ?? fromMs) + stepMs, stepMs, times, series, levels },
    states: answer.series.map(({ states }) =>
      states.map(({ state, from, to }) => ({
        ...{ state, fromMs: Date.parse(from), toMs: Date.parse(to) },
      })),
    ),
  };
}

type Bound = number | [number, number];
type WithBounds = { fire?: unknown; warn?: unknown; recover?: unknown };

/** The bounds of a rule, where it has any, as lines of a chart. */
export function levelsOf(rule: object): Level[] {
  const { fire, warn, recover }: WithBounds = rule;
  const named: [unknown, string, Level["tone"]][] = [
    [fire, "fires", "fail"],
    [warn, "warns", "wait"],
    [recover, "recovers", "ok"],
  ];
  return named.flatMap(([bound, label, tone]) =>
    (isBound(bound) ? [bound].flat() : []).map((value, at) => ({
      ...{ value, tone, label: at === 0 ? label : `${label} (upper)` },
    })),
  );
}

const isBound = (value: unknown): value is Bound =>
  typeof value === "number" ||
  (Array.isArray(value) && value.every((one) => typeof one === "number"));
