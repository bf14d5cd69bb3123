import { describe, expect, test } from "vitest";
import {
  asks,
  at,
  budgetOf,
  CHILD,
  confirm,
  customUse,
  error,
  event,
  idle,
  inThread,
  interrupt,
  message,
  PRIMARY,
  result,
  running,
  session,
  threadStatus,
  usage,
  use,
} from "@/tests/support/events";
import { foldBatches } from "@/tests/support/folding";
import { expectOutcome, type OutcomeRow } from "@/tests/support/outcomes";

describe("interrupts", () => {
  const known = [running(0), threadStatus(0.1, "running", PRIMARY)];
  const rows: OutcomeRow[] = [
    [
      "applied to the session",
      [...known, interrupt(2), idle(3)],
      { outcome: "interrupted", outcome_detail: { by: "user" }, settled_at: at(3) },
    ],
    [
      "applied to the primary thread by its id",
      [...known, interrupt(2, PRIMARY), idle(3)],
      { outcome: "interrupted" },
    ],
    [
      "applied to a child alone",
      [...known, interrupt(2, CHILD), idle(3)],
      { outcome: "completed", outcome_detail: null },
    ],
    [
      "applied to a child, told by the child's own list",
      [...known, ...inThread(CHILD, interrupt(2)), idle(3)],
      { outcome: "completed" },
    ],
    ["queued and never applied", [...known, interrupt(null), idle(3)], { outcome: "completed" }],
    [
      "of an earlier turn",
      [...known, interrupt(2), idle(3), running(4), idle(5)],
      { outcome: "completed", turns: 2 },
    ],
    [
      "after the turn had ended by itself",
      [...known, idle(3), interrupt(4)],
      { outcome: "completed" },
    ],
    [
      "while it waited, and the idle comes without a running: it is the same turn's",
      [...known, asks(3, "call"), interrupt(4), idle(5)],
      { outcome: "interrupted", turns: 1 },
    ],
    [
      "a turn that failed in spite of it has failed",
      [...known, interrupt(2), error(3, "exhausted"), idle(4, "retries_exhausted")],
      { outcome: "retries_exhausted" },
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => expectOutcome(items, expected));
});

describe("budget", () => {
  const capped = [session({ budget: budgetOf("50") }), running(0), idle(5, "budget_reached")];
  const raised = event("session.updated", 60, { budget: budgetOf("80") });
  const rows: OutcomeRow[] = [
    ["reached", capped, { outcome: "budget_paused", settled_at: at(5), budget_cents: 50 }],
    [
      "raised, not yet running",
      [...capped, raised],
      { outcome: "budget_paused", budget_cents: 80 },
    ],
    ["raised and running", [...capped, raised, running(61)], { outcome: "running", turns: 2 }],
    [
      "raised and done",
      [...capped, raised, running(61), idle(70)],
      { outcome: "completed", settled_at: at(70) },
    ],
    [
      "removed",
      [...capped, event("session.updated", 60, { budget: null })],
      { outcome: "budget_paused", budget_cents: null },
    ],
    [
      "a thread may say end_turn while the session says budget_reached",
      [
        running(0),
        threadStatus(4.9, "idle", PRIMARY, { stop_reason: { type: "end_turn" } }),
      ].concat(idle(5, "budget_reached")),
      { outcome: "budget_paused" },
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => expectOutcome(items, expected));
});

describe("waiting: for which call, since when, for a human or a custom tool", () => {
  const ask = (id: string, seconds: number) => use(id, seconds, { evaluated_permission: "ask" });
  const waits = (since: number, ...waiting_for: Array<[string, string | null, string]>) => ({
    outcome: "waiting",
    outcome_detail: {
      since: at(since),
      waiting_for: waiting_for.map(([id, name, kind]) => ({ id, name, kind })),
    },
  });
  const rows: OutcomeRow[] = [
    ["a human", [running(0), ask("a", 1), asks(2, "a")], waits(2, ["a", "bash", "human"])],
    [
      "a custom tool",
      [running(0), customUse("c", 1), asks(2, "c")],
      waits(2, ["c", "lookup", "custom_tool"]),
    ],
    [
      "a call not yet known (trap 15)",
      [running(0), asks(2, "later")],
      waits(2, ["later", null, "unknown"]),
    ],
    [
      "both, in the order in which the idle names them",
      [running(0), ask("a", 1), customUse("c", 1.1), asks(2, "a", "c")],
      waits(2, ["a", "bash", "human"], ["c", "lookup", "custom_tool"]),
    ],
    [
      "what is answered is not waited for",
      [running(0), ask("a", 1), ask("b", 1.1), asks(2, "a", "b"), confirm("a", 3)],
      waits(2, ["b", "bash", "human"]),
    ],
    [
      "an answer still queued is an answer",
      [running(0), ask("a", 1), asks(2, "a"), confirm("a", null)],
      waits(2),
    ],
    [
      "a child's call, known by its copy in the session's list",
      [
        running(0),
        { ...ask("a", 1), data: { ...(ask("a", 1).data as object), session_thread_id: CHILD } },
      ].concat(asks(2, "a")),
      waits(2, ["a", "bash", "human"]),
    ],
    [
      "since the idle that first named a call still open",
      [
        running(0),
        ask("a", 1),
        ask("b", 1.1),
        asks(2, "a"),
        confirm("a", 3),
        asks(4, "b"),
        asks(6, "b"),
      ],
      waits(4, ["b", "bash", "human"]),
    ],
    [
      "no longer once it runs again",
      [running(0), ask("a", 1), asks(2, "a"), confirm("a", 3), running(4), result("a", 5), idle(6)],
      { outcome: "completed", outcome_detail: null },
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => {
    expectOutcome(items, expected);
  });
});

describe("object and events", () => {
  const object = (status: string, seconds: number, fields = {}) =>
    session({ status, updated_at: at(seconds), ...fields });
  const done = [running(0), idle(5)];
  const rows: OutcomeRow[] = [
    [
      "status newer on the object",
      [...done, object("running", 6)],
      { status: "running", outcome: "running" },
    ],
    ["rescheduling on the object", [...done, object("rescheduling", 6)], { outcome: "running" }],
    [
      "status newer on the events",
      [...done, object("running", 4)],
      { status: "idle", outcome: "completed" },
    ],
    [
      "of one instant, the event's",
      [...done, object("running", 5)],
      { status: "idle", outcome: "completed" },
    ],
    [
      "the object says terminated, nobody archived it: a death nobody told yet",
      [...done, object("terminated", 9)],
      { status: "terminated", outcome: "terminated", settled_at: at(9) },
    ],
    [
      "the object is idle while the turn's end is not here: how it ended is not known",
      [running(0), object("idle", 9)],
      { status: "idle", outcome: "unknown", settled_at: null },
    ],
    [
      "the object is idle and older than the running",
      [running(0), object("idle", -1)],
      { status: "running", outcome: "running" },
    ],
    ["new: created, nothing ran yet", [session(), message(null)], { outcome: "new", turns: 0 }],
    [
      "new: a change before the first turn runs nothing",
      [session(), event("session.updated", 1, { title: "Named" })],
      { outcome: "new", title: "Named" },
    ],
    ["unknown: no events", [session()], { outcome: "unknown", settled_at: null, status: "idle" }],
    ["unknown: no events, though terminated", [object("terminated", 9)], { outcome: "unknown" }],
    ["running: no events", [object("running", 9)], { outcome: "running" }],
    [
      "events alone make a session",
      done,
      { outcome: "completed", title: null, agent_id: null, started_at: at(0), duration_ms: 5000 },
    ],
    ["an idle alone is no interrupt", [idle(5)], { outcome: "completed", turns: 0 }],
    [
      "an idle alone still says how its turn ended",
      [idle(5, "refusal")],
      { outcome: "refused", turns: 0 },
    ],
    [
      "deleted keeps its outcome",
      [...done, event("session.deleted", 50)],
      { outcome: "completed", deleted_at: at(50) },
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => expectOutcome(items, expected));
});

describe("a loop's own word on its result", () => {
  const told = (outcome: string, seconds: number, fields = {}) =>
    session({ outcome, updated_at: at(seconds), ...fields });
  const done = [running(0), error(1, "exhausted"), idle(5, "retries_exhausted")];
  const rows: OutcomeRow[] = [
    [
      "it stands over what the events say",
      [...done, told("completed", 6)],
      { outcome: "completed", settled_at: at(5), outcome_detail: { reported: true } },
    ],
    [
      "it needs no time of its own",
      [...done, told("refused", 0, { updated_at: undefined })],
      { outcome: "refused", failed: true },
    ],
    [
      "it needs no events",
      [told("outcome_failed", 6)],
      { outcome: "outcome_failed", settled_at: at(6) },
    ],
    ["an open one is not settled", [told("waiting", 6)], { outcome: "waiting", settled_at: null }],
    [
      "a run that began after it runs",
      [...done, told("completed", 6), running(10)],
      { outcome: "running" },
    ],
    [
      "a run that began after it is not covered by it",
      [running(0), idle(5), told("completed", 6), running(10), idle(20, "refusal")],
      { outcome: "refused", settled_at: at(20) },
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => expectOutcome(items, expected));

  test("it is told in the API's words of an SDK session, whose running time nobody bills", () => {
    const items = [told("completed", 6), running(0), usage(4, { active_seconds: 3600 }), idle(5)];
    const { row } = foldBatches([items], "sdk");
    expect(row).toMatchObject({ outcome: "completed", active_ms: 3_600_000, runtime_nanos: 0 });
  });
});
