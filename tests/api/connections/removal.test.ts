import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { DELETE, GET as read } from "@/app/api/v1/connections/[id]/route";
import { GET as sessions } from "@/app/api/v1/sessions/route";
import { pool, prisma } from "@/lib/db/client";
import { acceptItems } from "@/lib/ingest/service";
import { purgeConnection, removeSessions } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { event, idle, running } from "@/tests/support/events";
import { forgetJobs, waitingJobs } from "@/tests/support/jobs";
import { agentObject, sessionObject } from "@/tests/support/platform/objects";

const PLACE = { url: "http://127.0.0.1:9", apiKey: "sk-ant-api03-hunter2" };

let admin: { authorization: string };
let id: string;
beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  admin = await bearer("admin");
  id = (await connectTo(PLACE, admin)).id;
  await forgetJobs();
});

const remove = (search = "") =>
  call(DELETE, `/x${search}`, { method: "DELETE", headers: admin, params: { id } });

/** Sessions with events, spans, words, agents: as a connection would bring them. */
async function fill(connectionId: string, ids: string[], source: "poll" | "demo" = "poll") {
  const items = ids.flatMap((sessionId) => [
    { kind: "session" as const, sessionId, threadId: null, data: sessionObject(sessionId) },
    { kind: "agent" as const, sessionId: null, threadId: null, data: agentObject("agent_A") },
    ...[
      running(1),
      event("user.message", 2, { content: [{ type: "text", text: "Hi" }] }),
      idle(9),
    ].map((item) => ({ ...item, sessionId })),
  ]);
  const raw = items.map((item, index) => ({ ...item, index }));
  const { rejected } = await acceptItems(
    { workspace: "default", connectionId, source },
    raw,
    [],
    new Date(),
  );
  expect(rejected).toEqual([]);
}

const TABLES = ["session", "session_state", "event", "span", "message_text", "thread", "agent"];

/** Rows of a connection by table; tables without any are left out. */
async function rowsOf(connectionId: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of [...TABLES, "agent_version", "webhook_delivery", "webhook_failure"]) {
    const { rows } = await pool().query(
      `select count(*)::int as n from "${table}" where connection_id = $1`,
      [connectionId],
    );
    if (rows[0].n > 0) found[table] = rows[0].n;
  }
  return found;
}

async function tellWebhooks() {
  const of = { workspace: "default", connectionId: id, receivedAt: new Date() };
  await prisma.webhookDelivery.create({
    data: { ...of, webhookId: "whe_1", type: "session.updated", resourceId: "sesn_1" },
  });
  await prisma.webhookFailure.create({ data: { ...of, id: randomUUID(), reason: "not_json" } });
}

it("takes the key at once and leaves the sessions to read", async () => {
  await fill(id, ["sesn_1", "sesn_2"]);
  await tellWebhooks();
  const before = await rowsOf(id);
  expect(Object.keys(before)).toEqual(expect.arrayContaining(["event", "webhook_delivery"]));
  const answer = await remove();
  expect([answer.status, answer.text]).toEqual([204, ""]);
  const { webhook_delivery, webhook_failure, ...data } = before;
  expect(await rowsOf(id)).toEqual(data);
  expect(await prisma.connection.count()).toBe(0);
  expect(await waitingJobs()).toEqual([]);
  expect((await call(read, "/x", { headers: admin, params: { id } })).status).toBe(404);
  const listed = await call(sessions, "/api/v1/sessions?limit=10", { headers: admin });
  expect((listed.body as { data: unknown[] }).data.length).toBe(2);
  expect((await remove("?data=keep")).status).toBe(404);
});

it("has everything of it taken away, and nothing else", async () => {
  await fill(
    id,
    Array.from({ length: 230 }, (_, i) => `sesn_${i}`),
  );
  // The same ids by another connection and by nobody's.
  await fill("conn_other", ["sesn_1", "sesn_2"]);
  await fill("", ["sesn_1", "sesn_3"]);
  await tellWebhooks();
  const others = [await rowsOf("conn_other"), await rowsOf("")];
  expect((await remove("?data=purge")).status).toBe(204);
  expect(await waitingJobs()).toMatchObject([
    {
      task: "connection_purge",
      payload: { workspace: "default", connectionId: id },
      key: `connection:${id}`,
    },
  ]);
  expect((await rowsOf(id)).session).toBe(230);
  expect(await purgeConnection({ workspace: "default", connectionId: id })).toBe(230);
  expect(await rowsOf(id)).toEqual({});
  expect([await rowsOf("conn_other"), await rowsOf("")]).toEqual(others);
  expect(await purgeConnection({ workspace: "default", connectionId: id })).toBe(0);
});

it("takes what comes while it runs, and tells how far it is", async () => {
  await fill(
    "conn_x",
    Array.from({ length: 150 }, (_, i) => `sesn_${i}`),
  );
  const told: number[] = [];
  const of = { workspace: "default", connectionId: "conn_x" };
  const done = await removeSessions(of, async (removed) => {
    told.push(removed);
    if (told.length === 1) await fill("conn_x", ["a_before_all_others"]);
  });
  expect([done, told, await prisma.session.count()]).toEqual([151, [100, 150, 151], 0]);
});

it("removes by source across connections, of one workspace", async () => {
  await fill("", ["sesn_1"], "demo");
  await fill("conn_x", ["sesn_1", "sesn_2"], "demo");
  await fill("conn_x", ["sesn_3"]);
  expect(await removeSessions({ workspace: "other", source: "demo" })).toBe(0);
  expect(await removeSessions({ workspace: "default", source: "demo" })).toBe(3);
  const left = await prisma.session.findMany({ select: { sessionId: true } });
  expect(left).toEqual([{ sessionId: "sesn_3" }]);
});

it.each(["?data=burn", "?date=keep"])("refuses %s", async (search) => {
  expect((await remove(search)).status).toBe(400);
  expect(await prisma.connection.count()).toBe(1);
});
