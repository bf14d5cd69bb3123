import { z } from "zod";

const count = z.int().nonnegative();
const nanos = z.int().describe("nano-dollars");
const time = z.string();

export const REPRICE_TASK = "reprice_history";

export const RepricingKind = z
  .enum(["preview", "run"])
  .describe("a preview finds out what a run would change, and changes nothing");
export type RepricingKind = z.infer<typeof RepricingKind>;

/** `replaced`: the prices changed meanwhile, or a newer one was asked for. */
export const RepricingState = z.enum(["working", "done", "stopped", "replaced"]);
export type RepricingState = z.infer<typeof RepricingState>;

const Difference = z.object({
  before_nanos: nanos,
  after_nanos: nanos,
  unpriced_before: count.describe("tokens"),
  unpriced_after: count,
});
export type Difference = z.infer<typeof Difference>;

export const RepricingItem = Difference.extend({
  id: z.string(),
  kind: RepricingKind,
  state: RepricingState,
  version: z.string().describe("the prices it prices with"),
  sessions: count.describe("priced otherwise when it began"),
  done: count,
  changed: count.describe("of those done: sessions whose cost or unpriced tokens differ"),
  kept: count.describe("whose events are not here any more: they keep their price"),
  created_at: time,
  finished_at: time.nullable(),
}).meta({ id: "Repricing" });
export type RepricingItem = z.infer<typeof RepricingItem>;

export const RepricingsAnswer = z
  .object({
    waiting: count.describe("sessions priced with other prices than now hold; at most 100,000"),
    last: RepricingItem.nullable(),
  })
  .meta({ id: "Repricings" });
export type RepricingsAnswer = z.infer<typeof RepricingsAnswer>;

export const MOST_PARTS = 400;

export const RepricingDetail = RepricingItem.extend({
  days: z
    .array(Difference.extend({ day: z.string().describe("UTC") }))
    .describe(`where something differs, the newest ${MOST_PARTS}`),
  agents: z
    .array(Difference.extend({ agent: z.string().nullable(), name: z.string().nullable() }))
    .describe(`where something differs, the largest ${MOST_PARTS}`),
}).meta({ id: "RepricingDetail" });
export type RepricingDetail = z.infer<typeof RepricingDetail>;

export const NewRepricing = z.strictObject({ kind: RepricingKind }).meta({ id: "NewRepricing" });
export type NewRepricing = z.infer<typeof NewRepricing>;

export const RepricingParams = z.object({ id: z.string().max(100) });
