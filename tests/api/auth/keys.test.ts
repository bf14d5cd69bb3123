import { beforeEach, describe, expect, it } from "vitest";
import { POST as ROTATE } from "@/app/api/v1/keys/[id]/rotation/route";
import { DELETE } from "@/app/api/v1/keys/[id]/route";
import { GET, POST } from "@/app/api/v1/keys/route";
import { GET as sessions } from "@/app/api/v1/sessions/route";
import type { KeyCreated, KeysPage } from "@/lib/auth/keys-schema";
import { sha256 } from "@/lib/auth/secrets";
import { prisma } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

let admin: { authorization: string };
beforeEach(async () => {
  await truncateAll();
  admin = await bearer("admin");
});

const create = (json: unknown, headers = admin) =>
  call(POST, "/api/v1/keys", { method: "POST", headers, json });
type Created = { id: string; key: string };

it("makes a key for ingest, tells it once and stores only its hash", async () => {
  const { status, body } = await create({ name: "  laptop " });
  const { id, key } = body as Created;
  expect([status, body]).toEqual([
    201,
    {
      id: expect.stringMatching(/^key_[0-9a-f]{32}$/),
      name: "laptop",
      prefix: key.slice(0, 9),
      scopes: ["ingest"],
      created_at: expect.stringMatching(/Z$/),
      created_by: "test",
      last_used_at: null,
      expires_at: null,
      addresses: [],
      rate_per_minute: null,
      replaced_by: null,
      key: expect.stringMatching(/^wk_[\w-]{43}$/),
    },
  ]);
  const stored = await prisma.apiKey.findUniqueOrThrow({ where: { id } });
  expect(stored.hash).toBe(sha256(key));
  expect(JSON.stringify(stored)).not.toContain(key);
  expect((await call(GET, "/api/v1/keys", { headers: admin })).text).not.toContain(key);
});

it("lists the keys in use, newest first, with their last use to the minute", async () => {
  const reader = (await create({ name: "reader", scopes: ["read", "read"] })).body as Created;
  await call(sessions, "/api/v1/sessions", { headers: { authorization: `Bearer ${reader.key}` } });
  const { status, body } = await call(GET, "/api/v1/keys", { headers: admin });
  const { data, next_cursor } = body as { data: Record<string, unknown>[]; next_cursor: null };
  expect([status, next_cursor]).toEqual([200, null]);
  expect(data.map(({ name, scopes }) => [name, scopes])).toEqual([
    ["reader", ["read"]],
    ["test", ["admin"]],
  ]);
  expect(data[0]?.last_used_at).toMatch(/Z$/);
});

it("ends a key at once", async () => {
  const { id, key } = (await create({ name: "reader", scopes: ["read"] })).body as Created;
  const headers = { authorization: `Bearer ${key}` };
  const list = () => call(sessions, "/api/v1/sessions", { headers });
  expect((await list()).status).toBe(200);
  const end = () =>
    call(DELETE, `/api/v1/keys/${id}`, { method: "DELETE", headers: admin, params: { id } });
  const first = await end();
  expect([first.status, first.text]).toEqual([204, ""]);
  expect((await list()).status).toBe(401);
  expect((await end()).status).toBe(404);
});

it.each([
  [{}, "name"],
  [{ name: "" }, "name"],
  [{ name: "   " }, "name"],
  [{ name: "x".repeat(101) }, "name"],
  [{ name: "a", scopes: [] }, "scopes"],
  [{ name: "a", scopes: ["root"] }, "scopes.0"],
  [{ name: "a", key: "wk_mine" }, "key"],
])("refuses %j", async (json, path) => {
  const { status, body } = await create(json);
  expect([status, body]).toMatchObject([400, { error: { code: "invalid", issues: [{ path }] } }]);
});

it("is for admins alone", async () => {
  for (const scope of ["ingest", "read", "write"] as const) {
    const headers = await bearer(scope);
    expect((await create({ name: "a" }, headers)).status).toBe(403);
    expect((await call(GET, "/api/v1/keys", { headers })).status).toBe(403);
  }
});

const using = (key: string, headers: Record<string, string> = {}) =>
  call(sessions, "/api/v1/sessions", { headers: { authorization: `Bearer ${key}`, ...headers } });
const rotate = (id: string, json: object = {}) =>
  call(ROTATE, `/api/v1/keys/${id}/rotation`, {
    method: "POST",
    headers: admin,
    params: { id },
    json,
  });
const names = async () =>
  ((await call(GET, "/api/v1/keys", { headers: admin })).body as KeysPage).data;

it("ends a key at its time, and lists it no more", async () => {
  const wish = { name: "a week", scopes: ["read"], expires_in_days: 7 };
  const { id, key, expires_at } = (await create(wish)).body as KeyCreated;
  expect(Date.parse(expires_at ?? "") - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
  expect((await using(key)).status).toBe(200);
  await prisma.apiKey.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
  expect((await using(key)).status).toBe(401);
  expect((await names()).map(({ name }) => name)).toEqual(["test"]);
});

it("lets a key in from its addresses alone", async () => {
  const addresses = ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"];
  const { key } = (await create({ name: "at home", scopes: ["read"], addresses }))
    .body as KeyCreated;
  const from = async (peer: string, more: Record<string, string> = {}) =>
    (await using(key, { "x-watchkeeper-peer": peer, ...more })).status;
  for (const peer of ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1", "192.0.2.7"])
    expect([peer, await from(peer)]).toEqual([peer, 200]);
  expect(await from("192.0.2.8")).toBe(403);
  expect(await from("192.0.2.8", { "x-forwarded-for": "10.1.2.3" })).toBe(403);
  expect((await using(key)).status).toBe(403);
});

it("holds a key to its own number of requests", async () => {
  const { key } = (await create({ name: "slow", scopes: ["read"], rate_per_minute: 2 }))
    .body as KeyCreated;
  expect([(await using(key)).status, (await using(key)).status]).toEqual([200, 200]);
  const third = await using(key);
  expect(third).toMatchObject({ status: 429, body: { error: { code: "rate_limited" } } });
  expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
});

describe("rotation", () => {
  const wish = { name: "agents", scopes: ["read"], addresses: ["10.0.0.0/8"], rate_per_minute: 50 };
  const at = { "x-watchkeeper-peer": "10.0.0.1" };

  it("makes a key that may do the same, and lets the old one go on for a while", async () => {
    const old = (await create({ ...wish, expires_in_days: 90 })).body as KeyCreated;
    const answer = await rotate(old.id, { overlap_hours: 2 });
    const made = answer.body as KeyCreated;
    expect([answer.status, made]).toMatchObject([
      201,
      { name: "agents", scopes: ["read"], addresses: wish.addresses, rate_per_minute: 50 },
    ]);
    expect(Date.parse(made.expires_at ?? "") - Date.now()).toBeGreaterThan(89.9 * 86_400_000);
    expect([(await using(old.key, at)).status, (await using(made.key, at)).status]).toEqual([
      200, 200,
    ]);
    const listed = (await names()).find(({ id }) => id === old.id);
    expect(listed?.replaced_by).toBe(made.id);
    const left = Date.parse(listed?.expires_at ?? "") - Date.now();
    expect([left > 1.9 * 3_600_000, left <= 2 * 3_600_000]).toEqual([true, true]);
    expect((await rotate(old.id)).status).toBe(409);
    expect((await rotate(made.id)).status).toBe(201);
  });

  it("without an overlap ends the old one at once", async () => {
    const old = (await create(wish)).body as KeyCreated;
    const made = (await rotate(old.id, { overlap_hours: 0 })).body as KeyCreated;
    expect(made.expires_at).toBeNull();
    expect([(await using(old.key, at)).status, (await using(made.key, at)).status]).toEqual([
      401, 200,
    ]);
  });

  it("never makes an old key last longer", async () => {
    const old = (await create({ ...wish, expires_in_days: 1 })).body as KeyCreated;
    await rotate(old.id, { overlap_hours: 720 });
    const listed = (await names()).find(({ id }) => id === old.id);
    expect(listed?.expires_at).toBe(old.expires_at);
  });

  it("of several at once makes one, and none of what is not there", async () => {
    const old = (await create(wish)).body as KeyCreated;
    const both = await Promise.all([rotate(old.id), rotate(old.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await rotate("key_none")).status).toBe(404);
  });
});

it.each([
  [{ expires_in_days: 0 }, "expires_in_days"],
  [{ addresses: ["10.0.0.0/40"] }, "addresses.0"],
  [{ addresses: ["home"] }, "addresses.0"],
  [{ rate_per_minute: 0 }, "rate_per_minute"],
])("refuses a key bounded by %j", async (bounds, path) => {
  const { status, body } = await create({ name: "a", ...bounds });
  expect([status, body]).toMatchObject([400, { error: { issues: [{ path }] } }]);
});
