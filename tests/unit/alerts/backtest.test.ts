import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backtest, type ObservationsAt } from "@/lib/alerts/backtest";
import { check } from "@/lib/alerts/condition";
import type { Seen } from "@/lib/alerts/course";
import { decide } from "@/lib/alerts/machine";
import { messagesOf, type Told } from "@/lib/alerts/messages";
import { suggestFor } from "@/lib/alerts/noise";
import type { Instance, Severity } from "@/lib/alerts/schema";
import { boundsOver, countThresholds, movable, spreadOf } from "@/lib/alerts/thresholds";
import { isOpenStatus } from "@/lib/alerts/turns";
import { judged } from "../../support/rules";

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 20, 12);
const range = (minutes: number) => ({ fromMs: NOON, toMs: NOON + (minutes - 1) * MINUTE });
const clock = (minute: number) =>
  new Date(NOON + minute * MINUTE).toISOString().replace(".000Z", "Z");

const RULE = { kind: "ratio", metric: "failure_rate", group_by: ["agent"], fire: 0.2 } as const;

/** `9/30` a minute for each agent; `.` where it has no data. */
function source(rows: Record<string, string>): ObservationsAt {
  return (tick) =>
    Object.entries(rows).flatMap(([agent, row]): Seen[] => {
      const cell = row.trim().split(/\s+/)[(tick - NOON) / MINUTE] ?? ".";
      if (cell === ".") return [];
      const [numerator = 0, denominator = 0] = cell.split("/").map(Number);
      const value = denominator === 0 ? null : numerator / denominator;
      const observation = { kind: "ratio" as const, value, numerator, denominator };
      return [{ labels: { agent }, fingerprint: agent, observation }];
    });
}

describe("a backtest", () => {
  it("tells the episodes of each label set, with the worst they came to", () => {
    const found = backtest(
      judged({ ...RULE, tiers: [{ fire: 0.5, severity: "critical" }] }),
      source({ a: "1/10 3/10 6/10 4/10 1/10 0/10", b: "0/10 0/10 0/10 0/10 3/10 3/10" }),
      range(6),
    );
    expect(found.episodes).toEqual([
      {
        ...{ fingerprint: "a", labels: { agent: "a" }, opened_at: clock(1), closed_at: clock(4) },
        ...{ close_reason: "recovered", severity: "critical", peak: 0.6 },
      },
      {
        ...{ fingerprint: "b", labels: { agent: "b" }, opened_at: clock(4), closed_at: null },
        ...{ close_reason: null, severity: "warning", peak: 0.3 },
      },
    ]);
    expect(found).toMatchObject({ ticks: 6, groups: 2, overflow: 0, suppressed_by_volume: 0 });
  });

  it("counts what too little kept from breaching", () => {
    const rule = judged({ ...RULE, min_volume: 10, min_bad: 3 });
    const found = backtest(rule, source({ a: "1/1 2/8 2/10 3/10 3/10 0/9 2/9" }), range(7));
    // 1/1 and 2/8 are few, 2/10 is not past the bound; then it is open.
    expect(found.suppressed_by_volume).toBe(2);
    expect(found.episodes).toHaveLength(1);
  });

  it("takes a label set without rows for missing while others have some", () => {
    const rule = judged({ ...RULE, max_staleness: "3m" });
    const found = backtest(rule, source({ a: "9/10 . . . .", b: "0/9 0/9 0/9 0/9 0/9" }), range(5));
    expect(found.episodes).toMatchObject([{ closed_at: clock(3), close_reason: "missing" }]);
  });

  it("judges no more label sets than the rule may have", () => {
    const rule = judged({ ...RULE, max_instances: 1 });
    const found = backtest(rule, source({ a: "0/9 0/9", b: "9/9 9/9", c: "9/9 9/9" }), range(2));
    expect(found).toMatchObject({ episodes: [], groups: 1, overflow: 2 });
  });

  it("takes what is damped for one episode until it rests", () => {
    const flips = Array.from({ length: 16 }, (_, at) => (at % 2 ? "0/10" : "9/10"));
    const rest = Array.from({ length: 20 }, () => "0/10");
    const found = backtest(judged(RULE), source({ a: [...flips, ...rest].join(" ") }), range(36));
    expect(found.episodes.map(({ opened_at, closed_at }) => [opened_at, closed_at])).toEqual([
      [clock(0), clock(1)],
      [clock(2), clock(3)],
      [clock(4), clock(5)],
      [clock(6), clock(30)],
    ]);
  });

  it("draws the states that are asked for", () => {
    const rule = judged({ ...RULE, min_volume: 5, for: "1m", keep_firing_for: "1m" });
    const rows = { a: "1/2 0/5 5/5 5/5 0/5 0/5 0/1", b: "0/9 0/9 0/9 0/9 0/9 0/9 0/9" };
    const { states } = backtest(rule, source(rows), { ...range(7), drawn: new Set(["a"]) });
    expect([...states.keys()]).toEqual(["a"]);
    expect(states.get("a")?.map(({ state, fromMs }) => [state, (fromMs - NOON) / MINUTE])).toEqual([
      ["low", 0],
      ["inactive", 1],
      ["pending", 2],
      ["firing", 3],
      ["recovering", 4],
      ["inactive", 5],
      ["low", 6],
    ]);
  });

  it("judges at the rule's own ticks", () => {
    const ticks: number[] = [];
    const watching: ObservationsAt = (tick) => {
      ticks.push(tick - NOON);
      return [];
    };
    const offsetMs = 7_000;
    backtest(judged({ ...RULE, every: "2m" }), watching, { ...range(6), offsetMs });
    expect(ticks).toEqual([7_000, 127_000, 247_000]);
  });

  it("does what live evaluation does, whatever comes and in whatever pieces", () => {
    const cell = fc
      .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }))
      .map(([bad, good]) => `${bad}/${bad + good}`);
    const rows = fc.array(cell, { minLength: 1, maxLength: 60 });
    const minutes = fc.integer({ min: 0, max: 4 }).map((count) => `${count}m`);
    fc.assert(
      fc.property(rows, minutes, minutes, (cells, wait, hold) => {
        const rule = judged({ ...RULE, min_volume: 4, for: wait, keep_firing_for: hold });
        const at = source({ a: cells.join(" ") });
        const { episodes } = backtest(rule, at, range(cells.length));
        let stored = "null";
        const turns: string[] = [];
        let flaps = false;
        for (const minute of cells.keys()) {
          const instance = JSON.parse(stored) as Instance | null;
          const open = instance !== null && isOpenStatus(instance.status);
          for (const { observation } of at(NOON + minute * MINUTE, () => open)) {
            const outcome = check(rule, observation, { open });
            const { next, transitions } = decide(rule, instance, outcome, NOON + minute * MINUTE);
            stored = JSON.stringify(next);
            for (const { from, to } of transitions)
              if (isOpenStatus(from) !== isOpenStatus(to)) turns.push(clock(minute));
            flaps ||= next?.flappingMs !== null;
          }
        }
        fc.pre(!flaps);
        const told = episodes.flatMap(({ opened_at, closed_at }) => [opened_at, closed_at]);
        expect(told.filter((one) => one !== null)).toEqual(turns);
      }),
    );
  });
});

describe("messages", () => {
  const told = (
    ...rows: [minutes: number, of: string, event: Told["event"], severity?: Severity][]
  ) =>
    rows.map(
      ([minutes, fingerprint, event, severity = "warning"]): Told => ({
        ...{ atMs: NOON + minutes * MINUTE, fingerprint, event, severity },
        to: event === "close" ? "inactive" : "firing",
      }),
    );
  const count = (minutes: number, rows: Told[]) => messagesOf(rows, NOON + minutes * MINUTE);

  it("are one for what opens together, and one for what closes", () => {
    const rows = told([0, "a", "open"], [0.2, "b", "open"], [20, "a", "close"], [20, "b", "close"]);
    expect(count(60, rows)).toBe(2);
  });

  it("are none for what closes before the first", () =>
    expect(count(60, told([0, "a", "open"], [0.4, "a", "close"]))).toBe(0));

  it("are at once for what is critical", () =>
    expect(count(60, told([0, "a", "open", "critical"], [0.4, "a", "close"]))).toBe(2));

  it("gather what changes within five minutes", () => {
    const rows = told([0, "a", "open"], [1, "b", "open"], [2, "c", "open"], [4, "b", "close"]);
    expect(count(60, rows)).toBe(2);
  });

  it("tell what gets worse, and not what gets better", () => {
    const worse = told([0, "a", "open"], [10, "a", "escalate", "critical"]);
    expect(count(20, worse)).toBe(2);
    const better = told([0, "a", "open", "critical"], [10, "a", "ease", "warning"]);
    expect(count(20, better)).toBe(1);
  });

  it("remind of what stays open: of the critical every hour, of others every day", () => {
    expect(count(24 * 60 + 10, told([0, "a", "open"]))).toBe(2);
    expect(count(4 * 60 - 1, told([0, "a", "open", "critical"]))).toBe(4);
  });

  it("leave out what is damped", () =>
    expect(count(60, told([0, "a", "open"], [10, "a", null], [20, "a", null]))).toBe(1));
});

describe("noise", () => {
  it("is spared by the shortest wait that halves it", () => {
    const tried = [14, 9, 6, 3, 0].map((episodes, at) => ({
      ...{ forMs: [0, 1, 2, 5, 10].map((minutes) => minutes * MINUTE)[at] ?? 0, episodes },
    }));
    expect(suggestFor(tried, 0)).toEqual({ forMs: 2 * MINUTE, before: 14, after: 6 });
    expect(suggestFor(tried, MINUTE)).toEqual({ forMs: 5 * MINUTE, before: 9, after: 3 });
    expect(suggestFor(tried, 5 * MINUTE)).toBeNull();
    expect(suggestFor(tried, 2 * MINUTE)).toEqual({ forMs: 5 * MINUTE, before: 6, after: 3 });
  });
});

describe("other bounds", () => {
  const resultOf = <T>(parts: Generator<undefined, T>): T => {
    for (;;) {
      const { done, value } = parts.next();
      if (done) return value;
    }
  };

  it("are judged together as each would be alone", () => {
    const cell = fc.constantFrom("0/9", "1/10", "3/10", "4/8", "8/10", "2/3", ".");
    const row = fc.array(cell, { minLength: 5, maxLength: 40 }).map((cells) => cells.join(" "));
    const wait = fc.constantFrom("0s", "1m", "3m");
    fc.assert(
      fc.property(row, row, wait, wait, (a, b, hold, keep) => {
        const written = { ...RULE, min_volume: 4, for: hold, keep_firing_for: keep };
        const rule = movable(judged({ ...written, recover: 0.2 }));
        if (!rule) throw new Error("it can be moved");
        const fires = [0.05, 0.2, 0.35, 0.6, 0.9];
        const found = resultOf(countThresholds(rule, fires, () => source({ a, b }), range(45)));
        const alone = fires.map((fire) => {
          const recover = fire >= 0.2 ? { recover: 0.2 } : {};
          const one = judged({ ...written, fire, ...recover });
          return { fire, total: backtest(one, source({ a, b }), range(45)).episodes.length };
        });
        expect(found).toEqual(alone);
      }),
    );
  });

  it("are round, and over all that was judged", () => {
    const spread = resultOf(
      spreadOf(judged(RULE), () => source({ a: "0/10 2/10 9/10 1/1", b: ". 3/10" }), range(4)),
    );
    expect(spread).toEqual({ least: 0, most: 1 });
    expect(boundsOver({ least: 0, most: 1 }, { fire: 0.22, unit: "ratio" })).toEqual([
      ...[0, 0.05, 0.1, 0.15, 0.2, 0.22, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6],
      ...[0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1],
    ]);
    const seconds = boundsOver({ least: 20, most: 5_000 }, { fire: 600, unit: "seconds" });
    expect(seconds.slice(0, 4)).toEqual([0, 300, 600, 900]);
    const few = boundsOver({ least: 1, most: 3 }, { fire: 2, unit: "count" });
    expect(few).toEqual([1, 2, 3]);
  });
});
