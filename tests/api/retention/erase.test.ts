import { beforeAll, beforeEach, expect, it } from "vitest";
import { GET as one } from "@/app/api/v1/erasures/[id]/route";
import { POST as preview } from "@/app/api/v1/erasures/preview/route";
import { GET, POST } from "@/app/api/v1/erasures/route";
import { POST as saveView } from "@/app/api/v1/views/route";
import { record } from "@/lib/audit/service";
import { pool, prisma } from "@/lib/db/client";
import { fillPromoted } from "@/lib/ingest/promote-service";
import { acceptItems } from "@/lib/ingest/service";
import { enqueue } from "@/lib/jobs/queue";
import { promote } from "@/lib/metrics/promoted-service";
import type { ErasureItem, ErasurePreview } from "@/lib/retention/erasure-schema";
import { eraseSessions } from "@/lib/retention/erasure-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import {
  agentOf,
  error,
  idle,
  message,
  request,
  result,
  running,
  session,
  thread,
  use,
} from "@/tests/support/events";
import { forgetJobs } from "@/tests/support/jobs";
import { killedAt } from "@/tests/support/kill";
import { differences, keep, retain, rowsOf, send, totalsOf } from "@/tests/support/retention";
import { startWorker } from "@/tests/support/sync";

const NOW = new Date("2026-11-20T12:00:00Z");
const ID = "sesn_of_ada_0001";
const SAID = "quokkas in the engine room";
const WHO = "ada.lovelace";
const CONNECTION = "conn_a";

let headers: { authorization: string };
beforeAll(async () => {
  await (await startWorker()).stop();
});
beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  headers = await bearer("admin");
});

const items = (id: string, who = WHO) => [
  running(1),
  message(2, SAID),
  ...request("req_1", 3, [1000, 100]),
  use("call_1", 5, { input: { command: SAID } }),
  result("call_1", 7, { is_error: true, content: [{ type: "text", text: SAID }] }),
  error(8, "retrying", "unknown_error", SAID),
  idle(9),
  session({ id, title: SAID, metadata: { user: who }, agent: agentOf("claude-sonnet-5") }),
  thread("sthr_child", agentOf("claude-opus-5"), { session_id: id, title: SAID }),
];

/** Everything that can hold a session's id or words, by whatever way it comes there. */
async function fill(): Promise<void> {
  await promote("default", { key: "user" }, NOW);
  await fillPromoted(() => NOW);
  const of = { workspace: "default", connectionId: CONNECTION };
  await send(ID, items(ID), { now: NOW, connectionId: CONNECTION });
  await send("sesn_of_others_1", [running(1), message(2, "capybaras"), idle(5)], { now: NOW });
  const bad = { index: 0, kind: "event" as const, sessionId: ID, threadId: null };
  await acceptItems(
    { ...of, source: "poll" },
    [{ ...bad, data: { id: "bad", type: "agent.message", processed_at: SAID, content: SAID } }],
    [],
    NOW,
  );
  await send("", [{ kind: "event", threadId: null, data: { session: ID, text: SAID } }], {
    ...of,
    now: NOW,
  });
  const times = { createdAt: NOW, updatedAt: NOW };
  await prisma.webhookDelivery.create({
    data: { ...of, webhookId: "whe_1", receivedAt: NOW, type: "session.updated", resourceId: ID },
  });
  await prisma.syncSession.create({ data: { ...of, sessionId: ID, seenAt: NOW } });
  await prisma.billedCost.create({
    data: { ...of, day: NOW, sessionId: ID, amountNanos: 5n, listNanos: 6n, readAt: NOW },
  });
  await prisma.deploymentRun.create({
    data: {
      ...{ ...of, runId: "run_1", deploymentId: "depl_1", sessionId: ID, updatedAt: NOW },
      object: { id: "run_1", session_id: ID },
    },
  });
  await prisma.connectionWarning.create({
    data: { ...of, code: "no_idle", firstSeenAt: NOW, lastSeenAt: NOW, example: ID },
  });
  const told = {
    sessions: [{ id: ID, outcome: "completed", cost_nanos: 1 }],
    labels: { session: ID },
  };
  await prisma.notice.create({
    data: {
      workspace: "default",
      id: "ep_1",
      ruleId: "r",
      content: told,
      openedAt: NOW,
      changedAt: NOW,
    },
  });
  await prisma.delivery.create({
    data: {
      ...{ workspace: "default", id: "d_1", channelId: "c", reason: "opened", dueAt: NOW },
      content: { firing: [{ id: "ep_1", content: told }], url: `/sessions/${ID}` },
    },
  });
  await prisma.alertEpisode.create({
    data: {
      ...{ workspace: "default", id: "ep_1", ruleId: "r", ruleVersion: 1, fingerprint: "f" },
      ...{
        labels: { session: ID },
        severity: "high",
        openedAt: NOW,
        windowFrom: NOW,
        windowTo: NOW,
      },
      ...{ sessionIds: [ID, "sesn_of_others_1"], sessions: 2, summary: { named: [{ id: ID }] } },
    },
  });
  await prisma.sessionAction.create({
    data: {
      ...{ workspace: "default", episodeId: "ep_1", ruleId: "r", ruleVersion: 1 },
      ...{ sessionId: ID, connectionId: CONNECTION, createdAt: times.createdAt, dueAt: NOW },
    },
  });
  await record(prisma, "default", { action: "session.viewed", target: { id: ID } });
  await record(prisma, "default", { action: "session.exported", after: { filter: { q: ID } } });
  const view = { room: "sessions", name: "hers", query: `q=${ID}` };
  expect((await call(saveView, "/x", { method: "POST", headers, json: view })).status).toBe(201);
  await enqueue(prisma, {
    task: "sync_hint",
    payload: { ...of, type: "session.updated", resourceId: ID, threadId: null, createdAt: null },
    key: `hint:${CONNECTION}:${ID}`,
  });
}

/** Every column of every table, the queue's too, that holds the text. */
async function columnsWith(text: string): Promise<string[]> {
  const { rows } = await pool().query<{ s: string; t: string; c: string }>(
    `select c.table_schema as s, c.table_name as t, c.column_name as c
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema in ('public', 'graphile_worker') and t.table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { s, t, c } of rows) {
    const { rowCount } = await pool().query(
      `select from "${s}"."${t}" where strpos("${c}"::text, $1) > 0 limit 1`,
      [text],
    );
    if (rowCount) found.push(`${t}.${c}`);
  }
  return found.sort();
}

const bySession = { by: "sessions", session_ids: [ID], connection_id: null };
const byUser = { by: "metadata", key: "user", value: WHO };

async function ask(subject: object, sessions = 1) {
  const json = { subject, reason: "request 17", sessions };
  return call(POST, "/x", { method: "POST", headers, json });
}

/** Sums over all that the rollups hold, whatever they are called after. */
async function sums(): Promise<unknown> {
  await totalsOf();
  const { rows } = await pool().query(
    `select grain, family, agent, sum(count)::text as count, sum(nanos)::text as nanos,
       sum(input_tokens)::text as input, sum(output_tokens)::text as output
     from rollup where promotion = 0 and family not in ('arrival', 'read')
     group by 1, 2, 3 having sum(count) <> 0 or sum(nanos) <> 0 or sum(input_tokens) <> 0 order by 1, 2, 3`,
  );
  return rows;
}

it.each([
  ["its id", bySession],
  ["a value of its metadata", byUser],
])(
  "takes a session out of every table there is, by %s, and keeps what it cost",
  async (_, subject) => {
    await fill();
    const before = await sums();
    const filled = await columnsWith(ID);
    for (const column of [
      "audit.target_id",
      "delivery.content",
      "_private_jobs.payload",
      "saved_view.query",
    ])
      expect(filled).toContain(column);

    const told = await call(preview, "/x", { method: "POST", headers, json: { subject } });
    expect(told.body).toMatchObject({
      sessions: 1,
      events: 8,
      holds: [],
    } satisfies Partial<ErasurePreview>);
    const asked = await ask(subject);
    expect([asked.status, asked.body]).toMatchObject([201, { state: "working", asked_by: "test" }]);
    const { id } = asked.body as ErasureItem;
    await eraseSessions(() => NOW);

    expect(await columnsWith(ID)).toEqual([]);
    expect(await columnsWith(WHO)).toEqual([]);
    expect(await columnsWith(SAID)).toEqual([]);
    expect(await columnsWith("capybaras")).toContain("event.payload");
    expect(await differences()).toEqual([]);
    expect(await sums()).toEqual(before);
    const report = (await call(one, "/x", { headers, params: { id } })).body as ErasureItem;
    expect(report).toMatchObject({
      ...{ state: "done", reason: "request 17", asked_by: "test", sessions: 1 },
      report: { sessions: 1, events: 8, threads: expect.any(Number), webhooks: 1 },
    });
    expect(report.report.remains).toMatchObject([{ month: "2026-11", tokens: 1100 }]);
    expect(report.report.remains[0]?.cost_nanos).toBeGreaterThan(0);
    expect((await call(GET, "/x", { headers })).body).toEqual({ data: [report] });
  },
);

it("does not come back: not by a push, not by a webhook, and not late", async () => {
  await send(ID, items(ID), { now: NOW, connectionId: CONNECTION });
  const before = await totalsOf();
  await ask(bySession);
  await eraseSessions(() => NOW);
  const left = (await totalsOf()).length;
  expect(left).toBeGreaterThan(0);
  expect(before.length).toBeGreaterThan(0);
  expect(await differences()).toEqual([]);
  const again = await send(ID, items(ID), { now: NOW, connectionId: CONNECTION });
  expect(again).toMatchObject({ accepted: 0, updated: 0, duplicates: 0 });
  expect(again.rejected[0]?.message).toBe(
    `retained: this session was erased on 2026-11-20. It is not taken in again.`,
  );
  expect(await columnsWith(ID)).toEqual([]);
  expect(await columnsWith(SAID)).toEqual([]);
  const run = {
    ...{ id: "run_1", deployment_id: "depl_1", session_id: ID, created_at: NOW.toISOString() },
  };
  await acceptItems(
    { workspace: "default", connectionId: CONNECTION, source: "poll" },
    [{ index: 0, kind: "deployment_run", sessionId: null, threadId: null, data: run }],
    [],
    NOW,
  );
  expect(await columnsWith(ID)).toEqual([]);
  expect(await differences()).toEqual([]);
});

it("erases what retention has sealed as well", async () => {
  await send(ID, items(ID), { now: NOW, connectionId: CONNECTION });
  const before = await sums();
  await keep({ content: 7, events: 7 });
  await retain(new Date("2026-12-01T12:00:00Z"));
  await ask(byUser);
  await eraseSessions(() => NOW);
  expect(await columnsWith(ID)).toEqual([]);
  expect(await columnsWith(SAID)).toEqual([]);
  expect(await sums()).toEqual(before);
  expect(await differences()).toEqual([]);
});

it("is refused when it is not what the preview told of", async () => {
  expect((await ask(byUser, 0)).status).toBe(404);
  await send(ID, items(ID), { now: NOW });
  await send("sesn_2_of_ada", items("sesn_2_of_ada"), { now: NOW });
  const refused = await ask(byUser);
  expect([refused.status, refused.body]).toMatchObject([
    409,
    { error: { message: "There are 2 such sessions now, not 1: look at the preview again." } },
  ]);
  expect(Object.keys(await rowsOf(ID))).toContain("event");
});

it("leaves whole sessions behind wherever it is killed, and goes on", async () => {
  for (let statement = 0; ; statement += 4) {
    await truncateAll();
    headers = await bearer("admin");
    await send(ID, items(ID), { now: NOW });
    await send("sesn_2_of_ada", items("sesn_2_of_ada"), { now: NOW });
    const before = await sums();
    await ask(byUser, 2);
    const isSent = statement % 8 === 0;
    const wasKilled = await killedAt({ statement, isSent }, () => eraseSessions(() => NOW));
    expect(await sums()).toEqual(before);
    expect(await differences()).toEqual([]);
    await eraseSessions(() => NOW);
    expect(await columnsWith(WHO)).toEqual([]);
    expect(await sums()).toEqual(before);
    expect(await differences()).toEqual([]);
    if (!wasKilled) break;
  }
}, 240_000);
