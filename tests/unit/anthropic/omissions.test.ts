import { describe, expect, it } from "vitest";
import {
  isCut,
  omissionsOfEnding,
  omissionsOfEvents,
  omissionsOfList,
  storable,
  tallied,
  tellsNextPage,
} from "@/lib/anthropic/omissions";
import { simulateFleet } from "@/lib/demo/simulate";
import { eventObject } from "@/tests/support/platform/objects";
import { alteredEvent } from "@/tests/support/platform/render";
import { AS_DOCUMENTED } from "@/tests/support/platform/shapes";

const codesOf = (found: ReturnType<typeof omissionsOfEvents>) => found.map(({ code }) => code);
const request = (input_tokens: number, cache_read_input_tokens: number) =>
  eventObject(
    `sevt_${input_tokens}_${cache_read_input_tokens}`,
    "span.model_request_end",
    "10:00:00",
    {
      model_usage: { input_tokens, cache_read_input_tokens, output_tokens: 10 },
    },
  );

describe("events", () => {
  it.each<[string, object[], string[]]>([
    ["as documented", [eventObject("sevt_1", "agent.message", "10:00:00")], []],
    ["without an id", [{ type: "agent.message", processed_at: "x" }], ["no_event_ids"]],
    ["with an empty id", [{ id: "", type: "agent.message", processed_at: "x" }], ["no_event_ids"]],
    ["an old interrupt without an id", [{ type: "user.interrupt", processed_at: "x" }], []],
    ["without a time", [{ id: "sevt_1", type: "agent.message" }], ["no_processed_at"]],
    ["an input in the queue", [eventObject("sevt_1", "user.message", null)], []],
    [
      "cache reads counted twice",
      [900, 1_200, 1_400].map((n) => request(n, 800)),
      ["cache_reads_in_input"],
    ],
    ["only twice", [900, 1_200].map((n) => request(n, 800)), []],
    ["one of them not", [request(900, 800), request(900, 700), request(20, 900)], []],
    ["nothing read", [900, 1_200, 1_400].map((n) => request(n, 0)), []],
  ])("%s", (_, events, expected) => {
    expect(codesOf(omissionsOfEvents("sesn_A", events))).toEqual(expected);
  });

  it("counts them, and names the session", () => {
    const events = [1, 2].map(() => ({ type: "agent.message", processed_at: "x" }));
    expect(omissionsOfEvents("sesn_A", events)).toEqual([
      { code: "no_event_ids", count: 2, example: "sesn_A" },
    ]);
  });
});

describe("a simulated fleet", () => {
  const nowUs = Date.UTC(2026, 10, 20, 15, 20) * 1_000;
  const sessions = [...simulateFleet({ seed: "gaps", days: 10, sessions: 400, nowUs })];
  const lists = sessions.flatMap(({ session, events }) => {
    const threads = new Set(events.map(({ session_thread_id }) => session_thread_id));
    return [...threads].map((thread) =>
      events
        .filter(({ session_thread_id }) => session_thread_id === thread)
        .map(({ event }) => ({ ...event, session: session.id })),
    );
  });

  it("lacks nothing", () => {
    const found = lists.flatMap((events) => omissionsOfEvents("x", events));
    expect(tallied(found)).toEqual([]);
  });

  it.each([
    ["noEventIds", "no_event_ids"],
    ["noProcessedAt", "no_processed_at"],
    ["cacheReadsInInput", "cache_reads_in_input"],
  ] as const)("told badly (%s) lacks that, and nothing else", (behaviour, code) => {
    const bad = { ...AS_DOCUMENTED, [behaviour]: true };
    const found = lists.flatMap((events) =>
      omissionsOfEvents(
        "x",
        events.map((event) => alteredEvent(event as never, bad)),
      ),
    );
    expect(codesOf(tallied(found))).toEqual([code]);
  });
});

describe("how a session came to rest", () => {
  const idle = { id: "sesn_A", status: "idle", restedMs: 60_000 };
  const types = (...names: string[]) => new Set(names.map((name) => `session.status_${name}`));
  it.each<[string, typeof idle, Set<string>, boolean]>([
    ["is told", idle, types("running", "idle"), false],
    ["is not told", idle, types("running"), true],
    ["may still come", { ...idle, restedMs: 20_000 }, types("running"), false],
    ["has not happened", { ...idle, status: "running" }, types("running"), false],
    ["it never ran", idle, types(), false],
    ["nobody knows when", { ...idle, restedMs: Number.NaN }, types("running"), false],
  ])("%s", (_, session, seen, isMissing) => {
    expect(omissionsOfEnding(session, seen)).toHaveLength(isMissing ? 1 : 0);
  });
});

describe("a list", () => {
  const page = (data: { id: string }[], rest: object) => ({ data, body: { data, ...rest } });
  const two = [{ id: "sesn_1" }, { id: "sesn_2" }];
  it("that says where it goes on, or that it does not, is whole", () => {
    expect(tellsNextPage({ data: [], next_page: null })).toBe(true);
    expect(tellsNextPage({ data: [], has_more: false })).toBe(true);
    expect(omissionsOfList(page(two, { next_page: null }))).toEqual([]);
    expect(isCut(page(two, { next_page: null }), 2)).toBe(false);
  });

  it("that says neither may be cut where it is full", () => {
    expect(omissionsOfList(page(two, {}))).toEqual([
      { code: "no_next_page", count: 1, example: "sesn_2" },
    ]);
    expect(isCut(page(two, {}), 2)).toBe(true);
    expect(isCut(page(two, {}), 3)).toBe(false);
  });
});

describe("an event without an id", () => {
  it("goes by its content: the same every time, another for another", () => {
    const event = { type: "agent.message", processed_at: "2026-11-20T10:00:00Z", content: [] };
    const again = { content: [], processed_at: event.processed_at, type: event.type };
    expect(storable(event)).toMatchObject({ ...event, id: expect.stringMatching(/^content_/) });
    expect(storable(again)).toEqual(storable(event));
    expect(storable({ ...event, content: [1] })).not.toEqual(storable(event));
  });

  it("waits until it has its time", () => {
    expect(storable({ type: "user.message", processed_at: null })).toBeNull();
    expect(storable({ type: "user.message" })).not.toBeNull();
  });

  it("is left alone where it has one", () => {
    const event = eventObject("sevt_1", "user.message", null);
    expect(storable(event)).toBe(event);
  });
});
