import { gzipSync } from "node:zlib";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { POST } from "@/app/api/v1/ingest/route";
import { prisma } from "@/lib/db/client";
import { bearer, read } from "@/tests/support/api";
import { truncateAll } from "@/tests/support/database";

let key: { authorization: string };
beforeAll(async () => {
  await truncateAll();
});
beforeEach(async () => {
  await truncateAll();
  key = await bearer("ingest");
});

type Answer = {
  status: number;
  body: {
    accepted?: number;
    rejected?: Array<{ index: number; kind: string; message: string }>;
    error?: { code: string; message: string };
  };
};

async function send(body: BodyInit, headers: Record<string, string> = {}): Promise<Answer> {
  const request = new Request("http://localhost/api/v1/ingest", {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...key, ...headers },
  });
  return (await read(await POST(request))) as Answer;
}

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString();
const event = (id: unknown, more: object = {}) => ({
  session_id: "sesn_bad",
  event: { id, type: "agent.message", processed_at: at(5), content: [], ...more },
});
const neighbours = [event("sevt_before"), event("sevt_after")] as const;
const deep = (levels: number) =>
  JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`) as unknown;
const end = (usage: object) => ({
  type: "span.model_request_end",
  model_request_start_id: "sevt_s",
  is_error: false,
  model_usage: usage,
});

// One bad item between two good ones: it is answered with its place and reason, they are stored.
test.each<[string, object, RegExp]>([
  ["an event without an id", event(undefined), /event\.id/],
  ["an event with a number for an id", event(7), /event\.id/],
  ["an id of 300 characters", event("x".repeat(300)), /event\.id/],
  ["NUL in an id", event("sevt_\u0000"), /control character/],
  ["half a surrogate pair in an id", event("sevt_\ud800"), /surrogate/],
  ["an event without a type", event("sevt_x", { type: undefined }), /event\.type/],
  ["a type that is a list", event("sevt_x", { type: [] }), /event\.type/],
  ["NUL in a type", event("sevt_x", { type: "a\u0000b" }), /event\.type/],
  ["a stream's preview", event("sevt_x", { type: "event_delta" }), /streams only/],
  ["a time that is none", event("sevt_x", { processed_at: "yesterday" }), /processed_at/],
  ["a time that is a number", event("sevt_x", { processed_at: 1 }), /processed_at/],
  ["31 February", event("sevt_x", { processed_at: "2026-02-31T00:00:00Z" }), /processed_at/],
  ["the year 1970", event("sevt_x", { processed_at: "1970-01-01T00:00:00Z" }), /2000 to 2199/],
  ["the year 9999", event("sevt_x", { processed_at: "9999-01-01T00:00:00Z" }), /2000 to 2199/],
  ["no session id", { event: event("sevt_x").event }, /session_id/],
  ["a session id that is an object", { ...event("sevt_x"), session_id: {} }, /session_id/],
  ["an empty session id", { ...event("sevt_x"), session_id: "" }, /session_id/],
  [
    "a thread id that is a number",
    { ...event("sevt_x"), session_thread_id: 3 },
    /session_thread_id/,
  ],
  ["no event at all", { session_id: "sesn_bad" }, /event: expected an object/],
  ["a text for an event", { session_id: "sesn_bad", event: "hello" }, /event: expected an object/],
  ["300 levels of nesting", event("sevt_x", { deep: deep(300) }), /deeper than 200/],
  ["negative tokens", event("sevt_x", end({ input_tokens: -1 })), /input_tokens/],
  ["half a token", event("sevt_x", end({ output_tokens: 0.5 })), /output_tokens/],
  ["tokens beyond all reason", event("sevt_x", end({ input_tokens: 1e15 })), /input_tokens/],
  ["tokens as text", event("sevt_x", end({ input_tokens: "12" })), /input_tokens/],
  [
    "a negative cache write in a snapshot",
    event("sevt_x", {
      type: "session.usage",
      usage: { cache_creation: { ephemeral_5m_input_tokens: -5 } },
    }),
    /ephemeral_5m_input_tokens/,
  ],
])("%s is rejected alone", async (_, bad, reason) => {
  const { status, body } = await send(
    JSON.stringify({ events: [neighbours[0], bad, neighbours[1]] }),
  );
  expect(status).toBe(200);
  expect(body.accepted).toBe(2);
  expect(body.rejected).toEqual([
    { index: 1, kind: "event", code: "invalid", message: expect.stringMatching(reason) },
  ]);
  expect(await prisma.event.count()).toBe(2);
  const kept = await prisma.rejectedItem.findMany();
  expect(kept.map((item) => item.message)).toEqual([expect.stringMatching(reason)]);
});

test.each<[string, object, RegExp]>([
  ["a session without an id", { sessions: [{ title: "x" }] }, /session\.id/],
  [
    "a session whose agent is a text",
    { sessions: [{ id: "sesn_x", agent: "a" }] },
    /session\.agent/,
  ],
  ["a list for metadata", { sessions: [{ id: "sesn_x", metadata: [] }] }, /session\.metadata/],
  [
    "an outcome nobody knows",
    { sessions: [{ id: "sesn_x", outcome: "great" }] },
    /session\.outcome/,
  ],
  ["a broken created_at", { sessions: [{ id: "sesn_x", created_at: "soon" }] }, /created_at/],
  ["negative usage", { sessions: [{ id: "sesn_x", usage: { input_tokens: -1 } }] }, /input_tokens/],
  ["a thread without a session", { threads: [{ id: "sthr_x" }] }, /session_id/],
  [
    "a thread's broken time",
    { threads: [{ id: "t", session_id: "s", archived_at: "x" }] },
    /archived_at/,
  ],
  ["a number for an agent", { agents: [42] }, /agent: expected an object/],
])("%s is rejected alone", async (_, body, reason) => {
  const answer = await send(JSON.stringify({ ...body, events: [...neighbours] }));
  expect(answer.status).toBe(200);
  expect(answer.body.accepted).toBe(2);
  expect(answer.body.rejected?.map((item) => item.message)).toEqual([
    expect.stringMatching(reason),
  ]);
});

// Strange, but nothing to refuse: it becomes a correct record.
test.each<[string, object]>([
  ["100 levels of nesting", event("sevt_x", { deep: deep(100) })],
  ["NUL in a text", event("sevt_x", { content: [{ type: "text", text: "a\u0000b" }] })],
  ["half a surrogate pair", event("sevt_x", { content: [{ type: "text", text: "\ud800" }] })],
  ["NUL in a tool's name", event("sevt_x", { type: "agent.tool_use", name: "a\u0000", input: {} })],
  ["a type of tomorrow", event("sevt_x", { type: "agent.dreamed", deep: { er: [1] } })],
  [
    "an enum value of tomorrow",
    event("sevt_x", { type: "session.status_idle", stop_reason: { type: "bored" } }),
  ],
  [
    "a stop reason that is a text",
    event("sevt_x", { type: "session.status_idle", stop_reason: "end" }),
  ],
  [
    "waiting for nobody knows what",
    event("sevt_x", {
      type: "session.status_idle",
      stop_reason: { type: "requires_action", event_ids: ["sevt_\u0000", 7, null, "sevt_unknown"] },
    }),
  ],
  ["usage that is a text", event("sevt_x", { type: "session.usage", usage: "much" })],
  ["an error that is a text", event("sevt_x", { type: "session.error", error: "bad" })],
  ["an empty interrupt id", event("", { type: "user.interrupt" })],
  ["a key named __proto__", event("sevt_x", { extra: JSON.parse('{"__proto__": {"a": 1}}') })],
])("%s becomes a record", async (_, strange) => {
  const { status, body } = await send(
    JSON.stringify({ events: [neighbours[0], strange, neighbours[1]] }),
  );
  expect({ status, body }).toMatchObject({ status: 200, body: { accepted: 3, rejected: [] } });
  expect(await prisma.event.count()).toBe(3);
});

test("keeps a strange text as it came", async () => {
  const text = "a\u0000b \ud800 c";
  await send(JSON.stringify({ events: [event("sevt_x", { content: [{ type: "text", text }] })] }));
  const rows = await prisma.$queryRaw<Array<{ payload: string }>>`select payload::text from event`;
  expect(JSON.parse(rows[0]?.payload ?? "{}")).toMatchObject({ content: [{ type: "text", text }] });
});

test("takes the last of duplicate keys, like every JSON reader", async () => {
  const body = `{"events":[{"session_id":"sesn_bad","event":{"id":"sevt_1","id":"sevt_2","type":"agent.message","processed_at":"${at(1)}"}}]}`;
  expect((await send(body)).body).toMatchObject({ accepted: 1 });
  expect(await prisma.event.findMany({ select: { id: true } })).toEqual([{ id: "sevt_2" }]);
});

test("threads that are each other's parents are stored as they are", async () => {
  const thread = (id: string, parent_thread_id: string) => ({
    id,
    parent_thread_id,
    session_id: "sesn_bad",
  });
  const { body } = await send(
    JSON.stringify({ threads: [thread("sthr_a", "sthr_b"), thread("sthr_b", "sthr_a")] }),
  );
  expect(body).toMatchObject({ accepted: 2, rejected: [] });
});

test("events before their session, and of a deleted one, are taken", async () => {
  await send(
    JSON.stringify({ events: [event("sevt_1"), event("sevt_2", { type: "session.deleted" })] }),
  );
  await send(JSON.stringify({ events: [event("sevt_3", { processed_at: at(9) })] }));
  await send(JSON.stringify({ sessions: [{ id: "sesn_bad", title: "late", created_at: at(0) }] }));
  const session = await prisma.session.findFirstOrThrow();
  expect(session).toMatchObject({ title: "late", events: 3 });
  expect(session.deletedAt).not.toBeNull();
});

test("an NDJSON line that is no JSON is rejected alone", async () => {
  const line = (id: string) =>
    JSON.stringify({ kind: "event", session_id: "sesn_bad", data: event(id).event });
  const { status, body } = await send(
    [line("sevt_1"), "{oops", '{"kind":"song"}', line("sevt_2")].join("\n"),
    {
      "content-type": "application/x-ndjson",
    },
  );
  expect(status).toBe(200);
  expect(body.accepted).toBe(2);
  expect(body.rejected?.map(({ index }) => index)).toEqual([1, 2]);
});

const MIB = 1024 * 1024;
test.each<[string, () => BodyInit, Record<string, string>, number, RegExp]>([
  ["malformed JSON", () => '{"events": [', {}, 400, /not JSON/],
  ["a list for a body", () => "[]", {}, 400, /JSON object/],
  ["an empty body", () => "", {}, 400, /not JSON/],
  ["events that are an object", () => '{"events": {}}', {}, 400, /events: expected a list/],
  ["a source nobody knows", () => '{"source": "rumour"}', {}, 400, /source/],
  ["a content type of no use", () => "a=b", { "content-type": "text/csv" }, 400, /content-type/],
  [
    "10,001 items",
    () => JSON.stringify({ events: Array(10_001).fill({}) }),
    {},
    413,
    /10000 items/,
  ],
  ["33 MiB", () => `{"x":"${"a".repeat(33 * MIB)}"}`, {}, 413, /32 MiB/],
  [
    "a zip bomb",
    () => new Uint8Array(gzipSync(Buffer.alloc(200 * MIB, 32))),
    { "content-encoding": "gzip" },
    413,
    /32 MiB/,
  ],
  ["gzip that is none", () => "not gzip", { "content-encoding": "gzip" }, 400, /gzip/],
  ["a coding nobody speaks", () => "x", { "content-encoding": "br" }, 400, /content-encoding/],
])("%s is refused as a whole, with a reason", async (_, body, headers, status, reason) => {
  const answer = await send(body(), headers);
  expect(answer.status).toBe(status);
  expect(answer.body.error?.message).toMatch(reason);
  expect(await prisma.event.count()).toBe(0);
});
