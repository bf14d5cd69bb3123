import { describe, expect, it } from "vitest";
import { leaps } from "@/lib/jobs/leap";

const MINUTE = 60_000;

/** Clocks that are set by hand: `pass` lets both go on, `turn` the one on the wall alone. */
function clocks() {
  let [wall, steady] = [1_000_000_000, 5_000];
  const look = leaps({ wallMs: () => wall, steadyMs: () => steady });
  return {
    look,
    pass: (ms: number) => {
      wall += ms;
      steady += ms;
    },
    turn: (ms: number) => {
      wall += ms;
    },
  };
}

describe("a clock that leaps", () => {
  it("is none while both go on", () => {
    const { look, pass } = clocks();
    for (const ms of [0, 5_000, 86_400_000]) {
      pass(ms);
      expect(look()).toBeNull();
    }
  });

  it.each([
    [-2 * MINUTE, true],
    [-MINUTE + 1, false],
    [11 * MINUTE, true],
    [9 * MINUTE, false],
  ])("turned by %d ms: %s", (ms, isTold) => {
    const { look, pass, turn } = clocks();
    pass(10_000);
    turn(ms);
    expect(look()).toBe(isTold ? ms : null);
    pass(5_000);
    expect(look()).toBeNull();
  });

  it("is told of small steps back once they add up, and told of once", () => {
    const { look, turn } = clocks();
    turn(-40_000);
    expect(look()).toBeNull();
    turn(-40_000);
    expect(look()).toBe(-80_000);
    expect(look()).toBeNull();
    turn(-40_000);
    expect(look()).toBeNull();
  });

  it("is told of from where it was farthest on", () => {
    const { look, turn } = clocks();
    turn(5 * MINUTE);
    expect(look()).toBeNull();
    turn(-2 * MINUTE);
    expect(look()).toBe(-2 * MINUTE);
  });
});
