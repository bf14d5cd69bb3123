import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { partsOf, projectionOf } from "@/lib/alerts/budget";
import { check, pulseOf } from "@/lib/alerts/condition";
import { decide } from "@/lib/alerts/machine";
import type { Observation, Rate } from "@/lib/alerts/observation";
import type { Judged } from "@/lib/alerts/rule";
import { runScenario } from "@/lib/alerts/scenario";
import { type Scenario, ScenarioFile } from "@/lib/alerts/scenario-schema";
import type { AlertEvent, Instance, Status } from "@/lib/alerts/schema";
import { isOpenStatus } from "@/lib/alerts/turns";
import { judged } from "../../support/rules";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

const { scenarios } = ScenarioFile.parse(
  JSON.parse(readFileSync(`${import.meta.dirname}/../../data/alerts.json`, "utf8")),
);

function scenario(id: string): Scenario {
  const found = scenarios.find((one) => one.id === id);
  if (!found) throw new Error(`there is no scenario ${id}`);
  return found;
}

function row(id: string, name: string): string[] {
  const found = scenario(id).rows.find((one) => one.name === name);
  if (!found) throw new Error(`${id} has no row ${name}`);
  return found.cells;
}

const columns = (id: string) => scenario(id).columns.map(Number);

/** One alert, tick by tick. */
class Alert {
  instance: Instance | null = null;
  events: AlertEvent[] = [];
  constructor(readonly rule: Judged) {}

  see(observation: Observation, nowMs: number): this {
    const { instance } = this;
    const open = instance !== null && isOpenStatus(instance.status);
    const firedMs = instance?.firedMs ?? null;
    const outcome = check(this.rule, observation, { open, firedMs });
    const { next, transitions } = decide(this.rule, instance, outcome, nowMs);
    this.instance = next;
    this.events = transitions.flatMap(({ event }) => (event ? [event] : []));
    return this;
  }

  get status(): Status {
    return this.instance?.status ?? "inactive";
  }
}

const letter = ({ status }: Alert) => ({ inactive: "I", firing: "F" })[status as string] ?? status;

describe("scenarios of one rule's states", () => {
  it.each(["S01", "S02", "S05", "S09", "S12", "S25", "S48", "S50", "S62"])("%s", (id) => {
    expect(runScenario(scenario(id))).toEqual({ difference: null });
  });

  it.each(["S32", "S36", "S46"])("%s is of something else", (id) => {
    expect(runScenario(scenario(id))).toEqual({ skipped: expect.any(String) });
  });

  it("name the row and the first column that differ", () => {
    const wrong = structuredClone(scenario("S01"));
    for (const { name, cells } of wrong.rows) if (name === "state") cells.splice(8, 2, "P", "P");
    expect(runScenario(wrong)).toEqual({
      difference: { row: "state", column: "minute 8", expected: "P", found: "F" },
    });
  });

  it("tell recovering from firing where the anchor does", () => {
    const held = { ...scenario("S05"), anchor: "Grafana" };
    expect(runScenario(held)).toEqual({
      difference: { row: "state", column: "minute 4", expected: "F", found: "R" },
    });
  });

  it("compare every row that is not given", () => {
    for (const name of ["window total", "window failed", "rate %", "outcome", "event"]) {
      const wrong = structuredClone(scenario("S48"));
      wrong.rows.find((one) => one.name === name)?.cells.splice(6, 1, "x");
      expect(runScenario(wrong)).toMatchObject({ difference: { row: name, column: "minute 6" } });
    }
  });

  it.each([
    {
      settings: "for=1m, keepFiringFor=2m, eval every 1m (a remark, with a comma)",
      rows: [
        { name: "breach", cells: [1, 1, 0, 0, 0, null] },
        { name: "state", cells: ["P", "F", "R", "R", "I", "I"] },
      ],
    },
    {
      settings: "rate >= 20 %, recover < 10 %, minVolume 5, for=1m, lowVolumeHold=1m",
      rows: [
        { name: "sessions", cells: [10, 10, 10, 2, 2, 10] },
        { name: "failed", cells: [2, 2, 1, 1, 1, 5] },
        { name: "state", cells: ["P", "A", "A", "A", "N", "P"] },
        { name: "event", cells: ["", "open", "", "", "close(low_volume)", ""] },
      ],
    },
    {
      settings: "fire < 5, recover > 8, eval every 2m",
      rows: [
        { name: "value", cells: [6, 4, 4, 7, 8, 9] },
        { name: "state", cells: ["I", "I", "F", "F", "F", "F"] },
      ],
    },
    {
      settings: "newGroupDelay=2m",
      rows: [
        { name: "breach a", cells: ["–", 1, 1, 1, "error", 0] },
        { name: "breach b", cells: [1, 1, 1, 0, 0, 0] },
        { name: "state a", cells: ["I", "I", "I", "F", "F", "I"] },
        { name: "state b", cells: ["I", "I", "F", "I", "I", "I"] },
        { name: "state", cells: ["I", "I", "F", "F", "F", "I"] },
      ],
    },
  ])("read $settings", ({ settings, rows }) => {
    const columns = [0, 1, 2, 3, 4, 5];
    const file = { scenarios: [{ id: "X", title: null, anchor: "ours", settings, columns, rows }] };
    for (const one of ScenarioFile.parse(file).scenarios)
      expect(runScenario(one)).toEqual({ difference: null });
  });

  it("without a bound, or over what is no time, are none", () => {
    expect(runScenario({ ...scenario("S48"), settings: "window 5m" })).toMatchObject({
      skipped: expect.stringContaining("name no bound"),
    });
    expect(runScenario({ ...scenario("S01"), axis: "case" })).toMatchObject({
      skipped: "its columns are no times",
    });
  });
});

it("S54: the short window ends what the long one would hold", () => {
  const rule = judged({ kind: "burn_rate", slo: 0.99, factor: 14.4, window: "1h" });
  const rateAt = (minute: number, window: number): Rate => {
    let numerator = 0;
    for (let at = minute - window + 1; at <= minute; at++)
      if (at >= 60 && at <= 71) numerator += 60;
    return { numerator, denominator: window * 60 };
  };
  const burn = ({ numerator, denominator }: Rate) => (numerator / denominator / 0.01).toFixed(2);
  const alert = new Alert(rule);
  const found = new Map<number, { long: string; short: string; state: string }>();
  for (let minute = 59; minute <= 131; minute++) {
    const [long, short] = [rateAt(minute, 60), rateAt(minute, 5)];
    alert.see({ kind: "burn_rate", long, short }, minute * MINUTE);
    found.set(minute, { long: burn(long), short: burn(short), state: letter(alert) });
  }
  const shown = columns("S54").map((minute) => found.get(minute));
  expect(shown.map((one) => one?.long)).toEqual(row("S54", "burn 1h"));
  expect(shown.map((one) => one?.short)).toEqual(row("S54", "burn 5m"));
  expect(shown.map((one) => one?.state)).toEqual(row("S54", "state"));
});

describe("S57: a budget", () => {
  const rule = judged({ kind: "budget", budget: "budget_1" });
  const spend = row("S57", "spend").map(Number);
  const cumulative = row("S57", "cumulative").map(Number);
  /** At the end of a day of a month of thirty. */
  const at = (day: number, part: "forecast" | { tier: number }, periodFromMs = 0): Observation => ({
    ...{ kind: "budget", part, amount: 300, knownDays: day, periodFromMs },
    spent: cumulative[day - 1] ?? 0,
    projection: projectionOf(spend.slice(0, day), {
      spent: cumulative[day - 1] ?? 0,
      daysLeft: 30 - day,
    }),
  });

  it("is projected from the last seven whole days, and told when it is exceeded", () => {
    const forecast = new Alert(rule);
    const found = columns("S57").map((day) => {
      const observation = at(day, "forecast");
      const outcome = check(rule, observation, { open: false });
      const state = letter(forecast.see(observation, day * DAY));
      return outcome.kind === "low" ? "low" : state;
    });
    expect(found).toEqual(row("S57", "forecast state"));
    const projections = row("S57", "projection");
    for (const day of columns("S57").filter((one) => one >= 3)) {
      const observation = at(day, "forecast");
      const value = observation.kind === "budget" ? observation.projection : null;
      expect(value?.toFixed(1)).toBe(projections[day - 1]);
    }
  });

  it("tells each tier once a period", () => {
    const tiers = partsOf(rule).filter(({ part }) => part !== "forecast");
    expect(tiers.map(({ labels }) => labels.tier)).toEqual(["50%", "80%", "100%"]);
    const alerts = tiers.map(({ part }) => ({ part, alert: new Alert(rule) }));
    const told = columns("S57").map((day) =>
      alerts
        .flatMap(({ part, alert }) => {
          const { events } = alert.see(at(day, part), day * DAY);
          return events.map(() => `${typeof part === "object" ? part.tier * 100 : part}`);
        })
        .join(" "),
    );
    expect(told).toEqual(row("S57", "tier event %"));
  });

  it("does not tell a tier again when re-pricing takes it back, and does in the next period", () => {
    const half = new Alert(rule);
    const spent = (amount: number, periodFromMs: number): Observation => ({
      ...{ kind: "budget", part: { tier: 0.5 }, spent: amount, amount: 300 },
      ...{ projection: null, knownDays: 9, periodFromMs },
    });
    expect(half.see(spent(150, 0), 15 * DAY).events).toEqual(["open"]);
    expect(half.see(spent(140, 0), 16 * DAY).status).toBe("firing");
    expect(half.see(spent(155, 0), 17 * DAY).events).toEqual([]);
    expect(half.see(spent(5, 30 * DAY), 31 * DAY).events).toEqual(["close"]);
    expect(half.see(spent(150, 30 * DAY), 40 * DAY).events).toEqual(["open"]);
  });
});

it("S58: a heartbeat is late after its period and gone after its grace", () => {
  const rule = judged({ kind: "absence", heartbeat: "nightly", period: "10m", grace: "2m" });
  const pings = [0, 10, 19, 47];
  const alert = new Alert(rule);
  const found = new Map<number, { age: number; state: string }>();
  for (let minute = 0; minute <= 49; minute++) {
    const age = minute - Math.max(...pings.filter((ping) => ping <= minute));
    const ageMs = age * MINUTE;
    alert.see({ kind: "heartbeat", ageMs, ruleAgeMs: minute * MINUTE }, minute * MINUTE);
    const state = alert.status === "firing" ? "F" : pulseOf(rule, ageMs);
    found.set(minute, { age, state });
  }
  const shown = columns("S58").map((minute) => found.get(minute));
  expect(shown.map((one) => `${one?.age}`)).toEqual(row("S58", "age"));
  expect(shown.map((one) => one?.state)).toEqual(row("S58", "state"));
});

describe("S61: a delay gives what comes late its time", () => {
  const rule = judged({ kind: "ratio", metric: "failure_rate", fire: 0.2, min_volume: 10 });
  const rows = scenario("S61").rows;

  it.each([0, 1, 2])("%d min", (delay) => {
    const found = columns("S61").map((minute) => {
      const [from, to] = [minute - delay - 3, minute - delay];
      let [numerator, denominator] = [0, 0];
      for (let at = 0; at < minute; at++) {
        if (at < from || at >= to) continue;
        if (at + 0.1 <= minute) {
          numerator++;
          denominator++;
        }
        if (at + 2.1 <= minute) denominator += 9;
      }
      const observation = { value: numerator / denominator, numerator, denominator };
      const { kind } = check(rule, { kind: "ratio", ...observation }, { open: false });
      const percent = ((numerator / denominator) * 100).toFixed(1);
      return [`${numerator}/${denominator} = ${percent} %`, kind === "breach" ? "bad" : kind];
    });
    const at = rows.findIndex(({ name }) => name === (delay === 0 ? "delay 0" : `delay ${delay}m`));
    expect(found.map(([rate]) => rate)).toEqual(rows[at]?.cells);
    expect(found.map(([, outcome]) => outcome)).toEqual(rows[at + 1]?.cells);
  });
});

it("S65: a session is one alert that gets worse, and closes with it", () => {
  const rule = judged({
    ...{ kind: "session", measure: "cost", op: ">=", fire: 5 },
    tiers: [
      { fire: 20, severity: "high" },
      { fire: 50, severity: "critical" },
    ],
  });
  const alert = new Alert(rule);
  const found = row("S65", "cost so far").map((cell, minute) => {
    const ended = cell === "ended";
    const value = ended ? 60 : Number(cell);
    const { status, events, instance } = alert.see(
      { kind: "session", value, ended },
      minute * MINUTE,
    );
    return [status === "firing" ? instance?.severity : "", events.join(" ")];
  });
  expect(found.map(([severity]) => severity)).toEqual(row("S65", "severity"));
  expect(found.map(([, event]) => event)).toEqual(row("S65", "event"));
});
