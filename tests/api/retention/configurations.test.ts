import { readFile } from "node:fs/promises";
import { beforeEach, expect, it } from "vitest";
import { POST as erase } from "@/app/api/v1/erasures/route";
import { PUT as mask } from "@/app/api/v1/masking/route";
import { pool, prisma } from "@/lib/db/client";
import type { JsonObject } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { eraseSessions } from "@/lib/retention/erasure-service";
import { placeHold } from "@/lib/retention/hold-service";
import { removeSessions } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { columnsHolding } from "@/tests/support/columns-holding";
import { truncateAll } from "@/tests/support/database";
import { agentOf, at, idle, message, running, session, thread } from "@/tests/support/events";
import { applyMasking } from "@/tests/support/masking-run";
import { differences, keep, retain, send, totalsOf } from "@/tests/support/retention";

// A session may override how its agent is set up: its prompt is then its own, and what it was told.
const SEEN = new Date("2026-11-20T12:00:00Z");
const later = (days: number) => new Date(SEEN.getTime() + days * 86_400_000);
const OWN = "Ada Lovelace prefers tea";
const PUBLISHED = "You sort what comes in.";
const NOTE = "knows what Ada wrote";

let headers: { authorization: string };
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("admin");
  const agent = agentOf("claude-sonnet-5", { system: PUBLISHED, created_at: at(-100) });
  const item = { index: 0, kind: "agent" as const, sessionId: null, threadId: null, data: agent };
  await acceptItems({ workspace: "default", connectionId: "", source: "push" }, [item], [], SEEN);
});

const tools = [{ type: "custom", name: "diary", description: NOTE, input_schema: {} }];
const overridden = (more: JsonObject = {}) =>
  agentOf("claude-sonnet-5", { system: OWN, tools, ...more });

const put = (id: string, agent: JsonObject, now = SEEN, fields: JsonObject = {}) => {
  const own = thread(`${id}_primary`, agent, { session_id: id });
  const items = [running(1), message(2), idle(3), session({ id, agent, ...fields }), own];
  return send(id, items, { now });
};

/** The published one last. */
const configs = async () =>
  (await prisma.agentVersion.findMany())
    .map(({ configHash, bare, object }) => ({ configHash, bare, ...(object as JsonObject) }))
    .sort((a, b) => isPublished(a) - isPublished(b));
const isPublished = (config: JsonObject) => Number(config.system === PUBLISHED);
const hashOf = async (sessionId: string) =>
  (await prisma.session.findFirst({ where: { sessionId } }))?.configHash;

it("loses its words with the content of the last session that has it, and stays what it is", async () => {
  await put("sesn_1", overridden());
  await put("sesn_2", agentOf("claude-sonnet-5", { system: PUBLISHED }));
  const before = [await hashOf("sesn_1"), await hashOf("sesn_2")];
  const totals = await totalsOf();
  expect(await columnsHolding([OWN, NOTE])).toContain("agent_version.object");
  await keep({ content: 7 });
  await retain(later(8));
  expect(await columnsHolding([OWN, NOTE])).toEqual([]);
  expect((await columnsHolding([PUBLISHED])).sort()).toEqual([
    ...["agent.object", "agent_version.object"],
  ]);
  expect(await configs()).toMatchObject([
    {
      ...{ configHash: before[0], bare: true, id: "agent_A", version: 3, name: "triage" },
      ...{ model: { id: "claude-sonnet-5" }, system: expect.stringMatching(/^\[not kept: /) },
      tools: [{ name: "diary" }],
    },
    { configHash: before[1], bare: false, system: PUBLISHED },
  ]);
  expect([await hashOf("sesn_1"), await hashOf("sesn_2")]).toEqual(before);
  expect(await totalsOf()).toEqual(totals);
  expect(await differences()).toEqual([]);
  // A session that has its content brings it whole again; one that comes later has its own.
  await put("sesn_3", overridden(), later(8));
  expect(await configs()).toMatchObject([{ bare: false, system: OWN }, { bare: false }]);
  expect(await hashOf("sesn_3")).toBe(before[0]);
  const fields = { updated_at: "2026-11-28T12:00:00Z" };
  await put("sesn_1", agentOf("claude-sonnet-5", { system: "Anew." }), later(8), fields);
  expect(await hashOf("sesn_1")).not.toBe(before[0]);
  expect(await differences()).toEqual([]);
});

it("stays as long as another session that has its content ran with it", async () => {
  await put("sesn_1", overridden());
  const item = { ...message(0), data: { ...(message(0).data as JsonObject) } };
  const processed_at = later(6).toISOString();
  await put("sesn_2", overridden());
  await send("sesn_2", [{ ...item, data: { ...item.data, processed_at } }], { now: later(6) });
  await keep({ content: 7 });
  await retain(later(8));
  expect((await columnsHolding([OWN])).sort()).toEqual([
    ...["agent_version.object", "session_state.object", "thread.object"],
  ]);
  expect(await configs()).toMatchObject([{ bare: false, system: OWN }]);
  await retain(later(14));
  expect(await columnsHolding([OWN])).toEqual([]);
});

const bySession = { by: "sessions" as const, session_ids: ["sesn_1"], connection_id: null };

it.each([
  [
    "retention",
    async () => {
      await keep({ content: 7, events: 7, spans: 7, sessions: 7 });
      await retain(later(8));
    },
  ],
  [
    "an erasure",
    async () => {
      const json = { subject: bySession, reason: "request 17", sessions: 1 };
      expect((await call(erase, "/x", { method: "POST", headers, json })).status).toBe(201);
      await eraseSessions(() => SEEN);
    },
  ],
  [
    "a session's removal where it came from",
    () => removeSessions({ workspace: "default", connectionId: "", sessionId: "sesn_1" }),
  ],
])("goes with the last session that ran with it, by %s; the published stays", async (_, take) => {
  await put("sesn_1", overridden());
  const own = session({ id: "sesn_2", agent: agentOf("claude-sonnet-5", { system: PUBLISHED }) });
  await send("sesn_2", [own], { now: SEEN });
  await take();
  expect(await columnsHolding([OWN, NOTE])).toEqual([]);
  expect(await configs()).toMatchObject([{ system: PUBLISHED, bare: false }]);
  expect(await differences()).toEqual([]);
});

it("stays with a session that is held, whatever becomes of others that ran with it", async () => {
  await put("sesn_1", overridden());
  await put("sesn_2", overridden());
  await keep({ content: 7 });
  const by = { by: "test" };
  await placeHold("default", { subject: bySession, reason: "case 4711" }, by);
  await retain(later(8));
  expect(await configs()).toMatchObject([{ bare: false, system: OWN }]);
});

it("is masked with the sessions that tell no more than its name", async () => {
  await put("sesn_1", overridden());
  await keep({ content: 7 });
  await retain(later(8));
  const before = await hashOf("sesn_1");
  await put("sesn_2", overridden(), later(8));
  const rules = [{ kind: "pattern", name: "ada", pattern: "Ada" }];
  const json = { based_on: 0, pushed_mode: "masked", builtin: {}, rules };
  expect((await call(mask, "/x", { method: "PUT", headers, json })).status).toBe(200);
  await applyMasking(headers);
  expect(await columnsHolding([OWN, NOTE])).toEqual([]);
  const [one] = await configs();
  expect(await configs()).toMatchObject([{ system: OWN.replace("Ada", "[masked:ada]") }]);
  expect([await hashOf("sesn_1"), await hashOf("sesn_2")]).toEqual([
    one?.configHash,
    one?.configHash,
  ]);
  expect(one?.configHash).not.toBe(before);
  expect(await differences()).toEqual([]);
});

it("is taken out of sessions whose content an earlier version dropped, by the update", async () => {
  await put("sesn_1", overridden());
  await put("sesn_2", overridden({ name: "half a pair \ud800" }));
  await put("sesn_3", overridden());
  const hash = await hashOf("sesn_1");
  await pool().query(
    `insert into session_seal (workspace, session_id, connection_id, day, content_at)
     select workspace, session_id, connection_id, day, now() from session where session_id <> 'sesn_3'`,
  );
  const file = "prisma/migrations/20261126190020_bare_configurations/migration.sql";
  await pool().query(
    (await readFile(file, "utf8")).replace(/^alter table "agent_version".*$/m, ""),
  );
  const { rows } = await pool().query(
    `select session_id as id, object::text as object from session_state order by 1`,
  );
  expect(rows.map(({ id, object }) => [id, object.includes(OWN)])).toEqual([
    ...[
      ["sesn_1", false],
      ["sesn_2", true],
      ["sesn_3", true],
    ],
  ]);
  expect(await hashOf("sesn_1")).toBe(hash);
  expect(await differences()).toEqual([]);
});
