import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EFFECTS, type Effect, explainChange, type Used } from "@/lib/costs/change";

const BUCKETS = ["input", "cache_write_5m", "cache_write_1h", "cache_read", "output"];
const LIST = { input: 3, cache_write_5m: 3.75, cache_write_1h: 6, cache_read: 0.3, output: 15 };
const listOf = (model: string) => (model === "unknown" ? {} : LIST);

type Tokens = Partial<Record<keyof typeof LIST, number>>;
/** Tokens at list prices times `factor`. */
const model = (tokens: Tokens, factor = 1) => {
  const all = Object.fromEntries(BUCKETS.map((name) => [name, 0]));
  const nanos = Object.entries(tokens).reduce(
    (sum, [name, count]) => sum + count * LIST[name as keyof typeof LIST] * factor,
    0,
  );
  return { tokens: { ...all, ...tokens }, nanos: Math.round(nanos) };
};
const used = (more: Partial<Omit<Used, "models">> & { models: Record<string, unknown> }): Used => ({
  ...{ sessions: 10, turns: 20, runtimeNanos: 4_000, searchNanos: 1_000, ...more },
  models: new Map(Object.entries(more.models)) as Used["models"],
});
const SONNET = { input: 1_000, cache_read: 9_000, output: 500 };
const BEFORE = used({ models: { sonnet: model(SONNET) } });

describe("what changed alone is told alone", () => {
  const scaled = (by: number) =>
    Object.fromEntries(Object.entries(SONNET).map(([name, count]) => [name, count * by]));
  it.each<[Effect, Used]>([
    [
      "sessions",
      used({
        ...{ sessions: 20, turns: 40, runtimeNanos: 8_000, searchNanos: 2_000 },
        models: { sonnet: model(scaled(2)) },
      }),
    ],
    ["turns", used({ turns: 60, models: { sonnet: model(scaled(3)) } })],
    ["tokens", used({ models: { sonnet: model(scaled(2)) } })],
    [
      "cache",
      used({ models: { sonnet: model({ input: 4_000, cache_read: 6_000, output: 500 }) } }),
    ],
    ["prices", used({ models: { sonnet: model(SONNET, 1.5) } })],
    ["models", used({ models: { sonnet: model(scaled(0.5)), opus: model(scaled(0.5), 5) } })],
    ["runtime", used({ runtimeNanos: 9_000, models: { sonnet: model(SONNET) } })],
    ["searches", used({ searchNanos: 0, models: { sonnet: model(SONNET) } })],
  ])("%s", (effect, after) => {
    const change = explainChange(BEFORE, after, listOf);
    const others = EFFECTS.filter((name) => name !== effect);
    expect(change?.effects[effect]).toBe((change?.after ?? 0) - (change?.before ?? 0));
    expect(change?.effects[effect]).not.toBe(0);
    expect(others.map((name) => change?.effects[name])).toEqual(others.map(() => 0));
  });
});

it("is not told where there is nothing to divide by", () => {
  const none = used({ sessions: 0, models: {} });
  expect(explainChange(none, BEFORE, listOf)).toBeNull();
  expect(explainChange(BEFORE, used({ turns: 0, models: {} }), listOf)).toBeNull();
});

it("a range without tokens changed their number, not their mix", () => {
  const change = explainChange(used({ models: {} }), BEFORE, listOf);
  expect(change?.effects).toMatchObject({ cache: 0, models: 0, prices: 0 });
  expect(change?.effects.tokens).toBe((change?.after ?? 0) - (change?.before ?? 0));
});

const count = fc.integer({ min: 0, max: 1_000_000 });
/** In nano-dollars a token. */
const price = fc.integer({ min: 0, max: 75_000 });
const sumOf = (tokens: Record<string, number>) =>
  Object.values(tokens).reduce((sum, each) => sum + each, 0);
const anyUsed = fc
  .record({
    sessions: fc.integer({ min: 1, max: 100 }),
    turns: fc.integer({ min: 1, max: 500 }),
    runtimeNanos: count,
    searchNanos: count,
    models: fc.dictionary(
      fc.constantFrom("sonnet", "opus", "haiku", "unknown"),
      fc.record({
        tokens: fc.record(Object.fromEntries(BUCKETS.map((name) => [name, count]))),
        price,
      }),
    ),
  })
  .map(({ models, ...rest }): Used => {
    const priced = Object.entries(models).map(([name, { tokens, price }]) => {
      return [name, { tokens, nanos: sumOf(tokens) * price }] as const;
    });
    return { ...rest, models: new Map(priced.filter(([, { tokens }]) => sumOf(tokens) > 0)) };
  });

it("bars sum to the difference of the two costs, to the nano-dollar, and are whole", () => {
  fc.assert(
    fc.property(anyUsed, anyUsed, (before, after) => {
      const change = explainChange(before, after, listOf);
      const bars = Object.values(change?.effects ?? {});
      expect(bars.every(Number.isSafeInteger)).toBe(true);
      const sum = bars.reduce((all, bar) => all + bar, 0);
      expect(sum).toBe((change?.after ?? 0) - (change?.before ?? 0));
    }),
    { numRuns: 500 },
  );
});

it("nothing changes between a range and itself", () => {
  fc.assert(
    fc.property(anyUsed, (range) => {
      const effects = Object.values(explainChange(range, range, listOf)?.effects ?? {});
      expect(effects.every((bar) => Math.abs(bar) <= 1)).toBe(true);
    }),
  );
});
