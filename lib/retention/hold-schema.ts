import { z } from "zod";
import { HoldSubject } from "./subject-schema";

const reason = z
  .string()
  .trim()
  .min(3, "expected why, in a few words")
  .max(500, "expected at most 500 characters");

export const NewHold = z.strictObject({ subject: HoldSubject, reason }).meta({ id: "NewHold" });
export type NewHold = z.infer<typeof NewHold>;

export const HoldItem = z
  .object({
    id: z.string(),
    subject: HoldSubject,
    reason: z.string(),
    placed_by: z.string(),
    placed_at: z.string(),
    lifted_by: z.string().nullable(),
    lifted_at: z.string().nullable(),
    sessions: z.int().nonnegative().nullable().describe("held by it now; null of a lifted one"),
  })
  .meta({ id: "Hold" });
export type HoldItem = z.infer<typeof HoldItem>;

export const HoldsAnswer = z
  .object({ data: z.array(HoldItem).describe("in force first, then the lifted, newest first") })
  .meta({ id: "Holds" });
export type HoldsAnswer = z.infer<typeof HoldsAnswer>;

export const HoldParams = z.object({ id: z.string().max(100) });
