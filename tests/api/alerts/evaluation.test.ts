import { beforeEach, describe, expect, it } from "vitest";
import { evaluateDue } from "@/lib/alerts/service";
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

const RATE = {
  ...{ name: "Failures", kind: "ratio", metric: "failure_rate", group_by: ["agent"] },
  ...{ window: "5m", delay: "0s", fire: 0.2, min_volume: 4, min_bad: 2, severity: "high" },
};

beforeEach(async () => {
  await truncateAll();
});

/** Ten sessions of an agent in the minute before, so many of them failed. */
async function tenBefore(seconds: number, failed: number, agent = "agent_a"): Promise<void> {
  for (let n = 0; n < 10; n++)
    await settle(`${agent}_${seconds}_${n}`, seconds - 50 + n, { failed: n < failed, agent });
}

async function episodes() {
  const { rows } = await pool().query(
    `select labels ->> 'agent' as agent, severity, (extract(epoch from opened_at - $1))::int as opened,
       (extract(epoch from closed_at - $1))::int as closed, close_reason as reason, peak, sessions,
       session_ids[1] as first, late from alert_episode order by opened_at, agent`,
    [instant(0)],
  );
  return rows;
}

const notices = async () =>
  (await pool().query("select content from notice order by opened_at, id")).rows.map(
    ({ content }) => content,
  );

/** The tick of the rule that comes at or after so many seconds. */
async function tickAfter(seconds: number): Promise<number> {
  const { rows } = await pool().query("select offset_ms, every_ms from alert_rule limit 1");
  const { offset_ms: offset, every_ms: every } = rows[0];
  const ms = instant(seconds).getTime();
  const tick = Math.ceil((ms - offset) / every) * every + offset;
  return (tick - instant(0).getTime()) / 1000;
}

describe("a ratio by agent", () => {
  it("opens at the first bad tick, names the failed sessions, and closes when it recovers", async () => {
    await saveRule(RATE);
    const first = await tickAfter(60);
    await tenBefore(first, 4);
    await tenBefore(first, 1, "agent_b");
    await evaluateAt(first);
    expect(await alertsNow()).toEqual({ agent_a: "firing high 0.4" });
    await tenBefore(first + 120, 0);
    await tenBefore(first + 180, 0);
    await evaluateAt(first + 60, first + 120, first + 180);
    expect(await alertsNow()).toEqual({});
    expect(await transitions()).toEqual([
      `${first} inactive→firing open`,
      `${first + 120} firing→inactive close recovered`,
    ]);
    expect(await episodes()).toEqual([
      {
        ...{ agent: "agent_a", severity: "high", opened: first, closed: first + 120 },
        ...{ reason: "recovered", peak: 0.4, sessions: 20, late: false },
        first: expect.stringMatching(/^agent_a_/),
      },
    ]);
    const [content] = await notices();
    expect(content).toMatchObject({
      rule: { name: "Failures", kind: "ratio", version: 1 },
      labels: { agent: "agent_a" },
      names: { agent_a: "agent_a" },
      ...{ severity: "high", status: "closed", close_reason: "recovered", unit: "ratio" },
      condition:
        "failure rate by agent above 20 % over 5 min, at least 4 to judge by, at least 2 of them bad",
      ...{ value: 0.2, numerator: 4, denominator: 20, threshold: 0.2, session_count: 20 },
    });
    expect(content.sessions).toHaveLength(3);
    expect(content.sessions[0].outcome).toBe("retries_exhausted");
  });

  it("waits for `for`, and a tick that was missed counts", async () => {
    await saveRule({ ...RATE, for: "2m" });
    const first = await tickAfter(60);
    await tenBefore(first, 5);
    await evaluateAt(first);
    expect(await alertsNow()).toEqual({ agent_a: "pending high 0.5" });
    // Down for two ticks: both are made up for, in their order.
    await evaluateAt(first + 180);
    expect(await alertsNow()).toEqual({ agent_a: "firing high 0.5" });
    expect(await episodes()).toMatchObject([{ opened: first + 120, late: true }]);
    expect(await notices()).toMatchObject([{ late: true, status: "firing" }]);
  });

  it("judges the window to the second", async () => {
    await saveRule({ ...RATE, window: "90s", min_volume: 0, min_bad: 0 });
    const tick = await tickAfter(200);
    await settle("before", tick - 90.5, { failed: true });
    await settle("inside", tick - 90);
    await settle("after", tick, { failed: true });
    await evaluateAt(tick);
    expect(await alertsNow()).toEqual({});
    const { rows } = await pool().query("select results from alert_evaluation");
    expect(Object.values(rows[0].results)).toEqual([["ok", 0, 0, 1]]);
  });

  it("is decided once by two workers at a time", async () => {
    for (let n = 0; n < 5; n++) await saveRule({ ...RATE, name: `Rule ${n}` });
    const start = await tickAfter(60);
    await tenBefore(start + 60, 6);
    const now = instant(start + 120);
    await Promise.all([evaluateDue(now), evaluateDue(now), evaluateDue(now)]);
    expect(await episodes()).toHaveLength(5);
    const { rows } = await pool().query(
      "select count(*)::int as n, count(distinct (rule_id, tick))::int as ticks from alert_evaluation",
    );
    expect(rows[0].n).toBe(rows[0].ticks);
  });
});

describe("a statement that fails", () => {
  const TABLES = [
    "alert_rule",
    "alert_instance",
    "alert_episode",
    "alert_transition",
    "alert_evaluation",
    "notice",
  ];

  it.each(TABLES)("at %s leaves all as it was, and the tick is decided later", async (table) => {
    await saveRule(RATE);
    const first = await tickAfter(60);
    await tenBefore(first, 4);
    const before = await dump();
    await pool().query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'cut'; end $$;
      create trigger refuse before insert or update on ${table} for each row execute function refuse()`);
    await expect(evaluateAt(first)).rejects.toThrow();
    await pool().query(`drop trigger refuse on ${table}; drop function refuse`);
    expect(await dump()).toEqual(before);
    await evaluateAt(first);
    expect(await alertsNow()).toEqual({ agent_a: "firing high 0.4" });
    expect(await notices()).toHaveLength(1);
  });

  async function dump(): Promise<unknown> {
    const all: Record<string, unknown> = {};
    for (const table of TABLES) all[table] = (await pool().query(`select * from ${table}`)).rows;
    return all;
  }
});

describe("a rule that cannot be judged", () => {
  it("keeps its alerts, and its owner is told after three ticks and when it is well again", async () => {
    await saveRule({ name: "Budget", kind: "budget", budget: "bdgt_none", owner: "ops" });
    const first = await tickAfter(60);
    await evaluateAt(first, first + 60);
    expect(await notices()).toEqual([]);
    await evaluateAt(first + 120, first + 180);
    expect(await notices()).toMatchObject([
      { health: "There is no such budget.", status: "firing", labels: { owner: "ops" } },
    ]);
    await pool().query(
      `insert into budget (workspace, id, name, scope, period, tz, amount_nanos)
       values ('default', 'bdgt_none', 'All', 'all', 'month', 'UTC', 1000000000)`,
    );
    await evaluateAt(first + 240);
    expect(await notices()).toMatchObject([{ status: "closed" }]);
  });

  it("is in nobody's way when it cannot be read, or is due at no tick", async () => {
    const [bad, early] = [await saveRule(RATE), await saveRule({ ...RATE, name: "Early" })];
    await saveRule({ ...RATE, name: "Good" });
    const first = await tickAfter(60);
    await tenBefore(first, 4);
    await pool().query("update alert_rule set body = '{}', due_at = $2 where id = $1", [
      bad.id,
      instant(0),
    ]);
    await pool().query("update alert_rule set cursor = $2, due_at = $2 where id = $1", [
      early.id,
      instant(first + 120),
    ]);
    await pool().query("update alert_rule set due_at = $2 where id = $1", [early.id, instant(0)]);
    await evaluateAt(first + 60);
    const { rows } = await pool().query(
      "select name, health, due_at > $1 as later from alert_rule order by created_at, name",
      [instant(first + 60)],
    );
    expect(rows).toEqual([
      { name: "Early", health: "unknown", later: true },
      { name: "Failures", health: "error", later: true },
      { name: "Good", health: "ok", later: true },
    ]);
    expect(await episodes()).toMatchObject([{ agent: "agent_a" }]);
  });

  it("opens no more label sets than it may have, and says so", async () => {
    await saveRule({ ...RATE, max_instances: 2, min_volume: 0, min_bad: 0 });
    const first = await tickAfter(60);
    for (const agent of ["a", "b", "c", "d"])
      await settle(`sesn_${agent}`, first - 5, { failed: true, agent });
    await evaluateAt(first);
    expect(Object.keys(await alertsNow())).toHaveLength(2);
    const { rows } = await pool().query("select health, health_text from alert_rule");
    expect(rows).toMatchObject([
      { health: "limited", health_text: expect.stringMatching(/^2 label sets more than the 2/) },
    ]);
  });
});
