import { beforeEach, expect, it } from "vitest";
import { GET as audit } from "@/app/api/v1/audit/route";
import { POST as ingest } from "@/app/api/v1/ingest/route";
import { GET, PUT } from "@/app/api/v1/masking/route";
import { GET as one, DELETE as stop } from "@/app/api/v1/masking/runs/[id]/route";
import { GET as runs, POST as start } from "@/app/api/v1/masking/runs/route";
import { GET as sessions } from "@/app/api/v1/sessions/route";
import { lockPrices } from "@/lib/costs/prices-store";
import { pool, prisma } from "@/lib/db/client";
import { fillPromoted } from "@/lib/ingest/promote-service";
import type { MaskingRunItem } from "@/lib/masking/runs-schema";
import type { MaskingAnswer, MaskingChange } from "@/lib/masking/schema";
import { holdRules } from "@/lib/masking/store";
import { settleStaleDay } from "@/lib/metrics/promoted-rollup-service";
import { promote } from "@/lib/metrics/promoted-service";
import { placeHold } from "@/lib/retention/hold-service";
import { doPart, maskStored } from "@/lib/retention/masking-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { columnsHolding } from "@/tests/support/columns-holding";
import { truncateAll } from "@/tests/support/database";
import { differences, keep, makeAgain, retain, send, totalsOf } from "@/tests/support/retention";
import { AT, eventsWith, objectWith, SECRETS } from "@/tests/support/secrets";

const SECRET = SECRETS[0]?.[1] ?? "";
const ALL = { email: true, phone: true, credit_card: true, iban: true, us_ssn: true };

let headers: { authorization: string };
beforeEach(async () => {
  await truncateAll();
  await makeAgain(new Date());
  headers = await bearer("admin");
  await put({ pushed_mode: "full" });
});

const read = async () => (await call(GET, "/x", { headers })).body as MaskingAnswer;
async function put(change: Partial<MaskingChange>) {
  const { revision: based_on, pushed_mode } = await read();
  const json = { based_on, pushed_mode, builtin: {}, rules: [], ...change };
  expect((await call(PUT, "/x", { method: "PUT", headers, json })).status).toBe(200);
}

const bodyWith = (secret: string, id: string) => ({
  agents: [
    { id: "agent_1", type: "agent", version: 1, created_at: AT, name: secret, system: secret },
  ],
  vaults: [{ id: "vlt_1", type: "vault", created_at: AT, display_name: `v ${secret}` }],
  environments: [{ id: "env_1", type: "environment", created_at: AT, description: secret }],
  deployments: [{ id: "depl_1", type: "deployment", created_at: AT, name: `d ${secret}` }],
  deployment_runs: [
    {
      ...{ id: "drun_1", type: "deployment_run", deployment_id: "depl_1", created_at: AT },
      error: { type: "odd", message: `no ${secret}` },
    },
  ],
  sessions: [objectWith(id, secret)],
  threads: [
    {
      ...{ id: `${id}_child`, type: "session_thread", session_id: id, parent_thread_id: "p" },
      ...{ updated_at: AT, agent: { id: "agent_2", name: `helper ${secret}` } },
    },
  ],
  events: [
    ...eventsWith(secret).map((event) => ({ session_id: id, event })),
    { session_id: id, event: { id: "bad", type: "agent.message", processed_at: "x", a: secret } },
  ],
});
async function push(id: string, secret = SECRET) {
  const json = bodyWith(secret, id);
  const { status, body } = await call(ingest, "/x", { method: "POST", headers, json });
  expect(status).toBe(200);
  return body as { accepted: number; duplicates: number; updated: number };
}

const ask = async (kind: "preview" | "run", revision?: number) => {
  const json = { kind, revision: revision ?? (await read()).revision };
  return call(start, "/x", { method: "POST", headers, json });
};
async function run(kind: "preview" | "run" = "run"): Promise<MaskingRunItem> {
  const { status, body } = await ask(kind);
  expect(status).toBe(201);
  await maskStored();
  const { id } = body as MaskingRunItem;
  const told = (await call(one, "/x", { headers, params: { id } })).body as MaskingRunItem;
  expect(told).toMatchObject({ kind, state: "done" });
  return told;
}

/** Without what errors are called, which says what they said. */
const figures = async () =>
  (await totalsOf())
    .map((row) => JSON.parse(row))
    .filter(({ family }) => family !== "fault")
    .map((row) => JSON.stringify(row));
const searched = async (text: string) =>
  ((await call(sessions, `/x?q=${encodeURIComponent(text)}`, { headers })).body as { data: [] })
    .data.length;

it("takes out of what is stored what rules find that came later, and leaves every figure", async () => {
  for (const [at, [, secret]] of SECRETS.entries()) await push(`sesn_${at}`, secret);
  const secrets = SECRETS.map(([, secret]) => secret);
  expect(await columnsHolding(secrets)).not.toEqual([]);
  const before = await figures();
  await put({ pushed_mode: "masked", builtin: ALL });
  const preview = await run("preview");
  expect(await columnsHolding(secrets)).not.toEqual([]);
  const told = await run();
  expect(await columnsHolding(secrets)).toEqual([]);
  expect([told.counts, told.fields]).toEqual([preview.counts, preview.fields]);
  expect(told.counts).toMatchObject({ sessions: SECRETS.length, held: 0, sealed: 0, kept: 0 });
  expect([told.done, told.sessions]).toEqual([SECRETS.length, SECRETS.length]);
  expect([await figures(), await differences()]).toEqual([before, []]);
  expect((await run()).counts).toMatchObject({ sessions: 0, events: 0, objects: 0, rejected: 0 });
  const { text } = await call(audit, "/x?action=masking.applied", { headers });
  expect(JSON.parse(text).data).toHaveLength(2);
});

it("keeps no content at all where none is to be kept from now on", async () => {
  await push("sesn_1", "an unheard-of word");
  const before = await figures();
  await put({ pushed_mode: "metadata" });
  await run();
  // Names and values that sessions are filed by are kept in every mode.
  const { rows } = await pool().query(
    `select payload::text as text from event where type <> 'session.updated'
     union all select title from session union all select words::text from message_text`,
  );
  expect(rows.filter(({ text }) => text?.includes("unheard"))).toEqual([]);
  expect([await figures(), await differences()]).toEqual([before, []]);
});

it("knows what comes again, and does not take back what was masked when rules are loosened", async () => {
  const { accepted, ...first } = await push("sesn_1");
  expect(first).toMatchObject({ duplicates: 0, updated: 0 });
  await put({ pushed_mode: "masked" });
  await run();
  expect(await push("sesn_1")).toMatchObject({ accepted: 0, duplicates: accepted, updated: 0 });
  await put({ pushed_mode: "full" });
  await pool().query("truncate rejected_item");
  await push("sesn_1");
  const left = await columnsHolding([SECRET]);
  expect(left.filter((column) => /^(event|session|span|message_text)/.test(column))).toEqual([]);
  expect((await run()).counts.sessions).toBe(0);
  expect(await differences()).toEqual([]);
});

it("leaves what is under a legal hold as it is, and tells of it", async () => {
  await push("sesn_1");
  await push("sesn_2");
  const subject = { by: "sessions" as const, session_ids: ["sesn_1"], connection_id: null };
  await placeHold("default", { subject, reason: "a lawsuit" }, { by: "test" });
  await put({ pushed_mode: "masked" });
  expect((await run()).counts).toMatchObject({ sessions: 1, held: 1 });
  const { rows } = await pool().query(
    "select session_id as id from event where strpos(payload::text, $1) > 0 group by 1",
    [SECRET],
  );
  expect(rows).toEqual([{ id: "sesn_1" }]);
});

it("values of metadata that figures are told apart by go too, and the figures are one", async () => {
  await promote("default", { key: "note" }, new Date(AT));
  await fillPromoted(() => new Date(AT));
  await push("sesn_1", "told-71");
  await totalsOf();
  await settleStaleDay(0);
  expect(
    (await columnsHolding(["told-71"])).filter((one) => /^(rollup|prom)/.test(one)),
  ).not.toEqual([]);
  await put({
    pushed_mode: "masked",
    rules: [{ kind: "pattern", name: "told", pattern: "told-[0-9]+" }],
  });
  await run();
  expect(await columnsHolding(["told-71"])).toEqual([]);
  expect(await differences()).toEqual([]);
});

it("a result whose call is not here waits for it from then on", async () => {
  const event = (data: object) => ({
    ...{ kind: "event" as const, threadId: null },
    data: { processed_at: AT, ...data },
  });
  const now = new Date();
  const content = [{ type: "text", text: "Ada" }];
  const result = event({ id: "r", type: "agent.tool_result", tool_use_id: "u", content });
  await send("sesn_1", [result], { now });
  await put({
    pushed_mode: "masked",
    rules: [{ kind: "tool", name: "crm", tool: "crm_*", input: true, output: true }],
  });
  expect((await run()).counts).toMatchObject({ sessions: 1, events: 1 });
  const said = async () => {
    const { rows } = await pool().query(
      "select payload -> 'content' as content from event where id = 'r'",
    );
    return rows[0]?.content[0].text;
  };
  expect(await said()).toBe("[withheld: its call is not known]");
  expect((await run()).counts).toMatchObject({ sessions: 0, events: 0 });
  expect(await send("sesn_1", [result], { now })).toMatchObject({ duplicates: 1 });
  await send("sesn_1", [event({ id: "u", type: "agent.tool_use", name: "bash", input: {} })], {
    now,
  });
  expect(await said()).toBe("Ada");
  expect(await send("sesn_1", [result], { now })).toMatchObject({ duplicates: 1 });
  expect(await differences()).toEqual([]);
});

it("reaches what a session goes on from whose events were dropped", async () => {
  const at = (minute: number) => `2026-11-20T10:0${minute}:00Z`;
  const event = (id: string, processed_at: string, more: object) => ({
    ...{ kind: "event" as const, threadId: null },
    data: { id, processed_at, ...more },
  });
  const later = new Date("2026-12-20T00:00:00Z");
  const before = [
    event("1", at(0), { type: "session.status_running" }),
    event("2", at(1), { type: "session.updated", metadata: { note: "told-71" } }),
    event("3", at(2), { type: "agent.tool_use", name: "bash", input: {} }),
  ];
  const content = [{ type: "text", text: "told-72 and more" }];
  const rest = [event("4", at(3), { type: "agent.tool_result", tool_use_id: "3", content })];
  await send("sesn_1", before, { now: new Date(at(4)) });
  await keep({ content: 1, events: 1 });
  await retain(later);
  await send("sesn_1", rest, { now: later });
  const rules: MaskingChange["rules"] = [
    { kind: "pattern", name: "told", pattern: "told-[0-9]+" },
    { kind: "tool", name: "crm", tool: "crm_*", input: true, output: true },
  ];
  await put({ pushed_mode: "masked", rules });
  expect((await run()).counts).toMatchObject({ sessions: 1, events: 1, sealed: 0, kept: 0 });
  expect(await columnsHolding(["told-71", "told-72"])).toEqual([]);
  const { rows } = await pool().query("select payload -> 'content' as content from event");
  expect(rows).toEqual([{ content: [{ type: "text", text: "[masked:told] and more" }] }]);
  expect(await differences()).toEqual([]);
});

it("search finds nothing of it any more, and what is left", async () => {
  await push("sesn_1", "hushword71");
  expect(await searched("hushword71")).toBe(1);
  const rules: MaskingChange["rules"] = [
    { kind: "pattern", name: "hush", pattern: "hushword[0-9]+" },
  ];
  await put({ pushed_mode: "masked", rules });
  await run();
  expect([await searched("hushword71"), await searched("before")]).toEqual([0, 1]);
});

it("goes on where it was cut off, and can be stopped", async () => {
  for (let n = 0; n < 25; n++) await push(`sesn_${n}`);
  await put({ pushed_mode: "masked" });
  const { body } = await ask("run");
  const { id } = body as MaskingRunItem;
  const key = { workspace: "default", id };
  expect((await ask("preview")).status).toBe(409);
  await prisma.$transaction((tx) => doPart(tx, key, new Date()));
  await expect(
    prisma.$transaction(async (tx) => {
      await doPart(tx, key, new Date());
      throw new Error("cut off");
    }),
  ).rejects.toThrow("cut off");
  const params = { id };
  expect((await call(one, "/x", { headers, params })).body).toMatchObject({
    ...{ state: "working", sessions: 25, done: 10, counts: { sessions: 10 } },
  });
  const stopped = await call(stop, "/x", { method: "DELETE", headers, params });
  expect(stopped.body).toMatchObject({ state: "stopped", done: 10 });
  expect((await call(stop, "/x", { method: "DELETE", headers, params })).status).toBe(409);
  await maskStored();
  expect((await call(runs, "/x", { headers })).body).toMatchObject({
    last: stopped.body as object,
  });
  expect((await run()).counts.sessions).toBe(15);
});

it("ends when the rules change meanwhile, and begins with none but those that hold", async () => {
  await push("sesn_1");
  const { body } = await ask("run");
  await put({ pushed_mode: "masked" });
  await maskStored();
  const params = { id: (body as MaskingRunItem).id };
  expect((await call(one, "/x", { headers, params })).body).toMatchObject({ state: "replaced" });
  expect((await ask("run", 1)).status).toBe(409);
  expect((await call(one, "/x", { headers, params: { id: "none" } })).status).toBe(404);
});

async function untilSomebodyWaits(): Promise<void> {
  const sql =
    "select from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'advisory'";
  while ((await pool().query(sql)).rowCount === 0);
}

it("a batch that is on its way when rules change is masked by the new ones", async () => {
  const json = {
    environments: [{ id: "env_1", type: "environment", created_at: AT, description: SECRET }],
    events: [{ session_id: "sesn_1", event: { id: "late", type: "x.y", said: SECRET } }],
  };
  // Prices are held first of all: the rules are read by then.
  const { sent } = await prisma.$transaction(async (tx) => {
    await lockPrices(tx, "default");
    const sent = call(ingest, "/x", { method: "POST", headers, json });
    await untilSomebodyWaits();
    await put({ pushed_mode: "masked" });
    return { sent };
  });
  expect((await sent).status).toBe(200);
  expect(await columnsHolding([SECRET])).toEqual([]);
  const { rows } = await pool().query("select payload ->> 'said' as said from event");
  expect(rows).toEqual([{ said: expect.stringContaining("[masked:") }]);
});

it("a change of rules waits for what is being stored by those before", async () => {
  const { change } = await prisma.$transaction(async (tx) => {
    await holdRules(tx, "default");
    const change = put({ pushed_mode: "masked" });
    await untilSomebodyWaits();
    expect((await read()).pushed_mode).toBe("full");
    return { change };
  });
  await change;
  expect((await read()).pushed_mode).toBe("masked");
});
