import { expect, it } from "vitest";
import { Children, reopenMs } from "@/lib/anthropic/tail";

it("waits longer after each failure, and never very long", () => {
  expect([0, 1, 2, 3, 4, 5, 50, 5_000].map(reopenMs)).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000,
  ]);
});

const told = (type: string, session_thread_id?: unknown) => ({ type, session_thread_id });

it.each([
  ["as they were listed", [], ["b"]],
  ["as the stream says since", [told("session.thread_status_idle", "b")], []],
  ["again after a rest", [told("session.thread_status_running", "a")], ["a", "b"]],
  ["through a reschedule", [told("session.thread_status_rescheduled", "b")], ["b"]],
  ["no more when terminated", [told("session.thread_status_terminated", "b")], []],
  ["from when it is made", [told("session.thread_created", "new")], ["b", "new"]],
  [
    "until it rests",
    [told("session.thread_created", "new"), told("session.thread_status_idle", "new")],
    ["b"],
  ],
  ["and the primary thread is none of them", [told("session.thread_status_running", "p")], ["b"]],
  ["and what concerns no thread is passed over", [told("agent.message"), told("x", 1), {}], ["b"]],
])("knows which children are at work: %s", (_, events, atWork) => {
  // What is told while the list is being read is newer than the list.
  for (const isListedFirst of [true, false]) {
    const children = new Children();
    const list = () =>
      children.list([
        { id: "a", isAtWork: false },
        { id: "b", isAtWork: true },
      ]);
    if (isListedFirst) list();
    for (const event of events) children.tell(event);
    if (!isListedFirst) list();
    expect(children.atWork.sort()).toEqual(atWork);
  }
});
