import { describe, expect, it } from "vitest";
import { Random } from "@/lib/demo/random";

describe("seeded numbers", () => {
  it("repeat for a label and differ for another", () => {
    const draw = (label: string) => {
      const random = new Random(label);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });

  it("fork into streams that do not depend on what was drawn before", () => {
    const drawn = new Random("a");
    drawn.next();
    drawn.id("sevt");
    expect(drawn.fork("ids").next()).toBe(new Random("a").fork("ids").next());
    expect(drawn.fork("ids").next()).not.toBe(drawn.fork("text").next());
  });

  it("are uniform, and integers hold both ends", () => {
    const random = new Random("uniform");
    const counts = new Map<number, number>();
    for (let i = 0; i < 60_000; i += 1) {
      const face = random.int(1, 6);
      counts.set(face, (counts.get(face) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it("weigh choices and spread log-normally around the median", () => {
    const random = new Random("weights");
    const picks = Array.from({ length: 10_000 }, () =>
      random.weighted([
        ["often", 3],
        ["seldom", 1],
        ["never", 0],
      ] as const),
    );
    expect(picks.filter((pick) => pick === "often").length).toBeGreaterThan(7_200);
    expect(picks).not.toContain("never");
    const values = Array.from({ length: 10_001 }, () => random.logNormal(200, 1)).sort(
      (a, b) => a - b,
    );
    expect(Math.abs((values[5_000] ?? 0) - 200)).toBeLessThan(12);
    const inside = values.filter((value) => value > 200 / Math.E && value < 200 * Math.E).length;
    expect(Math.abs(inside / values.length - 0.683)).toBeLessThan(0.02);
  });

  it("refuse to pick from nothing", () => {
    const random = new Random("empty");
    expect(() => random.pick([])).toThrow(RangeError);
    expect(() => random.weighted([])).toThrow(RangeError);
  });

  it("make ids in the API's style, without repetition", () => {
    const random = new Random("ids");
    const ids = new Set(Array.from({ length: 20_000 }, () => random.id("sevt")));
    expect(ids.size).toBe(20_000);
    for (const id of ids) expect(id).toMatch(/^sevt_01[1-9A-HJ-NP-Za-km-z]{22}$/);
  });
});
