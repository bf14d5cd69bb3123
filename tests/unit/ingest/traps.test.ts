import { expect, test } from "vitest";
import { agentConfigs, type SessionWork } from "@/lib/ingest/arrival-service";
import type { JsonObject } from "@/lib/ingest/schema";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  agentOf,
  at,
  budgetOf,
  CHILD,
  cents,
  confirm,
  customResult,
  customUse,
  error,
  evaluationEnd,
  event,
  idle,
  inThread,
  interrupt,
  message,
  modelUsage,
  PRIMARY,
  request,
  requestEnd,
  requestStart,
  rescheduled,
  result,
  running,
  session,
  terminated,
  thread,
  threadCreated,
  threadStatus,
  usAt,
  usage,
  use,
} from "@/tests/support/events";
import { fold, foldBatches } from "@/tests/support/folding";

// The traps of reference §15, by their numbers, as far as they are ingest's to hold.

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
  const { row, events, spans } = fold(running(0), queued, applied, changed, idle(5));
  expect(row.events).toBe(3);
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

test("trap 24: retried errors are no failures, however many; neither are repositories that are gone", () => {
  const gone = "repository_not_found_error";
  const { row } = fold(
    ...[running(0), error(1, "retrying", gone, "gone"), error(2, "retrying"), error(3, "retrying")],
    idle(9),
  );
  expect(row).toMatchObject({
    outcome: "completed",
    failed: false,
    error_types: ["model_overloaded_error", gone],
    errors: [
      { type: "model_overloaded_error", count: 2, last_message: "Overloaded" },
      { type: gone, count: 1, last_message: "gone" },
    ],
  });
});

test("trap 25: end_turn is success or an interrupt; failed tools alone do not make it a failure", () => {
  const failing = [use("a", 1), result("a", 2, { is_error: true })];
  expect(fold(running(0), ...failing, idle(3)).row).toMatchObject({ outcome: "completed" });
  expect(fold(running(0), interrupt(2), idle(3)).row).toMatchObject({ outcome: "interrupted" });
});

test("trap 26: after retries_exhausted the session is only idle, and may run again", () => {
  const dead = [running(0), error(1, "exhausted"), idle(2, "retries_exhausted")];
  expect(fold(...dead).row).toMatchObject({ status: "idle", outcome: "retries_exhausted" });
  const { row } = fold(...dead, message(10), running(11), idle(12));
  expect(row).toMatchObject({ outcome: "completed", failed: false, turns: 2, settled_at: at(12) });
});

test("trap 27: an advisor's thread ends terminated after each consultation: normal, and no death", () => {
  const consultation = [
    threadCreated(1),
    threadStatus(1.1, "running"),
    event("agent.thread_message_received", 2, { from_session_thread_id: CHILD, content: [] }),
    threadStatus(2.1, "idle", CHILD, { stop_reason: { type: "end_turn" } }),
    threadStatus(2.2, "terminated"),
  ];
  const primary = threadStatus(0.1, "running", PRIMARY);
  const { row } = fold(running(0), primary, ...consultation);
  expect(row).toMatchObject({ status: "running", outcome: "running", threads: 2 });
  const ended = fold(running(0), primary, ...consultation, idle(3)).row;
  expect(ended).toMatchObject({ outcome: "completed", failed: false, errors: [] });
});

test("trap 28: the event status_rescheduled is the status rescheduling; webhooks' words are no events", () => {
  expect(fold(running(0), rescheduled(1)).row.status).toBe("rescheduling");
  const webhookWords = [event("session.status_idled", 2), event("session.status_run_started", 3)];
  expect(fold(running(0), ...webhookWords).row).toMatchObject({ status: "running", turns: 1 });
});

test("trap 29: an idle primary thread is no idle session, and an idle session ends no workflow run", () => {
  const run = event("workflow_run.created", 1, { workflow_run_id: "w", name: "fan out" });
  const threadIdle = threadStatus(2, "idle", PRIMARY, { stop_reason: { type: "end_turn" } });
  const going = fold(running(0), threadStatus(0.1, "running", PRIMARY), run, threadIdle);
  expect(going.row).toMatchObject({ status: "running", outcome: "running" });
  const { row, spans } = fold(running(0), run, idle(5));
  expect(row.outcome).toBe("completed");
  expect(spans["w:run"]).toMatchObject({ state: "open" });
});

test("trap 32: session.usage is cumulative and never summed; between idles the object is fresher", () => {
  const grows = [
    usage(1, { input_tokens: 100, output_tokens: 5, list_cost: cents("1"), active_seconds: 1 }),
    usage(2, { input_tokens: 250, output_tokens: 9, list_cost: cents("2"), active_seconds: 3 }),
    usage(3, { input_tokens: 250, output_tokens: 9, list_cost: cents("2"), active_seconds: 4 }),
  ];
  const { row } = fold(running(0), ...grows, idle(9));
  expect(row).toMatchObject({
    input_tokens: 250,
    output_tokens: 9,
    list_cost_cents: 2,
    active_ms: 4000,
  });
  const fresher = session({
    status: "running",
    updated_at: at(3600),
    usage: { input_tokens: 0, output_tokens: 0, active_seconds: 3600 },
  });
  expect(fold(running(0), ...grows, fresher).row).toMatchObject({
    input_tokens: 250,
    output_tokens: 9,
    active_ms: 3_600_000,
  });
});

test.each([
  ["absent", {}],
  ["null", { list_cost: null, cache_creation: null, server_tool_use: null, active_seconds: null }],
])(
  "trap 33: usage members may be %s: no list cost is not $0, and ours is computed",
  (_, members) => {
    const items = [
      session(),
      running(0),
      ...request("r", 1, [100, 10]),
      usage(4, members),
      idle(5),
    ];
    expect(fold(...items).row).toMatchObject({
      list_cost_cents: null,
      drift_nanos: null,
      drift_causes: [],
      tokens_nanos: 100 * 2000 + 10 * 10_000,
      active_ms: 5000,
      web_searches: 0,
    });
  },
);

test("trap 34: cents are whole numbers in a text; anything else is no list cost", () => {
  const centsOf = (list_cost: unknown) => fold(usage(1, { list_cost })).row.list_cost_cents;
  expect(centsOf(cents("187"))).toBe(187);
  expect(centsOf(cents("0187"))).toBe(187);
  for (const amount of ["25.00", "1e3", "-1", "", " 1", "9".repeat(20)])
    expect(centsOf(cents(amount))).toBeNull();
  expect(centsOf({ amount: 187, currency: "USD" })).toBeNull();
  expect(fold(session({ budget: budgetOf("50.5") })).row.budget_cents).toBeNull();
});

test("trap 35: a list cost of 0 cents is known; the exact cost stands beside it, the rest is rounding", () => {
  const items = [session(), running(0), ...request("r", 1, [400, 10])];
  const listed = usage(2, { list_cost: cents("0"), active_seconds: 0 });
  expect(fold(...items, listed, idle(5)).row).toMatchObject({
    list_cost_cents: 0,
    computed_nanos: 900_000,
    drift_nanos: 900_000,
    drift_causes: ["rounding"],
  });
});

test("trap 36: threads' list costs leave out runtime and are no part of the session's", () => {
  const usageOf = (amount: string) => ({ usage: { input_tokens: 9, list_cost: cents(amount) } });
  const { row } = fold(
    ...[session(), thread(PRIMARY, agentOf("claude-sonnet-5"), usageOf("40"))],
    ...[thread(CHILD, agentOf("claude-sonnet-5"), usageOf("30")), running(0)],
    ...[usage(4, { input_tokens: 20, list_cost: cents("71") }), idle(5)],
  );
  expect(row).toMatchObject({ list_cost_cents: 71, input_tokens: 20, threads: 2 });
});

test("trap 37: runtime is usage.active_seconds; stats are neither billed nor shown for it", () => {
  const object = session({
    updated_at: at(900),
    stats: { active_seconds: 500, duration_seconds: 910 },
    usage: { active_seconds: 58.9 },
  });
  expect(fold(object, running(0), idle(5)).row).toMatchObject({
    active_ms: 58_900,
    runtime_nanos: Math.round((58.9 / 3600) * 80_000_000),
    duration_ms: 15_000,
  });
});

test("trap 38: model, geography and tier are the thread's and the request's; the split is the session's", () => {
  const items = [
    session({ agent: agentOf({ id: "claude-haiku-5-5", inference_geo: "us" }) }),
    thread(CHILD, { type: "advisor", model: { id: "claude-opus-5" } }),
    running(0),
    ...request("small", 1, [100, 0]),
    ...request("large", 3, [1, 0, 100_000, 0]),
    ...inThread(CHILD, ...request("advice", 5, [100, 10])),
    ...request("writes", 6, [0, 0, 0, 1000]),
    usage(8, {
      cache_creation: { ephemeral_5m_input_tokens: 750, ephemeral_1h_input_tokens: 250 },
    }),
    idle(9),
  ];
  const large = 1 * 500 + 100_000 * 50;
  const writes = 750 * 125 + 250 * 200;
  const own = (100 * 100 + large + writes) * 1.1;
  expect(fold(...items).row).toMatchObject({
    tokens_nanos: own + 100 * 5000 + 10 * 25_000,
    unpriced_tokens: 0,
    cache_write_5m_tokens: 750,
    cache_write_1h_tokens: 250,
  });
});

test("trap 39: a thread's usage and stats are null at first, and no figure comes from them", () => {
  const young = thread(CHILD, agentOf("claude-haiku-4-5"), { usage: null, stats: null });
  const { row } = fold(
    session(),
    young,
    running(0),
    ...inThread(CHILD, ...request("c", 1, [9, 1])),
  );
  expect(row).toMatchObject({ threads: 2, input_tokens: 9, output_tokens: 1, active_ms: 0 });
});

test("trap 40: a cost a little above the budget is no error", () => {
  const { row } = fold(
    session({ budget: budgetOf("50") }),
    ...[running(0), usage(4, { list_cost: cents("53") }), idle(5, "budget_reached")],
  );
  expect(row).toMatchObject({
    ...{
      outcome: "budget_paused",
      failed: false,
      errors: [],
      budget_cents: 50,
      list_cost_cents: 53,
    },
  });
});

test("trap 41: overrides keep the agent's id and version: its configuration has a hash of its own", () => {
  const work = (agent: JsonObject) => ({ object: { agent } }) as unknown as SessionWork;
  const base = agentOf("claude-sonnet-5", { tools: [{ name: "bash" }], system: "Be brief." });
  const configs = agentConfigs([
    work(base),
    work({ ...base, description: "described otherwise" }),
    work({ ...base, tools: [] }),
    work({ ...base, model: { id: "claude-opus-5" } }),
  ]);
  expect(configs.map(({ agentId, version }) => [agentId, version])).toEqual(
    new Array(3).fill(["agent_A", "3"]),
  );
  expect(new Set(configs.map(({ configHash }) => configHash)).size).toBe(3);
  const changed = event("session.updated", 3, { agent: { ...base, tools: [] } });
  const { row, events } = fold(session({ agent: base }), running(0), changed);
  expect(row).toMatchObject({ agent_id: "agent_A", agent_version: "3" });
  expect(events.at(-1)?.payload).toEqual(changed.data);
});
