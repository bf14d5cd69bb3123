import { createHmac } from "node:crypto";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PATCH } from "@/app/api/v1/connections/[id]/route";
import { GET, POST } from "@/app/api/webhooks/anthropic/[connectionId]/route";
import { pool, prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs, waitingJobs } from "@/tests/support/jobs";
import { eventObject, sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { type Receiver, startReceiver } from "@/tests/support/receiver";

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;

let admin: { authorization: string };
let platform: Platform;
let receiver: Receiver;
let id: string;
beforeAll(allowLoopback);
beforeEach(async () => {
  allowLoopback();
  await truncateAll();
  await forgetJobs();
  admin = await bearer("admin");
  platform = await startPlatform({ webhookBackoffMs: 1 });
  receiver = await startReceiver();
  id = (await connectTo(platform, admin, { webhook_secrets: [secretOf(1)] })).id;
  await forgetJobs();
});
afterEach(async () => {
  await platform.close();
  await receiver.close();
});

const subscribe = (byte = 1) =>
  platform.webhooks.subscribe({ url: receiver.urlOf(id), secret: secretOf(byte) });
const emit = async (type: string, resource: string, more: object = {}) => {
  platform.webhooks.emit({ type, id: resource, ...more } as { type: string; id: string });
  await platform.webhooks.settled();
};
const statuses = () => platform.webhooks.deliveries.map(({ status }) => status);
const taken = () =>
  prisma.webhookDelivery.findMany({ orderBy: [{ webhookId: "asc" }], omit: { workspace: true } });
const refusals = async () =>
  (await prisma.webhookFailure.findMany({ orderBy: { receivedAt: "asc" } })).map((f) => f.reason);
const change = (json: object) =>
  call(PATCH, "/x", { method: "PATCH", headers: admin, json, params: { id } });

/** Sends a body of our own making, signed unless told otherwise. */
function send(
  body: string | Uint8Array,
  { byte = 1, secondsAgo = 0, webhookId = "whe_1", headers = {}, to = id } = {},
) {
  const seconds = Math.floor(Date.now() / 1000) - secondsAgo;
  const hmac = createHmac("sha256", Buffer.alloc(32, byte));
  const signature = hmac.update(`${webhookId}.${seconds}.`).update(body).digest("base64");
  return call(POST, `/api/webhooks/anthropic/${to}`, {
    method: "POST",
    headers: {
      "webhook-id": webhookId,
      "webhook-timestamp": String(seconds),
      "webhook-signature": `v1,${signature}`,
      ...headers,
    },
    body: body as BodyInit,
    params: { connectionId: to },
  });
}
const event = (data: object = {}, more: object = {}) =>
  JSON.stringify({
    type: "event",
    id: "whe_1",
    created_at: "2026-11-20T10:00:00.123456Z",
    data: { type: "session.updated", id: "sesn_1", ...data },
    ...more,
  });

describe("what the platform sends", () => {
  it("is stored, and a look at the resource asked for ahead of other work", async () => {
    subscribe();
    platform.putSession(sessionObject("sesn_A"));
    await forgetJobs();
    await prisma.webhookDelivery.deleteMany();
    await emit("session.thread_idled", "sesn_A", { session_thread_id: "sthr_1" });
    const [delivery] = await taken();
    expect(delivery).toEqual({
      connectionId: id,
      webhookId: expect.stringMatching(/^whe_\d+$/),
      receivedAt: expect.any(Date),
      createdAt: expect.any(Date),
      type: "session.thread_idled",
      resourceId: "sesn_A",
      threadId: "sthr_1",
      repeats: 0,
    });
    expect(await waitingJobs()).toEqual([
      {
        task: "sync_hint",
        payload: {
          workspace: "default",
          connectionId: id,
          type: "session.thread_idled",
          resourceId: "sesn_A",
          threadId: "sthr_1",
          createdAt: expect.stringMatching(/Z$/),
        },
        key: `hint:${id}:sesn_A`,
        priority: -10,
        runAt: expect.any(Date),
      },
    ]);
    const { lastWebhookAt } = await prisma.connection.findFirstOrThrow();
    expect(lastWebhookAt).toEqual(delivery?.receivedAt);
    // It says nothing of what happened, and nobody has asked yet.
    expect(platform.requests.records).toEqual([]);
  });

  it("is stored once when it comes twice, and the repeat is counted", async () => {
    platform.webhooks.faults = { duplicate: 1 };
    subscribe();
    await emit("session.updated", "sesn_A");
    expect(statuses()).toEqual([200, 200]);
    expect(await taken()).toMatchObject([{ resourceId: "sesn_A", repeats: 1 }]);
    expect((await waitingJobs()).length).toBe(1);
  });

  it("asks for one look at a resource, however often it is named before that", async () => {
    subscribe();
    for (const type of ["session.status_run_started", "session.status_idled"])
      await emit(type, "sesn_A");
    await emit("agent.updated", "agent_A");
    expect((await waitingJobs()).map(({ key }) => key)).toEqual([
      `hint:${id}:sesn_A`,
      `hint:${id}:agent_A`,
    ]);
    expect((await taken()).length).toBe(3);
  });

  it("follows from real changes, out of order and with repeats", async () => {
    subscribe();
    platform.webhooks.faults = { seed: 5, duplicate: 0.5, reorder: 0.5, reorderMs: 30 };
    for (let i = 0; i < 10; i++) {
      platform.putSession(sessionObject(`sesn_${i}`));
      const running = eventObject(`r${i}`, "session.status_running", "10:00:01");
      platform.appendEvent(`sesn_${i}`, null, running);
    }
    await platform.webhooks.settled();
    expect(new Set(statuses())).toEqual(new Set([200]));
    const told = new Set(platform.webhooks.deliveries.map(({ webhookId }) => webhookId));
    const rows = await taken();
    expect(new Set(rows.map(({ webhookId }) => webhookId))).toEqual(told);
    const repeats = rows.reduce((sum, row) => sum + row.repeats, 0);
    expect(repeats).toBe(statuses().length - told.size);
    expect((await waitingJobs()).length).toBe(new Set(rows.map((row) => row.resourceId)).size);
  });

  it("is good with any of the secrets, while they are rotated", async () => {
    const endpoint = subscribe(2);
    await emit("session.updated", "sesn_A");
    expect([statuses(), await refusals()]).toEqual([
      [401, 401, 401],
      ["wrong_signature", "wrong_signature", "wrong_signature"],
    ]);
    const hint = `…${secretOf(1).slice(-4)}`;
    await change({ webhook_secrets: [hint, secretOf(2)] });
    await emit("session.updated", "sesn_B");
    endpoint.secret = secretOf(1);
    await emit("session.updated", "sesn_C");
    expect(statuses().slice(3)).toEqual([200, 200]);
    await change({ webhook_secrets: [secretOf(2)] });
    await emit("session.updated", "sesn_D");
    expect(statuses().slice(5)).toEqual([401, 401, 401]);
    expect((await taken()).map((row) => row.resourceId)).toEqual(["sesn_B", "sesn_C"]);
  });

  it("is stored while the connection is paused, and looked at later", async () => {
    subscribe();
    await change({ state: "paused" });
    await forgetJobs();
    await emit("session.updated", "sesn_A");
    expect([statuses(), (await taken()).length, await waitingJobs()]).toEqual([[200], 1, []]);
  });

  it("is refused when forged or old, with the reason kept", async () => {
    subscribe();
    platform.webhooks.faults = { wrongSignature: 1 };
    await emit("session.updated", "sesn_A");
    platform.webhooks.faults = { oldTimestamp: 1 };
    await emit("session.updated", "sesn_A");
    expect(statuses()).toEqual([401, 401, 401, 401, 401, 401]);
    const [forged, old] = ["wrong_signature", "old_timestamp"];
    expect(await refusals()).toEqual([forged, forged, forged, old, old, old]);
    expect([await taken(), await waitingJobs()]).toEqual([[], []]);
  });
});

describe("what is told to the sender", () => {
  it("is JSON either way", async () => {
    const good = await send(event());
    expect([good.status, good.body]).toEqual([200, { received: true, repeat: false }]);
    expect((await send(event())).body).toEqual({ received: true, repeat: true });
    const { rows } = await pool().query("select created_at::text as at from webhook_delivery");
    expect(rows[0].at).toContain("10:00:00.123456");
    const none = await send(event(), { to: "conn_none" });
    expect([none.status, none.body]).toMatchObject([404, { error: { code: "not_found" } }]);
    const get = await call(GET, "/x", { params: { connectionId: id } });
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
  });

  it.each<[string, Parameters<typeof send>[1], number, string]>([
    ["another's signature", { byte: 9 }, 401, "wrong_signature"],
    ["no signature", { headers: { "webhook-signature": "" } }, 401, "no_signature"],
    ["half a signature", { headers: { "webhook-signature": "v1" } }, 401, "wrong_signature"],
    ["an unknown version", { headers: { "webhook-signature": "v2,abc" } }, 401, "wrong_signature"],
    ["no id", { headers: { "webhook-id": "" } }, 401, "no_signature"],
    ["no time", { headers: { "webhook-timestamp": "soon" } }, 401, "no_signature"],
    ["301 seconds ago", { secondsAgo: 302 }, 401, "old_timestamp"],
    ["301 seconds ahead", { secondsAgo: -302 }, 401, "future_timestamp"],
    ["another id than was signed", { headers: { "webhook-id": "whe_2" } }, 401, "wrong_signature"],
    ["an id that cannot be", { webhookId: "a b" }, 400, "unknown_form"],
  ])("%s", async (_, options, status, reason) => {
    const answer = await send(event(), options);
    const code = status === 401 ? "unauthorized" : "invalid";
    expect([answer.status, answer.body, await refusals()]).toEqual([
      status,
      { error: { code, message: expect.stringMatching(/\.$/) }, requestId: expect.any(String) },
      [reason],
    ]);
    expect([await taken(), await waitingJobs()]).toEqual([[], []]);
  });

  it.each<[string, string | Uint8Array, number, string]>([
    ["no JSON", "so what", 400, "not_json"],
    ["half of it", event().slice(0, -1), 400, "not_json"],
    ["null", "null", 400, "unknown_form"],
    ["a list", "[]", 400, "unknown_form"],
    ["nothing", "", 400, "not_json"],
    ["no data", '{"type":"event"}', 400, "unknown_form"],
    ["no type", event({ type: undefined }), 400, "unknown_form"],
    ["an id that is no text", event({ id: 7 }), 400, "unknown_form"],
    ["an id with a NUL", event({ id: "a\u0000" }), 400, "unknown_form"],
    ["an id without end", event({ id: "x".repeat(201) }), 400, "unknown_form"],
    ["bytes that are no text", new Uint8Array([0xff, 0xfe]), 401, "wrong_signature"],
    ["300 KiB", event({ more: "x".repeat(300 << 10) }), 413, "too_large"],
  ])("rightly signed, but %s", async (_, body, status, reason) => {
    const answer = await send(body);
    expect([answer.status, await refusals()]).toEqual([status, [reason]]);
    expect([await taken(), await waitingJobs()]).toEqual([[], []]);
  });

  it("takes what it does not know, and a time that is none", async () => {
    const body = event(
      { type: "session.dreamt", vault_id: "vlt_1" },
      { created_at: "today", x: 1 },
    );
    expect((await send(body)).status).toBe(200);
    expect((await send(event({}, { created_at: undefined }), { webhookId: "whe_2" })).status).toBe(
      200,
    );
    expect(await taken()).toMatchObject([
      { type: "session.dreamt", createdAt: null },
      { type: "session.updated", createdAt: null },
    ]);
  });

  it("takes 250 KiB", async () => {
    expect((await send(event({ more: "x".repeat(250 << 10) }))).status).toBe(200);
  });

  it("keeps where a refused one came from, and the newest 200 of them", async () => {
    await pool().query(
      `insert into webhook_failure (workspace, connection_id, id, received_at, reason)
       select 'default', $1, gen_random_uuid(), '2026-11-20T10:00:00Z'::timestamptz + n * interval '1 s', n::text
       from generate_series(1, 250) n`,
      [id],
    );
    await send(event(), { byte: 9, headers: { "x-forwarded-for": "192.0.2.7" } });
    const kept = await prisma.webhookFailure.findMany({ orderBy: { receivedAt: "desc" } });
    expect(kept.length).toBe(200);
    expect(kept[0]).toMatchObject({ reason: "wrong_signature", remote: "192.0.2.7" });
    expect([kept[1]?.reason, kept.at(-1)?.reason]).toEqual(["250", "52"]);
  });

  it("says that no secret is set", async () => {
    await change({ webhook_secrets: [] });
    const { status, body } = await send(event());
    expect([status, body, await refusals()]).toMatchObject([
      401,
      { error: { message: expect.stringContaining("has no webhook secret yet") } },
      ["no_secret"],
    ]);
  });

  it("is 503 when the secret cannot be opened, so that it is sent again", async () => {
    env.WATCHKEEPER_SECRET = "another secret, since the first has been lost";
    const { status, body } = await send(event());
    expect([status, body]).toMatchObject([503, { error: { code: "unavailable" } }]);
    expect([await taken(), await waitingJobs()]).toEqual([[], []]);
  });

  it("is no success before all of it is committed", async () => {
    await pool().query("alter schema graphile_worker rename to away");
    const answer = await send(event());
    await pool().query("alter schema away rename to graphile_worker");
    expect([answer.status, await taken()]).toEqual([503, []]);
    expect((await prisma.connection.findFirstOrThrow()).lastWebhookAt).toBeNull();
    expect((await send(event())).body).toEqual({ received: true, repeat: false });
  });
});

it("keeps two connections apart, though the ids are the same", async () => {
  const other = (await connectTo(platform, admin, { webhook_secrets: [secretOf(2)] })).id;
  await forgetJobs();
  expect((await send(event())).status).toBe(200);
  expect((await send(event(), { to: other })).status).toBe(401);
  expect((await send(event(), { to: other, byte: 2 })).body).toEqual({
    received: true,
    repeat: false,
  });
  expect((await waitingJobs()).map(({ key }) => key)).toEqual([
    `hint:${id}:sesn_1`,
    `hint:${other}:sesn_1`,
  ]);
});
