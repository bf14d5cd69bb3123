import { describe, expect, it } from "vitest";
import { findPrice, type PricePoint } from "@/lib/costs/book";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { PriceBook } from "@/lib/costs/schema";
import { microsFromIso } from "@/lib/time/micros";

/** Input, cache write 5m, cache write 1h, cache read, output: pico-dollars per token. */
function columns(model: string, ask: Partial<PricePoint> = {}): number[] {
  const point = { speed: null, promptTokens: 0, atUs: microsFromIso("2026-11-20T12:00:00Z") };
  const found = findPrice({ model, geo: null, ...point, ...ask });
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

/** Dollars per million tokens as decimal text → pico-dollars per token, without floating point. */
function picoFromUsd(usd: string): number {
  const [whole = "", fraction = ""] = usd.split(".");
  return Number(whole + fraction.padEnd(6, "0"));
}

const OFFICIAL: { row: string; models: string[]; usd: string; ask?: Partial<PricePoint> }[] = [
  {
    row: "Fable 5.2 / Mythos 5.2",
    models: ["claude-fable-5-2", "claude-mythos-5-2"],
    usd: "8 10 16 0.20 40",
  },
  {
    row: "Fable 5.1 / Mythos 5.1",
    models: ["claude-fable-5-1", "claude-mythos-5-1"],
    usd: "10 12.50 20 0.25 50",
  },
  {
    row: "Fable 5 / Mythos 5",
    models: ["claude-fable-5", "claude-mythos-5"],
    usd: "10 12.50 20 1.00 50",
  },
  { row: "Opus 5.5", models: ["claude-opus-5-5"], usd: "4 5 8 0.20 20" },
  {
    row: "Opus 5, 4.8, 4.7, 4.6, 4.5",
    models: [
      "claude-opus-5",
      "claude-opus-4-8",
      "claude-opus-4-7",
      "claude-opus-4-6",
      "claude-opus-4-5",
      "claude-opus-4-5-20251101",
    ],
    usd: "5 6.25 10 0.50 25",
  },
  {
    row: "Opus 4.1, 4",
    models: [
      "claude-opus-4-1",
      "claude-opus-4-1-20250805",
      "claude-opus-4",
      "claude-opus-4-0",
      "claude-opus-4-20250514",
    ],
    usd: "15 18.75 30 1.50 75",
  },
  { row: "Sonnet 5.5", models: ["claude-sonnet-5-5"], usd: "2 2.50 4 0.10 10" },
  {
    row: "Sonnet 5.5 before 2026-10-07",
    models: ["claude-sonnet-5-5"],
    usd: "2 2.50 4 0.20 10",
    ask: { atUs: microsFromIso("2026-10-06T23:59:59.999999Z") },
  },
  { row: "Sonnet 5", models: ["claude-sonnet-5"], usd: "2 2.50 4 0.20 10" },
  {
    row: "Sonnet 4.6, 4.5, 4",
    models: [
      "claude-sonnet-4-6",
      "claude-sonnet-4-5",
      "claude-sonnet-4-5-20250929",
      "claude-sonnet-4",
      "claude-sonnet-4-0",
      "claude-sonnet-4-20250514",
    ],
    usd: "3 3.75 6 0.30 15",
  },
  {
    row: "Haiku 5.5, prompt ≤ 100k",
    models: ["claude-haiku-5-5"],
    usd: "0.10 0.125 0.20 0.01 0.50",
    ask: { promptTokens: 100_000 },
  },
  {
    row: "Haiku 5.5, prompt > 100k",
    models: ["claude-haiku-5-5"],
    usd: "0.50 0.625 1.00 0.05 2.50",
    ask: { promptTokens: 100_001 },
  },
  {
    row: "Haiku 4.5",
    models: ["claude-haiku-4-5", "claude-haiku-4-5-20251001"],
    usd: "1 1.25 2 0.10 5",
  },
  {
    row: "Haiku 3.5",
    models: ["claude-3-5-haiku", "claude-3-5-haiku-latest", "claude-3-5-haiku-20241022"],
    usd: "0.80 1.00 1.60 0.08 4",
  },
  {
    row: "Opus 5.5 fast",
    models: ["claude-opus-5-5"],
    usd: "8 10 16 0.40 40",
    ask: { speed: "fast" },
  },
  {
    row: "Opus 5 and 4.8 fast",
    models: ["claude-opus-5", "claude-opus-4-8"],
    usd: "10 12.50 20 1.00 50",
    ask: { speed: "fast" },
  },
  {
    row: "Opus 4.6 fast, which runs at standard speed",
    models: ["claude-opus-4-6"],
    usd: "5 6.25 10 0.50 25",
    ask: { speed: "fast" },
  },
];

describe("the price book", () => {
  it("is a valid book", () => {
    expect(PriceBook.parse(PRICE_BOOK)).toEqual(PRICE_BOOK);
    expect(PRICE_BOOK.sessionHourNanos).toBe(80_000_000);
    expect(PRICE_BOOK.webSearchNanos * 1000).toBe(10_000_000_000);
  });

  it.each(OFFICIAL.flatMap((entry) => entry.models.map((model) => ({ ...entry, model }))))(
    "$row: $model costs $usd",
    ({ model, usd, ask }) => {
      expect(columns(model, ask)).toEqual(usd.split(" ").map(picoFromUsd));
    },
  );

  it("has no row beyond the official table", () => {
    const listed = new Set(OFFICIAL.flatMap(({ models }) => models));
    const priced = new Set(PRICE_BOOK.rows.flatMap(({ models }) => models));
    expect(priced).toEqual(listed);
  });

  it("never has two rows for the same model, speed, tier and instant", () => {
    const keys = PRICE_BOOK.rows.flatMap((row) =>
      row.models.map((model) => [model, row.speed, row.promptAbove, row.effectiveFromUs].join(" ")),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("dated prices", () => {
  it.each([
    ["2000-01-01T00:00:00Z", 200_000],
    ["2026-10-06T23:59:59.999999Z", 200_000],
    ["2026-10-07T00:00:00Z", 100_000],
    ["2026-10-06T20:00:00-04:00", 100_000],
    ["2027-01-01T00:00:00Z", 100_000],
  ])("Sonnet 5.5 reads cache at %s for %i pico", (iso, read) => {
    expect(columns("claude-sonnet-5-5", { atUs: microsFromIso(iso) })[3]).toBe(read);
  });

  it("takes the newest price when the instant is not known", () => {
    expect(columns("claude-sonnet-5-5", { atUs: null })[3]).toBe(100_000);
  });
});
