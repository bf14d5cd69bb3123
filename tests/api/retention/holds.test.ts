import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET as audit } from "@/app/api/v1/audit/route";
import { DELETE as removal } from "@/app/api/v1/connections/[id]/route";
import { POST as erase } from "@/app/api/v1/erasures/route";
import { DELETE as lift } from "@/app/api/v1/holds/[id]/route";
import { GET, POST } from "@/app/api/v1/holds/route";
import { DELETE as removeOne } from "@/app/api/v1/rejected/[id]/route";
import { DELETE as removeMany } from "@/app/api/v1/rejected/route";
import type { AuditPage } from "@/lib/audit/schema";
import { prisma } from "@/lib/db/client";
import { acceptItems } from "@/lib/ingest/service";
import type { HoldItem, HoldsAnswer } from "@/lib/retention/hold-schema";
import { purgeConnection, removeSessions } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { idle, message, running, session } from "@/tests/support/events";
import { differences, keep, retain, rowsOf, send, totalsOf } from "@/tests/support/retention";
import { startWorker } from "@/tests/support/sync";

const SEEN = new Date("2026-11-20T12:00:00Z");
const later = (days: number) => new Date(SEEN.getTime() + days * 86_400_000);
const ALL = { content: 7, events: 7, spans: 7, sessions: 7 };

let headers: { authorization: string };
beforeAll(async () => {
  await (await startWorker()).stop();
});
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("admin");
  for (const [id, tenant] of [
    ["sesn_1", "a"],
    ["sesn_2", "b"],
    ["sesn_3", "b"],
  ] as const)
    await send(id, [running(1), message(2), idle(3), session({ id, metadata: { tenant } })], {
      now: SEEN,
      connectionId: id === "sesn_3" ? "conn_b" : "",
    });
});

async function place(subject: object): Promise<HoldItem> {
  const json = { subject, reason: "case 4711" };
  const answer = await call(POST, "/x", { method: "POST", headers, json });
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return answer.body as HoldItem;
}

const left = async () =>
  (
    await Promise.all(
      ["sesn_1", "sesn_2", "sesn_3"].map(async (id) => ((await rowsOf(id)).event ? [id] : [])),
    )
  ).flat();

it.each([
  [
    { by: "sessions", session_ids: ["sesn_1", "sesn_3"], connection_id: null },
    ["sesn_1", "sesn_3"],
  ],
  [{ by: "sessions", session_ids: ["sesn_1", "sesn_3"], connection_id: "conn_b" }, ["sesn_3"]],
  [{ by: "metadata", key: "tenant", value: "b" }, ["sesn_2", "sesn_3"]],
  [{ by: "connection", connection_id: "conn_b" }, ["sesn_3"]],
])("keeps what is held, case %#, until the hold is lifted", async (subject, held) => {
  const hold = await place(subject);
  expect(hold).toMatchObject({
    subject,
    reason: "case 4711",
    placed_by: "test",
    sessions: held.length,
  });
  await keep(ALL);
  await retain(later(8));
  expect(await left()).toEqual(held);
  expect(await differences()).toEqual([]);
  const lifted = await call(lift, "/x", { method: "DELETE", headers, params: { id: hold.id } });
  expect(lifted.body).toMatchObject({ lifted_by: "test", sessions: null });
  await retain(later(8));
  expect(await left()).toEqual([]);
  expect(await differences()).toEqual([]);
});

it("keeps each kind: what was dropped before the hold is gone, the rest stays", async () => {
  await keep({ content: 7, events: 7 });
  await retain(later(8));
  await place({ by: "metadata", key: "tenant", value: "a" });
  await keep(ALL);
  await retain(later(8));
  expect(Object.keys(await rowsOf("sesn_1", ["session", "span"]))).toEqual(["session", "span"]);
  expect(await rowsOf("sesn_2")).toEqual({});
});

it("is refused to whoever would erase it, by its name", async () => {
  const hold = await place({ by: "metadata", key: "tenant", value: "a" });
  const json = {
    ...{ reason: "asked by them", sessions: 2 },
    subject: { by: "sessions", session_ids: ["sesn_1", "sesn_2"], connection_id: null },
  };
  const refused = await call(erase, "/x", { method: "POST", headers, json });
  expect(refused.status).toBe(409);
  expect(refused.body).toMatchObject({
    error: {
      message: `1 of these sessions are held (${hold.id}: case 4711): lift the hold first, or ask for the others alone.`,
    },
  });
  // Nor does it go with what it came from.
  await removeSessions({ workspace: "default", connectionId: "" });
  expect(await left()).toEqual(["sesn_1", "sesn_3"]);
});

describe("of a connection", () => {
  const of = { workspace: "default", connectionId: "conn_b" };

  beforeEach(async () => {
    const [deploymentId, runId] = ["depl_b", "run_b"];
    const named = { sessionId: "sesn_3", updatedAt: SEEN, object: {} };
    await prisma.deploymentRun.create({ data: { ...of, deploymentId, runId, ...named } });
    const amounts = { amountNanos: 5n, listNanos: 6n, readAt: SEEN };
    await prisma.billedCost.create({ data: { ...of, day: SEEN, sessionId: "sesn_3", ...amounts } });
    for (const sessionId of ["sesn_3", "sesn_4"])
      await acceptItems(
        { ...of, source: "poll" },
        [{ index: 0, kind: "event", sessionId, threadId: null, data: { said: sessionId } }],
        [],
        SEEN,
      );
  });

  const rows = async () => [
    (await prisma.rejectedItem.findMany({ where: of })).map(({ sessionId }) => sessionId).sort(),
    await prisma.agentVersion.count({ where: of }),
    await prisma.deploymentRun.count({ where: of }),
    await prisma.billedCost.count({ where: of }),
  ];

  it.each([
    [{ by: "sessions", session_ids: ["sesn_3"], connection_id: null }, ["sesn_3"]],
    [{ by: "metadata", key: "tenant", value: "b" }, ["sesn_3"]],
    [{ by: "connection", connection_id: "conn_b" }, ["sesn_3", "sesn_4"]],
  ])(
    "keeps what it names from a purge that has begun, and what belongs to it, case %#",
    async (subject, refused) => {
      const { id } = await place(subject);
      expect(await purgeConnection(of)).toBe(0);
      expect(await rows()).toEqual([refused, 1, 1, 1]);
      const log = (await call(audit, "/x?action=connection.purged", { headers })).body as AuditPage;
      expect(log.data[0]).toMatchObject({ before: { sessions: 0 }, after: { held: id } });
      await call(lift, "/x", { method: "DELETE", headers, params: { id } });
      expect(await purgeConnection(of)).toBe(1);
      expect(await rows()).toEqual([[], 0, 0, 0]);
      expect(await differences()).toEqual([]);
    },
  );

  it("keeps refused items from who would remove them by hand", async () => {
    await place({ by: "sessions", session_ids: ["sesn_3"], connection_id: null });
    const items = await prisma.rejectedItem.findMany({ where: of, orderBy: { sessionId: "asc" } });
    const remove = async (id = "") =>
      (await call(removeOne, "/x", { method: "DELETE", headers, params: { id } })).status;
    expect(await remove(items[0]?.id)).toBe(409);
    const path = `/x?until=${later(1).toISOString()}`;
    const { body } = await call(removeMany, path, { method: "DELETE", headers });
    expect(body).toEqual({ deleted: 1, more: false });
    expect((await rows())[0]).toEqual(["sesn_3"]);
    expect(await remove(items[1]?.id)).toBe(404);
  });

  it("keeps its part of the totals after its sessions are dropped", async () => {
    await keep(ALL);
    await retain(later(8));
    const totals = await totalsOf();
    await place({ by: "connection", connection_id: "conn_b" });
    await purgeConnection(of);
    expect(await totalsOf()).toEqual(totals);
    expect(await differences()).toEqual([]);
  });

  it("has a removal of it with its data refused, by the name of the hold", async () => {
    allowLoopback();
    const platform = { url: "http://127.0.0.1:9", apiKey: "sk-ant-api03-hunter2" };
    const connection = await connectTo(platform, headers);
    const params = { id: connection.id };
    const remove = async (data: string) =>
      call(removal, `/x?data=${data}`, { method: "DELETE", headers, params });
    const { id } = await place({ by: "connection", connection_id: connection.id });
    const refused = await remove("purge");
    expect([refused.status, refused.body]).toMatchObject([
      409,
      {
        error: {
          message: `Some of its data is held (${id}: case 4711): lift the hold first, or remove the connection and keep its data.`,
        },
      },
    ]);
    expect((await remove("keep")).status).toBe(204);
    expect((await remove("purge")).status).toBe(404);
  });
});

it("is listed, the ones in force first, and in the audit log", async () => {
  const first = await place({ by: "connection", connection_id: "conn_b" });
  const second = await place({ by: "metadata", key: "tenant", value: "a" });
  await call(lift, "/x", { method: "DELETE", headers, params: { id: first.id } });
  const again = await call(lift, "/x", { method: "DELETE", headers, params: { id: first.id } });
  expect(again.status).toBe(404);
  const { data } = (await call(GET, "/x", { headers })).body as HoldsAnswer;
  expect(data.map(({ id }) => id)).toEqual([second.id, first.id]);
  const log = (await call(audit, "/x?action=hold", { headers })).body as AuditPage;
  expect(log.data.map(({ action, target, reason }) => [action, target.id, reason])).toEqual([
    ["hold.lifted", first.id, "case 4711"],
    ["hold.placed", second.id, "case 4711"],
    ["hold.placed", first.id, "case 4711"],
  ]);
});
