import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  along,
  around,
  instantAt,
  isSqueezed,
  panned,
  scaleOf,
  squeezeIdle,
  straight,
  subtract,
  type TimeWarp,
  ticksOf,
  within,
  zoomed,
} from "@/lib/sessions/timeline";

const S = 1_000_000;
const bounds = { fromUs: 1_000 * S, toUs: 1_600 * S };
const win = (from: number, to: number) => ({ fromUs: from * S, toUs: to * S });

/** 10 s of work, 9 min of waiting, 50 s of work. */
const squeezed = squeezeIdle({ bounds, idle: [win(1010, 1550)], busy: [] });

const warps: [string, TimeWarp][] = [
  ["straight", straight(bounds)],
  ["squeezed", squeezed],
];
const anInstant = fc.integer({ min: bounds.fromUs, max: bounds.toUs });
const aWindow = fc
  .tuple(anInstant, anInstant)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({ fromUs: Math.min(a, b), toUs: Math.max(a, b) }));

describe.each(warps)("a %s timeline", (_, warp) => {
  it("finds back every instant from its place", () => {
    fc.assert(
      fc.property(anInstant, (us) => {
        expect(Math.abs(instantAt(warp, along(warp, us)) - us)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("never runs backwards", () => {
    fc.assert(
      fc.property(aWindow, ({ fromUs, toUs }) => {
        expect(along(warp, toUs)).toBeGreaterThan(along(warp, fromUs));
      }),
    );
  });

  it("keeps the instant under the pointer while zooming in", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 900, noNaN: true }), (x) => {
        const scale = scaleOf(bounds, 900, warp);
        const anchorUs = scale.us(x);
        const window = zoomed({ scale, bounds, anchorUs, factor: 1.5 });
        expect(Math.abs(scaleOf(window, 900, warp).x(anchorUs) - x)).toBeLessThan(1);
      }),
    );
  });

  it("stays inside the session however one zooms and pans", () => {
    const move = fc.record({
      factor: fc.double({ min: 0.05, max: 20, noNaN: true }),
      anchorUs: anInstant,
      pixels: fc.integer({ min: -3000, max: 3000 }),
    });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
        let window = bounds;
        for (const { factor, anchorUs, pixels } of moves) {
          window = zoomed({ scale: scaleOf(window, 700, warp), bounds, anchorUs, factor });
          window = panned(scaleOf(window, 700, warp), bounds, pixels);
          expect(window.fromUs).toBeGreaterThanOrEqual(bounds.fromUs - 1);
          expect(window.toUs).toBeLessThanOrEqual(bounds.toUs + 1);
          expect(window.toUs).toBeGreaterThan(window.fromUs);
        }
      }),
    );
  });
});

describe("squeezing idle time", () => {
  it("gives the wait a sliver and the work the rest", () => {
    const scale = scaleOf(bounds, 1000, squeezed);
    expect(isSqueezed(squeezed)).toBe(true);
    expect(scale.x(1010 * S)).toBeCloseTo(160, 0);
    expect(scale.x(1550 * S) - scale.x(1010 * S)).toBeCloseTo(38, 0);
  });

  it("leaves alone what is short, and what only looks idle because a child works", () => {
    expect(isSqueezed(squeezeIdle({ bounds, idle: [win(1010, 1020)], busy: [] }))).toBe(false);
    const busy = [win(1005, 1560)];
    expect(isSqueezed(squeezeIdle({ bounds, idle: [win(1010, 1550)], busy }))).toBe(false);
    expect(isSqueezed(squeezeIdle({ bounds, idle: [bounds], busy: [] }))).toBe(false);
  });

  it.each([
    ["nothing to take away", [win(1010, 1020)], [], [win(1010, 1020)]],
    [
      "a hole in the middle",
      [win(1010, 1020)],
      [win(1012, 1015)],
      [win(1010, 1012), win(1015, 1020)],
    ],
    [
      "holes that overlap",
      [win(1010, 1020)],
      [win(1005, 1012), win(1011, 1014)],
      [win(1014, 1020)],
    ],
    ["a hole over all", [win(1010, 1020)], [win(1000, 1600)], []],
    [
      "one hole over two parts",
      [win(1010, 1020), win(1030, 1040)],
      [win(1015, 1035)],
      [win(1010, 1015), win(1035, 1040)],
    ],
    [
      "parts that overlap",
      [win(1010, 1030), win(1020, 1040)],
      [],
      [win(1010, 1030), win(1030, 1040)],
    ],
    ["beyond the bounds", [win(900, 1010)], [], [win(1000, 1010)]],
  ])("subtracts: %s", (_, from, minus, expected) => {
    expect(subtract(from, minus, bounds)).toEqual(expected);
  });

  it("subtracts lengths exactly, for any parts and holes", () => {
    const parts = fc.array(aWindow, { maxLength: 8 });
    const covers = (list: readonly { fromUs: number; toUs: number }[], us: number) =>
      list.some((part) => part.fromUs <= us && us < part.toUs);
    fc.assert(
      fc.property(parts, parts, anInstant, (from, minus, us) => {
        const out = subtract(from, minus, bounds);
        expect(covers(out, us)).toBe(covers(from, us) && !covers(minus, us));
      }),
    );
  });
});

describe("the window", () => {
  it("is moved inside rather than cut, and never closer than a millisecond", () => {
    const warp = straight(bounds);
    expect(within(win(990, 1100), bounds, warp)).toEqual(win(1000, 1110));
    expect(within(win(1550, 1700), bounds, warp)).toEqual(win(1450, 1600));
    expect(within(win(0, 9000), bounds, warp)).toEqual(bounds);
    expect(within({ fromUs: 1100 * S, toUs: 1100 * S }, bounds, warp)).toEqual({
      fromUs: 1100 * S,
      toUs: 1100 * S + 1000,
    });
  });

  it("leaves air around what it is turned to", () => {
    expect(around(win(1100, 1110), bounds, straight(bounds))).toEqual(win(1094, 1116));
  });
});

describe("ticks", () => {
  it.each([
    [600, 1000, 60_000],
    [10, 1000, 1000],
    [0.05, 1000, 5],
    [86_400 * 30, 1000, 604_800_000],
  ])("over %s s in %s px stand every %s ms", (seconds, width, stepMs) => {
    const window = { fromUs: bounds.fromUs, toUs: bounds.fromUs + seconds * S };
    const ticks = ticksOf(scaleOf(window, width, straight(window)));
    expect(ticks.stepMs).toBe(stepMs);
    expect(ticks.atUs.every((us) => us % (stepMs * 1000) === 0)).toBe(true);
  });

  it("tell the finest step where squeezed and plain time stand side by side", () => {
    const window = { fromUs: bounds.fromUs, toUs: bounds.toUs };
    const { stepMs } = ticksOf(scaleOf(window, 1000, squeezed));
    // 60 s of work over 960 px: one label every 100 px is one every 6 s.
    expect(stepMs).toBeGreaterThan(5000);
    expect(stepMs).toBeLessThan(8000);
  });

  it("never crowd, straight or squeezed", () => {
    for (const [, warp] of warps) {
      for (const width of [60, 320, 1440]) {
        const scale = scaleOf(bounds, width, warp);
        const xs = ticksOf(scale).atUs.map(scale.x);
        const gaps = xs.slice(1).map((x, at) => x - (xs[at] ?? 0));
        expect(Math.min(96, ...gaps)).toBeGreaterThan(95);
        expect(xs.every((x) => x >= -1 && x <= width + 1)).toBe(true);
      }
    }
  });
});
