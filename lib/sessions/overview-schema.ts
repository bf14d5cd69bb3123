// The overview: what needs somebody now, and the fleet's figures over a range with what they are
// compared with. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { COMPARISONS } from "@/lib/time/range";
import { Outcome, SessionItem } from "./schema";

const count = z.int().nonnegative();
const nanos = z.int().describe("nano-dollars");
const instant = z.string().describe("RFC 3339, UTC");
const ratio = z.number().nullable().describe("null: nothing to divide by");

export const OverviewQuery = z.object({
  from: z.iso.datetime({ offset: true }).optional().describe("default: the first session's start"),
  to: z.iso.datetime({ offset: true }).optional().describe("default: now"),
  compare: z.enum(COMPARISONS.map((item) => item.id)).default("previous"),
  tz: z.string().max(64).default("UTC").describe("for buckets of a day and more"),
});
export type OverviewQuery = z.infer<typeof OverviewQuery>;

const AgentRef = z.object({
  id: z.string().nullable(),
  name: z.string().nullable(),
  version: z.union([z.number(), z.string()]).nullable(),
});

/** A session that runs and tells nothing for so long is silent. */
export const SILENT_MINUTES = 10;

/** What somebody should look at first; worst first. */
export const AttentionItem = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("failing"),
    agent: AgentRef,
    failed: count,
    settled: count.describe("completed and failed: the rate's denominator"),
    normal: ratio.describe("the agent's rate before `from`"),
    cost_nanos: nanos,
    from: instant,
    to: instant,
  }),
  z.object({
    kind: z.literal("waiting"),
    sessions: count,
    oldest: z.object({
      session_id: z.string(),
      connection_id: z.string().nullable(),
      since: instant,
      tool: z.string().nullable(),
      agent: AgentRef,
    }),
  }),
  z.object({
    kind: z.literal("silent"),
    sessions: count.describe("running, and no event for 10 minutes or more"),
    oldest: z.object({
      session_id: z.string(),
      connection_id: z.string().nullable(),
      last_event_at: instant,
      agent: AgentRef,
    }),
  }),
  z.object({ kind: z.literal("rejected"), items: count, last_at: instant, message: z.string() }),
]);
export type AttentionItem = z.infer<typeof AttentionItem>;

/** A figure of the whole range, of the range it is compared with (null: none, or nothing there), and bucket by bucket. */
const Figure = z.object({
  value: z.number(),
  previous: z.number().nullable(),
  points: z.array(z.number()),
});

export const METERS = [
  "input",
  "cache_write",
  "cache_read",
  "output",
  "tokens",
  "runtime",
  "web_search",
] as const;
export const Meter = z.enum(METERS);
export type Meter = z.infer<typeof Meter>;

export const Overview = z
  .object({
    any: z.boolean().describe("whether this workspace has any session at all"),
    from: instant,
    to: instant,
    compared: z.object({ from: instant, to: instant }).nullable(),
    step_ms: count,
    times: z.array(instant).describe("bucket starts, at most 100; lists below run parallel to it"),
    attention: z.array(AttentionItem),
    figures: z.object({
      sessions: Figure.describe("sessions started"),
      failure_rate: z.object({
        value: ratio,
        previous: ratio,
        failed: count,
        settled: count,
        points: z.array(ratio),
      }),
      cost_nanos: Figure.extend({ unpriced_tokens: count }),
      running_ms: Figure.describe("running status, overlapping threads once"),
    }),
    outcomes: z
      .array(z.object({ outcome: Outcome, values: z.array(count) }))
      .describe("settled sessions by the instant they settled; only outcomes that occur"),
    cost: z
      .array(z.object({ meter: Meter, values: z.array(nanos) }))
      .describe("only meters that occur"),
    agents: z
      .array(
        z.object({
          agent: AgentRef.omit({ version: true }),
          sessions: count,
          failed: count,
          settled: count,
          cost_nanos: nanos,
          p95_turn_ms: count.nullable(),
        }),
      )
      .describe("most sessions first, at most 10"),
    agents_total: count,
    running: z.array(SessionItem).describe("running now, the newest event first, at most 10"),
    running_total: count,
    waiting_total: count,
  })
  .meta({ id: "Overview" });
export type Overview = z.infer<typeof Overview>;
