import { dollarsOfNanos, nanosOfDollars } from "@/lib/costs/dollars";
import { type Included, type MeterPrice, type OwnPrice, Terms } from "@/lib/costs/own-schema";
import { PRICE_BOOK } from "@/lib/costs/prices";
import type { PriceRow } from "@/lib/costs/schema";

/** One entry of the terms as it is typed; named as in the API, so that what is wrong with it is, too. */
export type PriceDraft = { [Name in keyof OwnPrice]: string } & { key: string };
export type MeterDraft = { [Name in keyof MeterPrice]: string } & { key: string };
export type DiscountDraft = {
  key: string;
  on: On;
  model: string;
  off: string;
  effective_from: string;
};
export type IncludedDraft = {
  key: string;
  of: Included["of"];
  amount: string;
  effective_from: string;
};
export type Draft = {
  prices: PriceDraft[];
  session_hours: MeterDraft[];
  web_searches: MeterDraft[];
  discounts: DiscountDraft[];
  included: IncludedDraft[];
};

export const ON = ["all", "tokens", "runtime", "web_search", "model"] as const;
export type On = (typeof ON)[number];

export const PICO_COLUMNS = [
  "input_pico",
  "cache_write_5m_pico",
  "cache_write_1h_pico",
  "cache_read_pico",
  "output_pico",
] as const;

/** A pico-dollar per token is a thousand nano-dollars per million tokens. */
const NANOS_PER_PICO = 1000;
const PERCENT_DIGITS = 2;
const FACTOR_DIGITS = 3;

export function draftOf(terms: Terms): Draft {
  const key = (list: string, at: number) => `${list}-${at}`;
  const meters = (list: "session_hours" | "web_searches") =>
    terms[list].map(
      (entry, at): MeterDraft => ({
        key: key(list, at),
        nanos: dollarsOfNanos(entry.nanos),
        effective_from: entry.effective_from ?? "",
      }),
    );
  return {
    prices: terms.prices.map((price, at) => ({ ...priceDraftOf(price), key: key("prices", at) })),
    session_hours: meters("session_hours"),
    web_searches: meters("web_searches"),
    discounts: terms.discounts.map((discount, at) => ({
      key: key("discounts", at),
      on: discount.model === null ? (discount.meter ?? "all") : "model",
      model: discount.model ?? "",
      off: decimalOf(discount.off, PERCENT_DIGITS),
      effective_from: discount.effective_from ?? "",
    })),
    included: terms.included.map(({ of, amount, effective_from }, at) => ({
      ...{ key: key("included", at), of, effective_from: effective_from ?? "" },
      amount: of === "cost" ? dollarsOfNanos(amount) : `${amount}`,
    })),
  };
}

function priceDraftOf(price: OwnPrice): Omit<PriceDraft, "key"> {
  const columns = PICO_COLUMNS.map((name) => [name, dollarsOfNanos(price[name] * NANOS_PER_PICO)]);
  return {
    ...(Object.fromEntries(columns) as Record<(typeof PICO_COLUMNS)[number], string>),
    model: price.model,
    speed: price.speed,
    prompt_above: price.prompt_above === 0 ? "" : `${price.prompt_above}`,
    effective_from: price.effective_from ?? "",
    us_permille: decimalOf(price.us_permille, FACTOR_DIGITS),
  };
}

/** A price to be filled in. */
export const newPrice = (key: string): PriceDraft => ({
  ...{ key, model: "", speed: "standard", prompt_above: "", effective_from: "" },
  ...{ input_pico: "", cache_write_5m_pico: "", cache_write_1h_pico: "" },
  ...{ cache_read_pico: "", output_pico: "", us_permille: "1" },
});

/** With prices of a model on top to be filled in: of one that is listed, with what the list says now. */
export function withPricesOf(draft: Draft, model: string): Draft {
  if (draft.prices.some((price) => price.model === model)) return draft;
  const all = PRICE_BOOK.rows.filter(
    ({ models, speed }) => models.includes(model) && speed === "standard",
  );
  const newest = Math.max(...all.map(({ effectiveFromUs }) => effectiveFromUs));
  const listed = all.filter(({ effectiveFromUs }) => effectiveFromUs === newest);
  const added = listed.map((row) => listedDraft(row, model));
  const empty = { ...newPrice("added"), model };
  return { ...draft, prices: [...(added.length > 0 ? added : [empty]), ...draft.prices] };
}

function listedDraft(row: PriceRow, model: string): PriceDraft {
  const price = priceDraftOf({
    ...{ model, speed: "standard", prompt_above: row.promptAbove, effective_from: null },
    input_pico: row.inputPico,
    cache_write_5m_pico: row.cacheWrite5mPico,
    cache_write_1h_pico: row.cacheWrite1hPico,
    cache_read_pico: row.cacheReadPico,
    output_pico: row.outputPico,
    us_permille: row.geoPermille.us ?? 1000,
  });
  return { ...price, key: row.promptAbove === 0 ? "added" : `added-${row.promptAbove}` };
}

export const newDiscount = (key: string): DiscountDraft => ({
  ...{ key, on: "all", model: "", off: "", effective_from: "" },
});

export const newIncluded = (key: string): IncludedDraft => ({
  ...{ key, of: "cost", amount: "", effective_from: "" },
});

export const newMeter = (key: string): MeterDraft => ({ key, nanos: "", effective_from: "" });

/** What is wrong, by the place it is entered: `prices.0.input_pico`. */
export type Issues = Record<string, string>;

/** The terms that a draft says; null while something is wrong with it. */
export function termsOf(draft: Draft): { terms: Terms | null; issues: Issues } {
  const issues: Issues = {};
  const read = readerOf(issues);
  const meters = (list: "session_hours" | "web_searches") =>
    draft[list].map(({ nanos, effective_from }, at) => ({
      nanos: read.dollars(`${list}.${at}.nanos`, nanos),
      effective_from: fromOf(effective_from),
    }));
  const parsed = Terms.safeParse({
    prices: draft.prices.map((price, at) => priceOf(price, `prices.${at}`, read)),
    session_hours: meters("session_hours"),
    web_searches: meters("web_searches"),
    discounts: draft.discounts.map(({ on, model, off, effective_from }, at) => ({
      model: on === "model" ? model : null,
      meter: on === "model" || on === "all" ? null : on,
      off: read.percent(`discounts.${at}.off`, off),
      effective_from: fromOf(effective_from),
    })),
    included: draft.included.map(({ of, amount, effective_from }, at) => ({
      of,
      amount: read[of === "cost" ? "dollars" : "whole"](`included.${at}.amount`, amount),
      effective_from: fromOf(effective_from),
    })),
  });
  for (const { path, message } of parsed.error?.issues ?? []) issues[path.join(".")] ??= message;
  const isFine = parsed.success && Object.keys(issues).length === 0;
  return { terms: isFine ? parsed.data : null, issues };
}

const fromOf = (text: string) => (text.trim() === "" ? null : text.trim());

/** Reads what is typed, and notes where it is nothing of the kind. */
function readerOf(issues: Issues) {
  const noted = (path: string, value: number | null, words: string): number => {
    if (value === null) issues[path] = words;
    return value ?? 0;
  };
  return {
    dollars: (path: string, text: string) =>
      noted(path, nanosOfDollars(text), "expected dollars like 2.50, with at most 9 decimals"),
    pico: (path: string, text: string) =>
      noted(path, picoOf(text), "expected dollars like 2.50, with at most 6 decimals"),
    percent: (path: string, text: string) =>
      noted(path, parseDecimal(text, PERCENT_DIGITS), "expected percent like 12.5"),
    factor: (path: string, text: string) =>
      noted(path, parseDecimal(text, FACTOR_DIGITS), "expected a factor like 1.1"),
    whole: (path: string, text: string) =>
      noted(path, parseDecimal(text, 0), "expected a whole number"),
  };
}

function picoOf(text: string): number | null {
  const nanos = nanosOfDollars(text);
  return nanos === null || nanos % NANOS_PER_PICO !== 0 ? null : nanos / NANOS_PER_PICO;
}

function priceOf(price: PriceDraft, path: string, read: ReturnType<typeof readerOf>) {
  const { key, prompt_above, effective_from, us_permille, ...rest } = price;
  const columns = PICO_COLUMNS.map((name) => [name, read.pico(`${path}.${name}`, price[name])]);
  const isOfAll = prompt_above.trim() === "";
  return {
    ...rest,
    ...Object.fromEntries(columns),
    prompt_above: isOfAll ? 0 : read.whole(`${path}.prompt_above`, prompt_above),
    effective_from: fromOf(effective_from),
    us_permille: read.factor(`${path}.us_permille`, us_permille),
  };
}

/** "12.5" with two digits → 1250; null for what is no such number. Exact: no fraction is ever computed. */
export function parseDecimal(text: string, digits: number): number | null {
  const match = /^(\d{1,9})(?:[.](\d*))?$/.exec(text.trim());
  if (!match) return null;
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > digits) return null;
  const value = Number(`${match[1]}${fraction.padEnd(digits, "0")}`);
  return Number.isSafeInteger(value) ? value : null;
}

/** The other way round: 1250 with two digits → "12.5". */
export function decimalOf(value: number, digits: number): string {
  const text = `${value}`.padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const fraction = text.slice(text.length - digits).replace(/0+$/, "");
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
