// Overview: what needs somebody now, and the fleet's figures over a range beside those of another.
// Written by: nobody. Read by: the first page, the JSON API.
// Invariant: every figure is the catalogue's, asked through the one query function; only what stands
// still at this moment (waits, silent runs, refused items, connections) is read from facts.
import { z } from "zod";
import { said } from "@/lib/http/content";
import { Outcome, SessionItem } from "@/lib/sessions/schema";
import { COMPARISONS } from "@/lib/time/range";

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

const Oldest = z.object({
  session_id: z.string(),
  connection_id: z.string().nullable(),
  since: instant,
  tool: z.string().nullable(),
  agent: AgentRef,
});

/** What somebody should look at first, each with its number and, where there is one, its money. */
export const AttentionItem = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("stopped"),
    connection: z.object({ id: z.string(), name: z.string() }),
    reason: z.string().nullable(),
  }),
  z.object({
    kind: z.literal("failing"),
    agent: AgentRef,
    failed: count,
    settled: count.describe("completed and failed: the rate's denominator"),
    normal: ratio.describe("the agent's rate in the 30 days before `from`"),
    cost_nanos: nanos.describe("of the failed sessions"),
    from: instant,
    to: instant,
  }),
  z.object({
    kind: z.literal("dear"),
    cost_nanos: nanos,
    expected_nanos: nanos.describe("the mean of the same hours in the weeks before"),
    weeks: count.describe("how many of them there were"),
    agent: AgentRef.omit({ version: true })
      .extend({ excess_nanos: nanos })
      .nullable()
      .describe("who is furthest above its own mean"),
  }),
  z.object({
    kind: z.literal("waiting"),
    sessions: count,
    cost_nanos: nanos.describe("what they have cost so far"),
    oldest: Oldest,
  }),
  z.object({
    kind: z.literal("silent"),
    sessions: count.describe("running, and no event for 10 minutes or more"),
    cost_nanos: nanos.describe("what they have cost so far"),
    oldest: Oldest.describe("`since`: its last event"),
  }),
  z.object({
    kind: z.literal("unpriced"),
    tokens: count.describe("in the range; they are in no cost"),
    models: z.array(z.string()).describe("most tokens first, at most 3"),
  }),
  z.object({
    kind: z.literal("behind"),
    connection: z.object({ id: z.string(), name: z.string() }),
    lag_seconds: count,
  }),
  z.object({
    kind: z.literal("rebuilding"),
    sessions: count.describe(
      "still to be derived anew after an update; figures are partial meanwhile",
    ),
  }),
  z.object({
    kind: z.literal("rejected"),
    items: count,
    last_at: instant,
    message: said(z.string().nullable()),
  }),
]);
export type AttentionItem = z.infer<typeof AttentionItem>;

/** A figure of the whole range, of the range it is compared with (null: none, or nothing there), and bucket by bucket. */
const Figure = z.object({
  value: z.number(),
  previous: z.number().nullable(),
  points: z.array(z.number()),
});

export const METERS = ["tokens", "runtime", "web_search"] as const;

export const Overview = z
  .object({
    any: z.boolean().describe("whether this workspace has any session at all"),
    from: instant,
    to: instant,
    compared: z.object({ from: instant, to: instant }).nullable(),
    step_ms: count,
    times: z.array(instant).describe("bucket starts; lists below run parallel to it"),
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
      session_hours: Figure.describe("running status, overlapping threads once"),
    }),
    outcomes: z
      .array(z.object({ outcome: Outcome, values: z.array(count) }))
      .describe("settled sessions by the instant they settled; only outcomes that occur"),
    cost: z
      .array(z.object({ meter: z.enum(METERS), values: z.array(nanos) }))
      .describe("when it was spent; only meters that occur"),
    concurrency: z
      .array(z.number().nullable())
      .describe("sessions running at each bucket's end; null: not yet"),
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
