// Looks at one session or at many that are neither a list of sessions, events nor spans: counts,
// the next error, the minimap, tools and turns. Part of the room of schema.ts, and under its sign.
import { z } from "zod";

const count = z.int().nonnegative();
const nanos = z.int().describe("nano-dollars");
const instant = z.string().describe("RFC 3339, UTC");
const connection = z.string().max(256).optional();

const FacetValue = z.object({ value: z.string(), count });

/** How many sessions a filter lets through, and how they divide. */
export const SessionCounts = z
  .object({
    total: count,
    capped: z.boolean().describe("true: only the newest 20,000 matching sessions were counted"),
    facets: z.object({
      outcome: z.array(FacetValue),
      agent: z.array(FacetValue.extend({ label: z.string() })),
      agent_version: z.array(FacetValue),
      environment: z.array(FacetValue),
      deployment: z.array(FacetValue),
      model: z.array(FacetValue),
      tool: z.array(FacetValue),
      error_type: z.array(FacetValue),
      source: z.array(FacetValue),
      metadata: z.array(z.object({ key: z.string(), values: z.array(FacetValue) })),
    }),
  })
  .meta({
    id: "SessionCounts",
    description:
      "Each facet counts under all filters but its own; at most 50 values, largest first",
  });
export type SessionCounts = z.infer<typeof SessionCounts>;

export const FindQuery = z.object({
  what: z.enum(["error", "costly", "text", "type"]),
  q: z.string().max(200).optional().describe("the text, or the event type, looked for"),
  after: z.string().max(256).optional().describe("event id or instant to start from"),
  direction: z.enum(["next", "prev"]).default("next"),
  thread: z.string().max(256).optional().describe("thread id; `primary` for the primary thread"),
  connection,
});
export type FindQuery = z.infer<typeof FindQuery>;

export const Found = z
  .object({
    event_id: z.string(),
    span_id: z.string().nullable(),
    at: instant.nullable(),
    session_thread_id: z.string().nullable(),
    label: z.string(),
  })
  .nullable();
export type Found = z.infer<typeof Found>;

export const MinimapQuery = z.object({
  buckets: z.coerce.number().int().min(1).max(2000).default(300),
  connection,
});
export type MinimapQuery = z.infer<typeof MinimapQuery>;

export const Minimap = z
  .object({
    from: instant.nullable(),
    to: instant.nullable(),
    bucket_ms: z.number().nonnegative(),
    lanes: z.array(
      z.object({
        thread_id: z.string().nullable(),
        label: z.string(),
        buckets: z
          .array(z.tuple([count, count, count, count, count, nanos]))
          .describe("[index, model ms, tool ms, wait ms, errors, cost nanos], non-empty ones only"),
      }),
    ),
  })
  .meta({ id: "Minimap" });
export type Minimap = z.infer<typeof Minimap>;

export const ToolStats = z
  .object({
    name: z.string(),
    tool_kind: z.string().nullable(),
    mcp_server: z.string().nullable(),
    calls: count,
    errors: count,
    denials: count,
    open: count.describe("calls without a result"),
    p50_ms: count.nullable().describe("from the call, or its approval, to the result"),
    p95_ms: count.nullable(),
    total_ms: count,
    result_bytes: count,
  })
  .meta({ id: "ToolStats" });
export const ToolsAnswer = z.object({ data: z.array(ToolStats), next_cursor: z.null() });
export type ToolsAnswer = z.infer<typeof ToolsAnswer>;

export const RetainedAnswer = z
  .object({
    content_at: instant.nullable().describe("when what was said was dropped; null: it is here"),
    events_at: instant.nullable().describe("null as well where it has gone on since"),
    spans_at: instant.nullable(),
    until: instant
      .nullable()
      .describe("events up to then are dropped; it may have gone on since, and has later ones"),
    late: count.describe(
      "items of that time that came after it was dropped: they change no figure of it",
    ),
  })
  .meta({ id: "Retained" });
export type RetainedAnswer = z.infer<typeof RetainedAnswer>;

export const TurnsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  order: z.enum(["asc", "desc"]).default("asc"),
  cursor: z.string().max(1024).optional(),
  connection,
});
export type TurnsQuery = z.infer<typeof TurnsQuery>;

export const TurnItem = z
  .object({
    id: z.string(),
    number: count.nullable(),
    started_at: instant.nullable(),
    ended_at: instant.nullable(),
    duration_ms: count.nullable(),
    state: z.enum(["ok", "error", "denied", "open", "unknown"]),
    outcome: z.string().describe("in words, like `end turn` or `retries exhausted`"),
    cost_nanos: nanos,
    unpriced_tokens: count,
    usage: z.object({
      input_tokens: count,
      cache_write_tokens: count,
      cache_read_tokens: count,
      output_tokens: count,
    }),
    model_requests: count,
    tool_calls: count,
    errors: count.describe("failed model requests, failed tool calls and session errors"),
  })
  .meta({ id: "Turn" });
export type TurnItem = z.infer<typeof TurnItem>;
export const TurnsPage = z.object({ data: z.array(TurnItem), next_cursor: z.string().nullable() });
export type TurnsPage = z.infer<typeof TurnsPage>;

export const SessionRef = z.object({ id: z.string().min(1).max(256) });
export const ConnectionQuery = z.object({ connection });
