import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CONFIDENCE,
  type DayAhead,
  forecast,
  MOST_DAYS,
  type SpentDay,
} from "@/lib/costs/forecast";

const USD = 1_000_000_000;
const days = (count: number, costOf: (at: number) => number): SpentDay[] =>
  Array.from({ length: count }, (_, at) => ({ weekday: at % 7, nanos: Math.round(costOf(at)) }));
/** The whole days after so many. */
const ahead = (known: number, count: number): DayAhead[] =>
  Array.from({ length: count }, (_, at) => ({ weekday: (known + at) % 7, share: 1 }));

/** The same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

describe("what is still to be spent", () => {
  it("is not said with fewer than seven days", () => {
    expect(
      forecast(
        days(6, () => USD),
        ahead(6, 3),
      ),
    ).toBeNull();
    expect(
      forecast(
        days(7, () => USD),
        ahead(7, 3),
      ),
    ).not.toBeNull();
  });

  it("is what every day cost, to the nano-dollar, where all cost the same", () => {
    const cost = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(fc.integer({ min: 7, max: 80 }), cost, (count, cents) => {
        const nanos = cents * 10_000_000;
        const found = forecast(
          days(count, () => nanos),
          ahead(count, 5),
        );
        for (const [at, { expected, low, high }] of (found ?? []).entries()) {
          const sum = nanos * (at + 1);
          for (const figure of [expected, low, high])
            expect(Math.abs(figure - sum)).toBeLessThanOrEqual(sum * 1e-9);
        }
      }),
    );
  });

  it("follows the weekdays: eight weeks without weekends foretell next week's within some percent", () => {
    const cost = (at: number) => (at % 7 >= 5 ? 10 : 100) * USD;
    const found = forecast(days(56, cost), ahead(56, 7)) ?? [];
    const perDay = found.map(({ expected }, at) => expected - (found[at - 1]?.expected ?? 0));
    for (const each of perDay.slice(0, 5)) expect(each / USD).toBeGreaterThan(94);
    for (const each of perDay.slice(5)) expect(each / USD).toBeLessThan(25);
    expect(Math.abs((found.at(-1)?.expected ?? 0) / (520 * USD) - 1)).toBeLessThan(0.02);
  });

  it("follows a new level within weeks, and says that it is unsure meanwhile", () => {
    const found = forecast(
      days(56, (at) => (at < 42 ? 10 : 20) * USD),
      ahead(56, 1),
    )?.[0];
    expect((found?.expected ?? 0) / USD).toBeGreaterThan(14.5);
    expect((found?.high ?? 0) / USD).toBeGreaterThan(20);
  });

  it("counts what is left of a day for so much, and forgets what is longer ago than eight weeks", () => {
    const known = days(MOST_DAYS, (at) => (1 + (at % 5)) * USD);
    const [half] = forecast(known, [{ weekday: 0, share: 0.5 }]) ?? [];
    const [whole] = forecast(known, [{ weekday: 0, share: 1 }]) ?? [];
    expect(half?.expected).toBeCloseTo((whole?.expected ?? 0) / 2, -1);
    const older = days(7, () => 1_000 * USD);
    expect(forecast([...older, ...known], ahead(0, 9))).toEqual(forecast(known, ahead(0, 9)));
  });

  it("never falls, has its interval around it, and scales with the money", () => {
    const costs = fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 7, maxLength: 60 });
    fc.assert(
      fc.property(costs, (cents) => {
        const known = (times: number) => days(cents.length, (at) => (cents[at] ?? 0) * times);
        const found = forecast(known(10_000_000), ahead(cents.length, 10)) ?? [];
        for (const [at, { expected, low, high }] of found.entries()) {
          expect(0 <= low && low <= expected && expected <= high).toBe(true);
          expect(expected).toBeGreaterThanOrEqual(found[at - 1]?.expected ?? 0);
        }
        const twice = forecast(known(20_000_000), ahead(cents.length, 10)) ?? [];
        const [one, two] = [found.at(-1)?.high ?? 0, twice.at(-1)?.high ?? 0];
        expect(Math.abs(two - 2 * one)).toBeLessThanOrEqual(2);
      }),
    );
  });

  it.each([
    [14, 5],
    [28, 10],
    [56, 5],
    [56, 20],
  ])("after %i days, its interval holds the next %i about as often as it says", (count, next) => {
    const seeds = 600;
    let held = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const draw = random(seed * 7919);
      const noise = () => Math.exp(0.5 * (draw() + draw() + draw() + draw() - 2) * Math.sqrt(3));
      const cost = (at: number) => 50 * USD * (at % 7 >= 5 ? 0.3 : 1) * noise();
      const [all, coming] = [days(count, cost), days(count + next, cost).slice(count)];
      const sum = coming.reduce((total, { nanos }) => total + nanos, 0);
      const found = forecast(all, ahead(count, next))?.at(-1);
      if (found && found.low <= sum && sum <= found.high) held++;
    }
    expect(held / seeds).toBeGreaterThan(CONFIDENCE - 0.08);
    expect(held / seeds).toBeLessThan(CONFIDENCE + 0.12);
  });
});
