import { beforeEach, describe, expect, it } from "vitest";
import { saveBeat } from "@/lib/alerts/heartbeat-store";
import { pool } from "@/lib/db/client";
import {
  alertsNow,
  evaluateAt,
  instant,
  saveRule,
  settle,
  transitions,
} from "@/tests/support/alerting";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  asks,
  at,
  error,
  idle,
  request,
  rescheduled,
  result,
  running,
  use,
} from "@/tests/support/events";
import { storeItems } from "@/tests/support/stored";

const ALWAYS = { delay: "0s", every: "30s" };
const MINUTE = 60;
const DAY = 86_400;

beforeEach(async () => {
  await truncateAll();
});

/** Ticks of rules every 30 s, whatever the offset of the rule: one of them comes in each such span. */
const from = (seconds: number) => seconds + 30;

function session(id: string, seconds: number, ...items: SoupItem[]): Promise<void> {
  const data = {
    ...{ id, type: "session", created_at: at(seconds), environment_id: "env_1" },
    agent: {
      type: "agent",
      id: "agent_a",
      name: "a",
      version: 1,
      model: { id: "claude-sonnet-5" },
    },
  };
  return storeItems(id, [{ kind: "session", threadId: null, data }, ...items]);
}

describe("rules of sessions", () => {
  it("follows a session's cost through its tiers and closes when it ends", async () => {
    await saveRule({
      ...ALWAYS,
      ...{ name: "Runaway", kind: "session", measure: "cost", op: ">=", fire: 1_999_999_999.5 },
      ...{ severity: "warning", tiers: [{ fire: 4_000_000_000, severity: "critical" }] },
    });
    await session("sesn_1", 0, running(0), ...request("r1", 10, [500_000, 0]));
    await evaluateAt(from(30));
    expect(await alertsNow()).toEqual({});
    await session("sesn_1", 0, ...request("r2", 70, [700_000, 0]));
    await evaluateAt(from(90));
    expect(Object.values(await alertsNow())).toEqual([expect.stringMatching(/^firing warning 24/)]);
    await session("sesn_1", 0, ...request("r3", 130, [1_000_000, 0]));
    await evaluateAt(from(150), from(180));
    expect(Object.values(await alertsNow())).toEqual([
      expect.stringMatching(/^firing critical 44/),
    ]);
    await session("sesn_1", 0, idle(200));
    await evaluateAt(from(210), from(240));
    expect(await alertsNow()).toEqual({});
    expect((await transitions()).map((text) => text.replace(/^\d+ /, ""))).toEqual([
      "inactive→firing open",
      "firing→firing escalate",
      "firing→inactive close ended",
    ]);
    const { rows } = await pool().query("select labels, session_ids, severity from alert_episode");
    expect(rows).toEqual([
      {
        labels: { session: "sesn_1", agent: "agent_a", environment: "env_1" },
        ...{ session_ids: ["sesn_1"], severity: "critical" },
      },
    ]);
  });

  it.each([
    ["1m", 10_000],
    // Its tick before the end is judged after it.
    ["1m", 32_500],
    ["30s", 2_500],
  ])("is told once of a session that ends, judged every %s at %i ms", async (every, offset) => {
    const rule = { name: "Long", kind: "session", measure: "duration", fire: 300 };
    await saveRule({ ...rule, every, delay: "1m" });
    await pool().query("update alert_rule set offset_ms = $1", [offset]);
    await session("sesn_1", 0, running(0));
    const ticks = (first: number, last: number) =>
      Array.from({ length: (last - first) / 30 + 1 }, (_, at) => first + at * 30);
    await evaluateAt(...ticks(30, 450));
    await session("sesn_1", 0, idle(455));
    await evaluateAt(...ticks(480, 990));
    const { rows } = await pool().query("select close_reason from alert_episode");
    expect(rows).toEqual([{ close_reason: "ended" }]);
    // It runs again, and is as long as before.
    await session("sesn_1", 0, running(1_000), idle(1_010));
    await evaluateAt(...ticks(1_050, 1_500));
    const again = await pool().query("select close_reason from alert_episode");
    expect(again.rows).toEqual([{ close_reason: "ended" }, { close_reason: "ended" }]);
  });

  it.each([
    ["silence", 300, [running(0), ...request("r1", 10, [1, 1])], "firing warning 3"],
    ["duration", 300, [running(0)], "firing warning 3"],
    ["waiting", 300, [running(0), use("call", 5), asks(6, "call")], "firing warning 3"],
    ["tokens", 1_000, [running(0), ...request("r1", 10, [900, 200])], "firing warning 1100"],
    [
      "tool_errors",
      3,
      [running(0), use("a", 10), result("a", 11)].concat(
        [20, 30, 40].flatMap((s) => [use(`e${s}`, s), result(`e${s}`, s + 1, { is_error: true })]),
      ),
      "firing warning 3",
    ],
    [
      "reschedules",
      2,
      [running(0), rescheduled(200), running(201), rescheduled(220), running(221)],
      "firing warning 2",
    ],
    [
      "cost_per_minute",
      1_000_000,
      [running(0), ...request("r1", 250, [1_000_000, 0])],
      "firing warning",
    ],
  ] as [string, number, SoupItem[], string][])(
    "judges %s",
    async (measure, fire, items, expected) => {
      await saveRule({
        ...ALWAYS,
        name: "S",
        kind: "session",
        measure,
        op: ">=",
        fire,
        window: "5m",
      });
      await session("sesn_1", 0, ...items);
      // A tick is up to 30 s earlier, by the rule's own offset.
      await evaluateAt(350);
      expect(Object.values(await alertsNow())).toEqual([expect.stringContaining(expected)]);
    },
  );

  it("looks only at sessions its filters take", async () => {
    const rule = { ...ALWAYS, kind: "session", measure: "duration", fire: 60 };
    await saveRule({ ...rule, name: "Theirs", filters: { agent: ["agent_b"] } });
    await session("sesn_1", 0, running(0));
    await evaluateAt(330);
    expect(await alertsNow()).toEqual({});
  });

  it("closes when the session is gone altogether", async () => {
    await saveRule({ ...ALWAYS, name: "Long", kind: "session", measure: "duration", fire: 60 });
    await session("sesn_1", 0, running(0));
    await evaluateAt(330);
    await pool().query("delete from session");
    await evaluateAt(360);
    expect(await alertsNow()).toEqual({});
  });
});

describe("rules of the rest", () => {
  it("waits for heartbeats", async () => {
    const rule = { ...ALWAYS, name: "Nightly", kind: "absence", heartbeat: "nightly" };
    await saveRule({ ...rule, period: "10m", grace: "2m" });
    await evaluateAt(30 * MINUTE);
    expect(await alertsNow()).toEqual({});
    await saveBeat("default", "nightly", { now: instant(31 * MINUTE) });
    await evaluateAt(42 * MINUTE);
    expect(await alertsNow()).toEqual({});
    await evaluateAt(44 * MINUTE);
    expect(Object.values(await alertsNow())).toEqual([
      expect.stringMatching(/^firing warning 7[5-9]/),
    ]);
    await saveBeat("default", "nightly", { now: instant(45 * MINUTE) });
    await evaluateAt(46 * MINUTE);
    expect(await alertsNow()).toEqual({});
  });

  it("misses sessions of an agent that always had some", async () => {
    const rule = { ...ALWAYS, name: "Quiet", kind: "absence", metric: "sessions_started" };
    await saveRule({ ...rule, filters: { agent: ["agent_a"] }, window: "10m" });
    await settle("sesn_1", 30);
    await evaluateAt(5 * MINUTE);
    expect(await alertsNow()).toEqual({});
    await evaluateAt(12 * MINUTE);
    expect(await alertsNow()).toEqual({ all: "firing warning 0" });
  });

  it("tells each tier of a budget once, and of what is to come", async () => {
    // Six days of an hour at $0.08; 5.58 days of the month are left.
    for (let day = 0; day < 6; day++)
      await settle(`sesn_${day}`, day * DAY - 10 * 3600 + 3600, { ran: 3600 });
    await pool().query(
      `insert into budget (workspace, id, name, scope, period, tz, amount_nanos)
       values ('default', 'bdgt_1', 'All', 'all', 'month', 'UTC', 600000000)`,
    );
    await saveRule({
      ...ALWAYS,
      name: "Budget",
      kind: "budget",
      budget: "bdgt_1",
      tiers: [0.5, 1],
    });
    await evaluateAt(5 * DAY);
    expect(await alertsNow()).toEqual({
      "50% All": "firing warning 480000000",
      "forecast All": "firing warning 926700000",
    });
  });

  it("counts final errors by their type", async () => {
    await saveRule({ ...ALWAYS, name: "Errors", kind: "event" });
    await session(
      "sesn_1",
      0,
      running(0),
      error(20, "retrying"),
      error(25, "exhausted", "mcp_authentication_failed_error"),
    );
    await evaluateAt(from(30));
    expect(await alertsNow()).toEqual({ mcp_authentication_failed_error: "firing warning 1" });
    await evaluateAt(from(400));
    expect(await alertsNow()).toEqual({});
  });

  it("combines rules by the labels they share", async () => {
    const rule = { ...ALWAYS, kind: "threshold", group_by: ["agent"], window: "5m" };
    const many = await saveRule({ ...rule, name: "Many", metric: "sessions_settled", fire: 1 });
    const bad = await saveRule({ ...rule, name: "Bad", metric: "sessions_failed", fire: 0 });
    const rules = { many: many.id, bad: bad.id };
    await saveRule({
      ...ALWAYS,
      name: "Both",
      kind: "composite",
      rules,
      expression: "many && bad",
    });
    await settle("a1", 20, { failed: true });
    await settle("a2", 21);
    await settle("b1", 20, { agent: "agent_b", failed: true });
    await evaluateAt(from(30), from(60), from(90));
    const { rows } = await pool().query(
      `select r.name, i.labels ->> 'agent' as agent from alert_instance i join alert_rule r on r.id = i.rule_id
       where i.status = 'firing' order by 1, 2`,
    );
    expect(rows.map(({ name, agent }) => `${name} ${agent}`)).toEqual([
      ...["Bad agent_a", "Bad agent_b", "Both agent_a", "Many agent_a"],
    ]);
  });

  it("combines rules that are grouped by more and by less", async () => {
    const rule = { ...ALWAYS, kind: "threshold", window: "5m", fire: 0 };
    const fine = { name: "Fine", metric: "sessions_failed", group_by: ["agent", "environment"] };
    const many = await saveRule({ ...rule, name: "Many", metric: "sessions_settled", fire: 2 });
    const agents = { name: "Agents", metric: "sessions_settled", group_by: ["agent"] };
    const rules = {
      fine: (await saveRule({ ...rule, ...fine })).id,
      agents: (await saveRule({ ...rule, ...agents })).id,
    };
    const composite = { ...ALWAYS, kind: "composite" };
    await saveRule({ ...composite, name: "Per agent", rules, expression: "fine && agents" });
    const all = { ...rules, many: many.id };
    await saveRule({
      ...composite,
      name: "In all",
      rules: all,
      expression: "fine && many && agents",
    });
    await settle("a1", 20, { failed: true });
    await settle("a2", 21);
    await settle("b1", 20, { agent: "agent_b" });
    await evaluateAt(from(30), from(60), from(90));
    const { rows } = await pool().query(
      `select r.name, i.labels from alert_instance i join alert_rule r on r.id = i.rule_id
       where i.status = 'firing' and r.kind = 'composite' order by 1`,
    );
    expect(rows).toEqual([
      { name: "In all", labels: {} },
      { name: "Per agent", labels: { agent: "agent_a" } },
    ]);
  });

  it("compares with a week before", async () => {
    const rule = {
      ...ALWAYS,
      name: "Twice",
      kind: "change",
      metric: "sessions_settled",
      window: "10m",
    };
    await saveRule({ ...rule, fire: 1, compare: { offset: "1d", min_baseline: 2 } });
    for (let n = 0; n < 3; n++) await settle(`old_${n}`, n + 10);
    for (let n = 0; n < 7; n++) await settle(`new_${n}`, DAY + n + 10);
    await evaluateAt(DAY + 5 * MINUTE);
    expect(await alertsNow()).toEqual({ all: "firing warning 1.333" });
  });

  it("knows what is usual for the hour", async () => {
    const rule = {
      ...ALWAYS,
      name: "Odd",
      kind: "anomaly",
      metric: "sessions_settled",
      window: "30m",
    };
    await saveRule({ ...rule, anomaly: { season: "hour_of_day", seasons: 5 } });
    await settle("first", -7 * DAY);
    for (let day = 0; day < 5; day++)
      for (let n = 0; n < 3 + (day % 2); n++) await settle(`s_${day}_${n}`, day * DAY + n + 10);
    for (let n = 0; n < 20; n++) await settle(`now_${n}`, 5 * DAY + n + 10);
    await evaluateAt(5 * DAY + 10 * MINUTE);
    expect(await alertsNow()).toEqual({ all: "firing warning 20" });
  });

  it("burns an error budget", async () => {
    const rule = { ...ALWAYS, name: "Burn", kind: "burn_rate", slo: 0.9, factor: 4, window: "1h" };
    await saveRule({ ...rule, min_bad: 3 });
    for (let n = 0; n < 10; n++)
      await settle(`s${n}`, 50 * MINUTE + n * 30, { failed: n % 2 === 0 });
    await evaluateAt(55 * MINUTE);
    expect(await alertsNow()).toEqual({ all: "firing warning 5" });
    await evaluateAt(61 * MINUTE);
    expect(await alertsNow()).toEqual({});
  });
});
