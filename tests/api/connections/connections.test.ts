import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DELETE, PATCH, GET as read } from "@/app/api/v1/connections/[id]/route";
import { GET, POST } from "@/app/api/v1/connections/route";
import { openAdminKey, openApiKey, openWebhookSecrets } from "@/lib/connections/keys-service";
import type { ConnectionItem, ConnectionsPage } from "@/lib/connections/schema";
import { readConnection } from "@/lib/connections/store";
import { pool, prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs, waitingJobs } from "@/tests/support/jobs";

const KEY = "sk-ant-api03-hunter2-abcd";
const ADMIN_KEY = "sk-ant-admin01-hunter3-efgh";
const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
const hintOf = (byte: number) => `…${secretOf(byte).slice(-4)}`;
const PLACE = { url: "http://127.0.0.1:9", apiKey: KEY };
const WRITTEN = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

let admin: { authorization: string };
beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  admin = await bearer("admin");
});

const create = (json: unknown, headers = admin) =>
  call(POST, "/api/v1/connections", { method: "POST", headers, json });
const patch = async (id: string, json: unknown) => {
  const answer = await call(PATCH, "/x", { method: "PATCH", headers: admin, json, params: { id } });
  return { ...answer, item: answer.body as ConnectionItem };
};
const one = (id: string, headers = admin) => call(read, "/x", { headers, params: { id } });
const rowOf = async (id: string) => {
  const row = await readConnection({ workspace: "default", id });
  if (!row) throw new Error(`${id} is not there`);
  return row;
};
const startOf = (id: string) => ({
  task: "connection_start",
  payload: { workspace: "default", connectionId: id },
  key: `connection:${id}`,
});

describe("making one", () => {
  it("answers with all but the secrets, and has the worker begin", async () => {
    const { status, body, text } = await create({
      name: "  Production ",
      base_url: "http://127.0.0.1:9/v1/",
      api_key: ` ${KEY} `,
      webhook_secrets: [secretOf(1), secretOf(2)],
      backfill_days: 30,
      admin_key: ADMIN_KEY,
    });
    const { id } = body as ConnectionItem;
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^conn_[0-9a-f]{32}$/),
        name: "Production",
        base_url: "http://127.0.0.1:9",
        api_key_hint: "abcd",
        webhook_secrets: [
          { hint: hintOf(1), added_at: WRITTEN },
          { hint: hintOf(2), added_at: WRITTEN },
        ],
        has_admin_key: true,
        ...{ interrupts: false, interrupts_per_hour: 10, content_mode: "masked" },
        workspace_id: null,
        state: "backfilling",
        state_reason: null,
        webhook_path: `/api/webhooks/anthropic/${id}`,
        reads: { limit_per_minute: 240, last_minute: 0, remaining: 240, blocked_until: null },
        backfill_days: 30,
        on_delete: "keep",
        sessions: 0,
        waiting: 0,
        backfill: {
          ...{ sessions: 0, events: 0, done: false, share: null, seconds_left: null },
          ...{ sessions_per_minute: null, events_per_minute: null },
          ...{ reached: null, started_at: null, done_at: null },
        },
        lag_seconds: null,
        warnings: [],
        webhooks_since: WRITTEN,
        last_webhook_at: null,
        webhook_silence: null,
        last_synced_at: null,
        created_at: WRITTEN,
        updated_at: WRITTEN,
      },
    ]);
    expect(await waitingJobs()).toMatchObject([startOf(id)]);
    const listed = await call(GET, "/api/v1/connections", { headers: admin });
    expect(listed.body).toEqual({ data: [body], next_cursor: null });
    expect((await one(id)).body).toEqual(body);
    for (const told of [text, listed.text]) expect(told).not.toMatch(/hunter|AQEB/);
  });

  it("keeps the secrets sealed, each in its place", async () => {
    const more = { webhook_secrets: [secretOf(1), secretOf(2)], admin_key: ADMIN_KEY };
    const { id } = await connectTo(PLACE, admin, more);
    const row = await rowOf(id);
    expect(await openApiKey(row)).toBe(KEY);
    expect(await openAdminKey(row)).toBe(ADMIN_KEY);
    expect(await openWebhookSecrets(row)).toEqual([secretOf(1), secretOf(2)]);
    await expect(openApiKey({ ...row, id: "conn_other" })).rejects.toThrow(/another place/);
    await expect(openAdminKey({ ...row, adminKeySealed: row.apiKeySealed })).rejects.toThrow();
    const { rows } = await pool().query("select row_to_json(c)::text as text from connection c");
    expect(rows[0].text).not.toMatch(/hunter|whsec_/);
  });

  it("uses the public API unless told otherwise, and its usual settings", async () => {
    const { status, body } = await create({ name: "a", api_key: KEY });
    expect([status, body]).toMatchObject([
      201,
      {
        base_url: "https://api.anthropic.com",
        backfill_days: null,
        has_admin_key: false,
        webhook_secrets: [],
        webhooks_since: null,
      },
    ]);
  });

  it.each([
    [{ api_key: KEY }, "name"],
    [{ name: "", api_key: KEY }, "name"],
    [{ name: "a" }, "api_key"],
    [{ name: "a", api_key: "short" }, "api_key"],
    [{ name: "a", api_key: "with a space" }, "api_key"],
    [{ name: "a", api_key: `${KEY}\nx-evil: 1` }, "api_key"],
    [{ name: "a", api_key: KEY, webhook_secrets: ["hunter2"] }, "webhook_secrets.0"],
    [{ name: "a", api_key: KEY, webhook_secrets: ["whsec_"] }, "webhook_secrets.0"],
    [{ name: "a", api_key: KEY, webhook_secrets: [hintOf(1)] }, "webhook_secrets.0"],
    [{ name: "a", api_key: KEY, reads_per_minute: 0 }, "reads_per_minute"],
    [{ name: "a", api_key: KEY, reads_per_minute: 1.5 }, "reads_per_minute"],
    [{ name: "a", api_key: KEY, backfill_days: -1 }, "backfill_days"],
    [{ name: "a", api_key: KEY, on_delete: "burn" }, "on_delete"],
    [{ name: "a", api_key: KEY, state: "paused" }, "state"],
    [{ name: "a", api_key: KEY, base_url: "api.anthropic.com" }, "base_url"],
    [{ name: "a", api_key: KEY, base_url: "https://u:hunter2@a.example" }, "base_url"],
    [{ name: "a", api_key: KEY, base_url: "https://a.example/?b" }, "base_url"],
  ])("refuses %j", async (json, path) => {
    const { status, body, text } = await create(json);
    expect([status, body]).toMatchObject([400, { error: { code: "invalid", issues: [{ path }] } }]);
    expect(text).not.toContain("hunter2");
    expect([await prisma.connection.count(), await waitingJobs()]).toEqual([0, []]);
  });

  it.each([
    ["https://10.1.2.3", "10.1.2.3 was not called: it is a private address."],
    ["http://localhost:3000", "it is a loopback address."],
    ["https://169.254.169.254", "it is a cloud's metadata address."],
    ["https://[::1]", "::1 was not called: it is a loopback address."],
    ["http://1.1.1.1", "plain http would send keys in clear text."],
  ])("refuses %s, naming the variable", async (base_url, words) => {
    const allow = env.WATCHKEEPER_OUTBOUND_ALLOW;
    env.WATCHKEEPER_OUTBOUND_ALLOW = "192.168.0.0/16";
    const { status, body } = await create({ name: "a", api_key: KEY, base_url });
    env.WATCHKEEPER_OUTBOUND_ALLOW = allow;
    const { error } = body as { error: { message: string; issues: object[] } };
    expect([status, error.issues]).toMatchObject([400, [{ path: "base_url" }]]);
    expect(error.message).toContain(words);
    expect(error.message).toContain("WATCHKEEPER_OUTBOUND_ALLOW");
  });

  it("stops at a hundred", async () => {
    await pool().query(
      `insert into connection (workspace, id, name, base_url, api_key_sealed, api_key_hint)
       select 'default', 'conn_' || n, 'a', 'https://a.example', '', '' from generate_series(1, 100) n`,
    );
    const { status, body } = await create({ name: "a", api_key: KEY });
    expect([status, body]).toMatchObject([409, { error: { code: "conflict" } }]);
  });
});

describe("changing one", () => {
  it("changes what is named, leaves the rest, and tells the worker only what concerns it", async () => {
    const made = await connectTo(PLACE, admin);
    await forgetJobs();
    const changed = { name: "Other", reads_per_minute: 60, on_delete: "purge" };
    const { status, item } = await patch(made.id, changed);
    expect([status, item]).toEqual([
      200,
      {
        ...made,
        ...{ name: "Other", on_delete: "purge", updated_at: WRITTEN },
        reads: { limit_per_minute: 60, last_minute: 0, remaining: 60, blocked_until: null },
      },
    ]);
    expect((await one(made.id)).body).toEqual(item);
    expect(await openApiKey(await rowOf(made.id))).toBe(KEY);
    expect(await waitingJobs()).toEqual([]);
  });

  it("pauses and resumes, and says so to the worker", async () => {
    const { id } = await connectTo(PLACE, admin);
    await forgetJobs();
    expect((await patch(id, { state: "paused" })).item.state).toBe("paused");
    expect(await waitingJobs()).toMatchObject([startOf(id)]);
    expect((await patch(id, { state: "live" })).item.state).toBe("backfilling");
    const data = { backfillDoneAt: new Date(), state: "failed", stateReason: "The key is gone." };
    await prisma.connection.updateMany({ data });
    expect((await one(id)).body).toMatchObject({ state: "failed", state_reason: data.stateReason });
    expect((await patch(id, { state: "live" })).item).toMatchObject({
      ...{ state: "live", state_reason: null },
      backfill: { done: true },
    });
    expect(await waitingJobs()).toMatchObject([startOf(id)]);
  });

  it("takes a new key in place of the old, and tries again with it", async () => {
    const { id } = await connectTo(PLACE, admin);
    await forgetJobs();
    await prisma.connection.updateMany({ data: { state: "failed", stateReason: "401" } });
    const { item, text } = await patch(id, { api_key: "sk-ant-api03-hunter9-wxyz" });
    expect(item).toMatchObject({
      ...{ api_key_hint: "wxyz", state: "backfilling", state_reason: null },
    });
    expect(text).not.toContain("hunter");
    expect(await openApiKey(await rowOf(id))).toBe("sk-ant-api03-hunter9-wxyz");
    expect(await waitingJobs()).toMatchObject([startOf(id)]);
  });

  it("rotates webhook secrets, keeping by their hints those that stay", async () => {
    const { id } = await connectTo(PLACE, admin, { webhook_secrets: [secretOf(1), secretOf(2)] });
    await forgetJobs();
    const long = new Date("2026-11-20T10:00:00Z");
    const data = { webhookSecretTimes: [long, long], webhooksSince: long };
    await prisma.connection.updateMany({ data });
    const added = await patch(id, { webhook_secrets: [secretOf(3), hintOf(2)] });
    expect(added.item.webhook_secrets).toEqual([
      { hint: hintOf(3), added_at: WRITTEN },
      { hint: hintOf(2), added_at: long.toISOString() },
    ]);
    expect(added.item.webhook_secrets[0]?.added_at).not.toBe(long.toISOString());
    expect(await openWebhookSecrets(await rowOf(id))).toEqual([secretOf(3), secretOf(2)]);
    const wrong = await patch(id, { webhook_secrets: [hintOf(3), hintOf(1)] });
    expect([wrong.status, wrong.body]).toMatchObject([
      400,
      { error: { issues: [{ path: "webhook_secrets.1" }] } },
    ]);
    // Rotated: webhooks have been expected all along.
    const rotated = (await patch(id, { webhook_secrets: [hintOf(3)] })).item;
    expect(rotated.webhooks_since).toBe(long.toISOString());
    const without = (await patch(id, { webhook_secrets: [] })).item;
    expect(without).toMatchObject({ webhook_secrets: [], webhooks_since: null });
    const anew = (await patch(id, { webhook_secrets: [secretOf(1)] })).item;
    expect(anew.webhooks_since).toBe(anew.webhook_secrets[0]?.added_at);
    expect(await waitingJobs()).toEqual([]);
  });

  it("never sends a key elsewhere than it was entered for", async () => {
    const { id } = await connectTo(PLACE, admin);
    const elsewhere = { base_url: "http://127.0.0.1:10" };
    const { status, body } = await patch(id, elsewhere);
    expect([status, body]).toMatchObject([400, { error: { issues: [{ path: "api_key" }] } }]);
    expect((await patch(id, { base_url: `${PLACE.url}/` })).status).toBe(200);
    const { item } = await patch(id, { ...elsewhere, api_key: KEY });
    expect(item.base_url).toBe(elsewhere.base_url);
  });

  it("takes an admin key away again", async () => {
    const { id } = await connectTo(PLACE, admin, { admin_key: ADMIN_KEY });
    expect((await patch(id, { admin_key: null })).item.has_admin_key).toBe(false);
    expect((await rowOf(id)).adminKeySealed).toBeNull();
  });

  it("reads further back when asked to", async () => {
    const { id } = await connectTo(PLACE, admin, { backfill_days: 7 });
    await prisma.connection.updateMany({ data: { backfillDoneAt: new Date(), state: "live" } });
    await forgetJobs();
    expect((await patch(id, { backfill_days: 3 })).item.state).toBe("live");
    expect(await waitingJobs()).toEqual([]);
    expect((await patch(id, { backfill_days: null })).item).toMatchObject({
      ...{ state: "backfilling", backfill_days: null },
      backfill: { done: false, done_at: null },
    });
    expect(await waitingJobs()).toMatchObject([startOf(id)]);
  });

  it.each([
    [{ base_url: "https://10.0.0.1" }, "base_url"],
    [{ state: "failed" }, "state"],
    [{ api_key: "" }, "api_key"],
    [{ id: "conn_mine" }, "id"],
    [{ reads_per_minute: null }, "reads_per_minute"],
  ])("refuses %j", async (json, path) => {
    const made = await connectTo(PLACE, admin);
    const { status, body } = await patch(made.id, json);
    expect([status, body]).toMatchObject([400, { error: { issues: [{ path }] } }]);
    expect((await one(made.id)).body).toEqual(made);
  });

  it("says when there is none", async () => {
    for (const answer of [await one("conn_1"), await patch("conn_1", { name: "a" })])
      expect([answer.status, answer.body]).toMatchObject([404, { error: { code: "not_found" } }]);
  });
});

it("still lists them, and takes a new key, when the secret that sealed them is lost", async () => {
  const made = await connectTo(PLACE, admin, { webhook_secrets: [secretOf(1)] });
  const before = env.WATCHKEEPER_SECRET;
  env.WATCHKEEPER_SECRET = "another secret, since the first has been lost";
  expect((await one(made.id)).body).toEqual(made);
  await expect(openApiKey(await rowOf(made.id))).rejects.toThrow(/WATCHKEEPER_SECRET/);
  expect((await patch(made.id, { api_key: "sk-ant-api03-a-new-one" })).status).toBe(200);
  expect(await openApiKey(await rowOf(made.id))).toBe("sk-ant-api03-a-new-one");
  env.WATCHKEEPER_SECRET = before;
});

it("is for admins alone, each of its own workspace", async () => {
  const { id } = await connectTo(PLACE, admin);
  for (const scope of ["ingest", "read", "write"] as const) {
    const headers = await bearer(scope);
    const params = { id };
    expect((await create({ name: "a", api_key: KEY }, headers)).status).toBe(403);
    expect((await call(GET, "/x", { headers })).status).toBe(403);
    expect((await one(id, headers)).status).toBe(403);
    const changed = { method: "PATCH", headers, params, json: {} };
    expect((await call(PATCH, "/x", changed)).status).toBe(403);
    expect((await call(DELETE, "/x", { method: "DELETE", headers, params })).status).toBe(403);
  }
  await prisma.connection.updateMany({ data: { workspace: "other" } });
  const { data } = (await call(GET, "/x", { headers: admin })).body as ConnectionsPage;
  expect([data, (await one(id)).status]).toEqual([[], 404]);
  const answer = await call(DELETE, "/x", { method: "DELETE", headers: admin, params: { id } });
  expect([answer.status, await prisma.connection.count()]).toEqual([404, 1]);
});
