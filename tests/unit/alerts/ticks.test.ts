import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextTick, offsetOf, ticksDue } from "@/lib/alerts/ticks";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A round hour. */
const NOON = Date.UTC(2026, 10, 20, 12);

describe("offsets", () => {
  it("are the same for a rule each time, whole seconds within its interval", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 30, max: 86_400 }), (id, seconds) => {
        const offset = offsetOf(id, seconds * 1_000);
        expect(offset).toBe(offsetOf(id, seconds * 1_000));
        expect(offset % 1_000).toBe(0);
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset).toBeLessThan(seconds * 1_000);
      }),
    );
  });

  it("spread a thousand rules over the minute", () => {
    const perSecond = new Map<number, number>();
    for (let rule = 0; rule < 1_000; rule++) {
      const offset = offsetOf(`rule_${rule}`, MINUTE);
      perSecond.set(offset, (perSecond.get(offset) ?? 0) + 1);
    }
    expect(perSecond.size).toBe(60);
    expect(Math.max(...perSecond.values())).toBeLessThan(40);
  });
});

it("the next tick is the first after an instant, aligned to the epoch and the rule's own offset", () => {
  expect(nextTick(NOON, MINUTE, 0)).toBe(NOON + MINUTE);
  expect(nextTick(NOON - 1, MINUTE, 0)).toBe(NOON);
  expect(nextTick(NOON, MINUTE, 7_000)).toBe(NOON + 7_000);
  expect(nextTick(NOON + 7_000, MINUTE, 7_000)).toBe(NOON + MINUTE + 7_000);
});

describe("ticks that are due", () => {
  const due = (cursorMs: number | null, nowMs: number, everyMs = MINUTE) =>
    ticksDue({ cursorMs, nowMs, everyMs, offsetMs: 0 });

  it("are none before the next one", () =>
    expect(due(NOON, NOON + MINUTE - 1)).toEqual({ ticks: [], skipped: 0 }));

  it("are the next one from its instant on", () =>
    expect(due(NOON, NOON + MINUTE)).toEqual({ ticks: [NOON + MINUTE], skipped: 0 }));

  it("of a new rule are the newest alone", () =>
    expect(due(null, NOON + 90_000)).toEqual({ ticks: [NOON + MINUTE], skipped: 0 }));

  it("are the missed ones in their order", () =>
    expect(due(NOON, NOON + 3.5 * MINUTE).ticks).toEqual([1, 2, 3].map((n) => NOON + n * MINUTE)));

  it("are sixty at most, the newest", () => {
    const { ticks, skipped } = due(NOON, NOON + 100 * MINUTE);
    expect(ticks).toHaveLength(60);
    expect(ticks.at(-1)).toBe(NOON + 100 * MINUTE);
    expect(skipped).toBe(40);
  });

  it("go back six hours at most", () => {
    const { ticks, skipped } = due(NOON, NOON + 9 * HOUR, 30 * MINUTE);
    expect(ticks[0]).toBe(NOON + 3 * HOUR);
    expect(ticks).toHaveLength(13);
    expect(skipped).toBe(5);
  });

  it("have the newest among them even when it is older", () => {
    const midnight = Date.UTC(2026, 10, 20);
    const { ticks, skipped } = due(midnight - 3 * DAY, midnight + 9 * HOUR, DAY);
    expect(ticks).toEqual([midnight]);
    expect(skipped).toBe(2);
  });

  it("come out the same however often one looks", () => {
    const looks = fc.array(fc.integer({ min: 1, max: 50 * MINUTE }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(looks, fc.integer({ min: 0, max: 59 }), (steps, second) => {
        const offsetMs = second * 1_000;
        const ask = (cursorMs: number, nowMs: number) =>
          ticksDue({ cursorMs, nowMs, everyMs: MINUTE, offsetMs }).ticks;
        const seen: number[] = [];
        let now = NOON;
        for (const step of steps) {
          now += step;
          seen.push(...ask(seen.at(-1) ?? NOON, now));
        }
        const wanted: number[] = [];
        for (let at = nextTick(NOON, MINUTE, offsetMs); at <= now; at += MINUTE) wanted.push(at);
        expect(seen).toEqual(wanted);
      }),
    );
  });
});
