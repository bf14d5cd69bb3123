import { describe, expect, test } from "vitest";
import { canonicalJson, cleanText, MAX_DEPTH } from "@/lib/ingest/canonical";
import { lineOf } from "@/lib/ingest/line";
import { normalizeItem } from "@/lib/ingest/normalize";
import type { ItemKind, JsonObject, RawItem } from "@/lib/ingest/schema";
import { EARLIEST_US, microsFromIso } from "@/lib/time/micros";
import { at, usAt } from "@/tests/support/events";

const raw = (kind: ItemKind, data: unknown, more: Partial<RawItem> = {}): RawItem => ({
  index: 7,
  kind,
  sessionId: "sesn_A",
  threadId: null,
  data,
  ...more,
});
const message = (more: JsonObject = {}) => ({
  id: "sevt_1",
  type: "agent.message",
  processed_at: at(1),
  ...more,
});
const nested = (levels: number) =>
  JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`) as unknown;
const read = (item: RawItem) => {
  const result = normalizeItem(item);
  if (result.kind === "rejected") throw new Error(result.rejection.message);
  return result.kind === "event" ? result.event : result.object;
};
const text = "expected a text of 1 to 256 characters";
const broken = "holds a control character or half of a surrogate pair";
const whole = "expected a whole number from 0 to 10^12";

describe("what is refused, with where and what was expected", () => {
  const end = (model_usage: unknown) => message({ type: "span.model_request_end", model_usage });
  const evaluated = (usage: unknown) => message({ type: "span.outcome_evaluation_end", usage });
  const counted = (usage: unknown) => message({ type: "session.usage", usage });
  const session = (more: JsonObject) => raw("session", { id: "sesn_A", ...more });
  const rows: Array<[name: string, item: RawItem, message: string]> = [
    ["no session", raw("event", message(), { sessionId: null }), `session_id: ${text}`],
    [
      "a session that is a number",
      raw("event", message(), { sessionId: 3 }),
      `session_id: ${text}`,
    ],
    [
      "a session's id too long",
      raw("event", message(), { sessionId: "x".repeat(257) }),
      `session_id: ${text}`,
    ],
    [
      "NUL in a session's id",
      raw("event", message(), { sessionId: "a\u0000" }),
      `session_id: ${broken}`,
    ],
    [
      "a thread that is a list",
      raw("event", message(), { threadId: [] }),
      `session_thread_id: ${text}`,
    ],
    [
      "half a surrogate pair in a thread",
      raw("event", message(), { threadId: "\ud800" }),
      `session_thread_id: ${broken}`,
    ],
    ["no event", raw("event", undefined), "event: expected an object"],
    ["a list for an event", raw("event", [message()]), "event: expected an object"],
    ["no type", raw("event", { id: "sevt_1" }), `event.type: ${text}`],
    ["no id", raw("event", message({ id: undefined })), `event.id: ${text}`],
    ["an empty id", raw("event", message({ id: "" })), `event.id: ${text}`],
    ["a line break in an id", raw("event", message({ id: "a\nb" })), `event.id: ${broken}`],
    [
      "a preview of the stream",
      raw("event", message({ type: "event_delta" })),
      "event.type: event_delta is a preview sent on streams only and is never stored",
    ],
    [
      "a time that is a number",
      raw("event", message({ processed_at: 1 })),
      "event.processed_at: expected an RFC 3339 time or null",
    ],
    [
      "a time in words",
      raw("event", message({ processed_at: "noon" })),
      'event.processed_at: "noon" is not an RFC 3339 time',
    ],
    [
      "a day that is none",
      raw("event", message({ processed_at: "2026-02-30T00:00:00Z" })),
      'event.processed_at: "2026-02-30T00:00:00Z" is not an RFC 3339 time',
    ],
    [
      "an absurd time",
      raw("event", message({ processed_at: "1969-12-31T23:59:59Z" })),
      "event.processed_at: 1969-12-31T23:59:59Z is outside the years 2000 to 2199",
    ],
    [
      "negative tokens",
      raw("event", end({ input_tokens: -1 })),
      `event.model_usage.input_tokens: ${whole}`,
    ],
    [
      "half a token",
      raw("event", end({ output_tokens: 1.5 })),
      `event.model_usage.output_tokens: ${whole}`,
    ],
    [
      "tokens as text",
      raw("event", evaluated({ cache_read_input_tokens: "3" })),
      `event.usage.cache_read_input_tokens: ${whole}`,
    ],
    [
      "huge tokens",
      raw("event", counted({ cache_creation: { ephemeral_1h_input_tokens: 1e13 } })),
      `event.usage.cache_creation.ephemeral_1h_input_tokens: ${whole}`,
    ],
    [
      "too deep an event",
      raw("event", message({ deep: nested(MAX_DEPTH) })),
      `event: nested deeper than ${MAX_DEPTH} levels`,
    ],
    ["a session that is a text", raw("session", "sesn_A"), "session: expected an object"],
    ["a session without an id", raw("session", {}), `session.id: ${text}`],
    ["an agent that is a text", session({ agent: "triage" }), "session.agent: expected an object"],
    [
      "a list for metadata",
      session({ metadata: [] }),
      "session.metadata: expected an object of texts",
    ],
    [
      "an outcome nobody knows",
      session({ outcome: "fine" }),
      "session.outcome: expected one of running, waiting, completed, outcome_failed, retries_exhausted, refused, terminated, interrupted, budget_paused, new, unknown",
    ],
    [
      "a session's broken time",
      session({ created_at: "soon" }),
      'session.created_at: "soon" is not an RFC 3339 time',
    ],
    [
      "archived at a number",
      session({ archived_at: 5 }),
      "session.archived_at: expected an RFC 3339 time or null",
    ],
    [
      "updated in the far future",
      session({ updated_at: "2200-01-01T00:00:00Z" }),
      "session.updated_at: 2200-01-01T00:00:00Z is outside the years 2000 to 2199",
    ],
    [
      "a session's negative usage",
      session({ usage: { input_tokens: -2 } }),
      `session.usage.input_tokens: ${whole}`,
    ],
    [
      "too deep a session",
      session({ deep: nested(MAX_DEPTH) }),
      `session: nested deeper than ${MAX_DEPTH} levels`,
    ],
    ["a thread without a session", raw("thread", { id: "sthr_1" }), `thread.session_id: ${text}`],
    ["an agent without an id", raw("agent", { name: "triage" }), `agent.id: ${text}`],
    ["an environment that is null", raw("environment", null), "environment: expected an object"],
  ];
  const kept = (id: unknown) => (typeof id === "string" && id.length <= 256 ? cleanText(id) : null);
  test.each(rows)("%s", (_, item, expected) => {
    expect(normalizeItem(item)).toEqual({
      kind: "rejected",
      rejection: {
        index: 7,
        kind: item.kind,
        code: "invalid",
        message: expected,
        sessionId: kept(item.sessionId),
        threadId: kept(item.threadId),
        line: lineOf(item),
      },
    });
  });
});

describe("events", () => {
  test("keep every field, in microseconds, with keys in one order", () => {
    const data = {
      ...message(),
      z: { b: 1, a: [null, "\u0000", "\ud800"] },
      processed_at: at(1.000001),
    };
    expect(read(raw("event", data, { threadId: "sthr_1" }))).toMatchObject({
      index: 7,
      sessionId: "sesn_A",
      threadId: "sthr_1",
      id: "sevt_1",
      type: "agent.message",
      atUs: usAt(1) + 1,
      payload: data,
      json: `{"id":"sevt_1","processed_at":"${at(1.000001)}","type":"agent.message","z":{"a":[null,"\\u0000","\\ud800"],"b":1}}`,
    });
  });

  test("one event has one hash, whatever order its keys were written in", () => {
    const [a, b] = [message({ x: { a: 1, b: 2 } }), { x: { b: 2, a: 1 }, ...message() }];
    expect(read(raw("event", b)).hash).toBe(read(raw("event", a)).hash);
    expect(read(raw("event", message())).hash).not.toBe(read(raw("event", a)).hash);
    expect(read(raw("event", a)).hash).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test.each([
    ["null", null],
    ["absent", undefined],
  ])("processed_at %s is queued", (_, processed_at) => {
    expect(read(raw("event", message({ processed_at })))).toMatchObject({ atUs: null });
  });

  test.each([
    ["null", null],
    ["absent", undefined],
    ["the empty text", ""],
  ])("the primary thread is named by %s", (_, threadId) => {
    expect(read(raw("event", message(), { threadId }))).toMatchObject({ threadId: "" });
  });

  test.each([
    ["an offset", "2026-11-20T11:00:01+01:00", usAt(1)],
    ["nanoseconds", "2026-11-20T10:00:01.123456789Z", usAt(1) + 123_456],
    ["whole seconds", "2026-11-20T10:00:01Z", usAt(1)],
  ])("times may come with %s", (_, processed_at, atUs) => {
    expect(read(raw("event", message({ processed_at })))).toMatchObject({ atUs });
  });

  test.each([
    ["a request's end without usage", { type: "span.model_request_end", model_usage: null }],
    [
      "usage of a type that no price reads",
      { type: "agent.dreamt", model_usage: { input_tokens: -1 } },
    ],
    ["usage that is a list", { type: "session.usage", usage: [-1] }],
  ])("%s is kept as it came", (_, fields) => {
    const data = message(fields);
    expect(read(raw("event", data)).payload).toEqual(data);
  });

  test("members that no price reads may be anything", () => {
    const model_usage = { input_tokens: null, thinking_tokens: { estimated: 2.5 }, speed: 3 };
    const data = message({ type: "span.model_request_end", model_usage });
    expect(read(raw("event", data)).payload).toEqual(data);
  });

  test("a cache_creation within a cache_creation within … is no way to exhaust the stack", () => {
    const levels = 20_000;
    const text = `${'{"cache_creation":'.repeat(levels)}{}${"}".repeat(levels)}`;
    const data = message({ type: "session.usage", usage: JSON.parse(text) });
    expect(normalizeItem(raw("event", data))).toMatchObject({
      rejection: { message: `event: nested deeper than ${MAX_DEPTH} levels` },
    });
  });
});

describe("objects", () => {
  test.each([
    ["updated_at", { created_at: at(1), updated_at: at(2) }, usAt(2)],
    ["created_at without it", { created_at: at(1) }, usAt(1)],
    ["created_at where it is null", { created_at: at(1), updated_at: null }, usAt(1)],
    ["neither: it is older than any other", {}, EARLIEST_US],
  ])("are of %s", (_, times, atUs) => {
    expect(read(raw("session", { id: "sesn_A", ...times }))).toMatchObject({ atUs });
  });

  test.each<[ItemKind, JsonObject, string]>([
    ["session", { id: "sesn_A" }, "sesn_A"],
    ["thread", { id: "sthr_1", session_id: "sesn_B", stats: null, usage: null }, "sesn_B"],
    ["agent", { id: "agent_A" }, ""],
    ["environment", { id: "env_A" }, ""],
  ])("a %s belongs to its session", (kind, data, sessionId) => {
    expect(read(raw(kind, data))).toMatchObject({ kind, id: data.id, sessionId, payload: data });
  });
});

describe("canonical text", () => {
  test("leaves out what JSON has no word for, and sorts at every level", () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: undefined, "": 0 })).toBe(
      '{"":0,"b":[{"d":1}]}',
    );
  });

  test("a key called __proto__ is a key", () => {
    const text = '{"__proto__":{"x":1},"a":2}';
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });

  test.each([
    [MAX_DEPTH, true],
    [MAX_DEPTH + 1, false],
  ])("%i levels: %s", (levels, fits) => {
    expect(canonicalJson(nested(levels)) !== null).toBe(fits);
  });

  test("clean text has neither NUL nor half a surrogate pair, and is otherwise the same", () => {
    expect(cleanText("a\u0000b\ud800c 😀 d")).toBe("a\uFFFDb\uFFFDc 😀 d");
  });
});

test("the times of this file are what they say", () => {
  expect(microsFromIso(at(1))).toBe(usAt(1));
});
