import { expect, test } from "vitest";
import type { JsonObject } from "@/lib/ingest/schema";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  agentOf,
  at,
  CHILD,
  cents,
  customResult,
  customUse,
  error,
  evaluationEnd,
  event,
  idle,
  inThread,
  interrupt,
  PRIMARY,
  request,
  requestEnd,
  requestStart,
  running,
  session,
  thread,
  threadCreated,
  threadStatus,
  usAt,
  usage,
  use,
} from "@/tests/support/events";
import { fold, foldBatches } from "@/tests/support/folding";

// The traps of reference §15 about event lists, by their numbers, as far as they are ingest's to hold.

test("trap 9: an event that comes late with an older time lands between the known ones", () => {
  const known = [running(0), idle(5), running(10), idle(15)];
  const late = [interrupt(3), error(12, "exhausted"), use("a", 4)];
  const queued = late.map((item) => ({
    ...item,
    data: { ...(item.data as JsonObject), processed_at: null },
  }));
  const folded = foldBatches([known, queued, ...late.map((item) => [item])]);
  expect(folded).toEqual(foldBatches([[...known, ...late]]));
  expect(folded.spans["session.status_running@0:turn"]?.attributes.interrupted).toBe(true);
  expect(folded.events.map((one) => one.atUs)).toEqual([0, 3, 4, 5, 10, 12, 15].map(usAt));
});

test("trap 10: the same id comes again, processed_at set or anything else changed: it is replaced", () => {
  const queued = event("user.message", null, { id: "m", content: [] });
  const applied = event("user.message", 1, { id: "m", content: [] });
  const changed = event("user.message", 1.5, { id: "m", content: [{ type: "text", text: "new" }] });
  const child = thread(CHILD, agentOf("claude-haiku-4-5"));
  const threads = [thread(PRIMARY, agentOf("claude-sonnet-5")), child];
  const { row, events, spans } = fold(...threads, running(0), queued, applied, changed, idle(5));
  expect(row).toMatchObject({ events: 3, turns: 1, threads: 2 });
  expect(events.find((one) => one.id === "m")).toMatchObject({ atUs: usAt(1.5) });
  expect(spans[":m:mark"]).toMatchObject({ startedUs: usAt(1.5), attributes: { label: "new" } });
  const back = foldBatches([[running(0), changed, idle(5)], [queued], [applied]]);
  expect(back.events.find((one) => one.id === "m")).toMatchObject({ atUs: usAt(1.5) });
});

test("trap 11: ties are common: of one instant types have a rank, and a microsecond counts", () => {
  const one = [
    running(1),
    interrupt(1),
    threadStatus(1, "idle", PRIMARY),
    usage(1, { input_tokens: 5 }),
    idle(1),
  ];
  const { row, events } = fold(...one);
  expect(events.map(({ type }) => type)).toEqual([
    "session.status_running",
    "user.interrupt",
    "session.thread_status_idle",
    "session.usage",
    "session.status_idle",
  ]);
  expect(row).toMatchObject({ outcome: "interrupted", turns: 1, input_tokens: 5 });
  expect(fold(running(1), idle(2), running(2.000001)).row.outcome).toBe("running");
  expect(fold(running(1), idle(2.000001), running(2)).row.outcome).toBe("completed");
});

test("trap 12: a thread is paged whole at each refresh: what is known changes nothing", () => {
  const child = inThread(CHILD, ...request("c", 1, [10, 1]), use("a", 2), threadStatus(3, "idle"));
  const first = foldBatches([[session(), running(0), ...child]]);
  const again = foldBatches([[session(), running(0), ...child], child, child.slice(1)]);
  expect(again).toEqual(first);
});

test("trap 13: the primary's list lacks children's requests: the snapshot tells how many are missing", () => {
  const items = [
    session(),
    running(0),
    threadCreated(1),
    ...request("p", 1, [100, 10]),
    usage(8, { input_tokens: 350, output_tokens: 30, active_seconds: 1, list_cost: cents("90") }),
    idle(9),
  ];
  const child = inThread(CHILD, ...request("c", 2, [250, 20]));
  expect(fold(...items).row).toMatchObject({
    input_tokens: 350,
    output_tokens: 30,
    model_requests: 1,
    missing_thread_tokens: 270,
    drift_causes: ["missing_thread"],
  });
  expect(fold(...items, ...child).row).toMatchObject({
    input_tokens: 350,
    output_tokens: 30,
    model_requests: 2,
    missing_thread_tokens: 0,
    drift_causes: [],
  });
});

test("trap 14: a child's events copied into the session's list count once", () => {
  const copied = (item: SoupItem, id: string): SoupItem => ({
    ...item,
    data: { ...(item.data as JsonObject), id, session_thread_id: CHILD, processed_at: at(7) },
  });
  const own = inThread(CHILD, customUse("a", 1), customResult("a", 2, { is_error: true }));
  const { row, spans } = fold(
    running(0),
    ...own,
    copied(customUse("a", 1), "a"),
    copied(customResult("a", 2, { is_error: true }), "other id"),
  );
  expect(row).toMatchObject({ tool_calls: 1, tool_errors: 1, threads: 2, events: 5 });
  expect(spans.a).toMatchObject({ startedUs: usAt(1), endedUs: usAt(2), threadId: CHILD });
});

test("trap 18: starts without ends stay open, none of them a failure, and the session goes on", () => {
  const { row, spans } = fold(
    ...[running(0), requestStart("r", 1), use("a", 2), idle(3, "refusal")],
    ...[running(5), running(6), idle(7)],
  );
  expect(spans["r:request"]).toMatchObject({ endedUs: null, state: "open", tokens: null });
  expect(spans.a).toMatchObject({ endedUs: null, state: "open" });
  expect(row).toMatchObject({ turns: 2, model_requests: 1, tool_calls: 1, tool_errors: 0 });
  expect(row.outcome).toBe("completed");
});

test("trap 19: is_error null is unknown, and the usage of an error may be all zeros", () => {
  const { row, spans } = fold(
    running(0),
    requestEnd("r", 1, [5, 5], { is_error: null }),
    requestEnd("s", 2, [0, 0], { is_error: true }),
  );
  expect(spans["r:request"]).toMatchObject({ state: "unknown", attributes: { is_error: null } });
  expect(spans["s:request"]).toMatchObject({
    state: "error",
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  });
  expect(row).toMatchObject({ model_requests: 2, input_tokens: 5, errors: [] });
});

test("trap 20: an evaluation without a start, interrupts with odd ids or none, a run that goes on untold", () => {
  const { row, events, spans } = fold(
    ...[running(0), event("workflow_run.created", 1, { workflow_run_id: "w", name: "n" })],
    event("user.interrupt", 2, { id: "" }),
    event("user.interrupt", 3, { id: null }),
    event("user.interrupt", 3.5, { id: "!! odd" }),
    evaluationEnd("", 4, "interrupted", { id: "e" }),
    idle(5),
  );
  expect(events.filter(({ type }) => type === "user.interrupt")).toHaveLength(3);
  expect(spans["e:evaluation"]).toMatchObject({ startedUs: null, state: "unknown" });
  expect(spans["w:run"]).toMatchObject({ endedUs: null, state: "open" });
  expect(row).toMatchObject({ outcome: "interrupted", events: 7 });
});

test("trap 21: rubrics and content come in many shapes, and redacted blocks have no text", () => {
  const shapes = [
    event("user.define_outcome", 1, { rubric: { type: "text", text: "Good." } }),
    event("user.define_outcome", 2, { rubric: { type: "file", file_id: "file_1" } }),
    event("user.message", 3, {
      content: [{ type: "redacted" }, { type: "document", source: { file_id: "f" } }],
    }),
    event("agent.thread_message_received", 4, {
      content: [{ type: "redacted" }, { type: "text", text: "seen" }],
    }),
    event("user.message", 5, { content: "plain" }),
  ];
  const { events, spans } = fold(...shapes);
  expect(events.map(({ payload }) => payload)).toEqual(shapes.map(({ data }) => data));
  const marks = Object.values(spans).sort((a, b) => (a.startedUs ?? 0) - (b.startedUs ?? 0));
  expect(marks.map(({ attributes }) => attributes.label)).toEqual(["", "", "", "seen", "plain"]);
});

test("trap 22: unknown types, members and words are kept as they came and break nothing", () => {
  const strange = [
    event("agent.dreamt", 1, { about: { sheep: ["electric"] } }),
    use("a", 2, { evaluated_permission: "ponder", evaluation: { type: "oracle" } }),
    event("session.error", 3, {
      error: { type: "gremlin_error", retry_status: { type: "maybe" } },
    }),
    idle(4, "bored", { stop_reason: { type: "bored", degree: 9 } }),
  ];
  const { row, events, spans } = fold(running(0), ...strange);
  expect(events.slice(1).map(({ payload }) => payload)).toEqual(strange.map(({ data }) => data));
  expect(spans.a).toMatchObject({ attributes: { permission: "ponder", evaluation: "oracle" } });
  expect(row).toMatchObject({
    outcome: "unknown",
    status: "idle",
    errors: [{ type: "gremlin_error", count: 1, last_message: "gremlin_error" }],
  });
});
