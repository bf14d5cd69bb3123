import { describe, expect, test } from "vitest";
import {
  CHILD,
  error,
  evaluationEnd,
  evaluationStart,
  event,
  idle,
  inThread,
  interrupt,
  message,
  modelUsage,
  request,
  requestEnd,
  requestStart,
  running,
  usAt,
} from "@/tests/support/events";
import { fold } from "@/tests/support/folding";

const tokens = { input: 100, output: 20, cacheRead: 3000, cacheWrite: 500 };
const figures = [100, 20, 3000, 500];

describe("model requests", () => {
  test("from start to end, with the tokens of the end", () => {
    const { row, spans } = fold(running(0), ...request("r", 1, figures));
    expect(spans["r:request"]).toMatchObject({
      kind: "model_request",
      startedUs: usAt(1),
      endedUs: usAt(2),
      startEventId: "r",
      endEventId: "r.end",
      state: "ok",
      tokens,
      attributes: { is_error: false },
    });
    expect(row).toMatchObject({ model_requests: 1, output_tokens: 20 });
  });

  test.each([
    ["a start without an end", [requestStart("r", 1)], usAt(1), null, "open", null],
    ["an end without a start", [requestEnd("r", 2, figures)], null, usAt(2), "ok", tokens],
  ])("%s counts as one request", (_, items, startedUs, endedUs, state, counted) => {
    const { row, spans } = fold(running(0), ...items);
    expect(spans["r:request"]).toMatchObject({ startedUs, endedUs, state, tokens: counted });
    expect(row.model_requests).toBe(1);
  });

  test("an end that names no start is a request of its own", () => {
    const { row, spans } = fold(
      running(0),
      requestEnd("r", 2, figures, { model_request_start_id: undefined }),
    );
    expect(spans["r.end:request"]).toMatchObject({ endedUs: usAt(2), tokens });
    expect(row.model_requests).toBe(1);
  });

  test.each([
    [true, "error"],
    [false, "ok"],
    [null, "unknown"],
    [undefined, "unknown"],
  ])("is_error %s is %s", (is_error, state) => {
    const { spans } = fold(running(0), requestStart("r", 1), requestEnd("r", 2, [], { is_error }));
    expect(spans["r:request"]).toMatchObject({ state, attributes: { is_error: is_error ?? null } });
  });

  test("the speed is the reported one, and absent when none was", () => {
    const ends = (speed: string | null) =>
      requestEnd("r", 2, [], { model_usage: { ...modelUsage(1, 1), speed } });
    const speedOf = (speed: string | null) =>
      fold(running(0), ends(speed)).spans["r:request"]?.attributes.speed;
    expect(speedOf("fast")).toBe("fast");
    expect(speedOf("standard")).toBe("standard");
    expect(speedOf(null)).toBeUndefined();
  });

  test("the same request in the session's list and in the child's own is one", () => {
    const twice = request("r", 1, figures);
    const { row, spans } = fold(running(0), ...twice, ...inThread(CHILD, ...twice));
    expect(spans["r:request"]).toMatchObject({ threadId: CHILD, tokens });
    expect(row).toMatchObject({ model_requests: 1, output_tokens: 20 });
  });
});

describe("outcome evaluations", () => {
  test("start and end, iteration by iteration", () => {
    const { row, spans } = fold(
      running(0),
      evaluationStart("e0", 1),
      event("span.outcome_evaluation_ongoing", 2, { outcome_id: "outc_1", iteration: 0 }),
      evaluationEnd("e0", 3, "needs_revision", { id: "e0.end", usage: modelUsage(...figures) }),
      evaluationStart("e1", 4, 1),
      evaluationEnd("e1", 5, "satisfied", { id: "e1.end", iteration: 1 }),
      idle(6),
    );
    expect(spans["e0:evaluation"]).toMatchObject({
      kind: "outcome_evaluation",
      name: "evaluation 1",
      startedUs: usAt(1),
      endedUs: usAt(3),
      state: "ok",
      tokens,
      attributes: {
        outcome_id: "outc_1",
        iteration: 0,
        result: "needs_revision",
        explanation: "it is needs_revision",
      },
    });
    expect(spans["e1:evaluation"]).toMatchObject({ name: "evaluation 2", state: "ok" });
    // The grader's requests are no spans of their own, so they are no model requests either.
    expect(row).toMatchObject({ model_requests: 0, input_tokens: 100, outcome: "completed" });
  });

  test.each([
    ["satisfied", "ok"],
    ["needs_revision", "ok"],
    ["failed", "error"],
    ["max_iterations_reached", "error"],
    ["interrupted", "unknown"],
  ])("%s is %s", (verdict, state) => {
    const { spans } = fold(running(0), evaluationStart("e", 1), evaluationEnd("e", 2, verdict));
    expect(spans["e:evaluation"]).toMatchObject({ state, attributes: { result: verdict } });
  });

  test("interrupted before a start: the start's id is empty, and each such end stands alone", () => {
    const { spans } = fold(
      running(0),
      evaluationEnd("", 1, "interrupted", { id: "x" }),
      evaluationEnd("", 2, "interrupted", { id: "y" }),
    );
    expect(spans["x:evaluation"]).toMatchObject({ startedUs: null, endedUs: usAt(1) });
    expect(spans["y:evaluation"]).toMatchObject({ startedUs: null, endedUs: usAt(2) });
  });
});

describe("workflow runs", () => {
  const run = { workflow_run_id: "wrun_1" };
  const phase = { ...run, workflow_run_phase_id: "wrph_1" };
  const created = event("workflow_run.created", 1, {
    ...run,
    name: "fan out",
    phases: [{ id: "wrph_1", name: "read", description: null }],
  });
  const ended = (result: object) => event("workflow_run.status_ended", 9, { ...run, result });

  test("a phase pairs by the event that started it", () => {
    const { spans } = fold(
      created,
      event("workflow_run.phase_started", 2, { id: "p1", ...phase }),
      event("workflow_run.phase_ended", 4, { phase_started_id: "p1", ...phase }),
      event("workflow_run.phase_started", 5, { id: "p2", ...phase }),
    );
    expect(spans["p1:phase"]).toMatchObject({
      kind: "workflow_phase",
      startedUs: usAt(2),
      endedUs: usAt(4),
      state: "ok",
      attributes: { workflow_run_id: "wrun_1", phase_id: "wrph_1" },
    });
    expect(spans["p2:phase"]).toMatchObject({ endedUs: null, state: "open" });
  });

  test.each([
    ["completed", "ok"],
    ["stopped", "unknown"],
    ["error", "error"],
  ])("a run that ended %s is %s", (type, state) => {
    const { spans } = fold(created, ended({ type }));
    expect(spans["wrun_1:run"]).toMatchObject({
      name: "fan out",
      startedUs: usAt(1),
      endedUs: usAt(9),
      state,
      attributes: { result: type, phases: { wrph_1: "read" } },
    });
  });
});

describe("marks on the timeline", () => {
  test.each([
    [
      error(1, "retrying"),
      "error",
      { label: "Overloaded", error_type: "model_overloaded_error", retry_status: "retrying" },
    ],
    [
      event("workflow_run.error", 1, { error: { type: "program_error", message: "line 3" } }),
      "error",
      { label: "line 3", error_type: "program_error" },
    ],
    [event("agent.thread_context_compacted", 1), "ok", { label: "" }],
    [message(1, "Hello."), "ok", { label: "Hello." }],
    [interrupt(1), "ok", { label: "" }],
    [
      event("agent.thread_message_sent", 1, { to_agent_name: "helper", content: [] }),
      "ok",
      { label: "helper" },
    ],
    [
      event("agent.thread_message_sent", 1, { content: [{ type: "redacted" }] }),
      "ok",
      { label: "" },
    ],
    [event("session.updated", 1, { title: "New" }), "ok", { label: "" }],
  ])("%#", (item, state, attributes) => {
    const { id, type } = item.data as { id: string; type: string };
    const { spans } = fold(running(0), item);
    expect(spans[`:${id}:mark`]).toMatchObject({
      kind: "mark",
      name: type,
      startedUs: usAt(1),
      endedUs: usAt(1),
      state,
      attributes: { type, ...attributes },
    });
  });

  test("what is still queued has no place on it yet, and one place once it has", () => {
    const queued = fold(running(0), message(null));
    expect(Object.values(queued.spans).filter((span) => span.kind === "mark")).toEqual([]);
    const id = { id: "sevt_m" };
    const applied = fold(
      running(0),
      event("user.message", null, { ...id, content: [] }),
      event("user.message", 1, { ...id, content: [] }),
    );
    expect(applied.spans[":sevt_m:mark"]).toMatchObject({ startedUs: usAt(1) });
    expect(applied.row.events).toBe(2);
  });

  test("a compaction of a child stands in the child's lane", () => {
    const [item] = inThread(CHILD, event("agent.thread_context_compacted", 1));
    const { spans } = fold(running(0), ...(item ? [item] : []));
    const marks = Object.values(spans).filter((span) => span.kind === "mark");
    expect(marks).toMatchObject([{ threadId: CHILD, name: "agent.thread_context_compacted" }]);
  });
});
