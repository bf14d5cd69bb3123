import { beforeEach, expect, it } from "vitest";
import { DELETE } from "@/app/api/v1/keys/[id]/route";
import { GET, POST } from "@/app/api/v1/keys/route";
import { GET as sessions } from "@/app/api/v1/sessions/route";
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
      last_used_at: null,
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
