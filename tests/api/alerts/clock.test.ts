import { beforeEach, describe, expect, it } from "vitest";
import { bringAlertsBack } from "@/lib/alerts/clock-service";
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
const DAY = 86_400;

beforeEach(async () => {
  await truncateAll();
});

async function tenBefore(seconds: number, failed: number): Promise<void> {
  for (let n = 0; n < 10; n++)
    await settle(`s_${seconds}_${n}`, seconds - 50 + n, { failed: n < failed });
}

/** The rule's ticks fall on the minute and so many seconds; these are the ones after the start. */
async function ruleOf(fields: Record<string, unknown> = RATE): Promise<(minute: number) => number> {
  await saveRule(fields);
  const { rows } = await pool().query("select offset_ms from alert_rule");
  const start = instant(0).getTime();
  const first = Math.ceil((start - rows[0].offset_ms) / 60_000) * 60_000 + rows[0].offset_ms;
  return (minute) => (first - start) / 1000 + minute * 60;
}

const back = (seconds: number) => bringAlertsBack(instant(seconds));

const episodes = async () =>
  (
    await pool().query(
      `select (extract(epoch from opened_at - $1))::int as opened,
         (extract(epoch from closed_at - $1))::int as closed from alert_episode order by opened_at`,
      [instant(0)],
    )
  ).rows;

/** Rows that tell of a time after this one. */
async function rowsAfter(seconds: number): Promise<number> {
  const { rows } = await pool().query(
    `select (select count(*) from alert_evaluation where until_tick > $1)
       + (select count(*) from alert_transition where tick > $1)
       + (select count(*) from alert_episode where greatest(opened_at, closed_at) > $1)
       + (select count(*) from alert_instance where greatest(since, seen_at) > $1)
       + (select count(*) from alert_rule where cursor > $1) as n`,
    [instant(seconds)],
  );
  return Number(rows[0].n);
}

describe("a clock that was ahead and goes back", () => {
  it("leaves a rule that fires firing: one episode, which ends when it recovers", async () => {
    const tick = await ruleOf();
    await tenBefore(tick(0), 5);
    await evaluateAt(tick(0));
    await tenBefore(tick(10), 5);
    await evaluateAt(tick(10));
    // Nobody would look at it until it is that late again.
    await tenBefore(tick(1), 0);
    await evaluateAt(tick(1));
    expect(await alertsNow()).toEqual({ agent_a: "firing high 0.5" });

    expect(await back(tick(1) + 5)).toBe(1);
    expect(await rowsAfter(tick(1) + 5)).toBe(0);
    expect(await alertsNow()).toEqual({ agent_a: "firing high 0.5" });
    await tenBefore(tick(7), 0);
    await tenBefore(tick(8), 0);
    await evaluateAt(tick(8));
    expect(await alertsNow()).toEqual({});
    expect(await episodes()).toEqual([{ opened: tick(0), closed: tick(5) }]);
    expect((await transitions()).at(-1)).toMatch(/firing→inactive close recovered$/);
    // Once more finds nothing to do.
    expect(await back(tick(8) + 5)).toBe(0);
  });

  it("tells of what opened and closed meanwhile as of now, in its order", async () => {
    const tick = await ruleOf();
    await evaluateAt(tick(0));
    await tenBefore(tick(0) + DAY, 5);
    await evaluateAt(tick(0) + DAY);
    await tenBefore(tick(6) + DAY, 0);
    await evaluateAt(tick(6) + DAY);
    await back(tick(1) + 5);
    expect(await episodes()).toEqual([{ opened: tick(1), closed: tick(1) }]);
    expect(await transitions()).toEqual([
      `${tick(1)} inactive→firing open`,
      `${tick(1)} firing→inactive close recovered`,
    ]);
    expect(await rowsAfter(tick(1) + 5)).toBe(0);
    // What opens at the next tick is another.
    await tenBefore(tick(2), 9);
    await evaluateAt(tick(2));
    expect(await episodes()).toEqual([
      { opened: tick(1), closed: tick(1) },
      { opened: tick(2), closed: null },
    ]);
  });

  it("has what was pending begin again", async () => {
    const tick = await ruleOf({ ...RATE, for: "3m" });
    await tenBefore(tick(0) + DAY, 5);
    await evaluateAt(tick(0) + DAY);
    expect(await alertsNow()).toEqual({ agent_a: "pending high 0.5" });
    await back(tick(1) + 5);
    for (const minute of [2, 3, 4]) {
      await tenBefore(tick(minute), 5);
      await evaluateAt(tick(minute));
      expect(await alertsNow()).toEqual({
        agent_a: `${minute === 4 ? "firing" : "pending"} high 0.5`,
      });
    }
    expect(await episodes()).toEqual([{ opened: tick(4), closed: null }]);
  });

  it("leaves rules alone that were not decided ahead", async () => {
    const tick = await ruleOf();
    await tenBefore(tick(0), 5);
    await evaluateAt(tick(0));
    const rows = () =>
      Promise.all(
        [
          "alert_rule",
          "alert_instance",
          "alert_episode",
          "alert_evaluation",
          "alert_transition",
        ].map(async (table) => (await pool().query(`select * from ${table}`)).rows),
      );
    const before = await rows();
    expect(await back(tick(0) + 5)).toBe(0);
    expect(await rows()).toEqual(before);
  });
});
