import { expect, test } from "vitest";
import type { JsonObject } from "@/lib/ingest/schema";
import {
  at,
  CHILD,
  error,
  event,
  idle,
  inThread,
  interrupt,
  message,
  PRIMARY,
  rescheduled,
  result,
  running,
  threadCreated,
  threadStatus,
  use,
} from "@/tests/support/events";
import { fold } from "@/tests/support/folding";

// The traps of reference §15 about status and failure, by their numbers.

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

test("errors of one instant: the one with the greater id is the last, whichever came first", () => {
  const tied = [error(1, "retrying", "e_error", "first"), error(1, "retrying", "e_error", "last")];
  const named = tied.map((item, n) => ({
    ...item,
    data: { ...(item.data as JsonObject), id: `sevt_${n}` },
  }));
  const { row } = fold(running(0), ...named);
  expect(row.errors).toEqual([{ type: "e_error", count: 2, last_message: "last" }]);
});

test("errors of one instant that two threads have under one id: in either order the same is the last", () => {
  const own = error(1, "retrying", "e_error", "the session's");
  const childs = inThread(CHILD, error(1, "retrying", "e_error", "the child's"));
  expect(fold(running(0), own, ...childs).row.errors).toEqual([
    { type: "e_error", count: 2, last_message: "the child's" },
  ]);
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
