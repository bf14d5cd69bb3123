import type { MinuteSeries } from "@/lib/metrics/minutes";
import type { Day } from "@/lib/time/calendar";
import type { ObservationsAt } from "./backtest";
import { type BudgetDays, budgetDays, observedBudget, type Watched } from "./budget";
import { fingerprintOf } from "./fingerprint";
import type { Judged } from "./rule";

const MINUTE_MS = 60_000;

type Spending = Extract<Judged, { kind: "budget" }>;

type Given = {
  budget: Watched;
  /** What whole days cost, by their start. */
  days: ReadonlyMap<number, number>;
  /** What each minute of the days that ticks are in cost. */
  minutes: MinuteSeries | undefined;
};

/** What a rule would have seen of its budget at ticks that go forward. */
export function pastBudget(rule: Spending, { budget, days, minutes }: Given): ObservationsAt {
  const spentUpTo = sumsOf(minutes);
  let known: (BudgetDays & { present: Day | undefined }) | null = null;
  const daysAt = (atMs: number) => {
    if (!known?.present || atMs >= known.present.toMs) {
      const found = budgetDays(budget, atMs);
      known = { ...found, present: found.days.at(-1) };
    }
    return known;
  };
  return (tickMs) => {
    const atMs = tickMs - rule.delayMs;
    const { period, days: asked, present } = daysAt(atMs);
    const nanos = (day: Day) =>
      day === present && day.toMs > atMs
        ? spentUpTo(atMs) - spentUpTo(day.fromMs)
        : (days.get(day.fromMs) ?? 0);
    return observedBudget(rule, budget, { atMs, period, days: asked, nanos }).map((one) => ({
      ...one,
      fingerprint: fingerprintOf(one.labels),
    }));
  };
}

/** What came before the end of an instant's minute. */
function sumsOf(series: MinuteSeries | undefined): (ms: number) => number {
  const { minutes = new Int32Array(), sums = [] } = series ?? {};
  const upTo = new Float64Array(minutes.length + 1);
  for (let at = 0; at < minutes.length; at++)
    upTo[at + 1] = (upTo[at] ?? 0) + sums.reduce((sum, term) => sum + (term[at] ?? 0), 0);
  return (ms) => {
    const minute = Math.ceil(ms / MINUTE_MS);
    let [low, high] = [0, minutes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((minutes[middle] ?? 0) < minute) low = middle + 1;
      else high = middle;
    }
    return upTo[low] ?? 0;
  };
}
