// Reconcile: over a range, the settled sessions' computed cost beside the provider's list cost, their
// spans beside the provider's usage. Part of the room of schema.ts, and under its sign.
// Invariant: each session stands under one cause and one agent, so both tables add up to the totals.
import { z } from "zod";
import { said } from "@/lib/http/content";
import { normalInstant } from "@/lib/sessions/instant";
import { Outcome, Source } from "@/lib/sessions/schema";
import { RECONCILE_CAUSES, RELIST_STATES } from "./drift-causes";
import { DriftCause } from "./schema";

const count = z.int().nonnegative();
const nanos = z.int().describe("nano-dollars (1 USD = 1,000,000,000)");
const ratio = z.number().nullable().describe("null: nothing to divide by");
const instant = z.string().describe("RFC 3339, UTC");

export const ReconcileCause = z.enum(RECONCILE_CAUSES);
export type ReconcileCause = z.infer<typeof ReconcileCause>;

const queryInstant = z
  .string()
  .max(40)
  .transform((text, context) => {
    const normal = normalInstant(text);
    if (normal !== null) return normal;
    context.addIssue("expected an instant like 2026-11-20T10:00:00Z, from 1900 to 2200");
    return z.NEVER;
  });

const limit = z.coerce.number().int().min(1).max(200).default(50);
const cursor = z.string().max(512).optional();

export const ReconcileQuery = z.object({
  from: queryInstant.optional().describe("sessions that settled at or after it"),
  to: queryInstant.optional().describe("and before it"),
  by: z.enum(["cause", "agent"]).default("cause"),
  limit: limit.describe("groups on a page"),
  cursor,
});
export type ReconcileQuery = z.infer<typeof ReconcileQuery>;

export const ReconcileFilter = ReconcileQuery.pick({ from: true, to: true }).extend({
  cause: ReconcileCause.optional(),
  agent: z.string().min(1).max(256).optional().describe("an agent's id"),
  show: z
    .enum(["drift", "tokens"])
    .default("drift")
    .describe("drift: sessions with a list cost; tokens: those whose spans differ from the usage"),
});
export type ReconcileFilter = z.infer<typeof ReconcileFilter>;

export const ReconcileSessionsQuery = ReconcileFilter.extend({ limit, cursor });
export type ReconcileSessionsQuery = z.infer<typeof ReconcileSessionsQuery>;

export const ReconcileExportQuery = ReconcileFilter.extend({
  format: z.enum(["csv", "ndjson"]).default("csv"),
});
export type ReconcileExportQuery = z.infer<typeof ReconcileExportQuery>;

/** Sessions with a list cost, summed. */
export const ReconcileSums = z.object({
  sessions: count,
  computed_nanos: nanos,
  list_nanos: nanos,
  drift_nanos: nanos.describe("computed − list"),
  drift_absolute_nanos: nanos.describe("each session's drift without its sign"),
  drift_ratio: ratio.describe("drift ÷ list"),
  billed_sessions: count.describe("sessions of these that the provider's cost report names"),
  billed_nanos: nanos.nullable().describe("what it bills for those; null where it names none"),
});
export type ReconcileSums = z.infer<typeof ReconcileSums>;

const AgentName = z.object({ id: z.string().nullable(), name: z.string().nullable() });

export const ReconcileGroup = ReconcileSums.extend({
  cause: ReconcileCause.nullable().describe("null where grouped by agent"),
  agent: AgentName.nullable().describe("null where grouped by cause"),
});
export type ReconcileGroup = z.infer<typeof ReconcileGroup>;

/** `own_loop`: not the platform's. `no_usage`: it never told any usage. `not_given`: usage, but no cost. */
export const NO_LIST_COST_REASONS = ["own_loop", "no_usage", "not_given"] as const;
const NoListCostReason = z.enum(NO_LIST_COST_REASONS);
export type NoListCostReason = z.infer<typeof NoListCostReason>;

/** Tokens by bucket; spans do not tell how long what they wrote is kept. */
const Buckets = z.object({
  input_tokens: count,
  cache_write_tokens: count,
  cache_read_tokens: count,
  output_tokens: count,
});
export type TokenBuckets = z.infer<typeof Buckets>;

export const RelistState = z
  .enum(RELIST_STATES)
  .describe(
    "what became of reading a session's lists once more because spans and usage differed. waiting: not done yet; different: done, and they still differ; mended: done, and they agree; unavailable: pushed or imported, or gone from the platform, so that nobody can be asked",
  );
export type RelistState = z.infer<typeof RelistState>;

export const Reconcile = z
  .object({
    by: z.enum(["cause", "agent"]),
    totals: ReconcileSums.extend({
      within_cent: count.describe("sessions whose drift is a cent at most"),
      within_percent: count.describe(
        "sessions whose drift is a hundredth of the list cost at most",
      ),
      demo: count.describe("simulated ones among the sessions"),
    }),
    data: z.array(ReconcileGroup).describe("the largest absolute drift first"),
    next_cursor: z.string().nullable(),
    without_list_cost: z.object({
      sessions: count,
      reasons: z.array(z.object({ reason: NoListCostReason, sessions: count })),
    }),
    tokens: z
      .object({
        compared: count.describe("settled sessions whose usage the platform told"),
        differing: count,
        usage: Buckets.extend({ cache_write_5m_tokens: count, cache_write_1h_tokens: count }),
        spans: Buckets,
        missing: Buckets.describe("in the usage, and in no span"),
        surplus: Buckets.describe("in spans, and not in the usage"),
      })
      .describe("the platform's usage beside the sum of the spans"),
    relists: z.object({
      waiting: count,
      different: count,
      mended: count,
      unavailable: count,
    }),
  })
  .meta({ id: "Reconcile" });
export type Reconcile = z.infer<typeof Reconcile>;

export const ReconcileSession = z
  .object({
    id: z.string(),
    connection_id: z.string().nullable(),
    title: said(z.string().nullable()),
    agent: AgentName,
    model: z.string().nullable(),
    source: Source,
    outcome: Outcome,
    settled_at: instant,
    computed_nanos: nanos,
    list_nanos: nanos.nullable(),
    drift_nanos: nanos.nullable(),
    drift_ratio: ratio,
    billed_nanos: nanos.nullable().describe("by the provider's cost report; null: not in it"),
    cause: ReconcileCause.nullable().describe("the first of the causes; null without a list cost"),
    causes: z.array(DriftCause),
    price_book: z.string(),
    usage: Buckets.extend({
      cache_write_5m_tokens: count,
      cache_write_1h_tokens: count,
    }).nullable(),
    spans: Buckets,
    token_gap: count.describe("tokens by which usage and spans differ, over all buckets"),
    relist: RelistState.nullable(),
  })
  .meta({ id: "ReconcileSession" });
export type ReconcileSession = z.infer<typeof ReconcileSession>;

export const ReconcileSessionsPage = z.object({
  data: z.array(ReconcileSession),
  next_cursor: z.string().nullable(),
});
export type ReconcileSessionsPage = z.infer<typeof ReconcileSessionsPage>;
