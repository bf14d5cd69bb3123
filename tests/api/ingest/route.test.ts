import { gzipSync } from "node:zlib";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { POST } from "@/app/api/v1/ingest/route";
import { prisma } from "@/lib/db/client";
import { bearer, read } from "@/tests/support/api";
import { truncateAll } from "@/tests/support/database";
import { HP_05, HP_05_CHILD, recordedItems } from "@/tests/support/recorded";

let key: { authorization: string };
beforeEach(async () => {
  await truncateAll();
  key = await bearer("ingest");
});

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  return POST(
    new Request("http://localhost/api/v1/ingest", {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...key, ...headers },
    }),
  ).then(read);
}

const items = recordedItems(HP_05);
const asJson = {
  source: "import",
  sessions: items.filter((item) => item.kind === "session").map((item) => item.data),
  threads: items.filter((item) => item.kind === "thread").map((item) => item.data),
  events: items
    .filter((item) => item.kind === "event")
    .map((item) => ({ session_id: HP_05, session_thread_id: item.threadId, event: item.data })),
};
const asNdjson = items
  .map(({ kind, threadId, data }) =>
    JSON.stringify({ kind, session_id: HP_05, session_thread_id: threadId, data }),
  )
  .join("\n");

const all = { accepted: 74, duplicates: 0, updated: 0, rejected: [] };

test("takes a JSON body and tells what became of it", async () => {
  const { status, body } = await post(JSON.stringify(asJson));
  expect(status).toBe(200);
  expect(body).toEqual({ ...all, requestId: expect.stringMatching(/^req_/) });
  const session = await prisma.session.findFirstOrThrow({ where: { sessionId: HP_05 } });
  expect(session).toMatchObject({
    source: "import",
    outcome: "completed",
    turns: 4,
    threads: 2,
    events: 72,
    toolCalls: 2,
    modelRequests: 7,
    inputTokens: 20474n,
    listCostCents: 3n,
  });
});

test("takes NDJSON, and the same again changes nothing", async () => {
  const ndjson = { "content-type": "application/x-ndjson" };
  expect((await post(asNdjson, ndjson)).body).toMatchObject(all);
  expect((await post(asNdjson, ndjson)).body).toMatchObject({
    accepted: 0,
    duplicates: 74,
    updated: 0,
  });
  expect(await prisma.event.count()).toBe(72);
});

test("takes gzip", async () => {
  const body = new Uint8Array(gzipSync(JSON.stringify(asJson)));
  expect(await post(body, { "content-encoding": "gzip" })).toMatchObject({
    status: 200,
    body: all,
  });
});

test("counts a processed_at that was null and is now set as updated", async () => {
  const event = { id: "sevt_q", type: "user.message", content: [{ type: "text", text: "hi" }] };
  const send = (processed_at: string | null) =>
    post(JSON.stringify({ events: [{ session_id: "sesn_q", event: { ...event, processed_at } }] }));
  expect((await send(null)).body).toMatchObject({ accepted: 1 });
  expect((await send("2026-11-20T10:00:00.000001Z")).body).toMatchObject({ updated: 1 });
  expect((await send(null)).body).toMatchObject({ duplicates: 1 });
  const stored = await prisma.$queryRaw<Array<{ us: string }>>`
    select to_char(at, 'HH24:MI:SS.US') as us from event`;
  expect(stored).toEqual([{ us: "10:00:00.000001" }]);
});

test("moves a thread's events to the primary thread once its object says that it is the primary's", async () => {
  const running = (n: number) => ({
    id: `sevt_${n}`,
    type: "session.status_running",
    processed_at: `2026-11-20T10:00:0${n}Z`,
  });
  const send = (body: object) => post(JSON.stringify(body)).then((answer) => answer.body);
  const under = (thread: string, n: number) => ({
    session_id: "sesn_p",
    session_thread_id: thread,
    event: running(n),
  });
  await send({ events: [under("sthr_main", 1)] });
  const thread = { id: "sthr_main", session_id: "sesn_p", parent_thread_id: null };
  await send({ threads: [thread] });
  await send({ events: [under("sthr_main", 2)] });
  const events = await prisma.event.findMany({ select: { threadId: true } });
  expect(events).toEqual([{ threadId: "" }, { threadId: "" }]);
  const session = await prisma.session.findFirstOrThrow({ where: { sessionId: "sesn_p" } });
  expect(session).toMatchObject({ events: 2, turns: 1, threads: 1, outcome: "running" });
});

test("an event that comes under the primary thread's id and under none is one event", async () => {
  const event = {
    id: "sevt_1",
    type: "session.status_running",
    processed_at: "2026-11-20T10:00:00Z",
  };
  const answer = await post(
    JSON.stringify({
      threads: [{ id: "sthr_main", session_id: "sesn_p", parent_thread_id: null }],
      events: [
        { session_id: "sesn_p", event },
        { session_id: "sesn_p", session_thread_id: "sthr_main", event },
      ],
    }),
  );
  expect(answer.body).toMatchObject({ accepted: 2, duplicates: 1, rejected: [] });
  expect(await prisma.event.count()).toBe(1);
});

test("needs a key with the scope ingest", async () => {
  const body = JSON.stringify(asJson);
  const denied = await post(body, { authorization: "Bearer wk_nobody" });
  expect(denied.status).toBe(401);
  const reader = await bearer("read");
  expect(await post(body, reader)).toMatchObject({
    status: 403,
    body: { error: { code: "forbidden" } },
  });
  expect(await prisma.event.count()).toBe(0);
});

test("keeps the child's events apart under its thread", async () => {
  await post(JSON.stringify(asJson));
  expect(await prisma.event.count({ where: { threadId: HP_05_CHILD } })).toBe(23);
});

beforeAll(() => {
  expect(items).toHaveLength(74);
});
