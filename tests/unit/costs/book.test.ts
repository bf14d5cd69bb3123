import { describe, expect, it } from "vitest";
import { findPrice, parseUsageKey, resolveModel, usageKey } from "@/lib/costs/book";
import { PRICE_BOOK } from "@/lib/costs/prices";
import type { PriceBook, PriceRow } from "@/lib/costs/schema";
import { microsFromIso } from "@/lib/time/micros";

function at(iso: string): number {
  const us = microsFromIso(iso);
  if (us === null) throw new Error(`no instant: ${iso}`);
  return us;
}
const NOW = at("2026-11-20T12:00:00Z");
const BEFORE_READ_CHANGE = at("2026-10-06T23:59:59.999999Z");
const READ_CHANGE = at("2026-10-07T00:00:00Z");

interface Ask {
  speed?: string | null;
  promptTokens?: number;
  atUs?: number | null;
  geo?: string | null;
}
const price = (model: string | null, ask: Ask = {}, book = PRICE_BOOK) =>
  findPrice({ model, geo: null, speed: null, promptTokens: 0, atUs: NOW, ...ask }, book);

function columns(model: string, ask: Ask = {}): number[] {
  const found = price(model, ask);
  if (found.kind !== "priced") throw new Error(`${model}: ${found.kind}`);
  const { row } = found;
  return [
    row.inputPico,
    row.cacheWrite5mPico,
    row.cacheWrite1hPico,
    row.cacheReadPico,
    row.outputPico,
  ];
}

describe("model ids", () => {
  it("has no price for a model before its first row", () => {
    const [first] = PRICE_BOOK.rows;
    const book = { ...PRICE_BOOK, rows: [{ ...first, effectiveFromUs: NOW + 1 } as PriceRow] };
    expect(price("claude-fable-5-2", {}, book)).toEqual({ kind: "unknown_model" });
    expect(price("claude-fable-5-2", { atUs: NOW + 1 }, book).kind).toBe("priced");
  });

  it.each([
    ["claude-haiku-4-5-20991231", "claude-haiku-4-5"],
    ["claude-opus-5-5-20261224", "claude-opus-5-5"],
    ["claude-haiku-4-5-20251001", "claude-haiku-4-5-20251001"],
    ["claude-haiku-4-5", "claude-haiku-4-5"],
  ])("%s resolves to %s", (id, known) => {
    expect(resolveModel(id)).toBe(known);
  });

  it.each([
    "claude-haiku-6",
    "claude-haiku-4-5-2025100",
    "claude-haiku-4-5-20251001-v1:0",
    "anthropic.claude-haiku-4-5",
    "Claude-Haiku-4-5",
    "gpt-7",
    "constructor",
    "__proto__",
    "-20251001",
    "",
  ])("%s is unknown", (id) => {
    expect(resolveModel(id)).toBeNull();
    expect(price(id)).toEqual({ kind: "unknown_model" });
  });

  it("knows no price for no model", () => {
    expect(price(null)).toEqual({ kind: "unknown_model" });
  });
});

describe("modifiers", () => {
  const US_SURCHARGE = [
    "claude-fable-5-2",
    "claude-mythos-5-2",
    "claude-fable-5-1",
    "claude-mythos-5-1",
    "claude-fable-5",
    "claude-mythos-5",
    "claude-opus-5-5",
    "claude-opus-5",
    "claude-opus-4-8",
    "claude-opus-4-7",
    "claude-opus-4-6",
    "claude-sonnet-5-5",
    "claude-sonnet-5",
    "claude-sonnet-4-6",
    "claude-haiku-5-5",
  ];

  it.each([...new Set(PRICE_BOOK.rows.flatMap(({ models }) => models))])(
    "US inference of %s is surcharged from Claude 4.6 on only",
    (model) => {
      expect(price(model, { geo: "us" })).toMatchObject({
        permille: US_SURCHARGE.includes(model) ? 1100 : 1000,
      });
      expect(price(model, { geo: "global" })).toMatchObject({ permille: 1000 });
      expect(price(model, { geo: null })).toMatchObject({ permille: 1000 });
    },
  );

  it.each(["eu", "US", "constructor", "__proto__", ""])(
    "geography %j has no known price",
    (geo) => {
      expect(price("claude-opus-5", { geo })).toEqual({ kind: "unknown_modifier" });
    },
  );

  it.each([
    ["claude-opus-4-7", "fast"],
    ["claude-sonnet-5-5", "fast"],
    ["claude-fable-5-2", "fast"],
    ["claude-opus-5-5", "ludicrous"],
  ])("%s at speed %s has no known price", (model, speed) => {
    expect(price(model, { speed })).toEqual({ kind: "unknown_modifier" });
  });

  it("an unreported speed is standard", () => {
    expect(columns("claude-opus-5-5", { speed: null })).toEqual(
      columns("claude-opus-5-5", { speed: "standard" }),
    );
  });

  it("prompt tiers belong to Haiku 5.5 alone", () => {
    for (const model of new Set(PRICE_BOOK.rows.flatMap(({ models }) => models))) {
      const small = columns(model, { promptTokens: 100_000 });
      const large = columns(model, { promptTokens: 100_001 });
      expect(small.join() === large.join()).toBe(model !== "claude-haiku-5-5");
    }
  });
});

describe("usage keys", () => {
  it.each([
    [{ speed: null, promptTokens: 0, atUs: BEFORE_READ_CHANGE }, "-0@0"],
    [{ speed: "standard", promptTokens: 100_000, atUs: READ_CHANGE }, `s0@${READ_CHANGE}`],
    [{ speed: "fast", promptTokens: 100_001, atUs: NOW }, `f100000@${READ_CHANGE}`],
    [{ speed: "warp:9@", promptTokens: 1_000_000, atUs: null }, `?100000@${READ_CHANGE}`],
  ])("%j is %s", (point, key) => {
    expect(usageKey(point)).toBe(key);
  });

  it.each(["", "s0", "s0@", "x0@0", "s-1@0", "s0@0 ", "s0@1e9", "s0@0@0"])(
    "%j is no key",
    (key) => {
      expect(parseUsageKey(key)).toBeNull();
    },
  );

  it("has the price of every request it stands for", () => {
    const models = [...new Set(PRICE_BOOK.rows.flatMap((row) => row.models)), "unknown"];
    for (const model of models) {
      for (const speed of [null, "standard", "fast", "warp"]) {
        for (const promptTokens of [0, 1, 99_999, 100_000, 100_001, 900_000]) {
          for (const atUs of [1, BEFORE_READ_CHANGE, READ_CHANGE, READ_CHANGE + 1, NOW, null]) {
            const request = { model, geo: "us", speed, promptTokens, atUs };
            const point = parseUsageKey(usageKey(request));
            if (!point) throw new Error("no key");
            expect(findPrice({ ...point, model, geo: "us" })).toEqual(findPrice(request));
          }
        }
      }
    }
  });

  it("keeps its price when the book learns of a later change", () => {
    const key = usageKey({ speed: null, promptTokens: 5, atUs: NOW });
    const newer = {
      ...PRICE_BOOK,
      rows: PRICE_BOOK.rows.flatMap((row) => [
        row,
        { ...row, effectiveFromUs: NOW + 1 + row.effectiveFromUs, inputPico: 1 },
      ]),
    };
    const point = parseUsageKey(key);
    if (!point) throw new Error("no key");
    for (const model of ["claude-opus-5", "claude-sonnet-5-5", "claude-haiku-5-5"]) {
      expect(price(model, point, newer)).toEqual(price(model, point));
    }
    const later = parseUsageKey(usageKey({ speed: null, promptTokens: 5, atUs: NOW + 1 }, newer));
    if (!later) throw new Error("no key");
    expect(price("claude-opus-5", later, newer)).toMatchObject({ row: { inputPico: 1 } });
  });
});

describe("a book of one's own", () => {
  const row: PriceRow = {
    models: ["house-model"],
    speed: "standard",
    promptAbove: 0,
    effectiveFromUs: 0,
    inputPico: 3,
    cacheWrite5mPico: 4,
    cacheWrite1hPico: 5,
    cacheReadPico: 1,
    outputPico: 9,
    geoPermille: { eu: 1250 },
  };
  const book: PriceBook = { ...PRICE_BOOK, version: "own", rows: [row] };

  it("replaces the built-in one wherever it is given", () => {
    expect(price("house-model", { geo: "eu" }, book)).toEqual({
      kind: "priced",
      row,
      permille: 1250,
    });
    expect(price("house-model", { geo: "us" }, book)).toEqual({ kind: "unknown_modifier" });
    expect(price("claude-opus-5", {}, book)).toEqual({ kind: "unknown_model" });
    expect(usageKey({ speed: null, promptTokens: 1e6, atUs: NOW }, book)).toBe("-0@0");
  });

  it("ends a tier at the instant whose rows leave it out", () => {
    const tiered: PriceBook = {
      ...book,
      rows: [
        { ...row, promptAbove: 10, inputPico: 30 },
        row,
        { ...row, effectiveFromUs: NOW, inputPico: 6 },
      ],
    };
    const input = (promptTokens: number, atUs: number) => {
      const found = price("house-model", { promptTokens, atUs }, tiered);
      return found.kind === "priced" ? found.row.inputPico : found.kind;
    };
    expect([input(10, NOW - 1), input(11, NOW - 1)]).toEqual([3, 30]);
    expect([input(10, NOW), input(11, NOW)]).toEqual([6, 6]);
  });
});
