import { describe, expect, test } from "vitest";
import type { Span } from "@/lib/ingest/schema";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  agentOf,
  asks,
  at,
  CHILD,
  error,
  event,
  idle,
  inThread,
  interrupt,
  PRIMARY,
  request,
  rescheduled,
  running,
  session,
  terminated,
  thread,
  threadCreated,
  threadStatus,
  usAt,
} from "@/tests/support/events";
import { type FoldedSession, fold } from "@/tests/support/folding";

const secondsOf = (us: number | null) => (us === null ? null : (us - usAt(0)) / 1e6);
const ofKind = ({ spans }: FoldedSession, kind: string, threadId = ""): Span[] =>
  Object.values(spans)
    .filter((span) => span.kind === kind && span.threadId === threadId)
    .sort((a, b) => (a.startedUs ?? 0) - (b.startedUs ?? 0));
const extents = (spans: Span[]) =>
  spans.map(({ startedUs, endedUs }) => [secondsOf(startedUs), secondsOf(endedUs)]);

describe("turns: from running to the next idle or terminated", () => {
  type Row = [name: string, items: SoupItem[], turns: Array<[number | null, number | null]>];
  const rows: Row[] = [
    ["one", [running(0), idle(5)], [[0, 5]]],
    [
      "two",
      [running(0), idle(5), running(9), idle(10)],
      [
        [0, 5],
        [9, 10],
      ],
    ],
    ["a reschedule does not end it", [running(0), rescheduled(2), running(4), idle(5)], [[0, 5]]],
    ["a second running does not begin another", [running(0), running(3), idle(5)], [[0, 5]]],
    ["an idle more ends none", [running(0), asks(5, "a"), asks(7, "a")], [[0, 5]]],
    ["terminated ends it", [running(0), terminated(5)], [[0, 5]]],
    [
      "open",
      [running(0), idle(1), running(2)],
      [
        [0, 1],
        [2, null],
      ],
    ],
    ["none: only a thread ran", [threadStatus(0, "running", PRIMARY)], []],
  ];
  test.each(rows)("%s", (_, items, turns) => {
    const folded = fold(...items);
    expect(extents(ofKind(folded, "turn"))).toEqual(turns);
    expect(folded.row.turns).toBe(turns.length);
  });

  test("a turn says its number, how it stopped, and what it suffered", () => {
    const turns = ofKind(
      fold(
        ...[running(0), error(1, "retrying"), interrupt(2), idle(3)],
        ...[running(4), error(5, "exhausted", "billing_error"), idle(6, "retries_exhausted")],
        ...[running(7), idle(8, "refusal"), running(9), asks(10, "a"), running(11), terminated(12)],
      ),
      "turn",
    );
    expect(turns.map(({ name, state, attributes }) => [name, state, attributes])).toEqual([
      [
        "turn 1",
        "ok",
        {
          number: 1,
          stop_reason: "end_turn",
          interrupted: true,
          error_type: "model_overloaded_error",
        },
      ],
      [
        "turn 2",
        "error",
        { number: 2, stop_reason: "retries_exhausted", error_type: "billing_error" },
      ],
      ["turn 3", "error", { number: 3, stop_reason: "refusal" }],
      ["turn 4", "ok", { number: 4, stop_reason: "requires_action" }],
      ["turn 5", "error", { number: 5, stop_reason: "terminated" }],
    ]);
  });

  test("a child has turns of its own, by its own list; the session's number is the primary's", () => {
    const folded = fold(
      running(0),
      threadStatus(0.1, "running", PRIMARY),
      threadCreated(1),
      threadStatus(1, "running"),
      ...inThread(CHILD, threadStatus(1, "running"), threadStatus(3, "idle"), interrupt(9)),
      ...inThread(CHILD, threadStatus(8, "running"), threadStatus(10, "idle")),
      threadStatus(3, "idle"),
      idle(5),
    );
    expect(extents(ofKind(folded, "turn", CHILD))).toEqual([
      [1, 3],
      [8, 10],
    ]);
    expect(ofKind(folded, "turn", CHILD)[1]?.attributes).toMatchObject({ interrupted: true });
    expect(folded.row).toMatchObject({ turns: 1, threads: 2, outcome: "completed" });
    expect(ofKind(folded, "state", CHILD)).toEqual([]);
  });
});

describe("first output: what the primary agent first puts out in a turn", () => {
  const message = (seconds: number, fields = {}) => event("agent.message", seconds, fields);
  const answered = (seconds: number, is_error = false) =>
    event("span.model_request_end", seconds, { model_request_start_id: "r", is_error });
  type Row = [name: string, items: SoupItem[], ms: Array<number | undefined>];
  const rows: Row[] = [
    ["a message", [running(1), message(3.25), answered(4), idle(5)], [2250]],
    ["the end of a request", [running(1), answered(4), message(5), idle(6)], [3000]],
    ["told while the turn still runs", [running(1), message(2)], [1000]],
    ["not of a request that failed", [running(1), answered(2, true), answered(8), idle(9)], [7000]],
    [
      "of each turn its own",
      [running(0), message(1), idle(2), running(5), message(8)],
      [1000, 3000],
    ],
    [
      "none in a turn without any",
      [running(0), idle(2), message(3), running(4), idle(5)],
      [undefined, undefined],
    ],
    [
      "not what a child said, in its list or copied from it",
      [
        running(0),
        threadCreated(1),
        ...inThread(CHILD, message(2)),
        message(3, { session_thread_id: CHILD }),
        message(4),
        idle(5),
      ],
      [4000],
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => {
    const turns = ofKind(fold(...items), "turn");
    expect(turns.map(({ attributes }) => attributes.first_output_ms)).toEqual(expected);
  });
});

describe("state band", () => {
  const bandOf = (...items: SoupItem[]) =>
    ofKind(fold(...items), "state").map(({ name, startedUs, endedUs }) => [
      name,
      secondsOf(startedUs),
      secondsOf(endedUs),
    ]);

  test("every status in its time, the last one open", () => {
    expect(
      bandOf(
        ...[running(0), rescheduled(2), running(3), asks(5, "a"), running(8)],
        ...[idle(9, "budget_reached"), running(10), idle(11), terminated(99)],
      ),
    ).toEqual([
      ["running", 0, 2],
      ["rescheduling", 2, 3],
      ["running", 3, 5],
      ["waiting", 5, 8],
      ["running", 8, 9],
      ["budget_paused", 9, 10],
      ["running", 10, 11],
      ["idle", 11, 99],
      ["terminated", 99, null],
    ]);
  });

  test("deletion ends it", () => {
    expect(bandOf(running(0), idle(1), event("session.deleted", 7))).toEqual([
      ["running", 0, 1],
      ["idle", 1, 7],
    ]);
  });

  test("children's statuses do not colour it", () => {
    expect(bandOf(running(0), threadStatus(1, "running"), threadStatus(2, "terminated"))).toEqual([
      ["running", 0, null],
    ]);
  });
});

describe("instants and what the object says", () => {
  test("started, settled, last event, duration", () => {
    const { row } = fold(
      session(),
      running(0),
      idle(5),
      event("session.updated", 60, { title: "Named later" }),
    );
    expect(row).toMatchObject({
      started_at: at(-10),
      settled_at: at(5),
      last_event_at: at(60),
      duration_ms: 15_000,
      title: "Named later",
    });
  });

  test("an unsettled session lasts to its last event", () => {
    expect(fold(session(), running(0), ...request("r", 1, [])).row).toMatchObject({
      duration_ms: 12_000,
      settled_at: null,
    });
  });

  test.each([
    ["the change is newer", at(30), { title: "changed", budget_cents: 70, metadata: { b: "2" } }],
    ["the object is newer", at(90), { title: "object", budget_cents: 50, metadata: { a: "1" } }],
  ])("title, metadata and budget: %s", (_, updated_at, expected) => {
    const object = session({
      updated_at,
      title: "object",
      metadata: { a: "1" },
      budget: { type: "limit", max_list_cost: { amount: "50", currency: "USD" } },
    });
    const change = event("session.updated", 60, {
      title: "changed",
      metadata: { b: "2" },
      budget: { type: "limit", max_list_cost: { amount: "70", currency: "USD" } },
    });
    expect(fold(object, running(0), change).row).toMatchObject(expected);
  });

  test("of several changes the newest of each member stands", () => {
    const { row } = fold(
      event("session.updated", 1, { title: "first", metadata: { a: "1" } }),
      event("session.updated", 2, { title: "second" }),
    );
    expect(row).toMatchObject({ title: "second", metadata: { a: "1" } });
  });

  test("identity, as the object's snapshot has it", () => {
    const { row } = fold(
      session({
        title: "Nightly",
        deployment_id: "depl_A",
        agent: agentOf("claude-sonnet-5", { version: "2026-11-01" }),
        metadata: { tenant: "t1", odd: 7, __proto__x: "kept", gone: null },
      }),
      thread(CHILD, agentOf("claude-haiku-4-5", { id: "agent_B", name: "helper" })),
      thread("sthr_other", agentOf("claude-opus-5")),
    );
    expect(row).toMatchObject({
      title: "Nightly",
      agent_id: "agent_A",
      agent_name: "triage",
      agent_version: "2026-11-01",
      environment_id: "env_A",
      deployment_id: "depl_A",
      model: "claude-sonnet-5",
      models: ["claude-haiku-4-5", "claude-opus-5", "claude-sonnet-5"],
      metadata: { tenant: "t1", odd: "7", __proto__x: "kept" },
      threads: 3,
    });
  });
});
