import type { On } from "@/components/prices/draft";
import type { Discount, Included, MeterPrice, OwnPrice } from "@/lib/costs/own-schema";
import type { PriceItem, TermsChange } from "@/lib/costs/prices-schema";
import { formatCount, formatNanosExact } from "@/lib/format";

const NANOS_PER_PICO = 1000;

/** Of a million tokens: "$2.50". */
export const picoWords = (pico: number): string => formatNanosExact(pico * NANOS_PER_PICO);

/** Hundredths of a percent: 1250 → "12.5 %". */
export const offWords = (off: number): string => `${off / 100} %`;

/** When a price holds: "always", "from 2026-12-01". */
export const sinceWords = (from: string | null): string =>
  from === null ? "always" : `from ${from.slice(0, 10)}`;

export const ON_WORDS: Record<On, string> = {
  all: "everything",
  tokens: "all tokens",
  runtime: "session-hours",
  web_search: "web searches",
  model: "one model",
};

export const COLUMN_LABELS = {
  input_pico: "Input",
  cache_write_5m_pico: "Cache write 5 min",
  cache_write_1h_pico: "Cache write 1 h",
  cache_read_pico: "Cache read",
  output_pico: "Output",
} as const;

export const discountedWords = ({ model, meter }: Discount): string =>
  model ?? ON_WORDS[meter ?? "all"];

const columnsWords = (price: OwnPrice | PriceItem): string =>
  [
    `${picoWords(price.input_pico)} in`,
    `${picoWords(price.cache_write_5m_pico)} and ${picoWords(price.cache_write_1h_pico)} cache write`,
    `${picoWords(price.cache_read_pico)} cache read`,
    `${picoWords(price.output_pico)} out`,
  ].join(", ");

/** What is apart from the usual: "fast, prompts above 100,000". */
export function modeWords({
  speed,
  prompt_above,
}: Pick<OwnPrice, "speed" | "prompt_above">): string {
  const words = [
    ...(speed === "fast" ? ["fast"] : []),
    ...(prompt_above > 0 ? [`prompts above ${formatCount(prompt_above)}`] : []),
  ];
  return words.join(", ");
}

function priceWords(price: OwnPrice): string {
  const us = price.us_permille === 1000 ? "" : `, US-only ${price.us_permille / 1000}×`;
  return `${columnsWords(price)}${us}`;
}

const subjectOfPrice = (price: OwnPrice): string =>
  [price.model, modeWords(price), sinceWords(price.effective_from)].filter(Boolean).join(", ");

const dated = ({ effective_from }: MeterPrice) => sinceWords(effective_from);

type Told = { subject: string; before: string | null; after: string | null };

/** A change of the terms: what it is about, how it was and how it is. */
export function changeWords(change: TermsChange): Told {
  const both = <T>(
    before: T | null,
    after: T | null,
    subject: (of: T) => string,
    words: (of: T) => string,
  ): Told => {
    const one = after ?? before;
    return {
      subject: one === null ? "" : subject(one),
      before: before && words(before),
      after: after && words(after),
    };
  };
  switch (change.list) {
    case "prices":
      return both(change.before, change.after, subjectOfPrice, priceWords);
    case "session_hours":
      return both(change.before, change.after, (one) => `Session-hour, ${dated(one)}`, meterWords);
    case "web_searches":
      return both(change.before, change.after, (one) => `Web search, ${dated(one)}`, meterWords);
    case "included":
      return both(
        change.before,
        change.after,
        (one) => `Included ${INCLUDED_WORDS[one.of]}, ${sinceWords(one.effective_from)}`,
        includedWords,
      );
    case "discounts":
      return both(
        change.before,
        change.after,
        (one) => `Discount on ${discountedWords(one)}, ${sinceWords(one.effective_from)}`,
        ({ off }) => offWords(off),
      );
  }
}

export const INCLUDED_WORDS: Record<Included["of"], string> = {
  cost: "dollars",
  session_hours: "session-hours",
  web_searches: "web searches",
};

/** "$500.00 a month", "100 session-hours a month". */
export const includedWords = ({ of, amount }: Included): string =>
  of === "cost"
    ? `${formatNanosExact(amount)} a month`
    : `${formatCount(amount)} ${INCLUDED_WORDS[of]} a month`;

const meterWords = ({ nanos }: MeterPrice): string => formatNanosExact(nanos);
