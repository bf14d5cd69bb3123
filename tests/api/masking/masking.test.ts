import { beforeEach, expect, it } from "vitest";
import { GET as readAudit } from "@/app/api/v1/audit/route";
import { POST as ingest } from "@/app/api/v1/ingest/route";
import { GET, PUT } from "@/app/api/v1/masking/route";
import { POST as test } from "@/app/api/v1/masking/test/route";
import { GET as metrics } from "@/app/metrics/route";
import { pool } from "@/lib/db/client";
import type { MaskingAnswer, MaskingRule } from "@/lib/masking/schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

const KEY = "AKIAIOSFODNN7EXAMPLE";
const AT = "2026-11-20T10:00:00Z";

let headers: { authorization: string };
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("admin");
});

const read = async () => (await call(GET, "/api/v1/masking", { headers })).body as MaskingAnswer;
const put = (json: object) => call(PUT, "/api/v1/masking", { method: "PUT", headers, json });
const change = { pushed_mode: "masked", builtin: {}, rules: [] as MaskingRule[] };
const send = (events: object[]) =>
  call(ingest, "/api/v1/ingest", {
    ...{ method: "POST", headers },
    json: { events: events.map((event) => ({ session_id: "s", event })) },
  });
const said = (id: string, text: string) => ({
  ...{ id, type: "agent.message", processed_at: AT },
  content: [{ type: "text", text }],
});
async function stored(id: string): Promise<unknown> {
  return (await pool().query("select payload from event where id = $1", [id])).rows[0]?.payload;
}

it("begins with credentials masked and nothing else", async () => {
  const { builtin, masked, rules, ...rest } = await read();
  expect(rest).toEqual({
    ...{ revision: 0, changed_at: null, pushed_mode: "masked" },
    withheld: { results: 0, oldest_at: null },
  });
  expect([masked, rules]).toEqual([[], []]);
  expect(builtin.every(({ group, on }) => on === (group === "credentials"))).toBe(true);
});

it("holds what is changed from then on, and records who changed what", async () => {
  await send([said("a", "CUST-1 ada@example.com")]);
  const rules: MaskingRule[] = [{ kind: "pattern", name: "customer", pattern: "CUST-[0-9]+" }];
  const saved = await put({ ...change, based_on: 0, rules, builtin: { email: true } });
  expect(saved.status).toBe(200);
  expect(saved.body).toMatchObject({ revision: 1, rules, changed_at: expect.any(String) });
  await send([said("b", "CUST-1 ada@example.com")]);
  expect(await stored("a")).toMatchObject({ content: [{ text: "CUST-1 ada@example.com" }] });
  expect(await stored("b")).toMatchObject({
    content: [{ text: "[masked:customer] [masked:email]" }],
  });
  const { text } = await call(readAudit, "/api/v1/audit?action=masking.changed", { headers });
  expect(text).toContain("CUST-[0-9]+");
});

it("refuses what another has changed meanwhile, and rules that cannot work, by their field", async () => {
  await put({ ...change, based_on: 0 });
  expect((await put({ ...change, based_on: 0 })).status).toBe(409);
  const rules = [{ kind: "pattern", name: "x", pattern: "(" }];
  const { status, body } = await put({ ...change, based_on: 1, rules });
  expect([status, body]).toEqual([
    400,
    expect.objectContaining({
      error: expect.objectContaining({
        issues: [{ path: "rules.0.pattern", message: expect.any(String) }],
      }),
    }),
  ]);
});

it("counts values by rule, the same items once, and tells Prometheus", async () => {
  const events = [said("a", `${KEY} and ${KEY}`), said("b", KEY)];
  await send(events);
  await send(events);
  const { masked } = await read();
  expect(masked).toEqual([{ rule: "aws_key", fields: 2, last_at: expect.any(String) }]);
  const told = await metrics(new Request("http://localhost:3000/metrics", { headers }));
  expect(await told.text()).toContain('watchkeeper_masked_fields_total{rule="aws_key"} 2');
});

it("gives events without ids the same name whatever it is set to", async () => {
  const interrupt = { type: "user.interrupt", processed_at: AT, note: `stop ${KEY}` };
  for (const [at, pushed_mode] of (["masked", "full", "metadata"] as const).entries()) {
    await put({ ...change, based_on: at, pushed_mode });
    await send([interrupt]);
  }
  expect((await pool().query("select id from event")).rowCount).toBe(1);
});

it("takes a tool's output by its call, wherever that is", async () => {
  const rules: MaskingRule[] = [
    { kind: "tool", name: "crm", tool: "crm_*", input: true, output: true },
  ];
  await put({ ...change, based_on: 0, rules });
  const use = (id: string, name: string) => ({
    ...{ id, type: "agent.tool_use", name, processed_at: AT, input: { q: "Ada" } },
  });
  const result = (id: string, tool_use_id: string) => ({
    ...{ id, type: "agent.tool_result", tool_use_id, processed_at: AT },
    content: [{ type: "text", text: "Ada" }],
  });
  await send([use("u1", "crm_read"), use("u2", "bash"), result("r1", "u1")]);
  await send([result("r2", "u2"), result("r3", "unknown")]);
  const [r1, r2, r3] = await Promise.all(["r1", "r2", "r3"].map(stored));
  expect([await stored("u1"), await stored("u2")]).toMatchObject([
    { name: "crm_read", input: "[masked:crm]" },
    { name: "bash", input: { q: "Ada" } },
  ]);
  expect([r1, r2, r3]).toMatchObject([
    { content: [{ text: "[masked:crm]" }] },
    { content: [{ text: "Ada" }] },
    { content: [{ text: "[withheld: its call is not known]" }] },
  ]);
});

it("hides a text whole that a pattern would have to look through for too long, and counts it", async () => {
  const rules: MaskingRule[] = [{ kind: "pattern", name: "far", pattern: "key(?:[\\s\\S]*end)?" }];
  await put({ ...change, based_on: 0, rules });
  await send([said("a", `${"key".repeat(10_000)} Ada`), said("b", "a key for Ada")]);
  const hidden = { rule: "work_limit", fields: 1, last_at: expect.any(String) };
  expect([await stored("a"), await stored("b")]).toMatchObject([
    { content: [{ text: "[masked:work_limit]" }] },
    { content: [{ text: "a [masked:far] for Ada" }] },
  ]);
  expect((await read()).masked).toContainEqual(hidden);
  const taken = [{ kind: "pattern", name: "work_limit", pattern: "x" }];
  expect((await put({ ...change, based_on: 1, rules: taken })).status).toBe(400);
});

it("tests rules for those who may change them, on texts of some length", async () => {
  const ask = async (scope: "read" | "admin", text: string) =>
    call(test, "/x", { method: "POST", headers: await bearer(scope), json: { text } });
  expect((await ask("read", "x")).status).toBe(403);
  expect((await ask("admin", "x".repeat(20_000))).status).toBe(200);
  expect((await ask("admin", "x".repeat(20_001))).status).toBe(400);
});

it("tests a text with rules that nobody has saved, and keeps nothing", async () => {
  const rules = [{ kind: "pattern", name: "customer", pattern: "CUST-[0-9]+" }];
  const json = { text: `CUST-1 ${KEY}`, rules };
  const { body } = await call(test, "/x", { method: "POST", headers, json });
  expect(body).toEqual({
    ...{ read_as: "text", output: "[masked:customer] [masked:aws_key]" },
    found: [
      { rule: "aws_key", fields: 1 },
      { rule: "customer", fields: 1 },
    ],
  });
  expect(await read()).toMatchObject({ revision: 0, masked: [] });
});
