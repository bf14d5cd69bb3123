import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Clocks, decide } from "@/lib/alerts/machine";
import { severityRank } from "@/lib/alerts/rule-schema";
import {
  type Instance,
  type Outcome,
  SEVERITIES,
  type Status,
  type Transition,
} from "@/lib/alerts/schema";
import { FLAP_WITHIN_MS, FLAPS, isOpenStatus } from "@/lib/alerts/turns";
import { judged } from "../../support/rules";

const MINUTE = 60_000;

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...SEVERITIES).map(bad) },
  { weight: 4, arbitrary: fc.constant<Outcome>({ kind: "ok", value: 0 }) },
  fc.constant<Outcome>({ kind: "low", value: null }),
  fc.constant<Outcome>({ kind: "no_data" }),
  fc.constant<Outcome>({ kind: "error" }),
);

function bad(severity: (typeof SEVERITIES)[number]): Outcome {
  return { kind: "breach", severity, value: 1 };
}

/** Some of a kind come in a row, as they do in life. */
const course = fc
  .array(fc.tuple(outcome, fc.integer({ min: 1, max: 12 })), { minLength: 1, maxLength: 40 })
  .map((runs) => runs.flatMap(([one, count]) => Array.from({ length: count }, () => one)));

const minutes = fc.integer({ min: 0, max: 8 }).map((count) => `${count}m`);
const rule: fc.Arbitrary<Clocks> = fc
  .record({
    for: minutes,
    keep_firing_for: minutes,
    low_volume_hold: minutes,
    no_data_for: minutes,
    new_group_delay: minutes,
    no_data: fc.constantFrom("keep_last", "ok", "firing", "no_data"),
  })
  .map((clocks) => judged({ kind: "ratio", metric: "failure_rate", fire: 0.2, ...clocks }));

type Step = { tick: number; before: Instance | null; after: Instance | null; told: Transition[] };

function follow(clocks: Clocks, outcomes: readonly Outcome[]): Step[] {
  let instance: Instance | null = null;
  return outcomes.map((one, minute) => {
    const before = instance;
    const { next, transitions } = decide(clocks, before, one, minute * MINUTE);
    instance = next;
    return { tick: minute * MINUTE, before, after: next, told: transitions };
  });
}

const holds = (check: (steps: Step[], clocks: Clocks, outcomes: readonly Outcome[]) => void) =>
  fc.assert(
    fc.property(rule, course, (clocks, outcomes) => {
      check(follow(clocks, outcomes), clocks, outcomes);
    }),
  );

const statusOf = (instance: Instance | null): Status => instance?.status ?? "inactive";

describe("whatever comes", () => {
  it("transitions join up, and the last one is how it stands", () =>
    holds((steps) => {
      for (const { before, after, told } of steps) {
        let status = statusOf(before);
        for (const { from, to } of told) {
          expect(from).toBe(status);
          status = to;
        }
        expect(statusOf(after)).toBe(status);
      }
    }));

  it("nothing fires before its time", () =>
    holds((steps, { forMs }) => {
      let pendingMs: number | null = null;
      for (const { tick, told } of steps)
        for (const { from, to } of told) {
          if (to === "pending") pendingMs = tick;
          if (to === "firing" && !isOpenStatus(from))
            expect(tick - (pendingMs ?? tick)).toBeGreaterThanOrEqual(forMs);
          if (to === "firing" && from === "inactive") expect(forMs).toBe(0);
          if (to !== "pending") pendingMs = null;
        }
    }));

  it("an opening comes after a close, and a close after an opening", () =>
    holds((steps) => {
      let isOpen = false;
      for (const { from, to, reason } of steps.flatMap(({ told }) => told)) {
        if (isOpenStatus(from) === isOpenStatus(to)) continue;
        expect(isOpenStatus(from)).toBe(isOpen);
        isOpen = isOpenStatus(to);
        expect(reason === null).toBe(isOpen);
      }
    }));

  it("who is told only of what is worth it hears the same, damping and all", () =>
    holds((steps) => {
      let heard: "closed" | "open" | "flapping" = "closed";
      for (const { event, to } of steps.flatMap(({ told }) => told)) {
        if (event === "open") expect(heard).toBe("closed");
        if (event === "close") expect(heard).toBe("open");
        if (event === "escalate" || event === "ease") expect(heard).toBe("open");
        if (event === "flapping") expect(heard).toBe("closed");
        if (event === "flapping_ended") expect(heard).toBe("flapping");
        if (event === "open" || event === "no_data") heard = "open";
        if (event === "close") heard = "closed";
        if (event === "flapping") heard = "flapping";
        if (event === "flapping_ended") heard = isOpenStatus(to) ? "open" : "closed";
      }
    }));

  it("three openings within half an hour are told, and no more", () =>
    holds((steps) => {
      const openings = steps.flatMap(({ tick, told }) =>
        told.some(({ event }) => event === "open") ? [tick] : [],
      );
      for (const [at, tick] of openings.entries()) {
        const others = openings.slice(Math.max(0, at - FLAPS + 1), at);
        if (others.length === FLAPS - 1)
          expect(tick - (others[0] ?? 0)).toBeGreaterThan(FLAP_WITHIN_MS / 2);
      }
    }));

  it("worse is told as worse and better as better", () =>
    holds((steps) => {
      for (const { before, told } of steps) {
        let severity = before?.severity;
        for (const one of told) {
          const by = severityRank(one.severity) - severityRank(severity ?? one.severity);
          if (one.event === "escalate") expect(by).toBeGreaterThan(0);
          if (one.event === "ease") expect(by).toBeLessThan(0);
          severity = one.severity;
        }
      }
    }));

  it("an error changes nothing", () =>
    holds((steps, _, outcomes) => {
      for (const [at, { before, after, told }] of steps.entries())
        if (outcomes[at]?.kind === "error") {
          expect(after).toBe(before);
          expect(told).toEqual([]);
        }
    }));

  it("what is kept between ticks is all there is: as JSON it goes on the same", () =>
    holds((steps, clocks, outcomes) => {
      let stored = "null";
      const again = outcomes.map((one, minute) => {
        const before = JSON.parse(stored) as Instance | null;
        const { next, transitions } = decide(clocks, before, one, minute * MINUTE);
        stored = JSON.stringify(next);
        return { next, transitions };
      });
      expect(again).toEqual(steps.map(({ after, told }) => ({ next: after, transitions: told })));
    }));

  it("a clock that does not run is null", () =>
    holds((steps) => {
      for (const { after } of steps) {
        if (!after) continue;
        if (after.status !== "recovering") expect(after.okMs).toBeNull();
        if (!isOpenStatus(after.status)) expect([after.firedMs, after.lowMs]).toEqual([null, null]);
      }
    }));
});
