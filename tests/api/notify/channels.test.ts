import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DELETE, GET as one, PATCH } from "@/app/api/v1/channels/[id]/route";
import { POST as test } from "@/app/api/v1/channels/[id]/test/route";
import { GET, POST } from "@/app/api/v1/channels/route";
import { GET as delivery } from "@/app/api/v1/deliveries/[id]/route";
import { pool } from "@/lib/db/client";
import type { ChannelItem, ChannelTestAnswer } from "@/lib/notify/channel-schema";
import { openSecrets } from "@/lib/notify/secrets-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { channelOf, deliveryOf, makeChannel, send } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { message } from "@/tests/support/notices";
import { answering, type Sink, startSink } from "@/tests/support/sink";

const secretOf = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString("base64")}`;
const hintOf = (byte: number) => `…${secretOf(byte).slice(-4)}`;
const WRITTEN = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const HOOK = { kind: "webhook", name: "hook", url: "http://127.0.0.1:9/hook" };

let write: { authorization: string };
beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  write = await bearer("write");
});

const create = (json: unknown, headers = write) =>
  call(POST, "/x", { method: "POST", headers, json });
const patch = async (id: string, json: unknown) => {
  const answer = await call(PATCH, "/x", { method: "PATCH", headers: write, json, params: { id } });
  return { ...answer, item: answer.body as ChannelItem };
};
const issuesOf = ({ body }: { body: unknown }) =>
  (body as { error: { issues?: { path: string }[] } }).error.issues?.map(({ path }) => path);

describe("making one", () => {
  it("answers with all but its secrets", async () => {
    const { status, body, text } = await create({
      ...HOOK,
      ...{ name: " Team hook ", format: "alertmanager", secret: secretOf(1) },
      headers: { "x-tenant": "hunter2" },
    });
    const { id } = body as ChannelItem;
    expect([status, body]).toEqual([
      201,
      {
        kind: "webhook",
        id: expect.stringMatching(/^chan_[0-9a-f]{32}$/),
        name: "Team hook",
        settings: { url: "http://127.0.0.1:9/hook", format: "alertmanager" },
        secrets: [
          { name: "secret", hint: hintOf(1), added_at: WRITTEN },
          { name: "headers", hint: "x-tenant", added_at: WRITTEN },
        ],
        ...{
          sends_closes: true,
          is_default: false,
          carries_links: false,
          state: "ok",
          state_reason: null,
        },
        ...{
          failures: 0,
          waiting: 0,
          last_sent_at: null,
          created_at: WRITTEN,
          updated_at: WRITTEN,
        },
      },
    ]);
    const listed = await call(GET, "/x", { headers: write });
    expect(listed.body).toEqual({ data: [body], next_cursor: null });
    expect((await call(one, "/x", { headers: write, params: { id } })).body).toEqual(body);
    for (const told of [text, listed.text]) expect(told).not.toMatch(/hunter2|AQEBAQEB/);
    const { rows } = await pool().query("select row_to_json(c)::text as text from channel c");
    expect(rows[0].text).not.toMatch(/hunter2|whsec_/);
    expect(await openSecrets(await channelOf(id), "secret")).toEqual([secretOf(1)]);
  });

  it.each([
    ["email", { host: "127.0.0.1", tls: "none", from: "a@example.com", to: ["b@example.com"] }],
    ["slack", { url: "http://127.0.0.1:9/services/T0/B0/hunter2" }],
    ["pagerduty", { routing_key: "hunter2hunter2hunter2hunter2abcd" }],
    ["teams", { url: "http://127.0.0.1:9/workflows/hunter2" }],
    ["discord", { url: "http://127.0.0.1:9/api/webhooks/1/hunter2" }],
    ["alertmanager", { url: "http://127.0.0.1:9", user: "watch", password: "hunter2hunter2" }],
  ])("is possible for %s", async (kind, fields) => {
    const { status, body, text } = await create({ kind, name: kind, ...fields });
    expect([status, body]).toMatchObject([201, { kind, state: "ok" }]);
    expect(text).not.toContain("hunter2");
  });

  it.each([
    [{ name: "a" }, ["kind"]],
    [{ ...HOOK, kind: "fax" }, ["kind"]],
    [{ ...HOOK, name: "" }, ["name"]],
    [{ ...HOOK, url: undefined }, ["url"]],
    [{ ...HOOK, url: "hook" }, ["url"]],
    [{ ...HOOK, url: "ftp://example.com/" }, ["url"]],
    [{ ...HOOK, url: "https://user:password@example.com/" }, ["url"]],
    [{ ...HOOK, format: "xml" }, ["format"]],
    [{ ...HOOK, secret: "hunter2" }, ["secret"]],
    [{ ...HOOK, secrets: [secretOf(1), secretOf(2), secretOf(3)] }, ["secrets"]],
    [{ ...HOOK, secret: secretOf(1), secrets: [secretOf(2), secretOf(3)] }, ["secrets"]],
    [{ ...HOOK, secrets: ["…abcd"] }, ["secrets.0"]],
    [{ ...HOOK, headers: { "webhook-id": "1" } }, ["headers.webhook-id"]],
    [{ ...HOOK, headers: { "x-a": "a\r\nb" } }, ["headers.x-a"]],
    [{ ...HOOK, routing_key: "abc" }, ["routing_key"]],
    [{ kind: "pagerduty", name: "a" }, ["routing_key"]],
    [{ kind: "email", name: "a", host: "h", from: "x", to: [] }, ["from", "to"]],
  ])("is refused, case %#", async (json, paths) => {
    const answer = await create(json);
    expect([answer.status, issuesOf(answer)]).toEqual([400, paths]);
    expect(answer.text).not.toContain("hunter2");
  });

  it.each([
    [{ ...HOOK, url: "http://169.254.169.254/latest" }, "url"],
    [{ ...HOOK, url: "https://10.0.0.1/" }, "url"],
    [{ kind: "slack", name: "a", url: "https://[::1]/" }, "url"],
    [{ kind: "alertmanager", name: "a", url: "http://192.168.1.1:9093" }, "url"],
    [
      { kind: "email", name: "a", host: "10.1.1.1", from: "a@b.example", to: ["a@b.example"] },
      "host",
    ],
    [
      {
        kind: "email",
        name: "a",
        host: "1.1.1.1",
        tls: "none",
        from: "a@b.example",
        to: ["a@b.example"],
      },
      "host",
    ],
  ])("is refused for an address that may not be called, case %#", async (json, path) => {
    const answer = await create(json);
    expect([answer.status, issuesOf(answer)]).toEqual([400, [path]]);
    expect(answer.text).toContain("WATCHKEEPER_OUTBOUND_ALLOW");
  });

  it("needs the scope write", async () => {
    expect((await create(HOOK, await bearer("read"))).status).toBe(403);
  });
});

describe("changing one", () => {
  it("leaves what is not named", async () => {
    const { id } = await makeChannel(write, {
      ...HOOK,
      format: "alertmanager",
      secret: secretOf(1),
    });
    const { status, item } = await patch(id, { name: "other" });
    expect([status, item]).toMatchObject([
      200,
      { name: "other", settings: { format: "alertmanager" }, secrets: [{ hint: hintOf(1) }] },
    ]);
  });

  it("goes over to a new secret with both alive meanwhile", async () => {
    const { id } = await makeChannel(write, { ...HOOK, secret: secretOf(1) });
    const both = await patch(id, { secrets: [secretOf(2), hintOf(1)] });
    expect(both.item.secrets.map(({ hint }) => hint)).toEqual([hintOf(2), hintOf(1)]);
    expect(await openSecrets(await channelOf(id), "secret")).toEqual([secretOf(2), secretOf(1)]);
    await patch(id, { secrets: [hintOf(2)] });
    expect(await openSecrets(await channelOf(id), "secret")).toEqual([secretOf(2)]);
    const wrong = await patch(id, { secrets: [hintOf(1)] });
    expect([wrong.status, issuesOf(wrong)]).toEqual([400, ["secrets.0"]]);
  });

  it("sends a stored secret only where it was entered for", async () => {
    const { id } = await makeChannel(write, {
      ...{ kind: "alertmanager", url: "http://127.0.0.1:9", token: "hunter2hunter2" },
    });
    const moved = await patch(id, { url: "http://127.0.0.1:10" });
    expect([moved.status, issuesOf(moved)]).toEqual([400, ["token"]]);
    expect((await patch(id, { url: "http://127.0.0.1:10", token: "another-token" })).status).toBe(
      200,
    );
    expect((await patch(id, { url: "http://127.0.0.1:11", token: null })).item.secrets).toEqual([]);
  });

  it.each([
    [{ format: "xml" }, "format"],
    [{ routing_key: "x" }, "routing_key"],
    [{ kind: "slack" }, "kind"],
    [{ url: "https://10.0.0.1/" }, "url"],
    [{ state: "disabled" }, "state"],
  ])("is refused, case %#", async (json, path) => {
    const { id } = await makeChannel(write, HOOK);
    const answer = await patch(id, json);
    expect([answer.status, issuesOf(answer)]).toEqual([400, [path]]);
  });

  it("has one default at most", async () => {
    const first = await makeChannel(write, { ...HOOK, is_default: true });
    const second = await makeChannel(write, { ...HOOK, is_default: true });
    expect((await channelOf(first.id)).isDefault).toBe(false);
    await patch(first.id, { is_default: true });
    expect((await channelOf(second.id)).isDefault).toBe(false);
  });

  it("is not possible for one that is not there", async () => {
    expect((await patch("chan_none", { name: "a" })).status).toBe(404);
  });
});

it("removing one drops what waits for it", async () => {
  const { id } = await makeChannel(write, HOOK);
  const waiting = await send(id, message({ ep_1: {} }));
  const remove = () => call(DELETE, "/x", { method: "DELETE", headers: write, params: { id } });
  expect((await remove()).status).toBe(204);
  expect(await deliveryOf(waiting)).toMatchObject({
    state: "dropped",
    stateReason: "channel_removed",
  });
  expect((await remove()).status).toBe(404);
});

describe("trying one", () => {
  let sink: Sink;
  beforeEach(async () => {
    sink = await startSink();
  });
  afterEach(() => sink.close());
  const tryOut = async (id: string, json?: unknown) => {
    const params = { id };
    const answer = await call(test, "/x", { method: "POST", headers: write, json, params });
    return { ...answer, told: answer.body as ChannelTestAnswer };
  };

  it.each(["opened", "closed"])(
    "sends a sample that is %s, and keeps it as a delivery",
    async (as) => {
      const { id } = await makeChannel(write, { ...HOOK, url: sink.url });
      const { status, told } = await tryOut(id, { status: as });
      expect([status, told]).toEqual([
        200,
        {
          ...{ ok: true, reason: "test", delivery_id: expect.stringMatching(/^dlv_/), status: 200 },
          ...{ body: "ok", ms: expect.any(Number), error: null },
        },
      ]);
      const [sent] = sink.bodies() as [{ type: string; data: Record<string, unknown[]> }];
      expect(sent.type).toBe("alert.test");
      expect([sent.data.firing?.length, sent.data.closed?.length]).toEqual(
        as === "opened" ? [1, 0] : [0, 1],
      );
      expect(sink.received[0]?.headers["webhook-id"]).toBe(told.delivery_id);
      const kept = await call(delivery, "/x", { headers: write, params: { id: told.delivery_id } });
      expect(kept.body).toMatchObject({
        reason: "test",
        state: "sent",
        attempts: [{ status: 200 }],
      });
      expect((await channelOf(id)).lastSentAt).toBeNull();
    },
  );

  it("tells what the receiver has against it, and changes nothing", async () => {
    const { id } = await makeChannel(write, { ...HOOK, url: sink.url });
    sink.answer = answering(410, {}, "x".repeat(5_000));
    const { told } = await tryOut(id);
    expect(told).toMatchObject({ ok: false, status: 410, error: expect.stringContaining("410") });
    expect(told.body).toHaveLength(2_048);
    expect(await channelOf(id)).toMatchObject({ state: "ok", failures: 0 });
    expect(sink.received).toHaveLength(1);
  });

  it("tells why there was no answer", async () => {
    const { id } = await makeChannel(write, { ...HOOK, url: sink.url });
    await sink.close();
    const { told } = await tryOut(id);
    expect(told).toMatchObject({
      ok: false,
      status: null,
      error: expect.stringContaining("refuses"),
    });
    expect((await tryOut("chan_none")).status).toBe(404);
  });
});
