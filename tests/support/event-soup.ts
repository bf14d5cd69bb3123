import fc from "fast-check";
import type { JsonObject, RawItem } from "@/lib/ingest/schema";
import { isoFromMicros } from "@/lib/time/micros";

/** An item for one session, without its number. */
export type SoupItem = Omit<RawItem, "index" | "sessionId">;

const THREADS = ["", "sthr_a", "sthr_b"] as const;
const START_US = Date.UTC(2026, 8, 5, 4, 0, 0) * 1000;

const reference = fc.integer({ min: 0, max: 39 }).map((n) => `sevt_${n}`);
const references = fc.array(reference, { minLength: 1, maxLength: 3 });
const count = fc.integer({ min: 0, max: 5000 });
const usage = fc.record({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
});
const snapshot = fc.record(
  {
    input_tokens: count,
    output_tokens: count,
    active_seconds: count,
    cache_creation: fc.record({
      ephemeral_5m_input_tokens: count,
      ephemeral_1h_input_tokens: count,
    }),
    list_cost: fc.record({ amount: fc.nat(500).map(String), currency: fc.constant("USD") }),
    server_tool_use: fc.record({ web_search_requests: fc.nat(5) }),
  },
  { requiredKeys: [] },
);
const child = fc.constantFrom("sthr_a", "sthr_b", "sthr_c", null);
const stop = fc.oneof(
  fc
    .constantFrom("end_turn", "retries_exhausted", "budget_reached", "refusal", "odd")
    .map((type) => ({ type })),
  references.map((event_ids) => ({ type: "requires_action", event_ids })),
);
const text = fc.constantFrom("hello world", "look at \u0000 this", "lone \ud800 half", "");
const content = text.map((value) => [{ type: "text", text: value }]);

const body: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .constantFrom(
      "session.status_running",
      "session.status_rescheduled",
      "session.status_terminated",
      "span.model_request_start",
      "agent.thinking",
      "future.event",
    )
    .map((type) => ({ type })),
  fc.record({ type: fc.constant("session.status_running") }),
  fc.record({ type: fc.constant("session.status_idle"), stop_reason: stop }),
  fc.record({
    type: fc.constantFrom(
      "session.thread_status_running",
      "session.thread_status_terminated",
      "session.thread_created",
    ),
    session_thread_id: child,
    agent_name: fc.constant("helper"),
  }),
  fc.record({
    type: fc.constant("session.thread_status_idle"),
    session_thread_id: child,
    stop_reason: stop,
  }),
  fc.record({
    type: fc.constant("span.model_request_end"),
    model_request_start_id: reference,
    is_error: fc.constantFrom(true, false, null),
    model_usage: usage,
  }),
  fc.record({
    type: fc.constantFrom("agent.tool_use", "agent.mcp_tool_use", "agent.custom_tool_use"),
    name: fc.constantFrom("bash", "search", "deploy"),
    mcp_server_name: fc.constantFrom("github", undefined),
    input: fc.constant({ command: "ls" }),
    evaluated_permission: fc.constantFrom("allow", "ask", "deny", undefined),
    session_thread_id: child,
  }),
  fc.record({
    type: fc.constant("agent.tool_result"),
    tool_use_id: reference,
    is_error: fc.boolean(),
    content,
  }),
  fc.record({
    type: fc.constant("user.custom_tool_result"),
    custom_tool_use_id: reference,
    is_error: fc.boolean(),
    session_thread_id: child,
    content,
  }),
  fc.record({
    type: fc.constant("user.tool_confirmation"),
    tool_use_id: reference,
    result: fc.constantFrom("allow", "deny"),
    deny_message: fc.constantFrom("no", undefined),
    session_thread_id: child,
  }),
  fc.record({ type: fc.constantFrom("user.message", "agent.message"), content }),
  fc.record({ type: fc.constant("user.interrupt"), session_thread_id: child }),
  fc.record({
    type: fc.constant("session.error"),
    error: fc.record({
      type: fc.constantFrom("model_overloaded_error", "unknown_error"),
      message: text,
      retry_status: fc.constantFrom("retrying", "exhausted").map((type) => ({ type })),
    }),
  }),
  fc.record({ type: fc.constant("session.usage"), usage: snapshot }),
  fc.record({
    type: fc.constant("session.updated"),
    title: fc.constantFrom("one", "two", undefined),
    metadata: fc.constantFrom({ tenant: "a" }, { tenant: "b", odd: "\u0000" }, undefined),
    budget: fc.constantFrom(
      null,
      { type: "limit", max_list_cost: { amount: "70", currency: "USD" } },
      undefined,
    ),
  }),
  fc.record({
    type: fc.constant("span.outcome_evaluation_start"),
    outcome_id: fc.constant("outc_1"),
    iteration: fc.nat(2),
  }),
  fc.record({
    type: fc.constant("span.outcome_evaluation_end"),
    outcome_evaluation_start_id: fc.oneof(reference, fc.constant("")),
    outcome_id: fc.constant("outc_1"),
    iteration: fc.nat(2),
    result: fc.constantFrom("satisfied", "needs_revision", "failed", "interrupted"),
    explanation: text,
    usage,
  }),
  fc.record({
    type: fc.constant("workflow_run.phase_started"),
    workflow_run_id: fc.constant("wrun_1"),
    workflow_run_phase_id: fc.constant("wrph_1"),
  }),
  fc.record({
    type: fc.constant("workflow_run.phase_ended"),
    phase_started_id: reference,
    workflow_run_phase_id: fc.constant("wrph_1"),
  }),
);

/** Few instants, so that ties are common; null for an event still queued. */
const at = fc.option(fc.integer({ min: 0, max: 25 }), { freq: 8, nil: null });

/** Events of one session that hold no promise: random partners, ties, copies, changed versions, strangers. */
export const eventSoup: fc.Arbitrary<SoupItem[]> = fc
  .array(fc.record({ thread: fc.constantFrom(...THREADS, "", ""), at, body, again: fc.nat(9) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((entries) =>
    entries.map((entry, n) => {
      // Now and then an event comes again under the id of an earlier one, with other content.
      const id = entry.again === 0 && n > 0 ? `sevt_${n - 1}` : `sevt_${n}`;
      const processed_at =
        entry.at === null ? null : isoFromMicros(START_US + entry.at * 1_000_000);
      return { kind: "event", threadId: entry.thread, data: { ...entry.body, id, processed_at } };
    }),
  );

const model = fc.constantFrom("claude-haiku-4-5", "claude-sonnet-5-5", "unheard-of");
const stamp = fc.integer({ min: 0, max: 25 }).map((n) => isoFromMicros(START_US + n * 1_000_000));

/** Versions of the session's object and of its threads', in no order. */
export const objectSoup = (sessionId: string): fc.Arbitrary<SoupItem[]> =>
  fc
    .tuple(
      fc.array(
        fc.record({
          status: fc.constantFrom("idle", "running", "terminated"),
          updated_at: stamp,
          archived_at: fc.option(stamp, { freq: 2 }),
          title: fc.constantFrom("first", "second", null),
          model,
          usage: snapshot,
        }),
        { maxLength: 3 },
      ),
      fc.array(fc.record({ id: fc.constantFrom("sthr_a", "sthr_b"), updated_at: stamp, model }), {
        maxLength: 3,
      }),
    )
    .map(([sessions, threads]) => [
      ...sessions.map(
        ({ model: id, ...rest }): SoupItem => ({
          kind: "session",
          threadId: null,
          data: {
            ...rest,
            id: sessionId,
            type: "session",
            created_at: isoFromMicros(START_US),
            agent: { id: "agent_1", name: "soup", version: 1, model: { id } },
            metadata: { tenant: "x" },
          },
        }),
      ),
      ...threads.map(
        ({ model: id, ...rest }): SoupItem => ({
          kind: "thread",
          threadId: null,
          data: {
            ...rest,
            type: "session_thread",
            session_id: sessionId,
            parent_thread_id: "sthr_p",
            agent: { type: "agent", id: "agent_2", model: { id } },
          },
        }),
      ),
    ]);

/** How the same items may arrive: in which order, cut where, which of them twice, which first as queued. */
export type Arrival = { order: number[]; cuts: number[]; repeats: number[]; queued: number[] };

export function arrivalOf(length: number): fc.Arbitrary<Arrival> {
  const index = fc.nat(Math.max(0, length - 1));
  return fc.record({
    order: fc.shuffledSubarray(
      Array.from({ length }, (_, n) => n),
      { minLength: length, maxLength: length },
    ),
    cuts: fc.array(index, { maxLength: 6 }),
    repeats: fc.array(index, { maxLength: 6 }),
    queued: fc.array(index, { maxLength: 6 }),
  });
}

/** The batches of one arrival: every item at least once, queued versions before or after the timed ones. */
export function batchesOf(items: readonly SoupItem[], arrival: Arrival): SoupItem[][] {
  const cuts = new Set(arrival.cuts);
  const batches: SoupItem[][] = [[]];
  const put = (item: SoupItem | undefined) => {
    if (item) batches.at(-1)?.push(item);
  };
  for (const n of arrival.queued) {
    const item = items[n];
    const data = item?.data as JsonObject | undefined;
    if (item?.kind === "event" && data?.processed_at)
      put({ ...item, data: { ...data, processed_at: null } });
  }
  for (const n of arrival.order) {
    if (cuts.has(n)) batches.push([]);
    put(items[n]);
  }
  batches.push([]);
  for (const n of arrival.repeats) put(items[n]);
  return batches.filter((batch) => batch.length > 0);
}
