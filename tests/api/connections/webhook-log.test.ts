import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET as deliveries } from "@/app/api/v1/connections/[id]/deliveries/route";
import { GET as failures } from "@/app/api/v1/connections/[id]/failures/route";
import { GET as gaps } from "@/app/api/v1/connections/[id]/gaps/route";
import { takeHint } from "@/lib/anthropic/sync-service";
import type { DeliveriesPage, FailuresPage } from "@/lib/connections/webhook-schema";
import { pool, prisma } from "@/lib/db/client";
import { forgetWebhooks } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs } from "@/tests/support/jobs";
import { sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { type Receiver, startReceiver } from "@/tests/support/receiver";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const WRITTEN = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const DAY_MS = 86_400_000;

let admin: { authorization: string };
let platform: Platform;
let receiver: Receiver;
let id: string;
beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  admin = await bearer("admin");
  platform = await startPlatform({ webhookBackoffMs: 1, readsPerMinute: null });
  receiver = await startReceiver();
  const fast = { webhook_secrets: [SECRET], reads_per_minute: 60_000 };
  id = (await connectTo(platform, admin, fast)).id;
  platform.webhooks.subscribe({ url: receiver.urlOf(id), secret: SECRET });
});
afterEach(async () => {
  await platform.close();
  await receiver.close();
});

const read = async <T>(handler: typeof deliveries, query = "", of = id) => {
  const answer = await call(handler, `/x${query}`, { headers: admin, params: { id: of } });
  return { ...answer, page: answer.body as T };
};
const emit = async (type: string, resource: string) => {
  platform.webhooks.emit({ type, id: resource });
  await platform.webhooks.settled();
};
const hint = (type: string, resourceId: string) =>
  takeHint({
    ...{ workspace: "default", connectionId: id, type, resourceId },
    ...{ threadId: null, createdAt: null },
  });
const first = async () => (await read<DeliveriesPage>(deliveries)).page.data[0];

describe("deliveries", () => {
  it("tell what they were, and what became of them", async () => {
    platform.putSession(sessionObject("sesn_A"));
    await emit("session.status_idled", "sesn_A");
    const waiting = {
      webhook_id: expect.stringMatching(/^whe_/),
      received_at: WRITTEN,
      created_at: WRITTEN,
      type: "session.status_idled",
      resource_id: "sesn_A",
      session_thread_id: null,
      session_id: null,
      repeats: 0,
      result: "waiting",
      read_at: null,
      error: null,
    };
    const { status, body } = await read(deliveries);
    expect([status, body]).toEqual([200, { data: [waiting], next_cursor: null }]);
    await hint("session.status_idled", "sesn_A");
    expect(await first()).toEqual({
      ...waiting,
      ...{ result: "read", read_at: WRITTEN, session_id: "sesn_A" },
    });
    platform.deleteSession("sesn_A");
    await platform.webhooks.settled();
    await hint("session.deleted", "sesn_A");
    expect(await first()).toMatchObject({ type: "session.deleted", result: "gone" });
  });

  it("say when reading failed, and why", async () => {
    platform.putSession(sessionObject("sesn_A"));
    platform.faults = { refuse: "overloaded" };
    await emit("session.updated", "sesn_A");
    await hint("session.updated", "sesn_A");
    const failed = await first();
    expect(failed).toMatchObject({ result: "failed", error: expect.stringContaining("529") });
    platform.faults = {};
    await hint("session.updated", "sesn_A");
    expect(await first()).toMatchObject({ result: "read", error: null });
  });

  it("of other things are read with their lists, or are only kept", async () => {
    await emit("agent.updated", "agent_A");
    await emit("vault.created", "vlt_A");
    const { data } = (await read<DeliveriesPage>(deliveries)).page;
    expect(data.map(({ type, result }) => [type, result])).toEqual([
      ["vault.created", "kept"],
      ["agent.updated", "listed"],
    ]);
  });

  it("come page by page, newest first, also those of one instant", async () => {
    const at = new Date("2026-11-20T10:00:00.123Z");
    const row = { workspace: "default", connectionId: id, type: "vault.created", resourceId: "v" };
    const rows = ["a", "b", "c", "d", "e"].map((webhookId) => ({ ...row, webhookId }));
    await prisma.webhookDelivery.createMany({
      data: rows.map((one) => ({ ...one, receivedAt: at })),
    });
    const seen: string[] = [];
    let query = "?limit=2";
    for (;;) {
      const { data, next_cursor } = (await read<DeliveriesPage>(deliveries, query)).page;
      seen.push(data.map(({ webhook_id }) => webhook_id).join(""));
      if (next_cursor === null) break;
      query = `?limit=2&cursor=${next_cursor}`;
    }
    expect(seen).toEqual(["ed", "cb", "a"]);
  });
});

it("refusals come page by page, with their reason and where they came from", async () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, seconds));
  const rows = [1, 2, 3].map((seconds) => ({
    ...{ workspace: "default", connectionId: id, id: randomUUID(), receivedAt: at(seconds) },
    ...{ reason: `reason_${seconds}`, remote: seconds === 3 ? "192.0.2.7" : null },
  }));
  await prisma.webhookFailure.createMany({ data: rows });
  const { page } = await read<FailuresPage>(failures, "?limit=2");
  expect(page.data).toEqual([
    {
      ...{ id: rows[2]?.id, received_at: "2026-11-20T10:00:03.000000Z" },
      ...{ reason: "reason_3", remote: "192.0.2.7" },
    },
    {
      ...{ id: rows[1]?.id, received_at: "2026-11-20T10:00:02.000000Z" },
      ...{ reason: "reason_2", remote: null },
    },
  ]);
  const rest = await read<FailuresPage>(failures, `?limit=2&cursor=${page.next_cursor}`);
  expect(rest.page).toMatchObject({ data: [{ reason: "reason_1" }], next_cursor: null });
});

it("each connection has its own, and they are for admins of its workspace alone", async () => {
  await emit("session.updated", "sesn_A");
  const other = (await connectTo(platform, admin)).id;
  expect((await read<DeliveriesPage>(deliveries, "", other)).page.data).toEqual([]);
  for (const handler of [deliveries, failures, gaps]) {
    expect((await read(handler, "", "conn_none")).status).toBe(404);
    const headers = await bearer("write");
    expect((await call(handler, "/x", { headers, params: { id } })).status).toBe(403);
  }
  await prisma.connection.updateMany({ data: { workspace: "other" } });
  for (const handler of [deliveries, failures, gaps])
    expect((await read(handler)).status).toBe(404);
});

it.each([
  ["deliveries?cursor=x", "cursor"],
  ["deliveries?limit=0", "limit"],
  ["failures?cursor=WyJhIiwiYiJd", "cursor"],
  ["failures?page=2", "page"],
  ["gaps?from=yesterday", "from"],
  ["gaps?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z", "from"],
  ["gaps?from=2026-09-01T00:00:00Z&to=2026-11-20T00:00:00Z", "from"],
  ["gaps?form=2026-11-20T00:00:00Z", "form"],
])("refuses %s", async (asked, path) => {
  const [name = "", query] = asked.split("?");
  const handler = { deliveries, failures, gaps }[name] ?? gaps;
  const { status, body } = await read(handler, `?${query}`);
  expect([status, body]).toMatchObject([400, { error: { code: "invalid", issues: [{ path }] } }]);
});

it("what is thirty days old is forgotten, batch by batch, of every connection", async () => {
  const other = (await connectTo(platform, admin)).id;
  await pool().query(
    `insert into webhook_delivery (workspace, connection_id, webhook_id, received_at, type, resource_id)
     select 'default', c, 'whe_' || n, now() - n * interval '1 day' - interval '1 hour', 'session.updated', 'sesn_A'
     from generate_series(26, 34) n, unnest($1::text[]) c`,
    [[id, other]],
  );
  await pool().query(
    `insert into webhook_failure (workspace, connection_id, id, received_at, reason)
     select 'default', $1, gen_random_uuid(), now() - n * interval '1 day' - interval '1 hour', n::text
     from generate_series(29, 30) n`,
    [id],
  );
  expect(await forgetWebhooks(new Date(), 2)).toBe(11);
  const kept = await prisma.webhookDelivery.groupBy({ by: ["connectionId"], _count: true });
  expect(kept.map(({ _count }) => _count)).toEqual([4, 4]);
  const { _min } = await prisma.webhookDelivery.aggregate({ _min: { receivedAt: true } });
  expect(Date.now() - (_min.receivedAt?.getTime() ?? 0)).toBeLessThan(30 * DAY_MS);
  const { page } = await read<FailuresPage>(failures);
  expect(page.data.map(({ reason }) => reason)).toEqual(["29"]);
  expect(await forgetWebhooks(new Date())).toBe(0);
});
