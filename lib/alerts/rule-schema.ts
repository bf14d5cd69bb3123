// How a rule is written, kind by kind. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import {
  Action,
  asked,
  bound,
  common,
  compared,
  DAY_MS,
  duration,
  groupName,
  SELF_WATCHES,
  SESSION_MEASURES,
  volume,
} from "./rule-parts";
import { SEVERITIES } from "./schema";

export const KINDS = [
  ...(["threshold", "ratio", "change", "anomaly", "burn_rate"] as const),
  ...(["absence", "budget", "composite", "session", "event", "self"] as const),
] as const;
export const Kind = z.enum(KINDS);
export type Kind = z.infer<typeof Kind>;

const Threshold = z.strictObject({
  kind: z.literal("threshold"),
  ...common,
  ...asked,
  ...compared,
  ...volume,
});
const Ratio = Threshold.extend({ kind: z.literal("ratio") });
const Change = Threshold.extend({
  kind: z.literal("change"),
  compare: z
    .strictObject({
      offset: duration(60_000, 31 * DAY_MS, "1m to 31d")
        .default("7d")
        .describe("the window that far back is the baseline"),
      mode: z.enum(["relative", "absolute"]).default("relative"),
      min_baseline: z
        .number()
        .min(0)
        .default(0)
        .describe("below it nothing is judged; of a ratio its denominator"),
      min_delta: z.number().min(0).default(0).describe("a smaller difference never breaches"),
    })
    .prefault({}),
});
const Anomaly = z.strictObject({
  kind: z.literal("anomaly"),
  ...common,
  ...asked,
  ...volume,
  anomaly: z
    .strictObject({
      season: z.enum(["hour_of_week", "hour_of_day"]).default("hour_of_week"),
      seasons: z
        .int()
        .min(3)
        .max(6)
        .default(6)
        .describe("how many are looked back on; three are needed"),
      spreads: z
        .number()
        .min(1)
        .max(20)
        .default(3)
        .describe("how far from the median, in spreads (1.4826 × MAD)"),
      min_delta: z.number().min(0).default(0).describe("a smaller distance never breaches"),
      direction: z.enum(["above", "below", "both"]).default("above"),
    })
    .prefault({}),
});
const BurnRate = z.strictObject({
  kind: z.literal("burn_rate"),
  ...common,
  ...asked,
  ...volume,
  metric: asked.metric.default("failure_rate"),
  window: asked.window.default("1h").describe("the long one; the short one is a twelfth"),
  slo: z.number().gt(0).lt(1).describe("like 0.99: one in a hundred may fail"),
  factor: z.number().positive().max(1_000_000).describe("how many times faster than allowed"),
});
const Absence = z.strictObject({
  kind: z.literal("absence"),
  ...common,
  metric: asked.metric.optional().describe("counts that should not be 0 over the window"),
  filters: asked.filters,
  group_by: asked.group_by,
  heartbeat: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("a name to POST to /api/v1/heartbeats/{name}"),
  window: asked.window.unwrap().optional(),
  period: duration(1_000, 31 * DAY_MS, "1s to 31d").optional(),
  grace: duration(0, 31 * DAY_MS, "0s to 31d").default("10m"),
  expect_first: z.boolean().default(false).describe("also fire when the first never comes"),
});
const Budget = z.strictObject({
  kind: z.literal("budget"),
  ...common,
  budget: z.string().max(100).describe("a budget's id"),
  tiers: z
    .array(z.number().gt(0).max(10))
    .max(6)
    .default([0.5, 0.8, 1])
    .describe("shares; each told once a period"),
  forecast: z
    .boolean()
    .default(true)
    .describe("also fire when more than the budget is expected to be spent"),
  forecast_recover: z.number().gt(0).max(1).default(0.95).describe("of the budget"),
});
const Composite = z.strictObject({
  kind: z.literal("composite"),
  ...common,
  rules: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,20}$/), z.string().max(100))
    .describe("names of rules, by their ids"),
  expression: z.string().min(1).max(500).describe("like: a && (b || !c)"),
});
const Session = z.strictObject({
  kind: z.literal("session"),
  ...common,
  ...compared,
  measure: z
    .enum(SESSION_MEASURES)
    .describe(
      "nano-dollars, nano-dollars per minute over `window`, seconds, tokens, errors in a row of one tool, seconds without an event, seconds waiting for a person, reschedules over `window`",
    ),
  filters: asked.filters,
  window: asked.window.default("5m"),
  action: Action.optional(),
});
const Event = z.strictObject({
  kind: z.literal("event"),
  ...common,
  ...compared,
  op: compared.op.default(">="),
  fire: bound.default(1),
  source: z.enum(["session_error", "webhook"]).default("session_error"),
  types: z
    .array(z.string().max(200))
    .max(50)
    .default([])
    .describe("error types, or types of webhooks; none for all"),
  filters: asked.filters,
  group_by: z.array(groupName).max(3).default(["error_type"]),
  window: asked.window.default("5m"),
});

const Self = z.strictObject({
  kind: z.literal("self"),
  ...common,
  ...compared,
  watch: z
    .enum(SELF_WATCHES)
    .describe(
      "in seconds: how long a source has sent nothing, rules are late, a channel has not delivered, what is here of a connection is behind, somebody has had content open by a break-glass",
    ),
});

export const NewRule = z
  .discriminatedUnion("kind", [
    Threshold,
    Ratio,
    Change,
    Anomaly,
    BurnRate,
    Absence,
    Budget,
    Composite,
    Session,
    Event,
    Self,
  ])
  .meta({ id: "NewRule" });
/** A rule as written, defaults filled in. */
export type NewRule = z.infer<typeof NewRule>;
export type RuleOf<K extends Kind> = Extract<NewRule, { kind: K }>;

export const severityRank = (severity: (typeof SEVERITIES)[number]) => SEVERITIES.indexOf(severity);
