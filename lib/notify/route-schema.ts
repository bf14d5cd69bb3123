// Routes: to which channels an alert goes, and when. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { problemOf } from "./match";
import { Matcher } from "./schema";

/** A workspace has at most this many, which is one page. */
export const MOST_ROUTES = 200;

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

const id = z.string().min(1).max(100);
const ms = (least: number, most: number) => z.int().min(least).max(most);
const distinct = (values: string[]) => new Set(values).size === values.length;

/** Matchers whose patterns can be used; the message says which cannot, and why. */
export const Matchers = z
  .array(
    Matcher.superRefine((matcher, context) => {
      const problem = problemOf(matcher);
      if (problem) context.addIssue({ code: "custom", path: ["value"], message: problem });
    }),
  )
  .max(20);

export const Timers = z.object({
  group_wait_ms: ms(0, DAY_MS).describe("first message after; at once for critical ones"),
  group_interval_ms: ms(0, 7 * DAY_MS).describe("updates at most every"),
  repeat_critical_ms: ms(0, 30 * DAY_MS).describe("remind every; 0 for never"),
  repeat_chat_ms: ms(0, 30 * DAY_MS).describe("the same for other severities"),
  repeat_pager_ms: ms(0, 30 * DAY_MS).describe("the same on channels that page somebody"),
});
export type Timers = z.infer<typeof Timers>;

export const DEFAULT_TIMERS: Timers = {
  group_wait_ms: 30_000,
  group_interval_ms: 5 * MINUTE_MS,
  repeat_critical_ms: 60 * MINUTE_MS,
  repeat_chat_ms: DAY_MS,
  repeat_pager_ms: 4 * 60 * MINUTE_MS,
};

export const NewRoute = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    matchers: Matchers.default([]).describe("all must fit; none for every alert"),
    continue: z.boolean().default(false).describe("also look at the routes after it"),
    channels: z.array(id).max(20).refine(distinct, "each channel once").default([]),
    group_by: z
      .array(z.string().min(1).max(100))
      .max(5)
      .refine(distinct, "each label once")
      .default(["alertname"])
      .describe("alerts that share these labels are told of together; `...` for each by itself"),
    group_wait_ms: ms(0, DAY_MS).optional().describe("left out: as notify-settings has it"),
    group_interval_ms: ms(0, 7 * DAY_MS).optional(),
    repeat_ms: ms(0, 30 * DAY_MS)
      .optional()
      .describe("of every severity; 0 for never"),
    mute_timings: z
      .array(id)
      .max(20)
      .default([])
      .describe("while one of these is, nothing is sent"),
    active_timings: z
      .array(id)
      .max(20)
      .default([])
      .describe("nothing is sent but while one of these is"),
    escalate: z
      .array(z.strictObject({ after_ms: ms(MINUTE_MS, 7 * DAY_MS), channels: z.array(id).min(1) }))
      .max(5)
      .default([])
      .describe("who is told when nobody has acknowledged it so long after it was first told"),
  })
  .meta({ id: "NewRoute" });
/** A route as written, defaults filled in. */
export type NewRoute = z.infer<typeof NewRoute>;

export const RouteItem = NewRoute.extend({
  id: z.string(),
  created_at: z.string(),
}).meta({ id: "Route" });
export type RouteItem = z.infer<typeof RouteItem>;

export const RoutesPage = z.object({ data: z.array(RouteItem), next_cursor: z.null() });
export type RoutesPage = z.infer<typeof RoutesPage>;

export const RouteParams = z.object({ id: z.string().max(100) });
export const RouteOrder = z
  .strictObject({ ids: z.array(id).max(MOST_ROUTES).describe("all routes, first to last") })
  .meta({ id: "RouteOrder" });

export const RoutePreview = z
  .strictObject({
    labels: z
      .record(z.string().max(100), z.string().max(500))
      .describe("with alertname, severity and rule_id as an alert has them"),
    channels: z.array(id).max(20).default([]).describe("named by the rule itself"),
  })
  .meta({ id: "RoutePreview" });
export type RoutePreview = z.infer<typeof RoutePreview>;

export const RoutePreviewAnswer = z
  .object({
    routes: z.array(z.object({ id: z.string(), name: z.string(), continue: z.boolean() })),
    targets: z.array(
      z.object({
        channel: z.object({ id: z.string(), name: z.string(), kind: z.string() }),
        route: z.string().nullable().describe("null: named by the rule, or the default channel"),
        group: z.record(z.string(), z.string()).describe("labels of what it is told together with"),
        timers: z.object({
          group_wait_ms: z.int(),
          group_interval_ms: z.int(),
          repeat_ms: z.int(),
        }),
        muted: z.boolean().describe("by a mute timing now"),
        after_ms: z.int().describe("0, or how long after the first if nobody acknowledges it"),
      }),
    ),
    silenced: z.boolean().describe("by a silence now"),
  })
  .meta({ id: "RoutePreviewAnswer" });
export type RoutePreviewAnswer = z.infer<typeof RoutePreviewAnswer>;
