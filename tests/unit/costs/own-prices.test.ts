import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPrice, metersAt } from "@/lib/costs/book";
import { bookNamed, bookOf, parseBookName, publishedBehind } from "@/lib/costs/own-prices";
import { type Discount, type OwnPrice, Terms } from "@/lib/costs/own-schema";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { priceSession, runtimeNanos, usageKey, webSearchNanos } from "@/lib/costs/pricing";
import { PriceBook, type SessionCostInput } from "@/lib/costs/schema";
import { NO_TERMS } from "@/lib/costs/terms";

const DAY = (text: string) => Date.parse(`${text}T00:00:00Z`) * 1000;
const COLUMNS = {
  input_pico: 1_000_000,
  cache_write_5m_pico: 1_250_000,
  cache_write_1h_pico: 2_000_000,
  cache_read_pico: 100_000,
  output_pico: 5_000_000,
};
const own = (model: string, more: Partial<OwnPrice> = {}): OwnPrice => ({
  ...{ model, speed: "standard", prompt_above: 0, effective_from: null, us_permille: 1000 },
  ...COLUMNS,
  ...more,
});
const off = (percent: number, more: Partial<Discount> = {}): Discount => ({
  ...{ model: null, meter: null, effective_from: null },
  off: percent * 100,
  ...more,
});
const bookWith = (terms: Partial<Terms>) => bookOf({ ...NO_TERMS, ...terms }, 3);

type Ask = { atUs?: number | null; promptTokens?: number; speed?: string; geo?: string };
function priceIn(book: PriceBook, model: string, ask: Ask = {}) {
  const found = findPrice(
    { model, geo: null, speed: null, promptTokens: 0, atUs: null, ...ask },
    book,
  );
  return found.kind === "priced"
    ? { input: found.row.inputPico, output: found.row.outputPico, permille: found.permille }
    : found.kind;
}
const inputIn = (book: PriceBook, model: string, ask: Ask = {}) => {
  const price = priceIn(book, model, ask);
  return typeof price === "string" ? price : price.input;
};

describe("a book with own terms", () => {
  it("is the published one itself without any", () => {
    expect(bookOf(NO_TERMS, 4)).toBe(PRICE_BOOK);
  });

  it("names both versions and is a book", () => {
    const book = bookWith({ prices: [own("claude-next")], discounts: [off(10)] });
    expect(book.version).toBe("2026-11-09+3");
    expect(PriceBook.parse(book)).toEqual(book);
    expect(publishedBehind(book)).toBe(PRICE_BOOK);
    expect(publishedBehind(PRICE_BOOK)).toBeNull();
  });

  it("is found again by its name and terms", () => {
    const terms = { ...NO_TERMS, discounts: [off(10)] };
    expect(bookNamed("2026-11-09+3", terms)).toEqual(bookOf(terms, 3));
    expect(bookNamed("2026-11-09", null)).toBe(PRICE_BOOK);
    expect(bookNamed("2026-11-09+3", null)).toBeNull();
    expect(bookNamed("2031-01-01", null)).toBeNull();
    expect(bookNamed("", null)).toBeNull();
    expect(parseBookName("2026-11-09+12")).toEqual({ published: "2026-11-09", number: 12 });
    expect(parseBookName("2026-11-09+0")).toBeNull();
  });
});

describe("own prices", () => {
  it("price a model nobody knew, its dated ids too, and no other speed", () => {
    const book = bookWith({ prices: [own("claude-next", { us_permille: 1100 })] });
    expect(inputIn(PRICE_BOOK, "claude-next")).toBe("unknown_model");
    expect(inputIn(book, "claude-next")).toBe(1_000_000);
    expect(inputIn(book, "claude-next-20991231")).toBe(1_000_000);
    expect(priceIn(book, "claude-next", { geo: "us" })).toMatchObject({ permille: 1100 });
    expect(inputIn(book, "claude-next", { speed: "fast" })).toBe("unknown_modifier");
    expect(inputIn(book, "claude-next", { geo: "mars" })).toBe("unknown_modifier");
  });

  it("take the published ones' place from their date on", () => {
    const from = "2026-12-01";
    const book = bookWith({ prices: [own("claude-sonnet-5-5", { effective_from: from })] });
    expect(inputIn(book, "claude-sonnet-5-5", { atUs: DAY(from) - 1 })).toBe(2_000_000);
    expect(inputIn(book, "claude-sonnet-5-5", { atUs: DAY(from) })).toBe(1_000_000);
    expect(inputIn(book, "claude-sonnet-5-5")).toBe(1_000_000);
    expect(inputIn(book, "claude-opus-5-5")).toBe(4_000_000);
  });

  it("hold over a published change that comes after them", () => {
    const book = bookWith({ prices: [own("claude-sonnet-5-5")] });
    for (const atUs of [0, DAY("2026-10-06"), DAY("2026-10-08"), null])
      expect(inputIn(book, "claude-sonnet-5-5", { atUs })).toBe(1_000_000);
  });

  it("replace large prompts' prices only where they say so", () => {
    const flat = bookWith({ prices: [own("claude-haiku-5-5")] });
    expect(inputIn(flat, "claude-haiku-5-5", { promptTokens: 200_000 })).toBe(1_000_000);
    const large = own("claude-haiku-5-5", { prompt_above: 50_000, input_pico: 7 });
    const tiered = bookWith({ prices: [own("claude-haiku-5-5"), large] });
    expect(inputIn(tiered, "claude-haiku-5-5", { promptTokens: 50_000 })).toBe(1_000_000);
    expect(inputIn(tiered, "claude-haiku-5-5", { promptTokens: 50_001 })).toBe(7);
  });

  it("hold for a published model's dated id, unless it has its own", () => {
    const dated = "claude-opus-4-5-20251101";
    expect(inputIn(bookWith({ prices: [own("claude-opus-4-5")] }), dated)).toBe(1_000_000);
    const both = bookWith({ prices: [own("claude-opus-4-5"), own(dated, { input_pico: 9 })] });
    expect(inputIn(both, dated)).toBe(9);
    expect(inputIn(both, "claude-opus-4-5")).toBe(1_000_000);
    expect(inputIn(bookWith({ prices: [own(dated)] }), "claude-opus-4-5")).toBe(5_000_000);
  });
});

describe("discounts", () => {
  it("are taken off list and own prices, rounded half up to a pico-dollar", () => {
    const book = bookWith({
      prices: [own("claude-next", { input_pico: 5 })],
      discounts: [off(10)],
    });
    expect(inputIn(book, "claude-opus-5-5")).toBe(3_600_000);
    expect(priceIn(book, "claude-opus-5-5", { geo: "us" })).toMatchObject({ permille: 1100 });
    expect(inputIn(book, "claude-opus-5-5", { speed: "fast" })).toBe(7_200_000);
    // 4.5 pico-dollars.
    expect(inputIn(book, "claude-next")).toBe(5);
    expect(book.sessionHourNanos).toBe(72_000_000);
    expect(book.webSearchNanos).toBe(9_000_000);
  });

  it("on a model go before those on a meter, and these before those on all", () => {
    const model = "claude-opus-5-5";
    const all = off(10);
    const tokens = off(20, { meter: "tokens" });
    const one = off(0, { model });
    const runtime = off(50, { meter: "runtime" });
    const book = bookWith({ discounts: [all, tokens, one, runtime] });
    expect(inputIn(book, model)).toBe(4_000_000);
    expect(inputIn(book, "claude-opus-5")).toBe(4_000_000);
    expect(book.sessionHourNanos).toBe(40_000_000);
    expect(book.webSearchNanos).toBe(9_000_000);
  });

  it("on a model hold for its dated ids", () => {
    const book = bookWith({ discounts: [off(50, { model: "claude-opus-4-5" })] });
    expect(inputIn(book, "claude-opus-4-5-20251101")).toBe(2_500_000);
    expect(inputIn(book, "claude-opus-4-5")).toBe(2_500_000);
    expect(inputIn(book, "claude-opus-4-6")).toBe(5_000_000);
  });

  it("leave models together that one row is of, and are written once where they do not change", () => {
    const later = off(20, { effective_from: "2026-12-01" });
    const book = bookWith({ discounts: [off(10), later, off(30, { model: "claude-opus-4-7" })] });
    const opus = book.rows.filter(({ models, speed }) =>
      models.some((id) => /opus-(5|4-[678])$/.test(id) && speed === "standard"),
    );
    expect(opus.map((row) => [row.models, row.effectiveFromUs, row.inputPico])).toEqual([
      [["claude-opus-5", "claude-opus-4-8", "claude-opus-4-6"], 0, 4_500_000],
      [["claude-opus-5", "claude-opus-4-8", "claude-opus-4-6"], DAY("2026-12-01"), 4_000_000],
      [["claude-opus-4-7"], 0, 3_500_000],
    ]);
  });

  it("change at their dates, also between changes of the prices", () => {
    const book = bookWith({
      prices: [own("claude-next", { effective_from: "2026-11-01", input_pico: 1000 })],
      discounts: [
        off(10, { effective_from: "2026-10-01" }),
        off(20, { effective_from: "2026-12-01" }),
        off(0, { effective_from: "2027-01-01" }),
      ],
    });
    const at = (model: string) =>
      ["2026-09-30", "2026-10-01", "2026-11-01", "2026-12-01", "2027-01-01"].map((day) =>
        inputIn(book, model, { atUs: DAY(day) }),
      );
    expect(at("claude-next")).toEqual(["unknown_model", "unknown_model", 900, 800, 1000]);
    expect(at("claude-opus-5-5")).toEqual([4e6, 3.6e6, 3.6e6, 3.2e6, 4e6]);
    const hours = ["2026-09-30", "2026-10-01", "2026-12-01", "2027-01-01"].map((day) =>
      runtimeNanos(3_600_000, book, DAY(day)),
    );
    expect(hours).toEqual([80_000_000, 72_000_000, 64_000_000, 80_000_000]);
  });
});

describe("session-hours and searches", () => {
  it("cost what the newest own price says at the time", () => {
    const book = bookWith({
      session_hours: [
        { nanos: 50_000_000, effective_from: "2026-12-01" },
        { nanos: 60_000_000, effective_from: null },
      ],
      web_searches: [{ nanos: 1, effective_from: "2027-01-01" }],
    });
    expect(metersAt(book, DAY("2026-11-30")).sessionHourNanos).toBe(60_000_000);
    expect(metersAt(book, DAY("2026-12-01")).sessionHourNanos).toBe(50_000_000);
    expect(metersAt(book, null)).toMatchObject({ sessionHourNanos: 50_000_000, webSearchNanos: 1 });
    expect(webSearchNanos(2, book, DAY("2026-12-31"))).toBe(20_000_000);
    expect(webSearchNanos(2, book)).toBe(2);
  });
});

describe("terms that make no sense are told where", () => {
  const said = (terms: unknown) =>
    Terms.safeParse(terms).error?.issues.map(({ path, message }) => [path.join("."), message]);
  it.each([
    [{ prices: [{ ...own("a b") }] }, "prices.0.model", /a model's id/],
    [{ prices: [own("a", { input_pico: 1.5 })] }, "prices.0.input_pico", /whole number from 0 to/],
    [
      { prices: [own("a", { effective_from: "2026-02-30" })] },
      "prices.0.effective_from",
      /no such/,
    ],
    [{ prices: [own("a"), own("a")] }, "prices.1.effective_from", /two prices/],
    [{ prices: [own("a", { prompt_above: 5 })] }, "prices.0.prompt_above", /any size/],
    [{ discounts: [off(101)] }, "discounts.0.off", /from 0 to 10,000/],
    [{ discounts: [off(1, { model: "a", meter: "tokens" })] }, "discounts.0.meter", /not both/],
    [{ discounts: [off(1), off(2)] }, "discounts.1.effective_from", /two discounts/],
    [{ web_searches: [{ nanos: -1 }] }, "web_searches.0.nanos", /whole number/],
  ])("%j", (terms, path, words) => {
    expect(said(terms)).toEqual([[path, expect.stringMatching(words)]]);
  });
});

const models = [...new Set(PRICE_BOOK.rows.flatMap((row) => row.models))];
const day = fc.constantFrom(null, "2026-09-01", "2026-10-07", "2026-12-01");
const anyModel = fc.constantFrom(...models, "claude-next");
const price = fc.record({
  model: anyModel,
  speed: fc.constantFrom("standard" as const, "fast" as const),
  effective_from: day,
  large: fc.option(fc.constantFrom(50_000, 100_000), { nil: null }),
  pico: fc.nat({ max: 20_000_000 }),
});
const discount = fc.record({
  on: fc.oneof(
    fc.record({ model: anyModel, meter: fc.constant(null) }),
    fc.record({ model: fc.constant(null), meter: fc.constantFrom(null, "tokens", "runtime") }),
  ),
  off: fc.nat({ max: 10_000 }),
  effective_from: day,
});
const anyTerms = fc
  .record({
    prices: fc.uniqueArray(price, {
      maxLength: 6,
      selector: (one) => JSON.stringify([one.model, one.speed, one.effective_from]),
    }),
    discounts: fc.uniqueArray(discount, {
      maxLength: 5,
      selector: (one) => JSON.stringify([one.on, one.effective_from]),
    }),
  })
  .map(({ prices, discounts }) =>
    Terms.parse({
      prices: prices.flatMap(({ large, pico, ...one }) =>
        [0, ...(large === null ? [] : [large])].map((prompt_above) => ({
          ...one,
          prompt_above,
          ...Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, pico + prompt_above])),
        })),
      ),
      discounts: discounts.map(({ on, ...one }) => ({ ...on, ...one })),
    }),
  );
const request = fc.record({
  model: anyModel,
  speed: fc.constantFrom(null, "standard", "fast"),
  geo: fc.constantFrom(null, "us", "global"),
  promptTokens: fc.constantFrom(0, 50_000, 50_001, 100_001),
  atUs: fc.constantFrom(
    ...["2026-08-01", "2026-09-01", "2026-10-07", "2026-11-30", "2026-12-01"].map(DAY),
    DAY("2026-10-07") - 1,
  ),
});

describe("whatever the terms", () => {
  it("a priced request stays priced", () => {
    fc.assert(
      fc.property(anyTerms, request, (terms, one) => {
        if (findPrice(one).kind === "priced")
          expect(findPrice(one, bookOf(terms, 1)).kind).toBe("priced");
      }),
    );
  });

  it("a discount never raises a price, and none leaves it as it is", () => {
    fc.assert(
      fc.property(anyTerms, request, (terms, one) => {
        const plain = { ...terms, discounts: [] };
        const [less, full] = [bookOf(terms, 1), bookOf(plain, 1)].map((book) =>
          findPrice(one, book),
        );
        expect(less?.kind).toBe(full?.kind);
        if (less?.kind !== "priced" || full?.kind !== "priced") return;
        expect(less.row.inputPico).toBeLessThanOrEqual(full.row.inputPico);
        expect(less.row.outputPico).toBeLessThanOrEqual(full.row.outputPico);
        expect(less.permille).toBe(full.permille);
        const none = terms.discounts.map((each) => ({ ...each, off: 0 }));
        const same = findPrice(one, bookOf({ ...terms, discounts: none }, 1));
        expect(same.kind === "priced" && same.row.inputPico).toBe(full.row.inputPico);
      }),
    );
  });

  it("requests of one key have one price", () => {
    fc.assert(
      fc.property(anyTerms, request, request, (terms, one, other) => {
        const book = bookOf(terms, 1);
        if (usageKey(one, book) !== usageKey(other, book)) return;
        const priceOf = (point: typeof one) =>
          findPrice({ ...point, model: one.model, geo: one.geo }, book);
        expect(priceOf(other)).toEqual(priceOf(one));
      }),
    );
  });
});

describe("the drift of a session with own terms", () => {
  const session = (listCostCents: number): SessionCostInput => ({
    covered: [
      {
        model: "claude-opus-5-5",
        geo: null,
        key: usageKey({ speed: null, promptTokens: 1_000_000, atUs: 1 }, bookWith({})),
        tokens: { input: 1_000_000, cacheWrite: 0, cacheRead: 0, output: 0 },
      },
    ],
    usage: {
      ...{ inputTokens: 1_000_000, outputTokens: 0, cacheReadTokens: 0 },
      ...{ cacheWrite5mTokens: 0, cacheWrite1hTokens: 0 },
    },
    ...{ sessionModel: "claude-opus-5-5", sessionGeo: null, sessionSpeed: null },
    ...{ residualAtUs: 1, activeMs: 0, runtimeBilled: true, webSearches: 0 },
    ...{ quantitiesGiven: true, listCostCents, graderTokens: false, settled: true },
  });
  it("has them for a cause: alone where they explain all of it", () => {
    const book = bookWith({ discounts: [off(25)] });
    expect(priceSession(session(400), book)).toMatchObject({
      ...{ computedNanos: 3_000_000_000, driftNanos: -1_000_000_000, driftCauses: ["own_terms"] },
      priceBook: "2026-11-09+3",
    });
    expect(priceSession(session(450), book).driftCauses).toEqual(["own_terms"]);
    expect(priceSession(session(450)).driftCauses).toEqual(["price"]);
    expect(priceSession(session(300), book).driftCauses).toEqual([]);
  });
});
