// What the API of rules takes and answers. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { NoticeTest, NoticeTestAnswer } from "@/lib/notify/test-schema";
import { NewRule } from "./rule-schema";
import { CloseReason, Severity, Status } from "./schema";

const instant = z.string().describe("RFC 3339, UTC");
const labels = z.record(z.string(), z.string());
const figure = z.number().nullable();
const count = z.int().nonnegative();
const cursor = z.string().max(512).optional();
const limit = z.coerce.number().int().min(1).max(200).default(50);

export const HEALTHS = ["unknown", "ok", "error", "limited"] as const;

/** Rules of every kind with more fields; `strict` refuses any others. */
function withMore<Shape extends z.ZodRawShape>(shape: Shape, strict: boolean) {
  const make = strict ? z.strictObject : z.object;
  const options = NewRule.options.map((option) => make({ ...option.shape, ...shape }));
  const union = z.discriminatedUnion("kind", options as unknown as typeof NewRule.options);
  return union as unknown as z.ZodType<NewRule & z.infer<z.ZodObject<Shape>>>;
}

export const RuleItem = withMore(
  {
    id: z.string(),
    version: z.int(),
    builtin: z.boolean().describe("about Watchkeeper itself: always on, and not to be deleted"),
    state: Status.describe("the worst of its alerts"),
    firing: count.describe("alerts now, those that recover included"),
    pending: count,
    health: z.enum(HEALTHS).describe("limited: more label sets than it may have"),
    health_text: z.string().nullable(),
    lag_ms: z.int().nullable().describe("how long after its tick it was last judged"),
    evaluated_at: instant.nullable(),
    fired_7d: count.describe("episodes of the last seven days"),
    noise: z
      .number()
      .nullable()
      .describe(
        "share of these that closed within five minutes or nobody acknowledged; null without any",
      ),
    created_at: instant,
    updated_at: instant,
  },
  false,
).meta({ id: "Rule" });
export type RuleItem = z.infer<typeof RuleItem>;

export const RulesQuery = z.object({ limit, cursor });
export type RulesQuery = z.infer<typeof RulesQuery>;
export const RulesPage = z.object({ data: z.array(RuleItem), next_cursor: z.string().nullable() });
export type RulesPage = z.infer<typeof RulesPage>;
export const RuleParams = z.object({ id: z.string().max(100) });

export const RulePatch = z.strictObject({ paused: z.boolean() });
export type RulePatch = z.infer<typeof RulePatch>;

export const RuleVersions = z.object({
  data: z.array(
    z.object({ version: z.int(), author: z.string(), created_at: instant, rule: NewRule }),
  ),
  next_cursor: z.null(),
});
export type RuleVersions = z.infer<typeof RuleVersions>;

export const BacktestRequest = withMore(
  {
    from: z.iso.datetime({ offset: true }),
    to: z.iso.datetime({ offset: true }),
  },
  true,
);
export type BacktestRequest = z.infer<typeof BacktestRequest>;

const LIVE = "back-filled data may differ from what live evaluation saw";
export const BacktestAnswer = z
  .object({
    episodes: z
      .array(
        z.object({
          labels,
          names: labels,
          severity: Severity,
          opened_at: instant,
          closed_at: instant.nullable(),
          close_reason: CloseReason.nullable(),
          peak: figure,
          session_query: z.string(),
        }),
      )
      .describe(`oldest first, 500 at most; ${LIVE}`),
    total: count.describe("episodes in all"),
    longest_ms: z.int().nullable(),
    median_ms: z.int().nullable(),
    messages: count.describe("after grouping, with the timers of a first route"),
    suppressed_by_volume: count.describe("ticks that would have breached with fewer asked for"),
    groups: count,
    ticks: count,
    series: z
      .array(
        z.object({
          labels,
          points: z.array(z.tuple([instant, figure])),
          states: z.array(
            z.object({ state: Status.or(z.literal("low")), from: instant, to: instant }),
          ),
        }),
      )
      .describe("for drawing: the largest groups, at most 6"),
    limits: z.array(z.string()).describe("in what it differs from live evaluation"),
  })
  .meta({ id: "Backtest" });
export type BacktestAnswer = z.infer<typeof BacktestAnswer>;

export const Preview = z
  .object({
    groups: count.describe("label sets that it would have now"),
    data: z
      .array(
        z.object({
          labels,
          names: labels,
          state: z.enum(["breach", "ok", "low", "no_data", "error"]),
          value: figure,
          numerator: figure,
          denominator: figure,
          severity: Severity.nullable(),
        }),
      )
      .describe("those worst first, 50 at most"),
    condition: z.string(),
    unit: z.string(),
  })
  .meta({ id: "RulePreview" });
export type Preview = z.infer<typeof Preview>;

export const WaitSuggestion = z.object({
  suggestion: z
    .object({
      for: z.string().describe("how long it would wait before it fires"),
      before: count.describe("episodes of the last week as it is"),
      after: count.describe("as it would be"),
    })
    .nullable(),
});
export type WaitSuggestion = z.infer<typeof WaitSuggestion>;

export const ThresholdCounts = z
  .object({
    data: z
      .array(z.object({ fire: z.number(), total: count.describe("episodes") }))
      .describe("by round bounds over all that was judged, and the rule's own; the least first"),
  })
  .meta({ id: "ThresholdCounts" });
export type ThresholdCounts = z.infer<typeof ThresholdCounts>;

export const RuleTest = NoticeTest.meta({ id: "RuleTest" });
export type RuleTest = z.infer<typeof RuleTest>;

export const RuleTestAnswer = NoticeTestAnswer.extend({
  made_of: z
    .enum(["episode", "now", "nothing"])
    .describe("its newest episode; else the worst of what it would find now; else only itself"),
  labels,
  names: labels,
}).meta({ id: "RuleTestAnswer" });
export type RuleTestAnswer = z.infer<typeof RuleTestAnswer>;
