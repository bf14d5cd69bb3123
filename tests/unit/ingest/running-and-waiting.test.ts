import { describe, expect, test } from "vitest";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  asks,
  CHILD,
  confirm,
  event,
  idle,
  inThread,
  PRIMARY,
  rescheduled,
  running,
  terminated,
  threadStatus,
  usAt,
  usage,
  use,
} from "@/tests/support/events";
import { fold } from "@/tests/support/folding";

describe("active time: the union of the running intervals, overlapping threads once", () => {
  const primary = threadStatus(0, "running", PRIMARY);
  type Row = [name: string, items: SoupItem[], seconds: number | null];
  const rows: Row[] = [
    ["of one thread", [running(0), idle(5), running(10), idle(12)], 7],
    ["rescheduling is no running", [running(0), rescheduled(2), running(6), idle(8)], 4],
    ["what still runs has no length yet", [running(0), idle(5), running(10)], 5],
    ["nothing ran", [event("user.message", null)], null],
    [
      "a child within the session's running adds nothing",
      [running(0), primary, threadStatus(1, "running"), threadStatus(4, "idle"), idle(5)],
      5,
    ],
    [
      "a child that works while the session waits is running time",
      [
        running(0),
        primary,
        threadStatus(1, "running"),
        asks(3, "a"),
        threadStatus(6, "idle"),
      ].concat([running(8), idle(9)]),
      7,
    ],
    [
      "two children at once count once",
      [
        ...[running(0), primary, threadStatus(1, "running", "sthr_x"), asks(2, "a")],
        ...[threadStatus(3, "running", "sthr_y"), threadStatus(5, "idle", "sthr_x")],
        ...[threadStatus(7, "terminated", "sthr_y"), running(10), idle(11)],
      ],
      8,
    ],
    [
      "a child told of twice, in the session's list and in its own, counts once",
      [
        ...[running(0), primary, threadStatus(1, "running"), asks(3, "a"), threadStatus(6, "idle")],
        ...inThread(CHILD, threadStatus(1, "running"), threadStatus(6, "idle")),
        idle(8),
      ],
      6,
    ],
    [
      "a child whose end nobody told stops with the session",
      [running(0), primary, threadStatus(1, "running"), idle(5), running(10), idle(11)],
      6,
    ],
    [
      "usage.active_seconds stands where it is given",
      [running(0), usage(4, { active_seconds: 3.25 }), idle(5)],
      3.25,
    ],
  ];
  test.each(rows)("%s", (_, items, seconds) => {
    expect(fold(...items).row.active_ms).toBe(seconds === null ? null : seconds * 1000);
  });
});

describe("waiting_ms: from the idle to the last answer of the calls it names, or the next running", () => {
  const ask = (id: string) => use(id, 1, { evaluated_permission: "ask" });
  type Row = [name: string, items: SoupItem[], ms: number];
  const rows: Row[] = [
    ["to the answer", [ask("a"), asks(2, "a"), confirm("a", 5), running(6)], 3000],
    [
      "to the running, when it is first",
      [ask("a"), asks(2, "a"), running(4), confirm("a", 5)],
      2000,
    ],
    [
      "to the last of several answers",
      [ask("a"), ask("b"), asks(2, "a", "b"), confirm("b", 3), confirm("a", 7), running(9)],
      5000,
    ],
    [
      "to the running, when one is never answered",
      [ask("a"), ask("b"), asks(2, "a", "b"), confirm("b", 3), running(9)],
      7000,
    ],
    [
      "an answer whose time is not known ends nothing",
      [asks(2, "a"), confirm("a", null), running(6)],
      4000,
    ],
    [
      "idles that ask again are one union",
      [asks(2, "a"), asks(4, "a"), confirm("a", 6), running(9)],
      4000,
    ],
    [
      "with a gap where nothing was asked",
      [asks(2, "a"), confirm("a", 4), asks(6, "b"), confirm("b", 9), running(9)],
      5000,
    ],
    [
      "a call answered before the idle names it",
      [asks(2, "a"), confirm("a", 3), running(4), asks(5, "a"), running(9)],
      1000,
    ],
    ["not yet over", [asks(2, "a")], 0],
    ["over with the session", [asks(2, "a"), terminated(5)], 3000],
    ["over with an idle that asks nothing", [asks(2, "a"), idle(5), running(9)], 3000],
    ["an idle that asks nothing is no wait", [idle(2), running(9)], 0],
    [
      "microseconds are rounded at the end",
      [
        asks(2, "a"),
        confirm("a", 2.0004),
        running(3),
        asks(4, "b"),
        confirm("b", 4.0004),
        running(5),
      ],
      1,
    ],
    ["a call named like an inherited member", [asks(2, "constructor"), running(4)], 2000],
  ];
  test.each(rows)("%s", (_, items, ms) => {
    expect(fold(running(0), ...items).row.waiting_ms).toBe(ms);
  });

  test("a wait ends with an idle that asks nothing, also where its call was answered before", () => {
    const { spans } = fold(asks(2, "a"), confirm("a", 3), running(4), asks(5, "a"), idle(8));
    const waits = Object.values(spans).filter((span) => span.kind === "wait");
    expect(waits.map(({ endedUs }) => endedUs)).toEqual([usAt(4), usAt(8)]);
  });

  test("a wait is a span from its first idle to the next running", () => {
    const { spans } = fold(running(0), asks(2, "a"), asks(3, "b"), running(4), asks(6, "c"));
    const waits = Object.values(spans).filter((span) => span.kind === "wait");
    expect(waits).toMatchObject([
      { startedUs: usAt(2), endedUs: usAt(4), state: "ok" },
      { startedUs: usAt(6), endedUs: null, state: "open" },
    ]);
  });
});
