import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { acceptItems } from "@/lib/ingest/service";
import { CATALOGUE } from "@/lib/metrics/catalogue";
import { knownBy } from "@/lib/metrics/metric";
import { addUp } from "@/lib/metrics/rollup-service";
import type { WindowQuestion } from "@/lib/metrics/window-schema";
import { readWindows } from "@/lib/metrics/window-service";
import { truncateAll } from "@/tests/support/database";
import { eventSoup, objectSoup, type SoupItem } from "@/tests/support/event-soup";
import * as e from "@/tests/support/events";
import { runs } from "@/tests/support/runs";

const NOW = new Date("2026-11-20T12:00:00Z");
const START = Date.UTC(2026, 10, 20, 10);

async function take(items: SoupItem[], workspace = "default", sessionId = e.SESSION) {
  const raw = items.map((item, index) => ({ ...item, index, sessionId }));
  const origin = { workspace, connectionId: "", source: "push" as const };
  expect((await acceptItems(origin, raw, [], NOW)).rejected).toEqual([]);
}

/** Seconds after the start; the value of the one group. */
async function value(metric: string, from: number, to: number, more: Partial<WindowQuestion> = {}) {
  const range = { fromMs: START + from * 1000, toMs: START + to * 1000 };
  const question = { metric, filters: {}, groupBy: [], ...range, ...more };
  const [answer] = await readWindows("default", [question], { now: NOW });
  expect(answer?.error).toBeNull();
  return answer?.groups[0]?.value;
}

describe("one session's windows", () => {
  beforeAll(async () => {
    await truncateAll();
    await take([
      e.session({ metadata: { tenant: "acme" } }),
      e.running(10.5),
      e.requestStart("r1", 11),
      e.requestEnd("r1", 20.25, [1_000, 10, 10, 100]),
      e.use("t1", 21),
      e.result("t1", 30),
      e.error(40, "retrying"),
      e.idle(90.125),
    ]);
    await addUp(NOW, 10);
    await take([e.use("t2", 35), e.result("t2", 36.5)]);
  });

  // $0.08 an hour.
  test.each([
    ["model_requests", 20, 20.25, 0],
    ["model_requests", 20.25, 20.251, 1],
    ["model_requests", 20.251, 60, 0],
    ["tokens", 0, 20.25, 0],
    ["tokens", 20.25, 21, 1_120],
    ["cost_tokens", 20.25, 21, 2_000_000 + 250_000 + 2_000 + 100_000],
    ["tool_calls", 21, 30, 0],
    ["tool_calls", 30, 30.001, 1],
    ["session_errors", 39.999, 40, 0],
    ["session_errors", 40, 40.001, 1],
    ["sessions_started", -11, -10, 0],
    ["sessions_started", -10, -9.999, 1],
    ["sessions_settled", 60, 90.125, 0],
    ["sessions_settled", 90.125, 120, 1],
    ["turns", 90.125, 90.126, 1],
    ["failure_rate", 0, 90.125, null],
    ["failure_rate", 0, 90.126, 0],
    ["session_hours", 0, 10.5, 0],
    ["session_hours", 30, 60.5, 30.5 / 3600],
    ["session_hours", -3_600, 3_600, 79.625 / 3600],
    ["cost_runtime", 30, 60, 666_667],
    ["cost_runtime", 60, 60.5, 11_111],
    ["cost_runtime", 30, 60.5, 677_778],
    ["utilisation", 30.001, 40, 1.5 / 9.999],
    ["turn_duration", 90, 90.125, null],
    ["turn_duration", 90, 90.126, 79_625],
    // As it stands before what happens at the end itself.
    ["running_sessions", 0, 10.5, 0],
    ["running_sessions", 0, 10.501, 1],
    ["running_sessions", 0, 90.125, 1],
    ["running_sessions", 0, 90.126, 0],
    ["sessions_created_per_minute", -30, 0, 2],
  ])("%s from %d s to before %d s: %d", async (metric, from, to, expected) => {
    const told = await value(metric, from, to, { agg: "mean" });
    expect(told).toBe(expected);
  });

  test("take in what comes late", async () => {
    expect(await value("tool_calls", 30.001, 36.5)).toBe(0);
    expect(await value("tool_calls", 36.5, 36.501)).toBe(1);
  });

  test.each<[Record<string, string[]>, number]>([
    [{ "metadata.tenant": ["acme", "other"] }, 1],
    [{ "metadata.tenant": ["other"] }, 0],
    [{ "metadata.missing": [""] }, 0],
    [{ tool: ["bash"] }, 1],
    [{ tool: ["deploy"] }, 0],
    [{ error_type: ["model_overloaded_error"], outcome: ["completed"] }, 1],
    [{ error_type: ["unknown_error"] }, 0],
    [{ mcp_server: ["github"] }, 0],
    [{ agent: ["agent_A"], agent_version: ["3"], environment: ["env_A"], source: ["push"] }, 1],
    [{ agent: ["agent_B"] }, 0],
  ])("are of sessions with %j, within a minute: %d", async (filters, expected) => {
    expect(await value("sessions_settled", 85, 95, { filters })).toBe(expected);
  });

  test("answer each question for itself", async () => {
    const range = { fromMs: START, toMs: START + 120_500 };
    const good = { metric: "turns", filters: {}, groupBy: [], ...range };
    const answers = await readWindows(
      "default",
      [
        { ...good, metric: "odd" },
        { ...good, metric: "ingest_events", groupBy: ["agent"] },
        good,
        { ...good, filters: { colour: ["red"] } },
        { ...good, groupBy: ["colour"] },
        { ...good, groupBy: ["bucket"] },
        { ...good, toMs: START },
        { ...good, groupBy: ["agent", "outcome"] },
      ],
      { now: NOW },
    );
    expect(answers).toEqual([
      { groups: [], truncated: 0, error: "metric: there is no metric odd" },
      {
        ...{ groups: [], truncated: 0 },
        error: "group_by: `ingest_events` is known by source and connection alone",
      },
      { groups: [{ labels: {}, value: 1 }], truncated: 0, error: null },
      { groups: [], truncated: 0, error: "filters: there is no dimension colour" },
      { groups: [], truncated: 0, error: "group_by: there is no dimension colour" },
      {
        ...{ groups: [], truncated: 0 },
        error: "group_by: `bucket` is a dimension of `tokens` alone",
      },
      { groups: [], truncated: 0, error: "from: it must be before `to`" },
      {
        ...{ truncated: 0, error: null },
        groups: [{ labels: { agent: "agent_A", outcome: "completed" }, value: 1 }],
      },
    ]);
  });

  test("ratios come with what they are of", async () => {
    const range = { fromMs: START + 5_000, toMs: START + 90_126 };
    const question = { metric: "failure_rate", filters: {}, groupBy: ["agent"], ...range };
    const [answer] = await readWindows("default", [question], { now: NOW });
    expect(answer?.groups).toEqual([
      { labels: { agent: "agent_A" }, value: 0, numerator: 0, denominator: 1 },
    ]);
  });
});

test("the oldest wait is as old as it is at the end of the window", async () => {
  await truncateAll();
  await take([
    e.session(),
    e.running(0),
    e.customUse("t1", 4),
    e.asks(10, "t1"),
    e.customResult("t1", 100),
    e.running(100),
  ]);
  const at = [10, 10.5, 99.9, 100.1].map((to) => value("oldest_wait_seconds", 0, to));
  expect(await Promise.all(at)).toEqual([0, 0.5, 89.9, 0]);
});

test("what comes in is known by the minute it comes in", async () => {
  await truncateAll();
  await take([e.session(), e.running(1), e.idle(2)]);
  // NOW is a whole minute, 7,200 s after the start.
  const at = (from: number, to: number) => value("ingest_events", 7_200 + from, 7_200 + to);
  expect(await Promise.all([at(-60, 0), at(-60, 59), at(0, 60), at(30, 90), at(0.5, 1)])).toEqual([
    0, 0, 2, 2, 2,
  ]);
});

test("running for days is spread over hours, and windows still add up", async () => {
  await truncateAll();
  const days = 9 * 86_400;
  await take([e.session(), e.running(-days + 90.5), e.idle(-1_800.25)]);
  const cuts = [-days, -days + 100, -86_400 + 0.5, -86_400 + 59, -7_200 + 30, -3_600, -1_800];
  const parts = cuts.slice(1).map((to, at) => value("session_hours", cuts[at] ?? 0, to));
  const sum = (await Promise.all(parts)).reduce((total: number, one) => total + Number(one), 0);
  expect(sum).toBeCloseTo((days - 1_890.75) / 3_600, 9);
});

test("groups beyond the most are left out, and how many is said", async () => {
  await truncateAll();
  const items = Array.from({ length: 2_003 }, (_, n): SoupItem & { sessionId: string } => ({
    ...e.session({ id: `s${n}`, metadata: { tenant: `t${n}` } }),
    sessionId: `s${n}`,
  }));
  const raw = items.map((item, index) => ({ ...item, index }));
  const origin = { workspace: "default", connectionId: "", source: "push" as const };
  await acceptItems(origin, raw, [], NOW);
  const range = { fromMs: START - 10_500, toMs: START };
  const question = { metric: "sessions_started", filters: {}, groupBy: ["metadata.tenant"] };
  const [answer] = await readWindows("default", [{ ...question, ...range }], { now: NOW });
  expect([answer?.groups.length, answer?.truncated]).toEqual([2_000, 3]);
  expect(answer?.groups.every(({ labels }) => /^t\d+$/.test(labels["metadata.tenant"] ?? ""))).toBe(
    true,
  );
});

test("events that hold no promise add up all the same, wherever windows are cut", async () => {
  await truncateAll();
  const start = Date.UTC(2026, 8, 5, 4);
  const metrics = CATALOGUE.filter(
    (metric) => knownBy(metric) === null && metric.kind !== "gauge" && !("perMinute" in metric),
  );
  let workspaces = 0;
  const cuts = fc.array(fc.integer({ min: 1, max: 27_000 }), { minLength: 1, maxLength: 6 });
  const soup = fc.tuple(eventSoup, objectSoup("sesn_soup")).map((both) => both.flat());
  await fc.assert(
    fc.asyncProperty(soup, cuts, async (items, at) => {
      const workspace = `w${workspaces++}`;
      await take(items, workspace, "sesn_soup");
      const all = [...new Set([0, ...at, 60_000])].sort((a, b) => a - b);
      const windows = [...all.slice(1).map((to, n) => [all[n] ?? 0, to]), [0, 60_000]];
      const questions = metrics.flatMap(({ id }) =>
        windows.map(([from = 0, to = 0]) => ({
          ...{ metric: id, agg: "count" as const, filters: {}, groupBy: [] },
          ...{ fromMs: start + from, toMs: start + to },
        })),
      );
      const answers = await readWindows(workspace, questions, {
        now: new Date(start + 86_400_000),
      });
      const sums = answers.map(({ groups: [group] }) =>
        group?.numerator === undefined
          ? [group?.value ?? 0]
          : [group.numerator, group.denominator ?? 0],
      );
      for (const [n, { id }] of metrics.entries()) {
        const parts = sums.slice(n * windows.length, (n + 1) * windows.length);
        const whole = parts.pop() ?? [];
        const added = whole.map((_, side) =>
          parts.reduce((sum, part) => sum + (part[side] ?? 0), 0),
        );
        for (const [side, sum] of whole.entries()) expect(added[side], id).toBeCloseTo(sum, 9);
      }
    }),
    { numRuns: runs(60), interruptAfterTimeLimit: 45_000 },
  );
});
