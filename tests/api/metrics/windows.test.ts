import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { fillDemo } from "@/lib/demo/service";
import { CATALOGUE, findMetric } from "@/lib/metrics/catalogue";
import { knownBy, type Metric } from "@/lib/metrics/metric";
import { MetricsQuery, type Series } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { addUp } from "@/lib/metrics/rollup-service";
import type { WindowAnswer, WindowGroup, WindowQuestion } from "@/lib/metrics/window-schema";
import { readWindows } from "@/lib/metrics/window-service";
import { truncateAll } from "@/tests/support/database";
import { runs } from "@/tests/support/runs";

const NOW = new Date("2026-11-20T12:00:00Z");
const NOW_MS = NOW.getTime();
const MINUTE = 60_000;
const FIRST = NOW_MS - 4 * 86_400_000;

/** What sessions tell. */
const OF_SESSIONS = CATALOGUE.filter((metric) => knownBy(metric) === null);
/** A rate stands for other windows in another way; quantiles do not add up, what they are of does. */
const ADDITIVE = OF_SESSIONS.filter(
  (metric) => metric.kind !== "gauge" && !("perMinute" in metric),
);

type Window = readonly [fromMs: number, toMs: number];
type Asked = Partial<Omit<WindowQuestion, "fromMs" | "toMs">>;
const ask = ({ id }: Metric, asked: Asked, [fromMs, toMs]: Window): WindowQuestion => ({
  ...{ metric: id, filters: {}, groupBy: [], ...asked, fromMs, toMs },
});

async function answers(questions: WindowQuestion[]): Promise<WindowAnswer[]> {
  const all = await readWindows("default", questions, { now: NOW });
  for (const [at, { error, truncated }] of all.entries())
    expect([error, truncated], JSON.stringify(questions[at])).toEqual([null, 0]);
  return all;
}

/** By label set what adds up: the value, or numerator and denominator; nothing where that is zero. */
function added(...all: WindowAnswer[]): Array<[labels: string, sums: number[]]> {
  const found = new Map<string, number[]>();
  for (const { labels, value, numerator, denominator } of all.flatMap(({ groups }) => groups)) {
    const id = JSON.stringify(labels);
    const sums = numerator === undefined ? [value ?? 0] : [numerator, denominator ?? 0];
    found.set(
      id,
      sums.map((sum, at) => sum + (found.get(id)?.[at] ?? 0)),
    );
  }
  return [...found]
    .filter(([, sums]) => sums.some((sum) => sum !== 0))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

const GROUPINGS: Asked[] = [
  {},
  { groupBy: ["agent"] },
  { groupBy: ["agent", "environment"] },
  { groupBy: ["agent_version", "tool"] },
  { groupBy: ["outcome", "model"] },
  { groupBy: ["error_type", "deployment"], filters: { source: ["demo"] } },
  { groupBy: ["metadata.tenant"] },
  { filters: { model: ["claude-sonnet-5-5"] } },
  { filters: { tool: ["bash", "read"] }, groupBy: ["agent"] },
  { filters: { mcp_server: ["github"] } },
  { filters: { error_type: ["model_overloaded_error", "mcp_connection_failed_error"] } },
  { filters: { "metadata.demo": ["true"], outcome: ["completed", "terminated"] } },
];
const grouping = fc.constantFrom(...GROUPINGS);

beforeAll(async () => {
  await truncateAll();
  const fleet = { seed: "windows", days: 4, sessions: 160 };
  await fillDemo("default", fleet, NOW_MS * 1000, () => {});
  // Some is added up, the rest is still on the list.
  await addUp(NOW, 900);
});

describe("windows of a fleet", () => {
  test("on whole minutes are what charts show, by every metric", async () => {
    const minute = fc.integer({ min: FIRST / MINUTE, max: NOW_MS / MINUTE });
    const range = fc.tuple(minute, minute).filter(([a, b]) => a < b);
    const agg = fc.constantFrom("p50", "p99", "mean", "count");
    const isSame = async ([from, to]: [number, number], asked: Asked, agg: string) => {
      const window = [from * MINUTE, to * MINUTE] as const;
      const questions = OF_SESSIONS.map((metric) =>
        ask(metric, { ...asked, agg: agg as "p50" }, window),
      );
      const told = await answers(questions);
      for (const [at, metric] of OF_SESSIONS.entries()) {
        const series = await chart(metric, { ...asked, agg: agg as "p50" }, window);
        expect(shown(told[at]?.groups ?? []), metric.id).toEqual(charted(series, metric));
      }
    };
    await fc.assert(fc.asyncProperty(range, grouping, agg, isSame), {
      numRuns: runs(12),
      interruptAfterTimeLimit: 45_000,
    });
  });

  test("next to each other add up to the one over both, wherever they are cut", async () => {
    const instants = fc.tuple(instant, instant, instant).map((all) => all.sort((a, b) => a - b));
    const near = fc
      .tuple(instant, fc.nat(90_000), fc.nat(90_000))
      .map(([from, a, b]) => [from, from + a, from + a + b]);
    const isSame = async (cuts: number[], asked: Asked) => {
      const [a = 0, b = 0, c = 0] = cuts;
      fc.pre(a < b && b < c);
      const all = (
        [
          [a, b],
          [b, c],
          [a, c],
        ] as Window[]
      ).map((window) => ADDITIVE.map((metric) => ask(metric, { ...asked, agg: "count" }, window)));
      const told = await answers(all.flat());
      const count = ADDITIVE.length;
      for (const [at, metric] of ADDITIVE.entries()) {
        const [first, second, both] = [told[at], told[at + count], told[at + 2 * count]];
        if (!first || !second || !both) throw new Error("an answer is missing");
        expect(scaled(added(first, second), metric), metric.id).toEqual(
          scaled(added(both), metric),
        );
      }
    };
    await fc.assert(fc.asyncProperty(fc.oneof(instants, near), grouping, isSame), {
      numRuns: runs(40),
      interruptAfterTimeLimit: 45_000,
    });
  });

  test("are the same by the second, from rollups and from the sessions' own cells", async () => {
    const range = fc.tuple(instant, instant).filter(([a, b]) => a < b);
    const isSame = async (window: [number, number], asked: Asked) => {
      const told = await answers(OF_SESSIONS.map((metric) => ask(metric, asked, window)));
      // Every demo session has it, and no rollup knows it.
      const filters = { ...asked.filters, "metadata.demo": ["true"] };
      const facts = await answers(
        OF_SESSIONS.map((metric) => ask(metric, { ...asked, filters }, window)),
      );
      for (const [at, metric] of OF_SESSIONS.entries())
        expect(added(told[at] as WindowAnswer), metric.id).toEqual(
          added(facts[at] as WindowAnswer),
        );
    };
    await fc.assert(fc.asyncProperty(range, grouping, isSame), {
      numRuns: runs(12),
      interruptAfterTimeLimit: 45_000,
    });
  });

  test("are what the sessions and their spans say, to the millisecond", async () => {
    const spans = await prisma.span.findMany();
    const sessions = await prisma.session.findMany();
    const told = { spans, sessions };
    const range = fc.oneof(
      fc.tuple(instant, instant).map(([a, b]): Window => (a < b ? [a, b] : [b, a + 1])),
      // About an event, or exactly from one to another.
      fc
        .tuple(fc.nat(spans.length - 1), fc.nat(spans.length - 1), fc.integer({ min: -2, max: 2 }))
        .map(([a, b, more]): Window => {
          const times = [a, b].map((at) => (spans[at]?.endedAt ?? NOW).getTime()).sort();
          return [times[0] ?? 0, (times[1] ?? 0) + more + 3];
        }),
    );
    const isSame = async (window: Window) => {
      const metrics = Object.keys(SAID).map((id) => findMetric(id) as Metric);
      const got = await answers(metrics.map((metric) => ask(metric, { agg: "count" }, window)));
      const figures = got.map(({ groups: [group] }, at) => [metrics[at]?.id, group?.value]);
      const said = Object.entries(SAID).map(([id, of]) => [id, of(told, window)]);
      expect(figures).toEqual(said);
    };
    await fc.assert(fc.asyncProperty(range, isSame), {
      numRuns: runs(60),
      interruptAfterTimeLimit: 45_000,
    });
  });
});

const instant = fc.integer({ min: FIRST, max: NOW_MS });

type Told = {
  spans: Awaited<ReturnType<typeof prisma.span.findMany>>;
  sessions: Awaited<ReturnType<typeof prisma.session.findMany>>;
};
const within = (at: Date | null, [from, to]: Window) =>
  at !== null && at.getTime() >= from && at.getTime() < to;
const ended = (kind: string, holds = (_: Told["spans"][number]) => true) => {
  return ({ spans }: Told, window: Window) =>
    spans.filter(
      (span) => span.kind === kind && within(span.endedAt ?? span.startedAt, window) && holds(span),
    ).length;
};
const standing = (names: readonly string[]) => {
  return ({ spans }: Told, [, to]: Window) =>
    spans.filter(
      ({ kind, name, startedAt, endedAt }) =>
        kind === "state" &&
        names.includes(name) &&
        startedAt !== null &&
        startedAt.getTime() < to &&
        (endedAt === null || endedAt.getTime() >= to),
    ).length;
};

/** Metrics in the words of sessions' rows and spans, one by one. */
const SAID: Record<string, (told: Told, window: Window) => number> = {
  sessions_started: ({ sessions }, window) =>
    sessions.filter(({ startedAt }) => within(startedAt, window)).length,
  sessions_settled: ({ sessions }, window) =>
    sessions.filter(({ settledAt }) => within(settledAt, window)).length,
  sessions_failed: ({ sessions }, window) =>
    sessions.filter(({ settledAt, failed }) => failed && within(settledAt, window)).length,
  cost_of_failures: ({ sessions }, window) =>
    sessions
      .filter(({ settledAt, failed }) => failed && within(settledAt, window))
      .reduce((sum, { computedNanos }) => sum + Number(computedNanos), 0),
  turns: ended("turn", ({ threadId }) => threadId === ""),
  model_requests: ended("model_request"),
  tool_calls: ended("tool", ({ startEventId }) => startEventId !== null),
  session_errors: ended("mark", ({ name }) => name === "session.error"),
  model_latency: ended("model_request", ({ startedAt, endedAt }) => !!startedAt && !!endedAt),
  running_sessions: standing(["running", "rescheduling"]),
  waiting_sessions: standing(["waiting"]),
};

/** A sum of hours is whole milliseconds divided: compared as these. */
const scaled = (sums: ReturnType<typeof added>, metric: Metric) =>
  "divideBy" in metric && metric.divideBy
    ? sums.map(([id, of]) => [id, of.map((sum) => Math.round(sum * Number(metric.divideBy)))])
    : sums;

async function chart({ id }: Metric, asked: Asked, [from, to]: Window): Promise<Series[]> {
  const { filters = {}, groupBy = [], agg } = asked;
  const named = Object.entries(filters).map(([name, values]) => [name, [...values]] as const);
  const isMetadata = ([name]: (typeof named)[number]) => name.startsWith("metadata.");
  const metadata = named.filter(isMetadata).map(([name, values]) => [name.slice(9), values]);
  const query = MetricsQuery.parse({
    ...Object.fromEntries(named.filter((one) => !isMetadata(one))),
    ...(metadata.length > 0 ? { metadata: Object.fromEntries(metadata) } : {}),
    ...(groupBy.length > 0 ? { group_by: [...groupBy] } : {}),
    ...{ metric: id, agg, step: "all", limit: 200 },
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  });
  const { results } = await readMetrics("default", query, { now: NOW });
  return results[0]?.series ?? [];
}

const shown = (groups: readonly WindowGroup[]) =>
  groups
    .map(({ labels, value, numerator, denominator }) =>
      JSON.stringify([labels, value, numerator, denominator]),
    )
    .sort();
const charted = (series: readonly Series[], { kind }: Metric) =>
  series
    .map(({ labels, total, points: [point] }) =>
      JSON.stringify([
        labels,
        total,
        ...(kind === "ratio" ? [point?.[2], point?.[3]] : [null, null]),
      ]),
    )
    .sort();
