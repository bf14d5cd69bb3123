// What the API of alerts, episodes and heartbeats takes and answers. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { DeliveryEntry } from "@/lib/notify/delivery-schema";
import { ACTION_STATES } from "./action";
import { NewRule } from "./rule-schema";
import { AlertEvent, CloseReason, Severity, Status } from "./schema";

const instant = z.string().describe("RFC 3339, UTC");
const labels = z.record(z.string(), z.string());
const figure = z.number().nullable();
const count = z.int().nonnegative();
const cursor = z.string().max(512).optional();
const limit = z.coerce.number().int().min(1).max(200).default(50);

const AlertItem = z
  .object({
    rule_id: z.string(),
    rule_name: z.string(),
    labels,
    names: labels.describe("words for ids among the labels"),
    state: Status,
    since: instant.describe("in this state"),
    value: figure,
    numerator: figure,
    denominator: figure,
    severity: Severity,
    episode_id: z.string().nullable(),
    opened_at: instant.nullable(),
    acknowledged_by: z.string().nullable(),
    silenced: z.boolean(),
    flapping: z.boolean(),
    condition: z.string().describe("of its rule, in words"),
    unit: z.string(),
    threshold: z.number().nullable(),
    sessions: z.array(z.object({ id: z.string(), outcome: z.string(), cost_nanos: z.number() })),
  })
  .meta({ id: "Alert" });
export type AlertItem = z.infer<typeof AlertItem>;

const many = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).optional(),
  );

export const AlertsQuery = z.object({
  rule: z.string().max(100).optional(),
  state: many(Status).describe("default: all but inactive"),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});
export type AlertsQuery = z.infer<typeof AlertsQuery>;
export const AlertsPage = z.object({
  data: z.array(AlertItem),
  firing: count.describe("in the workspace, recovering ones included"),
  next_cursor: z.null(),
});
export type AlertsPage = z.infer<typeof AlertsPage>;

export const EpisodeParams = z.object({ id: z.string().max(100) });

export const EpisodeItem = z
  .object({
    id: z.string(),
    rule_id: z.string(),
    rule_name: z.string(),
    rule_version: z.int(),
    labels,
    names: labels,
    severity: Severity,
    opened_at: instant,
    closed_at: instant.nullable(),
    close_reason: CloseReason.nullable(),
    peak: figure,
    unit: z.string(),
    condition: z.string(),
    sessions: count,
    late: z.boolean().describe("found while catching up after a standstill"),
    acknowledged_at: instant.nullable(),
    acknowledged_by: z.string().nullable(),
  })
  .meta({ id: "Episode" });
export type EpisodeItem = z.infer<typeof EpisodeItem>;

export const EpisodesQuery = z.object({
  rule: z.string().max(100).optional(),
  open: z.preprocess(
    (v) => (v === "true" ? true : v === "false" ? false : v),
    z.boolean().optional(),
  ),
  severity: many(Severity),
  from: z.iso.datetime({ offset: true }).optional().describe("opened at or after"),
  to: z.iso.datetime({ offset: true }).optional().describe("opened before"),
  limit,
  cursor,
});
export type EpisodesQuery = z.infer<typeof EpisodesQuery>;
export const EpisodesPage = z.object({
  data: z.array(EpisodeItem),
  next_cursor: z.string().nullable(),
});
export type EpisodesPage = z.infer<typeof EpisodesPage>;

export const EpisodeDetail = EpisodeItem.extend({
  rule: NewRule.nullable().describe("the version in force when it opened"),
  window: z.object({ from: instant, to: instant }),
  session_ids: z.array(z.string()).describe("those behind it, failed ones first; 200 at most"),
  session_query: z
    .string()
    .describe("the session list's parameters for exactly those and later ones"),
  course: z.array(z.tuple([instant, figure])).describe("the value, tick by tick"),
  action: z
    .object({
      state: z.enum(ACTION_STATES),
      reason: z.string().nullable().describe("why it was not done, or what went wrong last"),
      attempts: count,
      event_id: z.string().nullable().describe("the interrupt, as the platform names it"),
      created_at: instant,
      tried_at: instant.nullable(),
      finished_at: instant.nullable(),
    })
    .nullable()
    .describe("what its rule did to the session"),
  transitions: z.array(
    z.object({
      at: instant,
      from: Status,
      to: Status,
      event: AlertEvent.nullable(),
      reason: z.string().nullable(),
      severity: Severity,
      value: figure,
      numerator: figure,
      denominator: figure,
      rule_version: z.int(),
    }),
  ),
  held: z
    .array(
      z.object({
        kind: z.enum(["silence", "mute", "inhibited"]),
        by_id: z.string().describe("of the silence, the mute timing, or the rule of another alert"),
        by_name: z.string().describe("of a silence its reason"),
        channel_name: z.string().nullable(),
        from: instant,
        until: instant.nullable(),
      }),
    )
    .describe("what has held messages back, oldest first"),
  deliveries: z.array(DeliveryEntry),
  notes: z.array(
    z.object({ id: z.string(), author: z.string(), text: z.string(), created_at: instant }),
  ),
  similar: z.array(EpisodeItem).describe("earlier ones of the same alert, newest first"),
}).meta({ id: "EpisodeDetail" });
export type EpisodeDetail = z.infer<typeof EpisodeDetail>;

export const NewNote = z.strictObject({ text: z.string().trim().min(1).max(4_000) });
export type NewNote = z.infer<typeof NewNote>;

export const Acknowledgement = z.strictObject({ acknowledged: z.boolean() });
export type Acknowledgement = z.infer<typeof Acknowledgement>;

export const HeartbeatParams = z.object({ name: z.string().min(1).max(200) });
export const HeartbeatItem = z.object({
  name: z.string(),
  first_at: instant,
  last_at: instant,
  count,
});
export type HeartbeatItem = z.infer<typeof HeartbeatItem>;
export const HeartbeatsPage = z.object({ data: z.array(HeartbeatItem), next_cursor: z.null() });
