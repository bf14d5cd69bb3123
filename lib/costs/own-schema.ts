import { z } from "zod";
import { formatCount } from "@/lib/format";
import { Speed } from "./schema";
import { type Entry, INCLUDED_OF, METERS, subjectOf } from "./terms";

const MOST_PRICES = 300;
const MOST_OTHERS = 100;
/** $10,000 for a million tokens: what is dearer is a mistyped price. */
const MOST_PICO = 10_000_000_000;
const MOST_NANOS = 1_000_000_000_000;

const whole = (from: number, to: number) => {
  const words = `expected a whole number from ${formatCount(from)} to ${formatCount(to)}`;
  return z.int(words).min(from, words).max(to, words);
};
const pico = whole(0, MOST_PICO);
const nanos = whole(0, MOST_NANOS);

const isDay = (text: string) => {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
};
const day = z
  .string()
  .regex(/^20\d{2}-\d{2}-\d{2}$/, "expected a date like 2026-12-01")
  .refine(isDay, "there is no such day")
  .nullable()
  .default(null)
  .describe("UTC day from whose beginning it holds; null is always");

const model = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,200}$/, "expected a model's id, without spaces");

export const OwnPrice = z.strictObject({
  model: model.describe("holds for its dated ids as well, unless these have prices of their own"),
  speed: Speed.default("standard"),
  prompt_above: whole(0, 100_000_000)
    .default(0)
    .describe("for requests with more prompt tokens than this; 0 is for all"),
  effective_from: day,
  input_pico: pico.describe("pico-dollars per token, which is micro-dollars per million tokens"),
  cache_write_5m_pico: pico,
  cache_write_1h_pico: pico,
  cache_read_pico: pico,
  output_pico: pico,
  us_permille: whole(1000, 5000)
    .default(1000)
    .describe("factor of US-only inference, 1100 is 1.1×"),
});
export type OwnPrice = z.infer<typeof OwnPrice>;

export const Meter = z.enum(METERS);
export type Meter = z.infer<typeof Meter>;

export const Discount = z
  .strictObject({
    model: model.nullable().default(null).describe("null is every model"),
    meter: Meter.nullable().default(null).describe("null is everything that costs"),
    off: whole(0, 10_000).describe("hundredths of a percent, 1250 is 12.5 %; 0 ends a discount"),
    effective_from: day,
  })
  .refine(({ model, meter }) => model === null || meter === null, {
    path: ["meter"],
    message: "name a model or a meter, not both",
  });
export type Discount = z.infer<typeof Discount>;

export const MeterPrice = z.strictObject({ nanos, effective_from: day });
export type MeterPrice = z.infer<typeof MeterPrice>;

/** What a month's total is let off; which sessions it was used by is nobody's to say. */
export const Included = z.strictObject({
  of: z.enum(INCLUDED_OF),
  amount: nanos.describe(
    "a month: nano-dollars of cost, whole session-hours, or searches; 0 ends it",
  ),
  effective_from: day.refine((text) => text === null || text.endsWith("-01"), {
    message: "expected the first of a month",
  }),
});
export type Included = z.infer<typeof Included>;

/**
 * What a workspace's contract says beside, or in place of, the published prices. Of the discounts on
 * one thing the newest holds, and the one on a model before the one on a meter before the one on all.
 */
export const Terms = z
  .strictObject({
    prices: z.array(OwnPrice).max(MOST_PRICES).default([]),
    session_hours: z
      .array(MeterPrice)
      .max(MOST_OTHERS)
      .default([])
      .describe("nano-dollars an hour"),
    web_searches: z.array(MeterPrice).max(MOST_OTHERS).default([]).describe("nano-dollars each"),
    discounts: z.array(Discount).max(MOST_OTHERS).default([]),
    included: z.array(Included).max(MOST_OTHERS).default([]).describe("in whole UTC months"),
  })
  .superRefine((terms, context) => {
    const say = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    for (const [list, words] of Object.entries(TWICE))
      for (const at of repeated(terms[list as keyof typeof TWICE]))
        say([list, at, "effective_from"], words);
    for (const [at, price] of terms.prices.entries())
      if (price.prompt_above > 0 && !terms.prices.some((other) => isBaseOf(other, price)))
        say(
          ["prices", at, "prompt_above"],
          "prices for prompts of any size are needed beside it, of the same model, speed and date",
        );
  })
  .meta({ id: "Terms" });
export type Terms = z.infer<typeof Terms>;

const TWICE = {
  prices: "there are two prices of this model, speed and prompt from this date",
  session_hours: "there are two prices from this date",
  web_searches: "there are two prices from this date",
  discounts: "there are two discounts on the same from this date",
  included: "there are two amounts of the same from this month",
} as const;

function repeated(entries: readonly Entry[]): number[] {
  const subjects = entries.map(subjectOf);
  return subjects.flatMap((subject, at) => (subjects.indexOf(subject) < at ? [at] : []));
}

const isBaseOf = (other: OwnPrice, price: OwnPrice) =>
  other.prompt_above === 0 &&
  other.model === price.model &&
  other.speed === price.speed &&
  other.effective_from === price.effective_from;
