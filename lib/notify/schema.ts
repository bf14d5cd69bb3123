// Notify: who is told of an episode, when, and by which message.
// Written by: `lib/alerts`, which puts a notice in the transaction of the transition; people, who keep
// channels, routes, silences and mute timings; jobs that group notices and deliver messages.
// Read by: the pages and API of alerts. Knows nothing of rules beyond what a notice says.
// Invariant: a channel that was told of an opening is told of its close; a message has one id however
// often it is tried; nothing counts as told before a receiver has taken it.
import { z } from "zod";

export const NOTICE_REASONS = [
  ...(["opened", "more_opened", "some_closed", "closed", "escalated", "reminder"] as const),
  ...([
    "silence_ended",
    "no_data",
    "flapping",
    "flapping_ended",
    "late",
    "test",
    "health",
  ] as const),
] as const;
export const NoticeReason = z.enum(NOTICE_REASONS);
/** Why a message goes out. */
export type NoticeReason = z.infer<typeof NoticeReason>;

const severity = z.enum(["info", "warning", "high", "critical"]);

/** What is said of one episode: everything a message may need, and nothing of what sessions hold. */
export const NoticeContent = z.object({
  rule: z.object({ id: z.string(), name: z.string(), kind: z.string(), version: z.int() }),
  /** The alert's own labels together with the rule's; `alertname` and `severity` are added where a receiver wants them. */
  labels: z.record(z.string(), z.string()),
  /** Words for ids among the labels: an agent's name. */
  names: z.record(z.string(), z.string()).default({}),
  severity,
  status: z.enum(["firing", "no_data", "closed"]),
  /** Of a close: recovered, low_volume, missing, ended, rule_changed, paused, deleted. */
  close_reason: z.string().nullable(),
  opened_at: z.string(),
  closed_at: z.string().nullable(),
  /** When the rule last judged it. */
  at: z.string(),
  value: z.number().nullable(),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  /** Of the metric: count, ratio, nanodollars, tokens, hours, ms, seconds, per_minute. */
  unit: z.string(),
  /** In words: `failure rate above 20 % over 15 min, at least 10 sessions`. */
  condition: z.string(),
  /** The bound that it is past. */
  threshold: z.number().nullable(),
  summary: z.string().nullable(),
  description: z.string().nullable(),
  runbook_url: z.string().nullable(),
  /** The dearest or failed ones first, three at most; titles only where content may be told. */
  sessions: z.array(z.object({ id: z.string(), outcome: z.string(), cost_nanos: z.number() })),
  session_count: z.int(),
  /** The course of the value until now, for a drawing: instants in milliseconds. */
  course: z.array(z.tuple([z.number(), z.number().nullable()])),
  /** Opened and closed again and again: damped until it rests. */
  flapping: z.boolean(),
  /** Found while catching up after a standstill. */
  late: z.boolean(),
  /** An error of the rule itself, told to its owner. */
  health: z.string().nullable(),
  /** Channels the rule names beside the routes. */
  channels: z.array(z.string()),
});
export type NoticeContent = z.infer<typeof NoticeContent>;

/** An episode as the alerts' side gives it; `id` is the episode's. Putting the same again changes nothing. */
export type Notice = { id: string; content: NoticeContent };

/** What a message is made of: the group's members as they were when it was made. */
export const Message = z.object({
  reason: NoticeReason,
  group: z
    .record(z.string(), z.string())
    .describe("labels all of its members share by the grouping"),
  firing: z.array(z.object({ id: z.string(), content: NoticeContent })),
  closed: z.array(z.object({ id: z.string(), content: NoticeContent })),
  /** Members beyond what is carried here. */
  more: z.int().nonnegative(),
  acknowledged_by: z.string().nullable(),
  failed_channel: z
    .string()
    .optional()
    .describe("the name of the channel that this was meant for and that could not deliver it"),
});
export type Message = z.infer<typeof Message>;

export const MATCH_OPS = ["=", "!=", "=~", "!~"] as const;
export const Matcher = z.strictObject({
  name: z.string().min(1).max(100),
  op: z.enum(MATCH_OPS).default("="),
  value: z.string().max(500),
});
export type Matcher = z.infer<typeof Matcher>;
