import { beforeAll, beforeEach, expect, it } from "vitest";
import { POST as ingest } from "@/app/api/v1/ingest/route";
import { POST as retry } from "@/app/api/v1/rejected/[id]/retry/route";
import { DELETE as deleteOne, GET as read } from "@/app/api/v1/rejected/[id]/route";
import { GET as counts } from "@/app/api/v1/rejected/counts/route";
import { POST as retryMany } from "@/app/api/v1/rejected/retry/route";
import { DELETE as deleteMany, GET as list } from "@/app/api/v1/rejected/route";
import { pool, prisma } from "@/lib/db/client";
import { acceptItems } from "@/lib/ingest/service";
import type {
  DeleteManyAnswer,
  RejectedCounts,
  RejectedItem,
  RejectedPage,
  RetryManyAnswer,
} from "@/lib/rejected/schema";
import { purgeConnection } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

let admin: { authorization: string };
beforeAll(async () => {
  await truncateAll();
  admin = await bearer("admin");
});
beforeEach(async () => {
  await pool().query("truncate rejected_item, session, event, span, thread, session_state");
});

const AT = "2026-11-20T10:00:00Z";
const event = (id: string, more: object = {}) => ({
  session_id: "sesn_r",
  session_thread_id: "sthr_r",
  event: { id, type: "agent.message", processed_at: AT, content: [], ...more },
});
const bad = (id: string) => event(id, { processed_at: "soon" });

async function send(json: object): Promise<void> {
  const answer = await call(ingest, "/api/v1/ingest", { method: "POST", headers: admin, json });
  expect(answer.status).toBe(200);
}
async function sendText(body: string, type: string): Promise<void> {
  const headers = { ...admin, "content-type": type };
  const answer = await call(ingest, "/api/v1/ingest", { method: "POST", headers, body });
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
}
async function listed(search = ""): Promise<RejectedPage> {
  return (await call(list, `/api/v1/rejected${search}`, { headers: admin })).body as RejectedPage;
}
async function only(): Promise<RejectedItem> {
  const { data } = await listed();
  expect(data).toHaveLength(1);
  const params = { id: data[0]?.id ?? "" };
  return (await call(read, "/x", { headers: admin, params })).body as RejectedItem;
}
const again = (id: string, json?: object) =>
  call(retry, "/x", { method: "POST", headers: admin, params: { id }, json });
const wrong = (message: string, line: string) =>
  pool().query(
    `insert into rejected_item (workspace, id, received_at, source, kind, code, message, body, body_bytes)
     values ('default', gen_random_uuid(), now(), 'push', 'event', 'invalid', $1, $2, octet_length($2))`,
    [message, line],
  );

it("keeps an item whole, whatever its size, with all that names its place", async () => {
  const text = "x".repeat(300_000);
  await send({ events: [event("sevt_1", { processed_at: "soon", content: [{ text }] })] });
  const item = await only();
  expect(item).toMatchObject({
    source: "push",
    connection_id: null,
    kind: "event",
    code: "invalid",
    reason: "event.processed_at",
    message: 'event.processed_at: "soon" is not an RFC 3339 time',
    session_id: "sesn_r",
    session_thread_id: "sthr_r",
    complete: true,
    changed: false,
    original: null,
    tried_at: null,
  });
  expect(JSON.parse(item.body).data.content[0].text).toBe(text);
  expect(item.body_bytes).toBe(Buffer.byteLength(item.body));
  expect((await listed()).data[0]?.body).toBe(item.body.slice(0, 2000));
});

it("keeps what nests a hundred thousand levels deep", async () => {
  const deep = `${'[{"a":'.repeat(50_000)}1${"}]".repeat(50_000)}`;
  const data = `{"id":"sevt_1","type":"agent.message","x":${deep}}`;
  await sendText(`{"kind":"event","session_id":"s","data":${data}}`, "application/x-ndjson");
  await sendText(`{"events":[{"session_id":"s","event":${data}}]}`, "application/json");
  const kept = await prisma.rejectedItem.findMany();
  expect(kept.map((item) => item.body.includes(deep))).toEqual([true, true]);
});

it.each([
  ["a session id of 5,000 characters", { ...event("sevt_1"), session_id: "s".repeat(5000) }],
  ["a session id with a NUL", { ...event("sevt_1"), session_id: "s\u0000" }],
  ["a session id that is a number", { ...event("sevt_1"), session_id: 7 }],
  ["half a surrogate pair", { ...event("sevt_1"), session_id: "\ud800" }],
])("keeps %s as it came, and refuses it again", async (_, sent) => {
  await send({ events: [sent] });
  const item = await only();
  expect(JSON.parse(item.body)).toEqual({
    kind: "event",
    session_id: sent.session_id,
    session_thread_id: "sthr_r",
    data: sent.event,
  });
  const { status, body } = await again(item.id);
  expect([status, body]).toMatchObject([200, { taken: false, item: { id: item.id } }]);
});

it("takes an item that was changed into the thread and connection it came for", async () => {
  const origin = { workspace: "default", connectionId: "conn_r", source: "poll" } as const;
  const { event: data } = bad("sevt_1");
  const item = { index: 0, kind: "event", sessionId: "sesn_r", threadId: "sthr_r", data } as const;
  await acceptItems(origin, [item], [], new Date());
  const kept = await only();
  expect(kept).toMatchObject({ source: "poll", connection_id: "conn_r" });
  const { body } = await again(kept.id, { body: kept.body.replace("soon", AT) });
  expect(body).toEqual({ taken: true, outcome: "accepted", session_id: "sesn_r", item: null });
  expect(await prisma.event.findMany()).toMatchObject([
    { id: "sevt_1", threadId: "sthr_r", connectionId: "conn_r", source: "poll" },
  ]);
  expect((await listed()).data).toEqual([]);
  expect((await again(kept.id)).status).toBe(404);
});

it("keeps what a failed try was made with, its new reason, and how it came", async () => {
  await send({ events: [bad("sevt_1")] });
  const item = await only();
  const changed = item.body.replace('"soon"', "7");
  const first = await again(item.id, { body: changed });
  const reason = "event.processed_at: expected an RFC 3339 time or null";
  const refused = { body: changed, original: item.body, message: reason, changed: true };
  expect(first.body).toMatchObject({ taken: false, outcome: null, item: refused });
  const { body } = await again(item.id, { body: "{oops" });
  expect(body).toMatchObject({
    item: {
      body: "{oops",
      original: item.body,
      reason: "not JSON",
      session_id: null,
      tried_at: expect.stringMatching(/Z$/),
      body_bytes: 5,
      complete: true,
    },
  });
  expect((await again(item.id, { body: item.body.replace("soon", AT) })).body).toMatchObject({
    taken: true,
  });
});

it("says what became of an item that is here already", async () => {
  await send({ events: [event("sevt_1"), bad("sevt_2")] });
  const item = await only();
  const line = { kind: "event", session_id: "sesn_r", session_thread_id: "sthr_r" };
  const body = JSON.stringify({ ...line, data: event("sevt_1").event });
  expect((await again(item.id, { body })).body).toMatchObject({ outcome: "duplicate" });
  expect(await prisma.event.count()).toBe(1);
});

it("does not try what an earlier version cut", async () => {
  await wrong("event.id: expected text", '{"kind":"event"');
  await pool().query("update rejected_item set body_bytes = 70000");
  const item = await only();
  expect(item.complete).toBe(false);
  const { status, body } = await again(item.id);
  expect([status, body]).toMatchObject([409, { error: { code: "conflict" } }]);
  const all = await call(retryMany, "/x", { method: "POST", headers: admin });
  expect(all.body).toEqual({ tried: 1, taken: 0, refused: 1, next_cursor: null });
  expect((await listed()).data).toHaveLength(1);
});

it("tries all that match again, part after part, and goes on past what is refused", async () => {
  const line = (id: string, at: string) =>
    JSON.stringify({
      kind: "event",
      session_id: "sesn_r",
      data: { ...event(id).event, processed_at: at },
    });
  for (let n = 0; n < 7; n++)
    await wrong("event.type: not known yet", line(`sevt_${n}`, n % 3 === 0 ? "soon" : AT));
  await wrong("session_id: expected a text", "{}");
  const answers: RetryManyAnswer[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const path: string = `/x?reason=event.type&limit=3${cursor && `&cursor=${cursor}`}`;
    const answer = await call(retryMany, path, { method: "POST", headers: admin });
    answers.push(answer.body as RetryManyAnswer);
    cursor = (answer.body as RetryManyAnswer).next_cursor;
  }
  expect(answers.map(({ tried, taken, refused }) => [tried, taken, refused])).toEqual([
    [3, 2, 1],
    [3, 2, 1],
    [1, 0, 1],
  ]);
  expect(await prisma.event.count()).toBe(4);
  const reasons = (await listed()).data.map(({ reason }) => reason);
  expect(reasons.sort()).toEqual([...Array(3).fill("event.processed_at"), "session_id"]);
});

it("lists newest first, page by page, and counts each facet under the other filters", async () => {
  await send({ source: "sdk", events: [bad("sevt_1"), bad("sevt_2")], sessions: [{ title: "x" }] });
  await send({ events: [bad("sevt_3"), event("", {})] });
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: RejectedPage = await listed(`?limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.data.map(({ source, reason }) => `${source} ${reason}`));
    cursor = page.next_cursor;
  }
  expect(seen.slice(0, 2).sort()).toEqual(["push event.id", "push event.processed_at"]);
  expect(seen.slice(2).sort()).toEqual([
    "sdk event.processed_at",
    "sdk event.processed_at",
    "sdk session.id",
  ]);
  const counted = await call(counts, "/x?source=sdk&reason=event.processed_at", { headers: admin });
  const newest = (await listed("?source=sdk")).data[0]?.received_at;
  expect(counted.body as RejectedCounts).toEqual({
    total: 2,
    capped: false,
    newest_at: newest,
    facets: {
      reason: [
        { value: "event.processed_at", count: 2 },
        { value: "session.id", count: 1 },
      ],
      kind: [{ value: "event", count: 2 }],
      source: [
        { value: "sdk", count: 2 },
        { value: "push", count: 1 },
      ],
    },
  });
  expect((await listed("?kind=session")).data).toHaveLength(1);
  expect((await listed("?session=sesn_r")).data).toHaveLength(4);
  expect((await call(list, "/x?cursor=x", { headers: admin })).status).toBe(400);
});

it("deletes one, or all that match and had come by then", async () => {
  await send({ events: [bad("sevt_1"), bad("sevt_2"), event("")] });
  const { data } = await listed();
  const until = data[0]?.received_at ?? "";
  await send({ events: [bad("sevt_late")] });
  const params = { id: data.find(({ reason }) => reason === "event.id")?.id ?? "" };
  const remove = () => call(deleteOne, "/x", { method: "DELETE", headers: admin, params });
  expect((await remove()).status).toBe(204);
  expect((await remove()).status).toBe(404);
  const path = `/x?reason=event.processed_at&until=${until}`;
  const answer = await call(deleteMany, path, { method: "DELETE", headers: admin });
  expect(answer.body as DeleteManyAnswer).toEqual({ deleted: 2, more: false });
  expect(JSON.parse((await only()).body).data.id).toBe("sevt_late");
  const all = await call(deleteMany, "/x", { method: "DELETE", headers: admin });
  expect([all.status, all.body]).toMatchObject([400, { error: { issues: [{ path: "until" }] } }]);
});

it("goes with its connection when that is purged", async () => {
  const of = { workspace: "default", connectionId: "conn_r" };
  const item = { index: 0, kind: "event", sessionId: "s", threadId: null, data: {} } as const;
  await acceptItems({ ...of, source: "poll" }, [item], [], new Date());
  await send({ events: [bad("sevt_1")] });
  await purgeConnection(of);
  expect((await only()).connection_id).toBe(null);
});

it("is read by readers, and changed by those who may write", async () => {
  const reader = await bearer("read");
  const writer = await bearer("write");
  await send({ events: [bad("sevt_1")] });
  const params = { id: (await only()).id };
  const status = async (headers: Record<string, string>) => [
    (await call(list, "/x", { headers })).status,
    (await call(read, "/x", { headers, params })).status,
    (await call(retryMany, "/x", { method: "POST", headers })).status,
    (await call(retry, "/x", { method: "POST", headers, params })).status,
    (await call(deleteMany, `/x?until=${AT}`, { method: "DELETE", headers })).status,
    (await call(deleteOne, "/x", { method: "DELETE", headers, params })).status,
  ];
  expect(await status(reader)).toEqual([200, 200, 403, 403, 403, 403]);
  expect(await status(writer)).toEqual([200, 200, 200, 200, 200, 204]);
});

it("knows nothing of another workspace's items", async () => {
  await send({ events: [bad("sevt_1")] });
  const { id } = await only();
  await pool().query("update rejected_item set workspace = 'other'");
  expect((await listed()).data).toEqual([]);
  expect((await call(read, "/x", { headers: admin, params: { id } })).status).toBe(404);
  expect((await again(id)).status).toBe(404);
  await call(retryMany, "/x", { method: "POST", headers: admin });
  const path = "/x?until=2027-01-01T00:00:00Z";
  await call(deleteMany, path, { method: "DELETE", headers: admin });
  expect(await prisma.rejectedItem.count()).toBe(1);
});
