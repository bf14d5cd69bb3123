import { describe, expect, it } from "vitest";
import {
  afterGap,
  afterStepBack,
  type Clocks,
  decide,
  newInstance,
  type Presence,
  presenceOf,
} from "@/lib/alerts/machine";
import type {
  AlertEvent,
  CloseReason,
  Instance,
  Outcome,
  Severity,
  Status,
} from "@/lib/alerts/schema";
import { closeFor } from "@/lib/alerts/turns";
import { judged } from "../../support/rules";

const MINUTE = 60_000;
const at = (minutes: number) => minutes * MINUTE;

const ruleOf = (fields: Record<string, unknown> = {}): Clocks =>
  judged({ kind: "ratio", metric: "failure_rate", fire: 0.2, ...fields });

const breach = (severity: Severity = "warning"): Outcome => ({
  kind: "breach",
  severity,
  value: 1,
});
const OK: Outcome = { kind: "ok", value: 0 };
const LOW: Outcome = { kind: "low", value: null };
const NO_DATA: Outcome = { kind: "no_data" };
const ERROR: Outcome = { kind: "error" };
const OUTCOMES = { breach: breach(), ok: OK, low: LOW, no_data: NO_DATA, error: ERROR };

/** As it stands at minute 100, since minute 90. */
function standing(status: Status, more: Partial<Instance> = {}): Instance {
  const isFired = status === "firing" || status === "recovering";
  return {
    ...newInstance("warning", at(0)),
    ...{ status, sinceMs: at(90), seenMs: at(99), firedMs: isFired ? at(80) : null },
    ...{ okMs: status === "recovering" ? at(90) : null },
    ...{ emptyMs: status === "no_data" ? at(70) : null },
    ...more,
  };
}

type Row = {
  from: Status;
  sees: keyof typeof OUTCOMES;
  rule?: Record<string, unknown>;
  more?: Partial<Instance>;
  to: Status;
  event?: AlertEvent;
  reason?: CloseReason;
};

/** What one tick does at minute 100. Where nothing is said of an event, nobody is told anything. */
const TABLE: Row[] = [
  { from: "inactive", sees: "breach", to: "firing", event: "open" },
  { from: "inactive", sees: "breach", rule: { for: "1m" }, to: "pending" },
  { from: "inactive", sees: "ok", to: "inactive" },
  { from: "inactive", sees: "low", to: "inactive" },
  { from: "inactive", sees: "no_data", to: "inactive" },
  { from: "inactive", sees: "error", to: "inactive" },
  { from: "pending", sees: "breach", rule: { for: "10m" }, to: "firing", event: "open" },
  { from: "pending", sees: "breach", rule: { for: "11m" }, to: "pending" },
  { from: "pending", sees: "ok", rule: { for: "11m" }, to: "inactive" },
  { from: "pending", sees: "low", rule: { for: "11m" }, to: "inactive" },
  { from: "pending", sees: "no_data", rule: { for: "1m" }, to: "pending" },
  { from: "pending", sees: "error", rule: { for: "1m" }, to: "pending" },
  { from: "firing", sees: "breach", to: "firing" },
  { from: "firing", sees: "ok", to: "inactive", event: "close", reason: "recovered" },
  { from: "firing", sees: "ok", rule: { keep_firing_for: "1m" }, to: "recovering" },
  { from: "firing", sees: "low", to: "firing" },
  { from: "firing", sees: "low", more: { lowMs: at(56) }, to: "firing" },
  {
    ...{ from: "firing", sees: "low", more: { lowMs: at(55) } },
    ...{ to: "inactive", event: "close", reason: "low_volume" },
  },
  { from: "firing", sees: "no_data", to: "firing" },
  { from: "firing", sees: "error", to: "firing" },
  { from: "recovering", sees: "breach", rule: { keep_firing_for: "10m" }, to: "firing" },
  { from: "recovering", sees: "ok", rule: { keep_firing_for: "11m" }, to: "recovering" },
  {
    ...{ from: "recovering", sees: "ok", rule: { keep_firing_for: "10m" } },
    ...{ to: "inactive", event: "close", reason: "recovered" },
  },
  { from: "recovering", sees: "low", rule: { keep_firing_for: "11m" }, to: "recovering" },
  {
    ...{ from: "recovering", sees: "low", rule: { keep_firing_for: "10m" } },
    ...{ to: "inactive", event: "close", reason: "recovered" },
  },
  { from: "recovering", sees: "no_data", rule: { keep_firing_for: "1m" }, to: "recovering" },
  { from: "recovering", sees: "error", rule: { keep_firing_for: "1m" }, to: "recovering" },
  // Policies for no data.
  { from: "pending", sees: "no_data", rule: { no_data: "ok", for: "11m" }, to: "inactive" },
  {
    ...{ from: "firing", sees: "no_data", rule: { no_data: "ok" } },
    ...{ to: "inactive", event: "close", reason: "recovered" },
  },
  { from: "inactive", sees: "no_data", rule: { no_data: "firing", for: "1m" }, to: "pending" },
  { from: "inactive", sees: "no_data", rule: { no_data: "firing" }, to: "firing", event: "open" },
  {
    ...{ from: "pending", sees: "no_data", rule: { no_data: "firing", for: "10m" } },
    ...{ to: "firing", event: "open" },
  },
  { from: "inactive", sees: "no_data", rule: { no_data: "no_data" }, to: "inactive" },
  {
    ...{ from: "inactive", sees: "no_data", rule: { no_data: "no_data" } },
    ...{ more: { emptyMs: at(85) }, to: "no_data", event: "no_data" },
  },
  {
    ...{ from: "firing", sees: "no_data", rule: { no_data: "no_data" } },
    ...{ more: { emptyMs: at(86) }, to: "firing" },
  },
  {
    ...{ from: "firing", sees: "no_data", rule: { no_data: "no_data" } },
    ...{ more: { emptyMs: at(85) }, to: "no_data", event: "no_data" },
  },
  { from: "no_data", sees: "no_data", rule: { no_data: "no_data" }, to: "no_data" },
  { from: "no_data", sees: "error", rule: { no_data: "no_data" }, to: "no_data" },
  { from: "no_data", sees: "ok", to: "inactive", event: "close", reason: "recovered" },
  { from: "no_data", sees: "low", to: "inactive", event: "close", reason: "recovered" },
  { from: "no_data", sees: "breach", more: { firedMs: at(60) }, to: "firing" },
  { from: "no_data", sees: "low", more: { firedMs: at(60) }, to: "firing" },
];

const name = ({ from, sees, rule, more }: Row) =>
  `${from} + ${sees} ${JSON.stringify({ ...rule, ...more })}`;

describe("one tick", () => {
  it.each(TABLE.map((row) => [name(row), row] as const))("%s", (_, row) => {
    const before = standing(row.from, row.more);
    const { next, transitions } = decide(ruleOf(row.rule), before, OUTCOMES[row.sees], at(100));
    expect(next?.status).toBe(row.to);
    expect(next?.sinceMs).toBe(row.from === row.to ? at(90) : at(100));
    expect(transitions).toEqual(
      row.from === row.to
        ? []
        : [
            {
              ...{ from: row.from, to: row.to, severity: "warning" },
              ...{ event: row.event ?? null, reason: row.reason ?? null },
            },
          ],
    );
  });

  it("leaves what it was given as it was", () => {
    const before = Object.freeze(standing("firing", { openings: Object.freeze([1]) as number[] }));
    decide(ruleOf(), before, OK, at(100));
    expect(before).toEqual(standing("firing", { openings: [1] }));
  });
});

describe("where data comes back after none", () => {
  it("what was no alert before closes, and is judged from its beginning", () => {
    const rule = ruleOf({ no_data: "no_data" });
    const { next, transitions } = decide(rule, standing("no_data"), breach(), at(100));
    expect(transitions.map(({ from, to, event }) => [from, to, event])).toEqual([
      ["no_data", "inactive", "close"],
      ["inactive", "firing", "open"],
    ]);
    expect(next?.firedMs).toBe(at(100));
  });

  it("what fired before recovers by its own clock", () => {
    const rule = ruleOf({ no_data: "no_data", keep_firing_for: "5m" });
    const before = standing("no_data", { firedMs: at(60) });
    const { next, transitions } = decide(rule, before, OK, at(100));
    expect(transitions.map(({ to, event }) => [to, event])).toEqual([
      ["firing", null],
      ["recovering", null],
    ]);
    expect(next?.okMs).toBe(at(100));
  });
});

/** One tick a minute, from minute 0 on; `-` is an outcome that changes nothing by policy. */
function run(rule: Clocks, outcomes: readonly Outcome[], presence: Presence = {}) {
  let instance: Instance | null = null;
  const told: [number, AlertEvent, string][] = [];
  const states: (Status | null)[] = [];
  for (const [minute, outcome] of outcomes.entries()) {
    const { next, transitions } = decide(rule, instance, outcome, at(minute), presence);
    for (const { event, severity } of transitions) if (event) told.push([minute, event, severity]);
    instance = next;
    states.push(next?.status ?? null);
  }
  return { told, states, instance };
}

describe("severity", () => {
  it("changes where the alert is, and the worse and the better are told apart", () => {
    const seen = ["warning", "critical", "critical", "high", "warning"] as const;
    expect(
      run(
        ruleOf(),
        seen.map((one) => breach(one)),
      ).told,
    ).toEqual([
      [0, "open", "warning"],
      [1, "escalate", "critical"],
      [3, "ease", "high"],
      [4, "ease", "warning"],
    ]);
  });

  it("is the last one seen while pending", () => {
    const seen = ["critical", "warning", "high"] as const;
    const rule = ruleOf({ for: "2m" });
    expect(
      run(
        rule,
        seen.map((one) => breach(one)),
      ).told,
    ).toEqual([[2, "open", "high"]]);
  });

  it("stays while it recovers, and a worse one on return is told", () => {
    const rule = ruleOf({ keep_firing_for: "5m" });
    expect(run(rule, [breach("warning"), OK, breach("critical")]).told).toEqual([
      [0, "open", "warning"],
      [2, "escalate", "critical"],
    ]);
  });
});

describe("a label set that is missing while others report", () => {
  const missing = { labelsPresent: false };

  it("is kept for as many ticks as the rule says before the policy holds", () => {
    const rule = ruleOf({ no_data: "ok", missing_evals: 2 });
    const before = standing("firing", { seenMs: at(98) });
    expect(decide(rule, before, NO_DATA, at(100), missing).next?.status).toBe("firing");
    expect(decide(rule, before, NO_DATA, at(101), missing).next?.status).toBe("inactive");
  });

  it("closes as missing when it has gone stale, and is kept no more", () => {
    const rule = ruleOf({ max_staleness: "1h" });
    const before = standing("firing", { seenMs: at(40) });
    expect(decide(rule, before, NO_DATA, at(99), missing).transitions).toEqual([]);
    const { next, transitions } = decide(rule, before, NO_DATA, at(100), missing);
    expect(next).toBeNull();
    expect(transitions).toEqual([
      { from: "firing", to: "inactive", event: "close", reason: "missing", severity: "warning" },
    ]);
  });

  it("is forgotten without a word when nothing was open", () => {
    const rule = ruleOf({ max_staleness: "1h" });
    const before = standing("inactive", { seenMs: at(40) });
    const forgotten = { next: null, transitions: [] };
    expect(decide(rule, before, OK, at(100), missing)).toEqual(forgotten);
  });

  it("goes stale as well when none has data, and waits for no others", () => {
    const rule = ruleOf({ max_staleness: "1h", no_data: "ok" });
    const before = standing("firing", { seenMs: at(99) });
    expect(decide(rule, before, NO_DATA, at(100), {}).next?.status).toBe("inactive");
    const kept = ruleOf({ max_staleness: "1h" });
    const stale = standing("firing", { seenMs: at(40) });
    expect(decide(kept, stale, NO_DATA, at(99), {}).next?.status).toBe("firing");
    expect(decide(kept, stale, NO_DATA, at(100), {}).next).toBeNull();
  });

  it("is never the one label set of a rule without groups", () => {
    const whole = (isSeen: boolean, anySeen: boolean) => presenceOf({}, { isSeen, anySeen });
    expect([whole(true, true), whole(false, false)]).toEqual([
      { labelsPresent: true },
      { labelsPresent: true },
    ]);
    const rule = ruleOf({ max_staleness: "1h", no_data: "no_data" });
    const before = standing("no_data", { seenMs: at(40) });
    expect(decide(rule, before, NO_DATA, at(9_000), whole(false, false))).toEqual({
      next: { ...before, seenMs: at(9_000) },
      transitions: [],
    });
  });

  it("is told from one that is there, and from none having data", () => {
    const grouped = (isSeen: boolean, anySeen: boolean) =>
      presenceOf({ agent: "a" }, { isSeen, anySeen }).labelsPresent;
    expect([grouped(true, true), grouped(false, true), grouped(false, false)]).toEqual([
      ...[undefined, false, undefined],
    ]);
  });
});

describe("damping", () => {
  const flip = (count: number) => Array.from({ length: count }, (_, n) => (n % 2 ? OK : breach()));

  it("begins at the fourth opening within half an hour and says so once", () => {
    expect(run(ruleOf(), flip(16)).told.map(([minute, event]) => [minute, event])).toEqual([
      [0, "open"],
      [1, "close"],
      [2, "open"],
      [3, "close"],
      [4, "open"],
      [5, "close"],
      [6, "flapping"],
    ]);
  });

  it("ends when nothing has turned for a quarter of an hour, with the state of then", () => {
    const rest = (outcome: Outcome) => Array.from({ length: 16 }, () => outcome);
    const firing = run(ruleOf(), [...flip(9), ...rest(breach())]);
    expect(firing.told.at(-1)).toEqual([23, "flapping_ended", "warning"]);
    expect(firing.instance).toMatchObject({ status: "firing", flappingMs: null, openings: [] });
    const quiet = run(ruleOf(), [...flip(8), ...rest(OK)]);
    expect(quiet.told.at(-1)).toEqual([22, "flapping_ended", "warning"]);
    expect(quiet.instance?.status).toBe("inactive");
  });

  it("does not begin when the four lie farther apart", () => {
    const slow = [0, 11, 22, 33].flatMap((minute) => [minute, minute + 1]);
    const outcomes = Array.from({ length: 40 }, (_, minute) =>
      slow.includes(minute) && slow.indexOf(minute) % 2 === 0 ? breach() : OK,
    );
    const { told } = run(ruleOf(), outcomes);
    expect(told.filter(([, event]) => event === "open")).toHaveLength(4);
  });

  it("still says why it closed, to the record", () => {
    const damped = standing("firing", { flappingMs: at(95), turnedMs: at(95) });
    expect(decide(ruleOf(), damped, OK, at(100)).transitions).toEqual([
      { from: "firing", to: "inactive", event: null, reason: "recovered", severity: "warning" },
    ]);
  });
});

describe("from outside", () => {
  it("what is open closes with the reason", () => {
    for (const status of ["firing", "recovering", "no_data"] as const)
      expect(closeFor(standing(status), "paused", at(100))).toEqual({
        next: null,
        transitions: [
          { from: status, to: "inactive", event: "close", reason: "paused", severity: "warning" },
        ],
      });
  });

  it("what is pending goes without a word", () =>
    expect(closeFor(standing("pending"), "deleted", at(100)).transitions).toEqual([
      { from: "pending", to: "inactive", event: null, reason: "deleted", severity: "warning" },
    ]));

  it("those who were told that it flaps are told of its end", () => {
    const damped = { flappingMs: at(95), turnedMs: at(99) };
    const events = (status: Status) =>
      closeFor(standing(status, damped), "rule_changed", at(100)).transitions.map(
        ({ event }) => event,
      );
    expect(events("firing")).toEqual(["close"]);
    expect(events("inactive")).toEqual(["flapping_ended"]);
  });
});

describe("a session that ends", () => {
  const ended = (severity: Severity | null): Outcome => ({ kind: "ended", value: 60, severity });
  const events = (instance: Instance | null, severity: Severity | null) =>
    decide(ruleOf(), instance, ended(severity), at(100)).transitions.map(
      ({ event, reason }) => reason ?? event,
    );

  it("closes its alert", () => expect(events(standing("firing"), null)).toEqual(["ended"]));
  it("is no alert when it never was", () => expect(events(null, null)).toEqual([]));
  it("is told of when it came too far between two ticks", () =>
    expect(events(null, "critical")).toEqual(["open", "ended"]));
  it("is told of when it got worse between two ticks", () =>
    expect(events(standing("firing"), "critical")).toEqual(["escalate", "ended"]));
  it("is not told of as easing at its end", () =>
    expect(events(standing("firing", { severity: "critical" }), "warning")).toEqual(["ended"]));
});

it("no clock runs over ticks that nobody decides", () => {
  expect(afterGap(standing("pending"), at(500)).sinceMs).toBe(at(500));
  expect(afterGap(standing("firing"), at(500))).toEqual(standing("firing"));
  const recovering = afterGap(standing("recovering", { lowMs: at(91) }), at(500));
  expect(recovering).toMatchObject({ sinceMs: at(90), okMs: at(500), lowMs: at(500) });
});

it("nothing has been later than the tick that the clock went back to", () => {
  for (const status of ["pending", "firing", "recovering", "no_data"] as const) {
    const stamps = { openings: [at(80), at(95)], flappingMs: at(95), turnedMs: at(95) };
    const back = afterStepBack(standing(status, stamps), at(85));
    const { openings, status: same, severity, ...times } = back;
    expect(same).toBe(status);
    expect(openings).toEqual([at(80), at(85)]);
    for (const time of Object.values(times))
      if (time !== null) expect(time).toBeLessThanOrEqual(at(85));
  }
});
