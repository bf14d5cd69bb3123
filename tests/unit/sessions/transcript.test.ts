import { describe, expect, it } from "vitest";
import type { EventItem } from "@/lib/sessions/schema";
import { assembleTranscript } from "@/lib/sessions/transcript";
import type { TranscriptRow } from "@/lib/sessions/transcript-rows";
import { eventItem, span, thread, transcriptInput } from "@/tests/unit/sessions/recorded";

let made = 0;
/** An event at a second of one fixed minute. */
function ev(second: number | null, type: string, more: Record<string, unknown> = {}): EventItem {
  made += 1;
  const { list = null, ...rest } = more;
  const seconds = second === null ? null : second.toFixed(6).padStart(9, "0");
  const event = {
    id: `sevt_${made}`,
    type,
    ...(seconds === null ? {} : { processed_at: `2026-11-20T10:00:${seconds}Z` }),
    ...rest,
  };
  return eventItem(event, typeof list === "string" ? list : null);
}
const at = (second: number) => Date.UTC(2026, 10, 20, 10, 0, second) * 1000;
const iso = (second: number) => `2026-11-20T10:00:${String(second).padStart(2, "0")}.000000Z`;
const rowsOf = (events: readonly EventItem[], more = {}) =>
  assembleTranscript(transcriptInput(events, more));
const kinds = (rows: readonly TranscriptRow[]) =>
  rows.map((row) => `${"  ".repeat(row.depth)}${row.kind}`);

describe("calls, answers and approvals", () => {
  const ask = {
    id: "use",
    name: "bash",
    input: { command: "rm -r x" },
    evaluated_permission: "ask",
  };

  it("shows who waited how long for whom", () => {
    const rows = rowsOf([
      ev(1, "agent.tool_use", ask),
      ev(31, "user.tool_confirmation", { tool_use_id: "use", result: "allow" }),
      ev(33, "agent.tool_result", { tool_use_id: "use", content: [] }),
    ]);
    expect(rows).toMatchObject([
      { kind: "tool", name: "bash", state: "ok", atUs: at(1), endUs: at(33) },
      { kind: "approval", name: "bash", result: "allow", atUs: at(1), endUs: at(31) },
    ]);
  });

  it("says denied, with the words of the denial, and does not call it an error", () => {
    const rows = rowsOf([
      ev(1, "agent.tool_use", ask),
      ev(2, "user.tool_confirmation", { tool_use_id: "use", result: "deny", deny_message: "no" }),
      ev(3, "agent.tool_result", { tool_use_id: "use", is_error: true }),
    ]);
    expect(rows).toMatchObject([
      { kind: "tool", state: "denied", bad: false },
      { kind: "approval", result: "deny", denyMessage: "no" },
    ]);
  });

  it("leaves an unanswered call open", () => {
    expect(rowsOf([ev(1, "agent.tool_use", ask)])).toMatchObject([
      { kind: "tool", state: "open", endUs: null, result: null },
      { kind: "approval", result: null, endUs: null },
    ]);
  });

  it.each([
    ["agent.mcp_tool_use", "agent.mcp_tool_result", "mcp_tool_use_id", "mcp"],
    ["agent.tool_use", "user.tool_result", "tool_use_id", "builtin"],
    ["agent.custom_tool_use", "user.custom_tool_result", "custom_tool_use_id", "custom"],
  ])("pairs %s with %s", (use, result, key, toolKind) => {
    const rows = rowsOf([
      ev(1, use, { id: "u", name: "search", mcp_server_name: "docs" }),
      ev(2, result, { [key]: "u", is_error: true }),
    ]);
    expect(rows).toMatchObject([
      { kind: "tool", toolKind, state: "error", bad: true, endUs: at(2) },
    ]);
  });

  it("knows from the span what lies outside the events at hand", () => {
    const spans = [
      span({
        id: "s1",
        kind: "tool",
        name: "bash",
        start_event_id: "before",
        started_at: iso(0),
        ended_at: iso(2),
      }),
      span({
        id: "s2",
        kind: "tool",
        name: "grep",
        start_event_id: "u",
        started_at: iso(3),
        ended_at: iso(50),
        state: "error",
        attributes: { result_event_id: "later" },
      }),
    ];
    const rows = rowsOf(
      [
        ev(2, "agent.tool_result", { tool_use_id: "before" }),
        ev(3, "agent.tool_use", { id: "u", name: "grep" }),
      ],
      { spans, edges: { start: false, end: false } },
    );
    expect(rows).toMatchObject([
      { kind: "tool", name: "bash", use: null, state: "ok" },
      { kind: "tool", name: "grep", state: "error", endUs: at(50), resultElsewhere: "later" },
    ]);
  });
});

describe("requests and their steps", () => {
  it("puts a thread's outputs under the request that was open in that thread", () => {
    const rows = rowsOf(
      [
        ev(1, "span.model_request_start", { id: "a" }),
        ev(2, "span.model_request_start", { id: "b", list: "sthr_b" }),
        ev(3, "agent.message", { content: "from main" }),
        ev(4, "agent.message", { content: "from b", list: "sthr_b" }),
        ev(5, "span.model_request_end", { model_request_start_id: "a", is_error: false }),
        ev(6, "agent.message", { content: "outside" }),
        ev(7, "span.model_request_end", { model_request_start_id: "b", list: "sthr_b" }),
      ],
      { threads: [thread(null, "main"), thread("sthr_b", "b")] },
    );
    expect(kinds(rows)).toEqual(["request", "  message", "request", "  message", "message"]);
    expect(rows[1]).toMatchObject({ content: "from main" });
    expect(rows[3]).toMatchObject({ content: "from b", threadId: "sthr_b" });
  });

  it("takes tokens and cost from the span, tokens from the event until the span is here", () => {
    const events = [
      ev(1, "span.model_request_start", { id: "r" }),
      ev(4, "span.model_request_end", {
        model_request_start_id: "r",
        is_error: null,
        model_usage: { input_tokens: 5, output_tokens: 7, cache_read_input_tokens: 9 },
      }),
    ];
    const usage = {
      input_tokens: 5,
      output_tokens: 7,
      cache_read_tokens: 9,
      cache_write_tokens: 0,
    };
    expect(rowsOf(events)).toMatchObject([
      { kind: "request", usage, costNanos: null, endUs: at(4) },
    ]);
    const spans = [
      span({ id: "s", kind: "model_request", start_event_id: "r", usage, cost_nanos: 12_000 }),
    ];
    expect(rowsOf(events, { spans })).toMatchObject([{ usage, costNanos: 12_000, spanId: "s" }]);
  });

  it("shows a request cut by the window's edge once, with its steps", () => {
    const spans = [
      span({ id: "s", kind: "model_request", start_event_id: "r", started_at: iso(0) }),
    ];
    const rows = rowsOf(
      [
        ev(1, "agent.message", { content: "tail" }),
        ev(2, "span.model_request_end", { model_request_start_id: "r", is_error: true }),
      ],
      { spans, edges: { start: false, end: true } },
    );
    expect(kinds(rows)).toEqual(["request", "  message"]);
    expect(rows[0]).toMatchObject({ atUs: at(0), endUs: at(2), state: "error", bad: true });
  });
});

describe("turns", () => {
  const run = (second: number, id: string) => ev(second, "session.status_running", { id });
  const idle = (second: number, type: string) =>
    ev(second, "session.status_idle", { stop_reason: { type } });

  it.each([
    ["end_turn", "ok", "end of turn"],
    ["retries_exhausted", "bad", "retries exhausted"],
    ["refusal", "bad", "refused"],
    ["budget_reached", "wait", "budget reached"],
    ["requires_action", "wait", "waiting for an answer"],
    ["a_new_reason", "wait", "a new reason"],
  ])("a turn that ended by %s is %s: %s", (type, tone, ended) => {
    const rows = rowsOf([run(1, "t"), ev(2, "agent.message"), idle(3, type)]);
    expect(rows[0]).toMatchObject({ kind: "turn", tone, ended, endUs: at(3) });
  });

  it("is not ended by a reschedule", () => {
    const rows = rowsOf([
      run(1, "t"),
      ev(2, "session.status_rescheduled"),
      run(3, "t2"),
      ev(4, "agent.message"),
      idle(5, "end_turn"),
    ]);
    expect(rows.filter((row) => row.kind === "turn")).toMatchObject([
      { eventId: "t", endUs: at(5) },
    ]);
  });

  it("carries the span's number and figures, also where its start is not at hand", () => {
    const turnSpan = span({
      id: "turn_1",
      kind: "turn",
      start_event_id: "t0",
      started_at: iso(0),
      ended_at: iso(9),
      attributes: { number: 12, stop_reason: "end_turn" },
    });
    const figures = {
      id: "turn_1",
      number: 12,
      started_at: iso(0),
      ended_at: iso(9),
      duration_ms: 9000,
      state: "ok",
      outcome: "end turn",
      cost_nanos: 5,
      unpriced_tokens: 0,
      usage: turnSpan.usage,
      model_requests: 1,
      tool_calls: 0,
      errors: 0,
    };
    const rows = rowsOf([ev(5, "agent.message")], {
      spans: [turnSpan],
      turns: [figures],
      edges: { start: false, end: false },
    });
    expect(rows[0]).toMatchObject({
      kind: "turn",
      number: 12,
      continued: true,
      figures,
      tone: "ok",
    });
  });

  it("leaves out turns that ended before the events at hand", () => {
    const old = span({
      id: "old",
      kind: "turn",
      start_event_id: "t0",
      started_at: iso(0),
      ended_at: iso(1),
    });
    const rows = rowsOf([run(3, "t1"), ev(4, "agent.message")], {
      spans: [old],
      edges: { start: false, end: false },
    });
    expect(rows.filter((row) => row.kind === "turn").map((row) => row.eventId)).toEqual(["t1"]);
  });
});

describe("what else happens to a session", () => {
  it.each([
    ["agent.thread_context_compacted", {}, { kind: "mark", mark: "compaction" }],
    ["user.interrupt", {}, { kind: "mark", mark: "interrupt", label: "interrupted" }],
    ["session.updated", { title: "x", budget: null }, { label: "session changed: title, budget" }],
    ["session.deleted", {}, { kind: "mark", mark: "deleted" }],
    ["user.define_outcome", { description: "tests pass" }, { mark: "goal", detail: "tests pass" }],
    ["session.usage", { usage: {} }, { kind: "mark", quiet: true }],
    ["session.status_terminated", {}, { kind: "status", state: "terminated", bad: true }],
    ["session.status_rescheduled", {}, { kind: "status", quiet: false }],
    [
      "session.error",
      { error: { type: "billing_error", message: "m", retry_status: { type: "terminal" } } },
      { kind: "error", errorType: "billing_error", message: "m", retry: "terminal", bad: true },
    ],
    ["session.error", {}, { kind: "error", errorType: "unknown_error", message: "" }],
    [
      "workflow_run.created",
      { name: "audit", phases: [{ name: "scan" }, { name: "report" }] },
      { mark: "workflow", label: "workflow started: audit", detail: "scan → report" },
    ],
    [
      "workflow_run.status_ended",
      { result: { type: "error", error: { message: "too long" } } },
      { label: "workflow ended: error: too long" },
    ],
    [
      "something.new_in_2027",
      { deep: { er: 1 } },
      { kind: "event", type: "something.new_in_2027" },
    ],
  ])("%s is shown", (type, more, expected) => {
    expect(rowsOf([ev(1, type, more)])).toMatchObject([expected]);
  });

  it("pairs an evaluation with its end and folds its heartbeats", () => {
    const rows = rowsOf([
      ev(1, "span.outcome_evaluation_start", { id: "e", outcome_id: "o", iteration: 0 }),
      ev(2, "span.outcome_evaluation_ongoing", { outcome_id: "o", iteration: 0 }),
      ev(3, "span.outcome_evaluation_end", {
        outcome_evaluation_start_id: "e",
        result: "needs_revision",
        explanation: "two tests fail",
      }),
      ev(4, "span.outcome_evaluation_end", { outcome_evaluation_start_id: "", result: "failed" }),
    ]);
    expect(rows.filter((row) => !row.quiet)).toMatchObject([
      { kind: "evaluation", result: "needs_revision", explanation: "two tests fail", endUs: at(3) },
      { kind: "evaluation", result: "failed", bad: true },
    ]);
  });

  it("keeps queued messages last and out of a replay", () => {
    const events = [
      ev(1, "session.status_running"),
      ev(1, "user.message", { content: "first" }),
      ev(2, "span.model_request_start"),
      ev(null, "user.message", { content: "later" }),
      ev(null, "user.interrupt"),
    ];
    const rows = rowsOf(events);
    expect(rows.slice(-2)).toMatchObject([
      { kind: "message", queued: true, content: "later" },
      { kind: "mark", label: "interrupt sent, not applied yet" },
    ]);
    expect(rowsOf(events, { untilUs: at(30) }).some((row) => row.atUs === null)).toBe(false);
    expect(rowsOf(events, { edges: { start: true, end: false } }).at(-1)).toMatchObject({
      kind: "request",
    });
  });

  it("survives members of any type", () => {
    for (const junk of [null, 7, "x", [], [null], {}, { type: 3 }]) {
      const event = {
        content: junk,
        error: junk,
        stop_reason: junk,
        model_usage: junk,
        name: junk,
      };
      for (const type of [
        "agent.message",
        "session.error",
        "session.status_idle",
        "agent.tool_use",
      ]) {
        expect(rowsOf([ev(1, type, event)])).toHaveLength(1);
      }
    }
  });
});
