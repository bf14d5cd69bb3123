import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differenceSeries } from "@/components/prices/difference-series";
import {
  decimalOf,
  draftOf,
  newDiscount,
  newIncluded,
  newMeter,
  newPrice,
  parseDecimal,
  termsOf,
  withPricesOf,
} from "@/components/prices/draft";
import { priceRows } from "@/components/prices/rows";
import { changeWords } from "@/components/prices/words";
import { bookOf } from "@/lib/costs/own-prices";
import { Terms } from "@/lib/costs/own-schema";
import { itemsOf, metersOf } from "@/lib/costs/prices-item";
import { NO_TERMS } from "@/lib/costs/terms";
import { changesOf } from "@/lib/costs/terms-change";

const COLUMNS = {
  input_pico: 2_500_001,
  cache_write_5m_pico: 3_125_000,
  cache_write_1h_pico: 5_000_000,
  cache_read_pico: 250_000,
  output_pico: 12_000_000,
};
const TERMS = Terms.parse({
  prices: [
    { model: "claude-next", ...COLUMNS, us_permille: 1100 },
    { model: "claude-next", ...COLUMNS, prompt_above: 200_000, output_pico: 1 },
  ],
  session_hours: [{ nanos: 75_000_000, effective_from: "2026-12-01" }],
  web_searches: [{ nanos: 9_000_001 }],
  discounts: [{ off: 1234 }, { off: 50, meter: "runtime" }, { off: 0, model: "claude-next" }],
  included: [
    { of: "cost", amount: 500_000_000_000 },
    { of: "session_hours", amount: 100, effective_from: "2026-12-01" },
  ],
});
const NOW = Date.UTC(2026, 10, 25);
const EMPTY = draftOf(NO_TERMS);

describe("decimals", () => {
  it.each([
    ["2.5", 6, 2_500_000],
    ["0.000001", 6, 1],
    ["2.5000000", 6, 2_500_000],
    ["2.", 6, 2_000_000],
    [" 12 ", 2, 1200],
    ["0.0000001", 6, null],
    ["1.5", 0, null],
    ["-1", 6, null],
    ["1,5", 6, null],
    ["", 6, null],
    ["1e3", 6, null],
    ["999999999", 9, null],
  ])("%j with %i digits is %s", (text, digits, value) => {
    expect(parseDecimal(text, digits)).toBe(value);
  });

  it("read what they write", () => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000_000 }), fc.constantFrom(0, 2, 3, 6, 9), (value, digits) => {
        expect(parseDecimal(decimalOf(value, digits), digits)).toBe(value);
      }),
    );
  });
});

describe("a draft", () => {
  it("says the terms it was made of", () => {
    expect(termsOf(draftOf(TERMS))).toEqual({ terms: TERMS, issues: {} });
  });

  it("tells what is wrong where it is entered", () => {
    const draft = {
      prices: [{ ...newPrice("a"), model: "a b", input_pico: "1.2.3" }],
      session_hours: [newMeter("b")],
      web_searches: [],
      discounts: [{ ...newDiscount("c"), off: "120" }],
      included: [{ ...newIncluded("d"), amount: "500", effective_from: "2026-11-15" }],
    };
    const { terms, issues } = termsOf(draft);
    expect(terms).toBeNull();
    expect(issues).toMatchObject({
      "prices.0.model": expect.stringContaining("model's id"),
      "prices.0.input_pico": expect.stringContaining("dollars like 2.50"),
      "session_hours.0.nanos": expect.stringContaining("dollars"),
      "included.0.effective_from": "expected the first of a month",
      "discounts.0.off": expect.stringContaining("from 0 to 10,000"),
    });
  });

  it("begins a listed model with what the list says, every prompt size, and an unknown one empty", () => {
    const haiku = withPricesOf(EMPTY, "claude-haiku-5-5").prices;
    expect(haiku.map(({ prompt_above, input_pico }) => [prompt_above, input_pico])).toEqual([
      ["", "0.10"],
      ["100000", "0.50"],
    ]);
    expect(withPricesOf(EMPTY, "claude-next").prices).toMatchObject([
      { model: "claude-next", input_pico: "", us_permille: "1" },
    ]);
    const present = draftOf(TERMS);
    expect(withPricesOf(present, "claude-next")).toBe(present);
  });
});

describe("what is shown of the prices", () => {
  const book = bookOf(TERMS, 2);
  const prices = {
    ...{ version: book.version, number: 2, published: "2026-11-09", saved: null, terms: TERMS },
    ...{ prices: itemsOf(book), meters: metersOf(book) },
  };
  it("is marked as own and discounted", () => {
    expect(priceRows(prices, " NEXT ", NOW)).toMatchObject([
      { isOwn: true, off: 0, isNewest: true, item: { prompt_above: 0 } },
      { isOwn: true, off: 0, isNewest: false, item: { prompt_above: 200_000 } },
    ]);
    expect(priceRows(prices, "opus-5-5", NOW)).toMatchObject([
      { isOwn: false, off: 1234, isNewest: true, item: { input_pico: 3_506_400 } },
      { isOwn: false, off: 1234, isNewest: false, item: { speed: "fast" } },
    ]);
    expect(priceRows(prices, "nobody", NOW)).toEqual([]);
  });

  it("is over where a newer price holds by now", () => {
    const at = (text: string) =>
      priceRows(prices, "sonnet-5-5", Date.parse(text)).map(({ item, isOver, isNewest }) => [
        item.effective_from?.slice(0, 10) ?? null,
        isOver,
        isNewest,
      ]);
    expect(at("2026-10-08T00:00:00Z")).toEqual([
      ["2026-10-07", false, true],
      [null, true, false],
    ]);
    expect(at("2026-10-06T00:00:00Z")).toEqual([
      ["2026-10-07", false, true],
      [null, false, false],
    ]);
  });

  it("tells the newest session-hour first", () => {
    expect(prices.meters.map((meter) => meter.session_hour_nanos)).toEqual([
      74_625_000, 79_600_000,
    ]);
  });
});

describe("changes of the terms", () => {
  it("are told with how it was and how it is, whatever the order", () => {
    const after = {
      ...TERMS,
      prices: [...TERMS.prices].reverse(),
      web_searches: [],
      included: TERMS.included.slice(1),
      discounts: [
        { off: 2000, model: null, meter: null, effective_from: null },
        ...TERMS.discounts.slice(1),
        { off: 10, model: null, meter: "tokens" as const, effective_from: "2027-01-01" },
      ],
    };
    expect(changesOf(TERMS, after).map(changeWords)).toEqual([
      { subject: "Web search, always", before: "$0.009000001", after: null },
      { subject: "Discount on everything, always", before: "12.34 %", after: "20 %" },
      { subject: "Discount on all tokens, from 2027-01-01", before: null, after: "0.1 %" },
      { subject: "Included dollars, always", before: "$500.00 a month", after: null },
    ]);
    expect(changesOf(TERMS, TERMS)).toEqual([]);
  });
});

describe("the difference day by day", () => {
  const day = (text: string, before_nanos: number, after_nanos: number) => ({
    ...{ day: text, before_nanos, after_nanos, unpriced_before: 0, unpriced_after: 0 },
  });
  it("is what stays and what comes on top or goes, days without any included", () => {
    const { times, series } = differenceSeries([day("2026-11-01", 5, 3), day("2026-11-03", 1, 4)]);
    expect(times).toHaveLength(3);
    expect(series.map(({ key, values }) => [key, values])).toEqual([
      ["stays", [3, 0, 1]],
      ["added", [0, 0, 3]],
      ["taken", [2, 0, 0]],
    ]);
  });
});
