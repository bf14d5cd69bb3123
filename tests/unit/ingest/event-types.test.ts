import { describe, expect, test } from "vitest";
import {
  isOrdered,
  KNOWN_TYPES,
  LIFECYCLE_TYPES,
  STREAM_ONLY_TYPES,
  typeRank,
} from "@/lib/ingest/event-types";
import { stepLifecycle } from "@/lib/ingest/lifecycle";
import type { JsonObject } from "@/lib/ingest/schema";
import { newSessionFold } from "@/lib/ingest/state";
import { agentOf, at, budgetOf, CHILD, modelUsage } from "@/tests/support/events";
import { fold } from "@/tests/support/folding";

const text = [{ type: "text", text: "hello" }];
const image = {
  type: "image",
  source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
};
const child = { session_thread_id: CHILD, agent_name: "helper" };
const run = { workflow_run_id: "wrun_1" };
const phase = { ...run, workflow_run_phase_id: "wrph_1" };
const evaluation = { outcome_id: "outc_1", iteration: 0 };

/** Every persisted type of reference §4 with its documented fields, in the reference's order. */
const EVENTS: Array<[type: string, fields: JsonObject]> = [
  ["user.message", { content: [...text, image, { type: "redacted" }] }],
  ["user.interrupt", { session_thread_id: null }],
  ["user.tool_confirmation", { tool_use_id: "call", result: "deny", deny_message: "No." }],
  ["user.custom_tool_result", { custom_tool_use_id: "custom", content: text, is_error: false }],
  ["user.tool_result", { tool_use_id: "hosted", content: text }],
  [
    "user.define_outcome",
    {
      outcome_id: "outc_1",
      description: "A report",
      rubric: { type: "file", file_id: "file_1" },
      max_iterations: null,
    },
  ],
  ["system.message", { content: text }],
  ["agent.message", { content: [...text, { type: "redacted" }] }],
  ["agent.thinking", {}],
  ["agent.tool_use", { name: "bash", input: {}, evaluated_permission: "ask" }],
  ["agent.tool_result", { tool_use_id: "call", content: [image], is_error: true }],
  ["agent.mcp_tool_use", { mcp_server_name: "github", name: "search", input: {} }],
  ["agent.mcp_tool_result", { mcp_tool_use_id: "mcp", content: text }],
  ["agent.custom_tool_use", { name: "lookup", input: { deep: { er: [1] } } }],
  ["agent.thread_context_compacted", {}],
  [
    "agent.thread_message_sent",
    { to_session_thread_id: CHILD, to_agent_name: "helper", content: text },
  ],
  ["agent.thread_message_received", { from_session_thread_id: CHILD, content: text }],
  ["session.status_running", {}],
  ["session.status_idle", { stop_reason: { type: "end_turn" }, stop_details: null }],
  ["session.status_rescheduled", {}],
  ["session.status_terminated", {}],
  ["session.deleted", {}],
  [
    "session.updated",
    { title: "New", metadata: { a: "b" }, budget: budgetOf("9"), agent: agentOf("m") },
  ],
  [
    "session.error",
    {
      error: {
        type: "mcp_connection_failed_error",
        message: "No route",
        mcp_server_name: "github",
        retry_status: { type: "retrying" },
      },
    },
  ],
  ["session.usage", { usage: { input_tokens: 5 }, budget: null }],
  ["session.thread_created", { ...child, workflow_run_id: null }],
  ["session.thread_status_running", child],
  ["session.thread_status_idle", { ...child, stop_reason: { type: "end_turn" } }],
  ["session.thread_status_rescheduled", child],
  ["session.thread_status_terminated", child],
  ["span.model_request_start", {}],
  [
    "span.model_request_end",
    { model_request_start_id: "s", is_error: null, model_usage: { ...modelUsage(1), speed: null } },
  ],
  ["span.outcome_evaluation_start", evaluation],
  ["span.outcome_evaluation_ongoing", evaluation],
  [
    "span.outcome_evaluation_end",
    { ...evaluation, outcome_evaluation_start_id: "", result: "interrupted", explanation: "" },
  ],
  [
    "workflow_run.created",
    { ...run, name: "fan out", phases: [{ id: "wrph_1", name: "read", description: null }] },
  ],
  ["workflow_run.status_running", run],
  ["workflow_run.status_idle", run],
  ["workflow_run.status_ended", { ...run, result: { type: "completed" } }],
  ["workflow_run.error", { ...run, error: { type: "timeout_error", message: "24 h" } }],
  ["workflow_run.phase_started", phase],
  ["workflow_run.phase_ended", { ...phase, phase_started_id: "p" }],
];

const item = (type: string, fields: JsonObject, seconds = 1) => {
  const data = { id: "sevt_1", type, processed_at: at(seconds), ...fields };
  return { kind: "event" as const, threadId: null, data };
};

describe("event types (reference §4)", () => {
  test("the catalogue is whole: 41 that the list filter takes, and session.deleted", () => {
    expect(EVENTS).toHaveLength(42);
    expect([...KNOWN_TYPES].sort()).toEqual(EVENTS.map(([type]) => type).sort());
  });

  test.each(EVENTS)("%s is folded and kept as it came", (type, fields) => {
    const sent = item(type, { ...fields, some_future_field: { deep: [null, "x"] } });
    const { row, events } = fold(sent);
    expect(row).toMatchObject({ events: 1, started_at: at(1), last_event_at: at(1) });
    expect(events[0]?.payload).toEqual(sent.data);
  });

  test("an unknown type is kept as it came and changes nothing but the counts", () => {
    const sent = item("agent.dreamt", {
      content: [{ type: "hologram", url: "x" }],
      list_cost: "?",
    });
    const { row, events, spans } = fold(sent);
    expect(events[0]).toMatchObject({ type: "agent.dreamt", payload: sent.data });
    expect(spans).toEqual({});
    expect(row).toMatchObject({ events: 1, outcome: "new", turns: 0, errors: [] });
  });

  test.each(["constructor", "toString", "__proto__"])(
    "a type called %s is just unknown",
    (type) => {
      expect(typeRank(type)).toBe(typeRank("agent.dreamt"));
      expect(fold(item(type, {})).row).toMatchObject({ events: 1, outcome: "new" });
    },
  );

  test("an error that says nothing counts as an unknown one", () => {
    const { row } = fold(item("session.status_running", {}), {
      ...item("session.error", { id: "sevt_2", error: null }),
    });
    const errors = [{ type: "unknown_error", count: 1, last_message: "" }];
    expect(row).toMatchObject({ events: 2, outcome: "running", outcome_detail: null, errors });
  });

  test("previews are of the stream alone", () => {
    expect(STREAM_ONLY_TYPES).toEqual(["event_start", "event_delta"]);
    for (const type of STREAM_ONLY_TYPES) expect(KNOWN_TYPES).not.toContain(type);
  });

  test("every type that moves the lifecycle is one whose order is kept", () => {
    for (const [type, fields] of EVENTS) {
      const { life } = newSessionFold();
      const { clock: _, ...before } = structuredClone(life);
      const { payload } = eventOf(type, fields);
      stepLifecycle(life, eventOf(type, payload), () => {});
      const { clock, ...after } = life;
      expect(clock).not.toBeNull();
      if (JSON.stringify(after) !== JSON.stringify(before))
        expect(isOrdered({ type, threadId: "" })).toBe(true);
    }
    for (const type of LIFECYCLE_TYPES) expect(KNOWN_TYPES).toContain(type);
  });
});

function eventOf(type: string, payload: JsonObject) {
  const rank = typeRank(type);
  const fixed = { index: 0, sessionId: "s", threadId: "", id: "e", json: "", hash: "" };
  return { ...fixed, type, rank, atUs: 1, payload };
}

describe("order of types within one instant (reference §14.1)", () => {
  test.each([
    ["session.thread_created", "session.thread_status_running"],
    ["session.status_running", "session.thread_status_running"],
    ["session.status_running", "user.message"],
    ["user.message", "span.model_request_start"],
    ["span.model_request_start", "agent.thinking"],
    ["agent.message", "agent.tool_use"],
    ["agent.tool_use", "span.model_request_end"],
    ["agent.custom_tool_use", "span.model_request_end"],
    ["agent.mcp_tool_use", "span.model_request_end"],
    ["span.model_request_end", "agent.tool_result"],
    ["span.outcome_evaluation_start", "span.outcome_evaluation_end"],
    ["span.outcome_evaluation_end", "session.status_idle"],
    ["session.error", "session.thread_status_idle"],
    ["session.thread_status_idle", "session.usage"],
    ["session.usage", "session.status_idle"],
    ["user.interrupt", "session.status_idle"],
    ["session.thread_status_terminated", "session.status_terminated"],
    ["workflow_run.created", "workflow_run.status_running"],
    ["workflow_run.status_running", "workflow_run.phase_started"],
    ["workflow_run.phase_ended", "workflow_run.status_ended"],
    ["session.status_terminated", "session.deleted"],
  ])("%s comes before %s", (first, second) => {
    expect(typeRank(first)).toBeLessThan(typeRank(second));
  });
});
