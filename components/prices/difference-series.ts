import { OTHER_COLOR } from "@/components/metrics/looks";
import type { RepricingDetail } from "@/lib/costs/repricing-schema";
import type { TimeSeries } from "@/lib/series";

const DAY_MS = 86_400_000;

/** What stays of each day's cost, and what comes on top or goes: every day from the first to the last. */
export function differenceSeries(days: RepricingDetail["days"]): TimeSeries {
  const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
  const known = new Map(days.map((one) => [at(one.day), one]));
  const [first, last] = [days[0], days.at(-1)].map((one) => (one ? at(one.day) : 0));
  const [fromMs = 0, toMs = 0] = [first, (last ?? 0) + DAY_MS];
  const times = Array.from({ length: (toMs - fromMs) / DAY_MS }, (_, n) => fromMs + n * DAY_MS);
  const values = (of: (before: number, after: number) => number) =>
    times.map((time) => {
      const one = known.get(time);
      return one ? of(one.before_nanos, one.after_nanos) : 0;
    });
  return {
    ...{ fromMs, toMs, stepMs: DAY_MS, times },
    series: [
      { key: "stays", label: "Stays", color: OTHER_COLOR, values: values(Math.min) },
      {
        key: "added",
        label: "Added",
        color: "var(--series-2)",
        values: values((before, after) => Math.max(0, after - before)),
      },
      {
        key: "taken",
        label: "Taken off",
        color: "var(--series-3)",
        values: values((before, after) => Math.max(0, before - after)),
      },
    ],
  };
}
