// Sessions: what a session did, how it ended, what it cost, and the spans and events behind that.
// Written by: ingest alone (derived fields), from events. Read by: the session pages, the JSON API,
// and every figure that drills down to sessions.
// Invariant: the same events, in any order and any number of times, give the same session.
import { z } from "zod";
import { said, saidBut } from "@/lib/http/content";
import { OUTCOMES } from "./outcomes";

export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof Outcome>;

export const SOURCES = ["poll", "stream", "push", "sdk", "otlp", "import", "demo"] as const;
export const Source = z.enum(SOURCES);
export type Source = z.infer<typeof Source>;

const instant = z.string().describe("RFC 3339, UTC");
const count = z.int().nonnegative();
const nanos = z.int().describe("nano-dollars (1 USD = 1,000,000,000)");

const AgentRef = z.object({
  id: z.string().nullable(),
  name: z.string().nullable(),
  version: z.union([z.number(), z.string()]).nullable(),
});

export const WaitedCall = z.object({
  id: z.string(),
  name: z.string().nullable(),
  kind: z.enum(["human", "custom_tool", "unknown"]),
});

/** Why the session stands as it does; which members are there depends on the outcome. */
export const OutcomeDetail = z.object({
  reason: said(z.string().optional().describe("one sentence in words")),
  since: instant.optional().describe("waiting: start of the wait"),
  waiting_for: z.array(WaitedCall).optional(),
  error_type: z.string().optional(),
  message: said(z.string().optional()),
  category: z.string().nullable().optional().describe("refusal category"),
  explanation: said(z.string().nullable().optional()),
  outcome_id: z.string().optional(),
  result: z.string().optional(),
  by: z.enum(["user", "rule"]).optional(),
  rule: z
    .object({ id: z.string(), name: z.string() })
    .optional()
    .describe("interrupted: the rule that did it, as it was called then"),
  reported: z.boolean().optional().describe("the reporter stated this outcome itself"),
});
export type OutcomeDetail = z.infer<typeof OutcomeDetail>;

export const SessionItem = z
  .object({
    id: z.string(),
    connection_id: z.string().nullable(),
    title: said(z.string().nullable()),
    agent: AgentRef,
    environment_id: z.string().nullable(),
    deployment_id: z.string().nullable(),
    model: z.string().nullable(),
    source: Source,
    status: z.string().nullable(),
    outcome: Outcome,
    outcome_detail: OutcomeDetail.nullable(),
    started_at: instant.nullable(),
    settled_at: instant.nullable(),
    last_event_at: instant.nullable(),
    archived_at: instant.nullable(),
    deleted_at: instant.nullable(),
    duration_ms: count.nullable(),
    active_ms: count.nullable(),
    waiting_ms: count,
    turns: count,
    threads: count,
    events: count,
    model_requests: count,
    tool_calls: count,
    tool_errors: count,
    tool_denials: count,
    errors: z.array(
      z.object({ type: z.string(), count, last_message: said(z.string().nullable()) }),
    ),
    usage: z.object({
      input_tokens: count,
      cache_write_5m_tokens: count,
      cache_write_1h_tokens: count,
      cache_read_tokens: count,
      output_tokens: count,
      web_searches: count,
    }),
    cost: z.object({
      computed_nanos: nanos,
      tokens_nanos: nanos,
      runtime_nanos: nanos,
      web_search_nanos: nanos,
      unpriced_tokens: count,
      missing_thread_tokens: count,
      list_cost_cents: z.int().nullable(),
      drift_nanos: nanos.nullable(),
      drift_causes: z.array(z.string()),
      price_book: z.string(),
    }),
    budget_cents: z.int().nullable(),
    metadata: z.record(z.string(), z.string()),
    complete_until: instant.nullable(),
    console_url: z.string().nullable().describe("in the provider's Console, if that is known"),
  })
  .meta({ id: "Session" });
export type SessionItem = z.infer<typeof SessionItem>;

export const SessionDetail = SessionItem.extend({
  retained: z.boolean().describe("retention has dropped something of it: `…/retained` tells what"),
}).meta({ id: "SessionDetail" });
export type SessionDetail = z.infer<typeof SessionDetail>;

export const SessionsPage = z.object({
  data: z.array(SessionItem),
  next_cursor: z.string().nullable(),
});
export type SessionsPage = z.infer<typeof SessionsPage>;

export const EventItem = z
  .object({
    id: z.string(),
    session_thread_id: z.string().nullable(),
    type: z.string(),
    at: instant.nullable(),
    source: Source,
    received_at: instant,
    event: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Event" });
export type EventItem = z.infer<typeof EventItem>;

export const EventsPage = z.object({
  data: z.array(EventItem),
  next_cursor: z.string().nullable(),
  prev_cursor: z.string().nullable().describe("of the page before, to be sent as `cursor`"),
});
export type EventsPage = z.infer<typeof EventsPage>;

const SpanUsage = z.object({
  input_tokens: count,
  cache_write_tokens: count,
  cache_read_tokens: count,
  output_tokens: count,
});

/** Kinds of intervals. The last two are not intervals of work: `wait` is an unanswered request, `mark` an instant. */
export const SPAN_KINDS = [
  "turn",
  "model_request",
  "tool",
  "approval",
  "outcome_evaluation",
  "workflow_phase",
] as const;
export const SpanKind = z.enum(SPAN_KINDS);
export type SpanKind = z.infer<typeof SpanKind>;

export const SpanState = z.enum(["ok", "error", "denied", "open", "unknown"]);
export type SpanState = z.infer<typeof SpanState>;

export const SpanItem = z
  .object({
    id: z.string(),
    parent_id: z.string().nullable(),
    thread_id: z.string().nullable().describe("null is the primary thread"),
    kind: SpanKind,
    name: z.string(),
    started_at: instant.nullable(),
    ended_at: instant.nullable(),
    duration_ms: count.nullable(),
    state: SpanState,
    usage: SpanUsage.nullable(),
    cost_nanos: nanos.nullable(),
    start_event_id: z.string().nullable(),
    end_event_id: z.string().nullable(),
    attributes: saidBut(
      z.record(z.string(), z.unknown()),
      ...([
        "tool_kind",
        "mcp_server",
        "tool_use_id",
        "permission",
        "evaluation",
        "result",
      ] as const),
      ...(["error_type", "retry_status", "stop_reason", "speed", "model", "map"] as const),
    ),
  })
  .meta({ id: "Span" });
export type SpanItem = z.infer<typeof SpanItem>;

export const ThreadItem = z
  .object({
    id: z.string().nullable().describe("null is the primary thread"),
    parent_thread_id: z.string().nullable(),
    agent: AgentRef,
    model: z.string().nullable(),
    workflow_run_id: z.string().nullable(),
    status: z.string().nullable(),
    created_at: instant.nullable(),
    archived_at: instant.nullable(),
    model_requests: count,
    usage: SpanUsage,
    has_events: z.boolean().describe("false: its own event list is not here yet"),
  })
  .meta({ id: "Thread" });
export type ThreadItem = z.infer<typeof ThreadItem>;

export const BAND_STATES = [
  "running",
  "idle",
  "waiting",
  "rescheduling",
  "budget_paused",
  "terminated",
] as const;
export const BandSegment = z.object({
  state: z.enum(BAND_STATES),
  from: instant,
  to: instant.nullable(),
});
export type BandSegment = z.infer<typeof BandSegment>;

/** Instants worth a mark on the timeline: errors, compactions, messages between threads, interrupts, user messages. */
export const MarkItem = z.object({
  event_id: z.string(),
  thread_id: z.string().nullable(),
  type: z.string(),
  at: instant,
  label: said(z.string().nullable()),
});
export type MarkItem = z.infer<typeof MarkItem>;

export const TracePage = z.object({
  data: z.array(SpanItem),
  next_cursor: z.string().nullable(),
  threads: z.array(ThreadItem).optional(),
  state_band: z.array(BandSegment).optional(),
  marks: z.array(MarkItem).optional(),
});
export type TracePage = z.infer<typeof TracePage>;
