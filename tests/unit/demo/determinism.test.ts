import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { simulateLongSession } from "@/lib/demo/long";
import { DemoOptions, type DemoSession } from "@/lib/demo/schema";
import { simulateFleet } from "@/lib/demo/simulate";

const OPTIONS = { seed: 7, days: 5, sessions: 150, nowUs: 1_795_188_000_123_456 };

function digest(sessions: Iterable<DemoSession>): string {
  const hash = createHash("sha256");
  for (const demo of sessions) hash.update(JSON.stringify(demo));
  return hash.digest("hex");
}

describe("the simulator is a pure function of its options", () => {
  it("gives byte-identical sessions for the same options", () => {
    expect(digest(simulateFleet(OPTIONS))).toBe(digest(simulateFleet({ ...OPTIONS })));
  });

  it("does not depend on what else is simulated meanwhile", () => {
    const apart = digest(simulateFleet(OPTIONS));
    const hash = createHash("sha256");
    const other = simulateFleet({ ...OPTIONS, seed: 8 });
    for (const demo of simulateFleet(OPTIONS)) {
      other.next();
      hash.update(JSON.stringify(demo));
    }
    expect(hash.digest("hex")).toBe(apart);
  });

  it("gives others for another seed, another length and another now", () => {
    const own = digest(simulateFleet(OPTIONS));
    expect(digest(simulateFleet({ ...OPTIONS, seed: 8 }))).not.toBe(own);
    expect(digest(simulateFleet({ ...OPTIONS, days: 6 }))).not.toBe(own);
    expect(digest(simulateFleet({ ...OPTIONS, nowUs: OPTIONS.nowUs + 1 }))).not.toBe(own);
  });

  it.each([
    [1, 1],
    [1, 30],
    [30, 13],
    [365, 400],
  ])("yields as many sessions as asked for: %i days, %i sessions", (days, sessions) => {
    const all = [...simulateFleet({ ...OPTIONS, days, sessions })];
    expect(all).toHaveLength(sessions);
    const created = all.map((demo) => demo.session.created_at);
    expect(created).toEqual([...created].sort());
  });

  it("gives the same long session every time", () => {
    const options = { seed: "long", events: 800, nowUs: OPTIONS.nowUs };
    expect(digest([simulateLongSession(options)])).toBe(digest([simulateLongSession(options)]));
  });

  it("refuses options nobody can simulate", () => {
    expect(DemoOptions.safeParse({ nowUs: OPTIONS.nowUs }).data).toEqual({
      seed: "watchkeeper",
      days: 30,
      sessions: 5_000,
      nowUs: OPTIONS.nowUs,
    });
    expect(DemoOptions.safeParse({ ...OPTIONS, days: 0 }).success).toBe(false);
    expect(DemoOptions.safeParse({ ...OPTIONS, sessions: 1.5 }).success).toBe(false);
    expect(DemoOptions.safeParse({ ...OPTIONS, nowUs: -1 }).success).toBe(false);
  });
});
