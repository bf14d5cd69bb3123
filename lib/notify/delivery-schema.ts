// Deliveries: one message to one channel, and every attempt at it. Part of the room of schema.ts, and
// under its sign.
import { z } from "zod";
import { Message, NoticeReason } from "./schema";

/** Payload of both: `DeliverJob`. */
export const DELIVER_TASK = "deliver_notices";
export const DeliverJob = z.object({ workspace: z.string(), channelId: z.string() });
export type DeliverJob = z.infer<typeof DeliverJob>;

/** Finished ones are kept for so long. */
export const KEPT_DELIVERY_DAYS = 90;

export const DELIVERY_STATES = [
  ...(["queued", "leased", "retrying", "sent", "failed", "dropped"] as const),
] as const;
export const DeliveryState = z.enum(DELIVERY_STATES);
/** `leased`: it is being sent; `retrying`: it is tried again when it is due. */
export type DeliveryState = z.infer<typeof DeliveryState>;

export const STATE_REASONS = [
  ...(["superseded", "closed_before_opened", "channel_removed"] as const),
  ...(["channel_disabled", "gave_up", "refused", "gone", "unreadable", "replayed"] as const),
] as const;
/**
 * Why it is in its state. Dropped: a newer one says the same and more; all that it would close was
 * never told. Failed: refused at once, or tried as often as it is. `replayed`: a person sends it again.
 */
export type StateReason = (typeof STATE_REASONS)[number];

export const Attempt = z.object({
  at: z.string(),
  ms: z.int(),
  status: z.int().nullable().describe("of HTTP or SMTP; null when no answer came"),
  body: z.string().describe("what was answered, its first 2 kB"),
  error: z.string().nullable().describe("why it does not count as delivered; null when it does"),
  uncertain: z.boolean().describe("without an answer it may have arrived all the same"),
});
export type Attempt = z.infer<typeof Attempt>;

const time = z.string().nullable();
export const DeliveryEntry = z
  .object({
    id: z.string().describe("the receiver's `webhook-id`, the same for every attempt"),
    channel_id: z.string(),
    channel_name: z.string().nullable().describe("null when the channel is gone"),
    reason: NoticeReason,
    state: DeliveryState,
    state_reason: z.string().nullable().describe(STATE_REASONS.join(", ")),
    episode_ids: z.array(z.string()),
    attempts: z.int(),
    last_status: z.int().nullable(),
    last_error: z.string().nullable(),
    due_at: z.string(),
    created_at: z.string(),
    finished_at: time,
  })
  .meta({ id: "Delivery" });
export type DeliveryEntry = z.infer<typeof DeliveryEntry>;

export const DeliveryItem = DeliveryEntry.extend({
  attempts: z.array(Attempt),
  content: Message,
}).meta({ id: "DeliveryDetail" });
export type DeliveryItem = z.infer<typeof DeliveryItem>;

export const DeliveriesPage = z.object({
  data: z.array(DeliveryEntry),
  next_cursor: z.string().nullable(),
});
export type DeliveriesPage = z.infer<typeof DeliveriesPage>;

const text = z.string().min(1).max(200).optional();
export const DeliveriesQuery = z.object({
  channel: text.describe("a channel's id"),
  state: DeliveryState.optional(),
  reason: NoticeReason.optional(),
  episode: text.describe("an episode's id"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
});
export type DeliveriesQuery = z.infer<typeof DeliveriesQuery>;

export const DeliveryParams = z.object({ id: z.string().max(100) });
