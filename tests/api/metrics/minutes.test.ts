import { beforeAll, describe, expect, test } from "vitest";
import { fillDemo } from "@/lib/demo/service";
import { CATALOGUE } from "@/lib/metrics/catalogue";
import { knownBy, type Metric, termsOf } from "@/lib/metrics/metric";
import { readMinutes } from "@/lib/metrics/minutes-service";
import { addUp } from "@/lib/metrics/rollup-service";
import { slidingOf } from "@/lib/metrics/sliding";
import type { WindowQuestion } from "@/lib/metrics/window-schema";
import { readWindows } from "@/lib/metrics/window-service";
import { truncateAll } from "@/tests/support/database";

const NOW = new Date("2026-11-20T12:00:00Z");
const MINUTE = 60_000;
const LAST = NOW.getTime() / MINUTE;
const FIRST = LAST - 3 * 1440;

type Asked = Partial<Pick<WindowQuestion, "filters" | "groupBy">>;
const GROUPINGS: Asked[] = [
  {},
  { groupBy: ["agent"] },
  { groupBy: ["environment", "model"], filters: { source: ["demo"] } },
  { groupBy: ["outcome"], filters: { "metadata.demo": ["true"] } },
];
/** Windows as ticks go on, then back and somewhere else. */
const TICKS = [
  ...Array.from({ length: 40 }, (_, tick) => [1_300 + 7 * tick, 1_360 + 7 * tick] as const),
  ...([
    [100, 101],
    [90, 400],
    [4_000, 4_320],
    [3_990, 3_995],
    [0, 4_320],
  ] as const),
];

/** Figures by label set; those of which a window has nothing are left out. */
function byLabels(groups: ReadonlyArray<{ labels: object; value: number | null }>) {
  return groups
    .map(({ labels, ...figures }) => JSON.stringify([labels, figures]))
    .filter((text) => !/"value":(null|0)(,"numerator":0,"denominator":0)?\}/.test(text))
    .sort();
}

describe("a fleet's minutes", () => {
  beforeAll(async () => {
    await truncateAll();
    const fleet = { seed: "minutes", days: 3, sessions: 200 };
    await fillDemo("default", fleet, NOW.getTime() * 1000, () => {});
    await addUp(NOW, 900);
  });

  test.each(GROUPINGS)(
    "slide over the same figures as are read at each tick: %j",
    async (asked) => {
      const by = { filters: {}, groupBy: [], ...asked };
      let figures = 0;
      for (const metric of CATALOGUE) {
        // What comes in comes by the real clock.
        if (knownBy(metric) !== null) continue;
        const range = { fromMs: FIRST * MINUTE, toMs: LAST * MINUTE };
        const { series } = await readMinutes(
          "default",
          { metric: metric.id, ...by, ...range },
          { now: NOW },
        );
        const aggregate = metric.kind === "distribution" ? ("p95" as const) : ("p50" as const);
        const slides = series.map((one) => ({ one, slide: slidingOf(one, { metric, aggregate }) }));
        const questions = TICKS.map(([from, to]) => ({
          ...{ metric: metric.id, agg: aggregate, ...by },
          ...{ fromMs: (FIRST + from) * MINUTE, toMs: (FIRST + to) * MINUTE },
        }));
        const answers = await readWindows("default", questions, { now: NOW });
        for (const [tick, [from, to]] of TICKS.entries()) {
          const slid = slides.map(({ one: { labels }, slide }) => ({
            ...{ labels, ...slide.windowAt(FIRST + from, FIRST + to) },
          }));
          const told = byLabels(answers[tick]?.groups ?? []);
          expect(byLabels(slid), `${metric.id} ${from} ${to}`).toEqual(told);
          figures += told.length;
        }
      }
      expect(figures).toBeGreaterThan(1_000);
    },
    120_000,
  );

  test("are sparse, ascending, and one array for each term", async () => {
    const metric = CATALOGUE.find(({ id }) => id === "failure_rate") as Metric;
    const question = { metric: metric.id, filters: {}, groupBy: ["agent"] };
    const range = { fromMs: FIRST * MINUTE, toMs: LAST * MINUTE };
    const { series, from, to } = await readMinutes(
      "default",
      { ...question, ...range },
      { now: NOW },
    );
    expect([from, to]).toEqual([FIRST, LAST]);
    expect(series.length).toBeGreaterThan(5);
    for (const { minutes, sums, histograms, level } of series) {
      expect([...minutes]).toEqual([...new Set(minutes)].sort((a, b) => a - b));
      expect(sums.map((of) => of.length)).toEqual(termsOf(metric).map(() => minutes.length));
      expect([histograms, level]).toEqual([[], 0]);
    }
  });

  test("are refused where they are kept no more, and where a metric is not known so", async () => {
    const range = { fromMs: NOW.getTime() - 36 * 86_400_000, toMs: NOW.getTime() };
    const question = { metric: "cost", filters: {}, groupBy: [], ...range };
    await expect(readMinutes("default", question, { now: NOW })).rejects.toThrow(
      "from: minutes are kept for 35 days",
    );
    const strange = { ...question, metric: "ingest_events", groupBy: ["agent"] };
    await expect(readMinutes("default", strange, { now: NOW })).rejects.toThrow("is known by");
  });
});
