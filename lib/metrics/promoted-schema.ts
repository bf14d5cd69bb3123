// Metadata keys promoted to dimensions: metrics are rolled up by them, so that grouping and filtering by
// one is as quick as by agent. Part of the room of schema.ts, and under its sign.
// Rule: of a key, at most 1,000 values a day (UTC) have sums of their own, the first in the order of their
// bytes; the others of that day, and values of more than 256 bytes, are one group, `other`. The order has
// no clock in it, so that the same events leave the same sums whichever comes first.
import { z } from "zod";

export const PROMOTE_TASK = "fill_promoted_keys";
/** Each makes what comes in a little slower. */
export const MOST_PROMOTED = 10;

const count = z.int().nonnegative();
const key = z
  .string()
  .min(1, "expected a metadata key")
  .max(64, "a metadata key has at most 64 characters");

export const PromotionState = z
  .enum(["filling", "ready", "removing"])
  .describe(
    "`filling`: history is still being counted, and the sessions themselves are read meanwhile",
  );
export type PromotionState = z.infer<typeof PromotionState>;

export const DimensionItem = z
  .object({
    key: z.string().describe("of sessions' metadata; metrics name it `metadata.<key>`"),
    sessions: count.describe("of those looked at, how many have it"),
    values: count.describe("how many different ones these have"),
    examples: z.array(z.string()).describe("the most frequent, three at most"),
    promotion: z
      .object({
        state: PromotionState,
        sessions: count.describe("to be counted when it began"),
        done: count,
        folded_days: count.describe(
          "days (UTC) on which not all values have a group of their own: more than 1,000, or too long",
        ),
        gone_before: count.describe(
          "sessions that retention or an erasure had taken before it was promoted: what they said of it is not known, and they are in `other`",
        ),
        created_at: z.string(),
        filled_at: z.string().nullable(),
      })
      .nullable()
      .describe("null for a key that is not promoted"),
  })
  .meta({ id: "Dimension" });
export type DimensionItem = z.infer<typeof DimensionItem>;

export const DimensionsAnswer = z
  .object({
    dimensions: z.array(DimensionItem).describe("promoted ones first, then by how many have it"),
    looked_at: count.describe("the newest sessions, whose keys these are"),
    most_promoted: count,
  })
  .meta({ id: "Dimensions" });
export type DimensionsAnswer = z.infer<typeof DimensionsAnswer>;

export const NewDimension = z.strictObject({ key }).meta({ id: "NewDimension" });
export type NewDimension = z.infer<typeof NewDimension>;
export const DimensionsQuery = z.object({
  promoted: z
    .stringbool()
    .default(false)
    .describe("only those that are promoted, without looking at sessions"),
});
export type DimensionsQuery = z.infer<typeof DimensionsQuery>;
