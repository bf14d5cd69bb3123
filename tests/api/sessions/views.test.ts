import { beforeAll, beforeEach, expect, it } from "vitest";
import { DELETE } from "@/app/api/v1/views/[id]/route";
import { GET, POST } from "@/app/api/v1/views/route";
import { pool } from "@/lib/db/client";
import type { ViewItem, ViewsPage } from "@/lib/sessions/views-schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

let write: { authorization: string };
let read: { authorization: string };
beforeAll(async () => {
  await truncateAll();
  write = await bearer("write");
  read = await bearer("read");
});
beforeEach(async () => {
  await pool().query("truncate saved_view");
});

const save = (json: unknown, headers = write) =>
  call(POST, "/api/v1/views", { method: "POST", headers, json });
const names = async () =>
  ((await call(GET, "/api/v1/views", { headers: read })).body as ViewsPage).data.map((v) => v.name);

it("keeps views by name, and forgets them", async () => {
  const made = await save({ name: " Waiting ", query: "outcome=waiting&sort=cost" });
  expect([made.status, made.body]).toEqual([
    201,
    {
      id: expect.stringMatching(/^view_/),
      room: "sessions",
      name: "Waiting",
      query: "outcome=waiting&sort=cost",
      created_at: expect.stringMatching(/Z$/),
    },
  ]);
  await save({ name: "Dear", query: "sort=cost" });
  expect(await names()).toEqual(["Dear", "Waiting"]);
  const { id } = made.body as ViewItem;
  const forget = () => call(DELETE, "/x", { method: "DELETE", headers: write, params: { id } });
  expect((await forget()).status).toBe(204);
  expect(await names()).toEqual(["Dear"]);
  expect((await forget()).status).toBe(404);
});

it("lets readers read them only", async () => {
  expect((await save({ name: "a", query: "" }, read)).status).toBe(403);
  const params = { id: "view_1" };
  expect((await call(DELETE, "/x", { method: "DELETE", headers: read, params })).status).toBe(403);
});

it.each([
  [{ query: "" }, "name"],
  [{ name: "", query: "" }, "name"],
  [{ name: "x".repeat(81), query: "" }, "name"],
  [{ name: "a" }, "query"],
  [{ name: "a", query: "x".repeat(4001) }, "query"],
  [{ name: "a", query: "", room: "kitchen" }, "room"],
  [{ name: "a", query: "", id: "mine" }, "id"],
  [{ name: "a\u0000", query: "" }, "name"],
])("refuses %j", async (json, path) => {
  const { status, body } = await save(json);
  expect([status, body]).toMatchObject([400, { error: { issues: [{ path }] } }]);
});

it("takes half a surrogate pair without falling over", async () => {
  expect((await save({ name: "a\ud800", query: "" })).status).toBe(201);
});

it("is full at 200", async () => {
  await pool().query(
    `insert into saved_view (workspace, id, room, name, query)
     select 'default', 'v' || n, 'sessions', 'v' || n, '' from generate_series(1, 200) n`,
  );
  const { status, body } = await save({ name: "one more", query: "" });
  expect([status, body]).toMatchObject([409, { error: { code: "conflict" } }]);
});
