import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GET } from "@/app/api/v1/metrics/route";
import { blockReads, takeRead } from "@/lib/anthropic/budget-store";
import { deleteConnection } from "@/lib/connections/store";
import { prisma } from "@/lib/db/client";
import type { RawItem } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { markSynced } from "@/lib/metrics/meter-store";
import { MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { addUp, forgetMinutes } from "@/lib/metrics/rollup-service";
import { evaluateAt, saveRule } from "@/tests/support/alerting";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import { asks, at, event, idle, running, usAt } from "@/tests/support/events";
import { storeItems } from "@/tests/support/stored";

const HOUR = 3600;
const nowhere = { url: "http://127.0.0.1:9", apiKey: "sk-ant-api03-test" };
const NOW = new Date(usAt(3 * HOUR) / 1000);
const RANGE = { from: at(0), to: at(2 * HOUR) };

async function ask(metric: string, query: object, now = NOW) {
  const asked = MetricsQuery.parse({ ...RANGE, metric, ...query });
  const { results } = await readMetrics("default", asked, { now });
  return results[0]?.series ?? [];
}
/** Values by the labels of their series, in order of time. */
async function valuesOf(metric: string, query: object = {}, now = NOW) {
  const series = await ask(metric, query, now);
  return Object.fromEntries(
    series.map(({ labels, points }) => [
      Object.values(labels).join("/"),
      points.map(([, value]) => value),
    ]),
  );
}

describe("what comes in", () => {
  type Source = "push" | "poll";
  const send = (seconds: number, source: Source, items: Array<Partial<RawItem>>) =>
    acceptItems(
      { workspace: "default", connectionId: source === "poll" ? "conn_a" : "", source },
      items.map((item, index) => ({
        ...{ kind: "event", sessionId: "sesn_1", threadId: null, data: {} },
        ...item,
        index,
      })),
      [],
      new Date(usAt(seconds) / 1000),
    );

  beforeAll(async () => {
    await truncateAll();
    // Two are 20 seconds old, one is of a clock that is ahead, one has no time; two are nothing.
    const first = [running(10), event("user.message", 10), event("agent.message", 40)];
    const queued = event("user.message", null);
    await send(30, "push", [...first, queued, { data: { id: 1 } }, { sessionId: "" }]);
    await addUp(NOW);
    // The same once more, and what had no time comes with one: nothing of it is new.
    await send(40, "push", [
      ...first,
      { ...queued, data: { ...(queued.data as object), processed_at: at(35) } },
    ]);
    await send(HOUR + 100, "poll", [event("agent.message", HOUR)]);
  });

  test.each<[string, object, Record<string, Array<number | null>>]>([
    ["ingest_events", {}, { "": [4, 1] }],
    ["ingest_events", { group_by: "source" }, { push: [4, 0], poll: [0, 1] }],
    ["ingest_events", { group_by: "connection" }, { "": [4, 0], conn_a: [0, 1] }],
    ["ingest_events", { source: ["poll"] }, { "": [0, 1] }],
    ["ingest_events", { connection: ["conn_a"] }, { "": [0, 1] }],
    ["rejected_events", {}, { "": [2, 0] }],
    ["ingest_lag_seconds", { agg: "count" }, { "": [3, 1] }],
    // Over the three of them; the quantiles are within two percent.
    ["ingest_lag_seconds", { agg: "mean" }, { "": [13.333, 100] }],
  ])("%s of %j", async (metric, query, expected) => {
    expect(await valuesOf(metric, query)).toEqual(expected);
  });

  test("ingest_lag_seconds by quantile", async () => {
    const [first, second] = (await valuesOf("ingest_lag_seconds", { agg: "p95" }))[""] ?? [];
    expect(Math.abs(Number(first) - 20)).toBeLessThan(0.4);
    expect(Math.abs(Number(second) - 100)).toBeLessThan(2);
  });

  test.each([
    ["ingest_events", { group_by: "agent" }, "known by source and connection alone"],
    ["rejected_events", { metadata: { team: "a" } }, "known by source and connection alone"],
    ["reads_per_minute", { source: ["poll"] }, "known by connection alone"],
  ])("%s cannot be asked for %j", async (metric, query, why) => {
    await expect(ask(metric, query)).rejects.toMatchObject({
      issues: [{ message: expect.stringContaining(why) }],
    });
  });

  test("a session's metrics can be asked for a connection", async () => {
    expect(await valuesOf("turns", { group_by: "connection" })).toEqual({ "": [1, 0] });
    expect(await valuesOf("turns", { connection: ["conn_a"] })).toEqual({ "": [0, 0] });
  });
});

describe("how late rules are judged", () => {
  beforeAll(async () => {
    await truncateAll();
    const fields = { kind: "threshold", metric: "turns", op: ">", fire: 5 };
    for (const name of ["one", "other"]) await saveRule({ ...fields, name });
    const due = (seconds: number) =>
      prisma.alertRule.updateMany({ data: { offsetMs: 0, dueAt: new Date(usAt(seconds) / 1000) } });
    await due(600);
    await evaluateAt(607);
    await due(HOUR + 600);
    await evaluateAt(HOUR + 621);
  });

  test("rule_lag_seconds is told for each look at a rule", async () => {
    expect(await valuesOf("rule_lag_seconds", { agg: "count" })).toEqual({ "": [2, 2] });
    expect(await valuesOf("rule_lag_seconds", { agg: "mean" })).toEqual({ "": [7, 21] });
    await addUp(NOW);
    expect(await valuesOf("rule_lag_seconds", { agg: "mean" })).toEqual({ "": [7, 21] });
  });

  test("it is one figure", async () => {
    await expect(ask("rule_lag_seconds", { group_by: "connection" })).rejects.toMatchObject({
      issues: [{ message: "`rule_lag_seconds` is one figure, known by no dimension" }],
    });
  });
});

describe("the oldest wait", () => {
  const asking = (id: string, agent: string, from: number, until: number | null): SoupItem[] => [
    {
      kind: "session",
      threadId: null,
      data: { id, type: "session", created_at: at(0), agent: { type: "agent", id: agent } },
    },
    running(from - 1),
    event("agent.tool_use", from, { id: "call", name: "rm", evaluated_permission: "ask" }),
    asks(from, "call"),
    ...(until === null ? [] : [running(until), idle(until + 1)]),
  ];
  beforeAll(async () => {
    await truncateAll();
    for (const [id, agent, from, until] of [
      ["sesn_1", "agent_1", 100, 1000],
      ["sesn_2", "agent_1", 400, 2400],
      ["sesn_3", "agent_2", 700, null],
      ["sesn_4", "agent_3", 2000, 2100],
    ] as const)
      await storeItems(id, asking(id, agent, from, until));
  });
  // Steps end at 15, 30, 45 and 60 minutes; the last one is not over.
  const steps = { step: "15m", to: at(HOUR) };
  const now = new Date(usAt(3000) / 1000);
  test.each<[object, Record<string, number[]>]>([
    [{}, { "": [800, 1400, 2000, 2300] }],
    [{ group_by: "agent" }, { agent_1: [800, 1400, 0, 0], agent_2: [200, 1100, 2000, 2300] }],
    [
      { group_by: "agent", limit: 1 },
      { agent_2: [200, 1100, 2000, 2300], other: [800, 1400, 0, 0] },
    ],
    [{ agent: ["agent_3"] }, { "": [0, 0, 0, 0] }],
    [{ outcome: ["waiting"] }, { "": [200, 1100, 2000, 2300] }],
    [{ group_by: "outcome" }, { completed: [800, 1400, 0, 0], waiting: [200, 1100, 2000, 2300] }],
    [{ step: "all", to: at(1380) }, { "": [980] }],
  ])("of %j", async (query, expected) => {
    expect(await valuesOf("oldest_wait_seconds", { ...steps, ...query }, now)).toEqual(expected);
  });
});

describe("how far the sync is behind", () => {
  const now = new Date(usAt(3000) / 1000);
  beforeAll(async () => {
    await truncateAll();
    allowLoopback();
    const headers = await bearer("admin");
    for (const [id, state, marks] of [
      // In one minute twice, then not for long, then far behind, then up to date.
      [
        "conn_a",
        "live",
        [
          [600, 590],
          [610, 600],
          [2400, 600],
          [2990, 2985],
        ],
      ],
      ["conn_b", "failed", [[1200, 1170]]],
      ["conn_c", "paused", [[1200, 0]]],
    ] as const) {
      await connectTo(nowhere, headers, { name: id });
      await prisma.connection.updateMany({ where: { name: id }, data: { id, state } });
      for (const [seconds, until] of marks)
        await markSynced(
          prisma,
          { workspace: "default", connectionId: id },
          new Date(usAt(seconds) / 1000),
          new Date(usAt(until) / 1000),
        );
    }
  });
  const steps = { step: "15m", to: at(HOUR) };
  test.each<[object, Record<string, Array<number | null>>]>([
    [{}, { "": [300, 1200, 2100, 1830] }],
    [
      { group_by: "connection" },
      { conn_a: [300, 1200, 2100, 15], conn_b: [null, 630, 1530, 1830] },
    ],
    [{ connection: ["conn_b"] }, { "": [null, 630, 1530, 1830] }],
    [{ step: "all", to: at(60) }, { "": [null] }],
  ])("of %j", async (query, expected) => {
    expect(await valuesOf("sync_lag_seconds", { ...steps, ...query }, now)).toEqual(expected);
  });

  test("is forgotten with the minutes, and with its connection", async () => {
    await forgetMinutes(new Date(now.getTime() + 35 * 86_400_000 - 900_000));
    expect(await prisma.syncMinute.count()).toBe(1 + 1);
    await deleteConnection(prisma, { workspace: "default", id: "conn_a" });
    await deleteConnection(prisma, { workspace: "default", id: "conn_b" });
    expect(await prisma.syncMinute.count()).toBe(0);
  });
});

describe("reads of the provider", () => {
  const pace = { intervalMs: 1, aheadMs: 1_000 };
  let headers: { authorization: string };
  beforeAll(allowLoopback);
  beforeEach(async () => {
    await truncateAll();
    headers = await bearer("admin");
  });

  /** Over ten minutes around now, which the database's clock tells. */
  async function overTenMinutes(query: string): Promise<Record<string, number | null>> {
    const minute = Math.floor(Date.now() / 60_000);
    const iso = (minutes: number) => new Date((minute + minutes) * 60_000).toISOString();
    const range = `from=${iso(-5)}&to=${iso(5)}&step=all`;
    const { body } = await call(GET, `/api/v1/metrics?${range}&${query}`, { headers });
    const { results } = body as Awaited<ReturnType<typeof readMetrics>>;
    const [result] = results;
    return Object.fromEntries(
      (result?.series ?? []).map(({ labels, total }) => [Object.values(labels).join("/"), total]),
    );
  }

  test("are counted as they go out, and where they are refused for their rate", async () => {
    const one = await connectTo(nowhere, headers);
    const other = await connectTo(nowhere, headers, { name: "other" });
    const reader = { workspace: "default", connectionId: one.id };
    for (let read = 0; read < 15; read++) await takeRead(reader, pace, true);
    await addUp(new Date());
    for (let read = 0; read < 5; read++)
      await takeRead({ ...reader, connectionId: other.id }, pace, true);
    await blockReads(reader, 60_000, true);
    await blockReads(reader, 60_000, true);
    await blockReads(reader, 60_000, false);
    // Nothing goes out while reading is blocked.
    await takeRead(reader, pace, true);
    expect(await overTenMinutes("metric=reads_per_minute")).toEqual({ "": 2 });
    expect(await overTenMinutes("metric=reads_per_minute&group_by=connection")).toEqual({
      [one.id]: 1.5,
      [other.id]: 0.5,
    });
    expect(await overTenMinutes("metric=rate_limited&group_by=connection")).toEqual({
      [one.id]: 2,
      [other.id]: 0,
    });
  });
});
