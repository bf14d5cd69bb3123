import { describe, expect, test } from "vitest";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  asks,
  at,
  budgetOf,
  CHILD,
  confirm,
  customUse,
  error,
  evaluationEnd,
  event,
  idle,
  inThread,
  interrupt,
  message,
  PRIMARY,
  rescheduled,
  result,
  running,
  session,
  terminated,
  threadStatus,
  usage,
  use,
} from "@/tests/support/events";
import { fold, foldBatches } from "@/tests/support/folding";

type Row = [name: string, items: SoupItem[], expected: Record<string, unknown>];

/** Design §4. `failed` and `settled_at` go with the outcome: both are asserted with every row. */
const FAILED = ["outcome_failed", "retries_exhausted", "refused", "terminated"];
const SETTLED = [...FAILED, "completed", "interrupted", "budget_paused"];

function expectOutcome(items: SoupItem[], expected: Record<string, unknown>) {
  const { row } = fold(...items);
  expect(row).toMatchObject(expected);
  expect(row.failed).toBe(FAILED.includes(String(row.outcome)));
  expect(row.settled_at !== null).toBe(SETTLED.includes(String(row.outcome)));
}

describe("outcomes of a turn (design §4)", () => {
  const overloaded = "model_overloaded_error";
  const rows: Row[] = [
    ["running", [running(0)], { outcome: "running", status: "running" }],
    [
      "rescheduled is running still",
      [running(0), error(1, "retrying"), rescheduled(2)],
      {
        outcome: "running",
        status: "rescheduling",
        outcome_detail: {
          error_type: overloaded,
          message: "Overloaded",
          reason: "rescheduling: the platform tries again by itself",
        },
      },
    ],
    [
      "completed",
      [running(0), idle(5)],
      { outcome: "completed", status: "idle", outcome_detail: null, settled_at: at(5) },
    ],
    [
      "completed after an error that was retried",
      [running(0), error(1, "retrying"), rescheduled(2), running(3), idle(5)],
      { outcome: "completed", failed: false, outcome_detail: null },
    ],
    [
      "retries exhausted, with the error and how often it was tried",
      [running(0), error(1, "retrying"), error(2, "retrying"), error(3, "exhausted")].concat(
        idle(4, "retries_exhausted"),
      ),
      {
        outcome: "retries_exhausted",
        settled_at: at(4),
        outcome_detail: {
          error_type: overloaded,
          message: "Overloaded",
          reason: "model overloaded, 3 tries",
        },
      },
    ],
    [
      "retries exhausted at the first try",
      [
        running(0),
        error(1, "exhausted", "billing_error", "No credit"),
        idle(2, "retries_exhausted"),
      ],
      {
        outcome: "retries_exhausted",
        outcome_detail: {
          error_type: "billing_error",
          message: "No credit",
          reason: "billing, 1 try",
        },
      },
    ],
    [
      "retries exhausted: the error that killed the turn stands, not one retried after it",
      [running(0), error(1, "exhausted"), error(2, "retrying", "repository_clone_error")].concat(
        idle(3, "retries_exhausted"),
      ),
      { outcome: "retries_exhausted", outcome_detail: { error_type: overloaded } },
    ],
    [
      "retries exhausted: tries are counted within the turn",
      [running(0), error(1, "retrying"), idle(2), running(3), error(4, "exhausted")].concat(
        idle(5, "retries_exhausted"),
      ),
      { outcome: "retries_exhausted", outcome_detail: { reason: "model overloaded, 1 try" } },
    ],
    [
      "refused, with the platform's details",
      [
        running(0),
        idle(1, "refusal", {
          stop_details: { type: "refusal", category: "cyber", explanation: "Not this." },
        }),
      ],
      { outcome: "refused", outcome_detail: { category: "cyber", explanation: "Not this." } },
    ],
    [
      "refused without a word",
      [
        running(0),
        idle(1, "refusal", {
          stop_details: { type: "refusal", category: null, explanation: null },
        }),
      ],
      { outcome: "refused", outcome_detail: { category: null, explanation: null } },
    ],
    [
      "terminated by a terminal error",
      [running(0), error(1, "terminal", "unknown_error", "Lost."), terminated(2)],
      {
        outcome: "terminated",
        status: "terminated",
        settled_at: at(2),
        outcome_detail: { error_type: "unknown_error", message: "Lost.", reason: "unknown, 1 try" },
      },
    ],
    [
      "the last turn's outcome is the session's: after a failed one a good one",
      [running(0), idle(1, "retries_exhausted"), running(2), idle(3)],
      { outcome: "completed", turns: 2, settled_at: at(3) },
    ],
    [
      "running again takes the outcome back",
      [running(0), idle(1), running(2)],
      { outcome: "running", settled_at: null },
    ],
    [
      "an idle with a stop reason of the future is not guessed at",
      [running(0), idle(1, "someday")],
      { outcome: "unknown", outcome_detail: { reason: "stop reason someday" } },
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => expectOutcome(items, expected));
});

describe("archived sessions keep the outcome they had", () => {
  const archived = (seconds: number) =>
    session({ status: "terminated", updated_at: at(seconds), archived_at: at(seconds) });
  const rows: Row[] = [
    [
      "terminated 60 s before archived_at is the archiving",
      [running(0), idle(5), terminated(100), archived(160)],
      { outcome: "completed", settled_at: at(5), archived_at: at(160) },
    ],
    [
      "a microsecond more and it is a death",
      [running(0), idle(5), terminated(100), archived(160.000001)],
      { outcome: "terminated", settled_at: at(100) },
    ],
    [
      "terminated after archived_at is the archiving, however late",
      [running(0), idle(5, "refusal"), terminated(9000), archived(160)],
      { outcome: "refused", settled_at: at(5) },
    ],
    [
      "a death long before the archiving stays a death, though the archiving says terminated again",
      [running(0), idle(5), running(6), terminated(100), terminated(5000), archived(5001)],
      { outcome: "terminated", settled_at: at(100) },
    ],
    [
      "archived without a terminated event",
      [running(0), idle(5, "retries_exhausted"), archived(60)],
      { outcome: "retries_exhausted", settled_at: at(5) },
    ],
    [
      "archived while it waited",
      [running(0), asks(5, "call"), terminated(50), archived(51)],
      { outcome: "waiting" },
    ],
    [
      "archived before anything ran",
      [message(null), terminated(50), archived(51)],
      { outcome: "new" },
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => expectOutcome(items, expected));
});

describe("defined outcomes", () => {
  const evaluated = (seconds: number, verdict: string) =>
    evaluationEnd(`eval@${seconds}`, seconds, verdict, { id: `end@${seconds}` });
  const rows: Row[] = [
    [
      "satisfied",
      [running(0), evaluated(4, "satisfied"), idle(5)],
      {
        outcome: "completed",
        outcome_detail: {
          result: "satisfied",
          outcome_id: "outc_1",
          explanation: "it is satisfied",
        },
      },
    ],
    [
      "failed",
      [running(0), evaluated(4, "failed"), idle(5)],
      { outcome: "outcome_failed", outcome_detail: { result: "failed" } },
    ],
    [
      "max_iterations_reached",
      [running(0), evaluated(4, "max_iterations_reached"), idle(5)],
      { outcome: "outcome_failed", outcome_detail: { result: "max_iterations_reached" } },
    ],
    [
      "needs_revision decides nothing",
      [running(0), evaluated(4, "needs_revision"), idle(5)],
      { outcome: "completed", outcome_detail: null },
    ],
    [
      "the last evaluation of a turn speaks",
      [running(0), evaluated(3, "failed"), evaluated(4, "satisfied"), idle(5)],
      { outcome: "completed", outcome_detail: { result: "satisfied" } },
    ],
    [
      "it speaks for its turn, whatever the turn's stop reason",
      [running(0), evaluated(4, "satisfied"), idle(5, "budget_reached")],
      { outcome: "completed", outcome_detail: { result: "satisfied" } },
    ],
    [
      "it speaks for its turn though the turn was interrupted",
      [running(0), evaluated(3, "failed"), interrupt(4), idle(5)],
      { outcome: "outcome_failed" },
    ],
    [
      "an unanswered ask comes first",
      [running(0), evaluated(4, "satisfied"), asks(5, "call")],
      { outcome: "waiting" },
    ],
    [
      "running comes first",
      [running(0), evaluated(4, "satisfied"), idle(5), running(6)],
      { outcome: "running" },
    ],
    [
      "it speaks for later turns too",
      [running(0), evaluated(4, "failed"), idle(5), running(6), idle(7)],
      { outcome: "outcome_failed", settled_at: at(7) },
    ],
    [
      "and past a wait in between",
      [running(0), evaluated(1, "failed"), idle(2), running(3), asks(4, "c"), running(5), idle(6)],
      { outcome: "outcome_failed" },
    ],
    ...["retries_exhausted", "refusal", "budget_reached"].map(
      (stop): Row => [
        `until a new turn ends otherwise: ${stop}`,
        [
          running(0),
          evaluated(1, "satisfied"),
          idle(2),
          running(3),
          idle(4, stop),
          running(5),
        ].concat(idle(6)),
        { outcome: "completed", outcome_detail: null },
      ],
    ),
    [
      "until a new turn ends otherwise: interrupted",
      [running(0), evaluated(1, "failed"), idle(2), running(3), interrupt(4), idle(5)],
      { outcome: "interrupted" },
    ],
    [
      "an evaluation of a later turn replaces an earlier one's",
      [running(0), evaluated(1, "failed"), idle(2), running(3), evaluated(4, "satisfied"), idle(5)],
      { outcome: "completed" },
    ],
    [
      "a session that died is dead, satisfied or not",
      [running(0), evaluated(1, "satisfied"), idle(2), running(3), terminated(4)],
      { outcome: "terminated" },
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => expectOutcome(items, expected));
});

describe("interrupts", () => {
  const known = [running(0), threadStatus(0.1, "running", PRIMARY)];
  const rows: Row[] = [
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
  const rows: Row[] = [
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
  const rows: Row[] = [
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
  const rows: Row[] = [
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
  const rows: Row[] = [
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
