import { z } from "zod";
import { WRITTEN } from "./places";
import { ErasureSubject } from "./subject-schema";

export const ERASE_TASK = "erase_sessions";

const count = z.int().nonnegative();
const instant = z.string().nullable();

export const ErasurePreviewQuestion = z
  .strictObject({ subject: ErasureSubject })
  .meta({ id: "ErasureQuestion" });

export const ErasurePreview = z
  .object({
    sessions: count,
    events: count,
    spans: count,
    from: instant.describe("when the first of them started"),
    to: instant.describe("when the last of them was last heard of"),
    holds: z
      .array(z.object({ id: z.string(), reason: z.string(), sessions: count }))
      .describe("holds that are in the way: nothing is erased while there are any"),
  })
  .meta({ id: "ErasurePreview" });
export type ErasurePreview = z.infer<typeof ErasurePreview>;

export const NewErasure = z
  .strictObject({
    subject: ErasureSubject,
    reason: z
      .string()
      .trim()
      .min(3, "expected why, in a few words that name nobody")
      .max(500, "expected at most 500 characters"),
    sessions: count.describe("how many the preview told of; another number is a conflict"),
  })
  .meta({ id: "NewErasure" });
export type NewErasure = z.infer<typeof NewErasure>;

/** What is counted of what goes, beside sessions. */
export const REMOVED = [
  ...["events", "spans", "threads", "rejected", "webhooks", "messages", "audit", "other"],
] as const;

export const ErasureReport = z.object({
  sessions: count,
  events: count,
  spans: count,
  threads: count,
  rejected: count.describe("items that were refused"),
  webhooks: count,
  messages: count.describe("alerts, notices and messages to channels that named a session"),
  audit: count.describe("entries of the audit log that named one, and do no more"),
  other: count.describe("other rows that were removed, or name none any more"),
  remains: z
    .array(
      z.object({
        month: z.string().describe("UTC, `2026-11`"),
        cost_nanos: z.int().describe("nano-dollars"),
        tokens: count,
      }),
    )
    .describe("what the totals go on to hold of them"),
  written: z
    .array(
      z.object({
        what: z.enum(WRITTEN),
        id: z.string(),
        now: z
          .enum(["changed", "removed", "left"])
          .describe("left: the name still stands there, in words or where nothing is changed"),
      }),
    )
    .describe("what people wrote themselves and named one in; a hundred at most"),
});
export type ErasureReport = z.infer<typeof ErasureReport>;

export const ErasureItem = z
  .object({
    id: z.string(),
    state: z
      .enum(["working", "settling", "done", "failed"])
      .describe("failed: given up after ten tries; it can be asked for again"),
    about: z.string().describe("what was asked for, in words that name nobody"),
    reason: z.string(),
    problem: z
      .string()
      .nullable()
      .describe("why it failed when it was last tried; null: it did not"),
    asked_by: z.string(),
    created_at: z.string(),
    finished_at: instant,
    sessions: count.describe("found when it was asked for"),
    report: ErasureReport,
  })
  .meta({ id: "Erasure" });
export type ErasureItem = z.infer<typeof ErasureItem>;

export const ErasuresAnswer = z
  .object({ data: z.array(ErasureItem).describe("the newest first") })
  .meta({ id: "Erasures" });
export type ErasuresAnswer = z.infer<typeof ErasuresAnswer>;

export const ErasureParams = z.object({ id: z.string().max(100) });
