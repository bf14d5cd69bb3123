// What is told of a connection's webhooks: those that came, those that were refused, those that did
// not come. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { normalInstant } from "@/lib/sessions/instant";

const count = z.int();
const instant = z.string();

export const WebhooksQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
});
export type WebhooksQuery = z.infer<typeof WebhooksQuery>;

/**
 * What became of a delivery. `read`: its session has been read since. `waiting`: it will be. `failed`:
 * reading it failed, and is tried again. `gone`: the platform has deleted the session. `listed`: it is
 * of an agent or environment, and those are read again at once. `kept`: there is nothing to read.
 */
export const DeliveryResult = z.enum(["read", "waiting", "failed", "gone", "listed", "kept"]);
export type DeliveryResult = z.infer<typeof DeliveryResult>;

export const DeliveryItem = z
  .object({
    webhook_id: z.string(),
    received_at: instant,
    created_at: instant.nullable().describe("when it happened, in the platform's words"),
    type: z.string(),
    resource_id: z.string(),
    session_thread_id: z.string().nullable(),
    session_id: z.string().nullable().describe("the session it is about, when that is stored here"),
    repeats: count.describe("how often it came again"),
    result: DeliveryResult,
    read_at: instant.nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: "WebhookDelivery" });
export type DeliveryItem = z.infer<typeof DeliveryItem>;
export const DeliveriesPage = z.object({
  data: z.array(DeliveryItem),
  next_cursor: z.string().nullable(),
});
export type DeliveriesPage = z.infer<typeof DeliveriesPage>;

export const FailureItem = z
  .object({
    id: z.string(),
    received_at: instant,
    reason: z.string().describe("like `wrong_signature` or `old_timestamp`"),
    remote: z.string().nullable().describe("where it says it came from, by x-forwarded-for"),
  })
  .meta({ id: "WebhookFailure" });
export type FailureItem = z.infer<typeof FailureItem>;
export const FailuresPage = z.object({
  data: z.array(FailureItem),
  next_cursor: z.string().nullable(),
});
export type FailuresPage = z.infer<typeof FailuresPage>;

const DAY_MS = 86_400_000;
export const MOST_GAP_DAYS = 31;

const queryInstant = z
  .string()
  .max(40)
  .refine((text) => normalInstant(text) !== null, "expected an instant like 2026-11-20T10:00:00Z")
  .transform((text) => Date.parse(normalInstant(text) ?? text))
  .optional();

export const GapsQuery = z
  .object({
    from: queryInstant.describe("24 hours before `to` when left out"),
    to: queryInstant.describe("the present when left out"),
  })
  .superRefine(({ from, to }, context) => {
    if (from === undefined || to === undefined) return;
    if (from >= to) context.addIssue({ code: "custom", path: ["from"], message: "not before to" });
    if (to - from > MOST_GAP_DAYS * DAY_MS)
      context.addIssue({
        code: "custom",
        path: ["from"],
        message: `expected at most ${MOST_GAP_DAYS} days before to`,
      });
  });
export type GapsQuery = z.infer<typeof GapsQuery>;

export const GapItem = z.object({
  session_id: z.string(),
  session_thread_id: z.string().nullable(),
  event_id: z.string(),
  event_type: z.string(),
  type: z.string().describe("the webhook's"),
  at: instant,
});
export type GapItem = z.infer<typeof GapItem>;

export const Gaps = z
  .object({
    from: instant.nullable().describe("of the time that was compared; null when none of it can be"),
    to: instant.nullable(),
    expected: count.describe("events that polling stored and that the platform announces"),
    came: count.describe("of them, those that a delivery told of"),
    missed: z.array(GapItem).describe("the newest, at most 200"),
    unknown: z
      .array(z.object({ type: z.string(), events: count }))
      .describe("webhook types of which none ever came: perhaps not asked for; not counted above"),
  })
  .meta({ id: "WebhookGaps" });
export type Gaps = z.infer<typeof Gaps>;
