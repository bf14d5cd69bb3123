import { beforeEach, expect, it } from "vitest";
import { POST as ingest } from "@/app/api/v1/ingest/route";
import { GET, PUT } from "@/app/api/v1/masking/route";
import { pool } from "@/lib/db/client";
import type { MaskingAnswer, MaskingMode, MaskingRule } from "@/lib/masking/schema";
import { askToErase, eraseSessions } from "@/lib/retention/erasure-service";
import { forgetWithheld } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { keep, makeAgain, retain } from "@/tests/support/retention";
import { sealedSecrets, wholeDatabase } from "@/tests/support/stored-secrets";

const AT = "2026-11-20T10:00:00Z";
const WITHHELD = "[withheld: its call is not known]";
const SAID = "Ada Lovelace";
const CRM: MaskingRule = { kind: "tool", name: "crm", tool: "crm_*", input: true, output: true };

let headers: { authorization: string };
beforeEach(async () => {
  await truncateAll();
  await makeAgain(new Date());
  headers = await bearer("admin");
  await put({ rules: [CRM] });
});

const read = async () => (await call(GET, "/api/v1/masking", { headers })).body as MaskingAnswer;
async function put(change: { rules?: MaskingRule[]; pushed_mode?: MaskingMode }) {
  const { revision: based_on, pushed_mode, rules } = await read();
  const json = { based_on, builtin: {}, ...{ pushed_mode, rules }, ...change };
  expect((await call(PUT, "/api/v1/masking", { method: "PUT", headers, json })).status).toBe(200);
}
const send = async (...events: object[]) => {
  const { status, body } = await call(ingest, "/api/v1/ingest", {
    ...{ method: "POST", headers },
    json: { events: events.map((event) => ({ session_id: "sesn_1", event })) },
  });
  expect(status).toBe(200);
  return body as { accepted: number; duplicates: number; updated: number };
};
const use = (name: string) => ({
  ...{ id: "use", type: "agent.tool_use", name, processed_at: AT, input: {} },
});
const result = (more = {}) => ({
  ...{ id: "result", type: "agent.tool_result", tool_use_id: "use", processed_at: AT },
  ...{ content: [{ type: "text", text: SAID }], ...more },
});
async function said(): Promise<string | undefined> {
  const { rows } = await pool().query("select payload from event where id = 'result'");
  return rows[0]?.payload.content[0].text;
}
const waiting = async () => (await pool().query("select from withheld_result")).rowCount;

it("withholds what a result says until its call is here, and tells how many wait", async () => {
  await send(result());
  expect(await said()).toBe(WITHHELD);
  expect(await wholeDatabase()).not.toContain(SAID);
  expect(await read()).toMatchObject({ withheld: { results: 1 }, masked: [] });
  expect(await send(use("bash"))).toMatchObject({ accepted: 1, updated: 0 });
  expect(await said()).toBe(SAID);
  expect(await read()).toMatchObject({ withheld: { results: 0, oldest_at: null }, masked: [] });
});

it("masks it by the rule that its call brings, and counts it then", async () => {
  await send(result());
  await send(use("crm_read"));
  expect(await said()).toBe("[masked:crm]");
  const { masked } = await read();
  expect(masked).toEqual([expect.objectContaining({ rule: "crm", fields: 2 })]);
  expect([await waiting(), await wholeDatabase()]).toEqual([0, expect.not.stringContaining(SAID)]);
});

it("knows both however many bring them at once", async () => {
  for (let n = 0; n < 20; n++) {
    const ids = { use: `use_${n}`, result: `result_${n}` };
    await Promise.all([
      send({ ...use("bash"), id: ids.use }),
      send({ ...result(), id: ids.result, tool_use_id: ids.use }),
    ]);
  }
  const { rows } = await pool().query("select payload from event where id like 'result%'");
  expect(rows.map(({ payload }) => payload.content[0].text)).toEqual(Array(20).fill(SAID));
  expect(await waiting()).toBe(0);
});

it("takes another version of it in, which is better by what is left of it", async () => {
  const versions = ["one", "two"].map((text) => result({ content: [{ type: "text", text }] }));
  const inOrder = async (order: object[]) => {
    await pool().query("truncate event, session, session_state, span, message_text");
    for (const event of order) await send(event);
    return said();
  };
  const [one, two] = versions;
  const best = await inOrder([use("bash"), one ?? {}, two ?? {}]);
  expect(await inOrder([one ?? {}, two ?? {}, use("bash")])).toBe(best);
  expect(await inOrder([two ?? {}, one ?? {}, two ?? {}, use("bash")])).toBe(best);
});

it("asks no rule where no content is kept, whose calls keep their names", async () => {
  await put({ pushed_mode: "metadata" });
  await send(use("bash"));
  await send({ ...result(), id: "early", tool_use_id: "nobody" });
  expect(await waiting()).toBe(0);
  await put({ pushed_mode: "masked" });
  await send(result());
  expect(await said()).toBe(SAID);
});

it("a rule that came meanwhile holds for it, and one that went does not keep it", async () => {
  await send(result({ content: [{ type: "text", text: `${SAID} CUST-1` }] }));
  await put({ rules: [{ kind: "pattern", name: "customer", pattern: "CUST-[0-9]+" }] });
  await send(use("crm_read"));
  expect(await said()).toBe(`${SAID} [masked:customer]`);
});

it("waits a week, and is known when it comes again after that", async () => {
  await send(result());
  await pool().query("update withheld_result set received_at = $1", ["2026-11-01T00:00:00Z"]);
  expect(await forgetWithheld(new Date("2026-11-07T00:00:00Z"))).toBe(0);
  expect(await forgetWithheld(new Date("2026-11-09T00:00:00Z"))).toBe(1);
  await send(use("bash"));
  expect(await said()).toBe(WITHHELD);
  expect(await send(result())).toMatchObject({ updated: 1 });
  expect(await said()).toBe(SAID);
});

it("goes with the content, the events and the session it is of", async () => {
  const later = new Date("2026-12-20T00:00:00Z");
  await send(result());
  await keep({ content: 1 });
  await retain(later);
  expect(await waiting()).toBe(0);
  await send(result({ id: "second", tool_use_id: "other" }));
  expect(await waiting()).toBe(1);
  await keep({ content: 1, events: 1 });
  await retain(later);
  expect(await waiting()).toBe(0);
});

it("goes with what is erased", async () => {
  await send(result());
  const subject = { by: "sessions" as const, session_ids: ["sesn_1"], connection_id: null };
  await askToErase("default", { subject, reason: "asked for", sessions: 1 }, { by: "test" });
  await eraseSessions();
  expect(await waiting()).toBe(0);
});

it("its key is a stored secret, which a rotation knows of", async () => {
  await send(result());
  expect(await sealedSecrets()).toMatchObject([
    { relation: "setting", workspace: "default", id: "withheld_key", place: "withheld/default" },
  ]);
});
