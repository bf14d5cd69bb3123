import { z } from "zod";
import { Discount, Included, MeterPrice, OwnPrice, Terms } from "./own-schema";
import { Speed } from "./schema";

const count = z.int().nonnegative();
const time = z.string();

const MOST_NOTE = 500;

/** A price as it now holds: discounts are taken off. */
export const PriceItem = z
  .object({
    models: z.array(z.string()),
    speed: Speed,
    prompt_above: count,
    effective_from: time.nullable().describe("null is since the model's first day"),
    input_pico: count.describe("pico-dollars per token, which is micro-dollars per million tokens"),
    cache_write_5m_pico: count,
    cache_write_1h_pico: count,
    cache_read_pico: count,
    output_pico: count,
    geo_permille: z.record(z.string(), count).describe("factor by inference geography"),
  })
  .meta({ id: "Price" });
export type PriceItem = z.infer<typeof PriceItem>;

const MeterItem = z.object({
  effective_from: time.nullable(),
  session_hour_nanos: count,
  web_search_nanos: count,
});

export const VersionItem = z
  .object({
    number: count.describe("of the workspace's own terms; 0 is the published prices alone"),
    author: z.string().describe("the name of the API key, or `browser`"),
    note: z.string(),
    created_at: time,
  })
  .meta({ id: "PriceVersion" });
export type VersionItem = z.infer<typeof VersionItem>;

export const Prices = z
  .object({
    version: z.string().describe("what sessions priced with it name: `2026-11-09+3`"),
    number: count.describe("send it as `based_on` with a change"),
    published: z.string().describe("version of the published prices below"),
    saved: VersionItem.nullable().describe("null while there are no own terms"),
    terms: Terms,
    prices: z.array(PriceItem),
    meters: z.array(MeterItem).describe("what a session-hour and a search cost, and since when"),
  })
  .meta({ id: "Prices" });
export type Prices = z.infer<typeof Prices>;

export const PricesChange = z
  .strictObject({
    based_on: count.describe("number of the version that was changed; another is a conflict"),
    terms: Terms.describe("all of them: what is not among them ends"),
    note: z.string().trim().max(MOST_NOTE).default(""),
  })
  .meta({ id: "PricesChange" });
export type PricesChange = z.infer<typeof PricesChange>;

const changed = <List extends string, Entry extends z.ZodType>(list: List, entry: Entry) =>
  z.object({ list: z.literal(list), before: entry.nullable(), after: entry.nullable() });

export const TermsChange = z.discriminatedUnion("list", [
  changed("prices", OwnPrice),
  changed("session_hours", MeterPrice),
  changed("web_searches", MeterPrice),
  changed("discounts", Discount),
  changed("included", Included),
]);
export type TermsChange = z.infer<typeof TermsChange>;

export const VersionDetail = VersionItem.extend({
  version: z.string(),
  terms: Terms,
  against: count.describe("number of the version it is compared with"),
  changes: z.array(TermsChange).describe("null before: new; null after: gone"),
}).meta({ id: "PriceVersionDetail" });
export type VersionDetail = z.infer<typeof VersionDetail>;

export const VersionsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, "not a cursor of this list")
    .optional(),
});
export type VersionsQuery = z.infer<typeof VersionsQuery>;

export const VersionsPage = z.object({
  data: z.array(VersionItem),
  next_cursor: z.string().nullable(),
});
export type VersionsPage = z.infer<typeof VersionsPage>;

const number = z.coerce.number().int().min(0).max(1_000_000_000);
export const VersionParams = z.object({ number });
export const VersionQuery = z.object({
  against: number.optional().describe("another version; the one before, if left out"),
});
export type VersionQuery = z.infer<typeof VersionQuery>;
