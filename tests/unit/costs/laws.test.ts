import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sumTokens } from "@/lib/costs/covered";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { priceRequest, priceSession, usageKey } from "@/lib/costs/pricing";
import { tokenGap } from "@/lib/costs/reconcile";
import { type CoveredTokens, SessionCost, type SessionCostInput } from "@/lib/costs/schema";

const READ_CHANGE_US = Date.UTC(2026, 9, 7) * 1000;

const models = [...new Set(PRICE_BOOK.rows.flatMap((row) => row.models))];
const model = fc.constantFrom<(string | null)[]>(...models, "claude-next", null);
const geo = fc.constantFrom<(string | null)[]>(null, "global", "us", "mars");
const speed = fc.constantFrom<(string | null)[]>(null, "standard", "fast", "warp");
const atUs = fc.integer({ min: READ_CHANGE_US - 5, max: READ_CHANGE_US + 5 });
const count = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 200_000 }));

const request = fc
  .record({
    model,
    geo,
    speed,
    atUs,
    tokens: fc.record({ input: count, cacheWrite: count, cacheRead: count, output: count }),
  })
  .map((one) => {
    const { input, cacheWrite, cacheRead } = one.tokens;
    const key = usageKey({ ...one, promptTokens: input + cacheWrite + cacheRead });
    const covered: CoveredTokens = { model: one.model, geo: one.geo, key, tokens: one.tokens };
    return { ...one, covered };
  });
const requests = fc.array(request, { maxLength: 12 });

const maybe = fc.option(fc.nat({ max: 1_000_000 }), { nil: null });
const rest = fc.record({
  usage: fc.record({
    inputTokens: maybe,
    cacheWrite5mTokens: maybe,
    cacheWrite1hTokens: maybe,
    cacheReadTokens: maybe,
    outputTokens: maybe,
  }),
  sessionModel: model,
  sessionGeo: geo,
  sessionSpeed: speed,
  residualAtUs: fc.option(atUs, { nil: null }),
  activeMs: maybe,
  runtimeBilled: fc.boolean(),
  webSearches: fc.nat({ max: 50 }),
  listCostCents: fc.option(fc.nat({ max: 5000 }), { nil: null }),
  graderTokens: fc.boolean(),
  quantitiesGiven: fc.boolean(),
  settled: fc.boolean(),
});

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const tokensOf = (covered: readonly CoveredTokens[]) =>
  sum(covered.flatMap(({ tokens }) => Object.values(tokens)));

describe("the cost of a session", () => {
  it("does not depend on the order or partition of what is covered", () => {
    const shuffled = requests.chain((list) =>
      fc.tuple(
        fc.constant(list.map(({ covered }) => covered)),
        fc.shuffledSubarray(
          list.map(({ covered }) => covered),
          { minLength: list.length },
        ),
      ),
    );
    fc.assert(
      fc.property(shuffled, rest, ([list, other], given) => {
        const cost = priceSession({ covered: list, ...given });
        expect(priceSession({ covered: other, ...given })).toEqual(cost);
        const halves = other.flatMap((item) => {
          const half = { ...item.tokens };
          for (const bucket of ["input", "cacheWrite", "cacheRead", "output"] as const) {
            half[bucket] = Math.floor(half[bucket] / 2);
          }
          const left = {
            input: item.tokens.input - half.input,
            cacheWrite: item.tokens.cacheWrite - half.cacheWrite,
            cacheRead: item.tokens.cacheRead - half.cacheRead,
            output: item.tokens.output - half.output,
          };
          return [
            { ...item, tokens: half },
            { ...item, tokens: left },
          ];
        });
        expect(priceSession({ covered: halves, ...given })).toEqual(cost);
      }),
      { numRuns: 300 },
    );
  });

  it("is whole, exact, not negative, and the sum of its parts", () => {
    fc.assert(
      fc.property(requests, rest, (list, given) => {
        const input: SessionCostInput = { covered: list.map(({ covered }) => covered), ...given };
        const cost = priceSession(input);
        // The schema admits non-negative safe integers alone, the drift aside.
        expect(SessionCost.parse(cost)).toEqual(cost);
        expect(cost.computedNanos).toBe(cost.tokensNanos + cost.runtimeNanos + cost.webSearchNanos);
        expect(cost.driftNanos).toBe(
          given.listCostCents === null ? null : cost.computedNanos - given.listCostCents * 1e7,
        );
        expect(cost.unpricedTokens).toBeLessThanOrEqual(
          tokensOf(input.covered) + cost.missingThreadTokens,
        );
      }),
      { numRuns: 300 },
    );
  });

  it("is the sum of its requests, but for rounding", () => {
    fc.assert(
      fc.property(requests, rest, (list, given) => {
        const { cacheWrite5mTokens: write5m, cacheWrite1hTokens: write1h } = given.usage;
        const split = write5m === null || write1h === null ? null : { write5m, write1h };
        const nothing = { inputTokens: null, cacheReadTokens: null, outputTokens: null };
        const written = sum(list.map(({ tokens }) => tokens.cacheWrite));
        // Without a residual: a snapshot that names the split of what was written, or nothing.
        const covers = split === null || written >= split.write5m + split.write1h;
        const usage = {
          ...nothing,
          cacheWrite5mTokens: covers ? (split?.write5m ?? null) : null,
          cacheWrite1hTokens: covers ? (split?.write1h ?? null) : null,
        };
        const whole = priceSession({
          ...given,
          usage,
          covered: list.map(({ covered }) => covered),
        });
        const parts = list.map((one) => priceRequest({ ...one, split: covers ? split : null }));
        expect(whole.unpricedTokens).toBe(sum(parts.map((part) => part.unpricedTokens)));
        // Half a nano for each rounding; and where writes are split, for each request up to one
        // token and a half on the other side, at most the $11.25 × 1.1 per million between them.
        const roundings = (list.length + 1) / 2;
        const splits = covers && split ? list.length * 1.5 * 12_375 : 0;
        const off = Math.abs(whole.tokensNanos - sum(parts.map((part) => part.nanos)));
        expect(off).toBeLessThanOrEqual(roundings + splits);
      }),
      { numRuns: 300 },
    );
  });

  it("prices each token of spans and snapshot exactly once", () => {
    const flat = { ...PRICE_BOOK, rows: PRICE_BOOK.rows.map((row) => ({ ...row, ...ONE_NANO })) };
    fc.assert(
      fc.property(requests, rest, (list, given) => {
        const covered = list.map((one) => one.covered);
        const cost = priceSession({ covered, ...given }, flat);
        expect(cost.tokensNanos + cost.unpricedTokens).toBe(
          tokensOf(covered) + cost.missingThreadTokens,
        );
      }),
      { numRuns: 300 },
    );
  });

  it("tells by how many tokens a settled session's usage and spans differ", () => {
    fc.assert(
      fc.property(requests, rest, (list, given) => {
        const covered = list.map((one) => one.covered);
        const cost = priceSession({ covered, ...given, settled: true });
        const surplus =
          tokensOf(covered) + cost.missingThreadTokens - sum(Object.values(cost.usage));
        const spans = sumTokens(covered.map(({ tokens }) => tokens));
        expect(tokenGap(cost.usage, spans)).toBe(cost.missingThreadTokens + surplus);
      }),
      { numRuns: 300 },
    );
  });

  it("shows no bucket below what the spans know until it is settled", () => {
    fc.assert(
      fc.property(requests, rest, (list, given) => {
        const covered = list.map((one) => one.covered);
        const { usage } = priceSession({ covered, ...given, settled: false });
        const spans = (bucket: keyof CoveredTokens["tokens"]) =>
          sum(covered.map(({ tokens }) => tokens[bucket]));
        expect(usage.inputTokens).toBe(Math.max(spans("input"), given.usage.inputTokens ?? 0));
        expect(usage.outputTokens).toBe(Math.max(spans("output"), given.usage.outputTokens ?? 0));
        expect(usage.cacheWrite5mTokens + usage.cacheWrite1hTokens).toBe(
          Math.max(
            spans("cacheWrite"),
            (given.usage.cacheWrite5mTokens ?? 0) + (given.usage.cacheWrite1hTokens ?? 0),
          ),
        );
      }),
      { numRuns: 300 },
    );
  });
});

/** Every token costs a nano everywhere, so that a cost counts tokens. */
const ONE_NANO = {
  inputPico: 1000,
  cacheWrite5mPico: 1000,
  cacheWrite1hPico: 1000,
  cacheReadPico: 1000,
  outputPico: 1000,
  geoPermille: { global: 1000, us: 1000 },
};
