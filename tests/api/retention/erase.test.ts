import { beforeAll, beforeEach, expect, it } from "vitest";
import { GET as one } from "@/app/api/v1/erasures/[id]/route";
import { POST as preview } from "@/app/api/v1/erasures/preview/route";
import { GET, POST } from "@/app/api/v1/erasures/route";
import { POST as saveView } from "@/app/api/v1/views/route";
import { fingerprintOf } from "@/lib/alerts/fingerprint";
import { record } from "@/lib/audit/service";
import { pool, prisma } from "@/lib/db/client";
import { fillPromoted } from "@/lib/ingest/promote-service";
import { acceptItems } from "@/lib/ingest/service";
import { enqueue } from "@/lib/jobs/queue";
import { groupKey } from "@/lib/metrics/error-group";
import { promote } from "@/lib/metrics/promoted-service";
import type { ErasureItem, ErasurePreview, ErasuresAnswer } from "@/lib/retention/erasure-schema";
import { eraseSessions } from "@/lib/retention/erasure-service";
import { PLACES } from "@/lib/retention/places";
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
const LABELS = { "metadata.user": WHO, session: ID };
const PRINT = fingerprintOf(LABELS);
const SAID_GROUP = groupKey({
  ...{ kind: "session", errorType: "unknown_error", tool: "", mcpServer: "", message: SAID },
});

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
  session({
    ...{ id, title: SAID, metadata: { user: who } },
    agent: agentOf("claude-sonnet-5", { system: SAID }),
  }),
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
    labels: LABELS,
    summary: `${ID} of ${WHO} is dear`,
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
      groupKey: JSON.stringify(["route_1", "metadata.user", WHO, "session", ID]),
      attempts: [{ body: `no room for ${ID} of ${WHO}`, error: null }],
    },
  });
  await prisma.alertEpisode.create({
    data: {
      ...{ workspace: "default", id: "ep_1", ruleId: "r", ruleVersion: 1, fingerprint: PRINT },
      ...{
        labels: LABELS,
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
  for (const query of [`q=${ID}`, `metadata.user=${WHO}`]) {
    const view = { room: "sessions", name: "hers", query };
    expect((await call(saveView, "/x", { method: "POST", headers, json: view })).status).toBe(201);
  }
  await fillWritten();
  await enqueue(prisma, {
    task: "sync_hint",
    payload: { ...of, type: "session.updated", resourceId: ID, threadId: null, createdAt: null },
    key: `hint:${CONNECTION}:${ID}`,
  });
}

/** What people wrote of it, and what is told of it together. */
async function fillWritten(): Promise<void> {
  const of = { workspace: "default" };
  const filters = { "metadata.user": [WHO], error_group: [SAID_GROUP] };
  const rule = { kind: "ratio", name: "hers", metric: "failure_rate", fire: 1, filters };
  await prisma.alertRule.create({
    data: {
      ...of,
      id: "r",
      name: "hers",
      kind: "ratio",
      body: rule,
      everyMs: 1,
      offsetMs: 0,
      dueAt: NOW,
    },
  });
  await prisma.alertRuleVersion.create({
    data: { ...of, ruleId: "r", version: 1, body: rule, author: "somebody" },
  });
  await prisma.alertInstance.create({
    data: {
      ...{ ...of, ruleId: "r", fingerprint: PRINT, labels: LABELS, status: "firing", since: NOW },
      ...{ severity: "high", state: {}, episodeId: "ep_1" },
    },
  });
  const tick = { ...of, ruleId: "r", tick: NOW };
  await prisma.alertEvaluation.create({
    data: { ...tick, untilTick: NOW, lagMs: 0, results: { [PRINT]: ["breach", 1, 1, 1] } },
  });
  await prisma.alertTransition.create({
    data: {
      ...{ ...tick, fingerprint: PRINT, fromStatus: "inactive", toStatus: "firing" },
      ...{ severity: "high", ruleVersion: 1 },
    },
  });
  await prisma.alertNote.create({
    data: {
      ...of,
      id: "note_1",
      episodeId: "ep_1",
      author: "somebody",
      text: `${ID} of ${WHO}: again`,
    },
  });
  const key = JSON.stringify(["route_1", "metadata.user", WHO, "session", ID]);
  await prisma.noticeGroup.create({
    data: { ...of, channelId: "c", key, labels: LABELS, timing: {}, members: ["ep_1"] },
  });
  const matchers = Object.entries(LABELS).map(([name, value]) => ({ name, op: "=", value }));
  const reason = `${ID} of ${WHO} is known to be dear`;
  const body = { matchers, reason, end_when_closed: false, end_when_idle: false };
  const times = { startsAt: NOW, endsAt: NOW };
  const was = { at: "", by: "", what: "edited", before: { ...body, starts_at: "", ends_at: "" } };
  await prisma.silence.create({
    data: { ...of, ...times, id: "slnc_1", body, author: "somebody", history: [was] },
  });
  await prisma.noticeHold.create({
    data: {
      ...{ ...of, episodeId: "ep_1", channelId: "c", kind: "silence", byId: "slnc_1" },
      ...{ byName: reason, fromAt: NOW },
    },
  });
  await prisma.route.create({
    data: {
      ...of,
      id: "route_1",
      position: 0,
      name: "hers",
      body: { matchers, group_by: ["session"] },
    },
  });
  await prisma.budget.create({
    data: {
      ...{ ...of, id: "bdgt_1", name: "hers", scope: "metadata.user", value: WHO },
      ...{ period: "month", tz: "UTC", amountNanos: 1n },
    },
  });
  const lifted = {
    ...of,
    sessionIds: [],
    reason: `court case of ${WHO}`,
    placedBy: "",
    placedAt: NOW,
  };
  await prisma.legalHold.create({
    data: { ...lifted, id: "hold_1", kind: "metadata", key: "user", value: WHO, liftedAt: NOW },
  });
  await record(prisma, "default", {
    ...{ action: "silence.created", target: { id: "slnc_1" }, after: body, reason },
  });
  await record(prisma, "default", { action: "rule.created", target: { id: "r" }, after: rule });
  const query = { metric: ["cost"], metadata: { user: WHO }, error_group: [SAID_GROUP] };
  await record(prisma, "default", { action: "metrics.exported", after: query });
  const budget = { scope: "metadata.user", value: WHO };
  await record(prisma, "default", { action: "budget.created", after: budget });
  await fillWords();
  const asked = { metadata: [{ of: { metadata: { user: WHO } } }] };
  await send("", [{ kind: "session", threadId: null, data: { ...asked, id: 7 } as never }], {
    now: NOW,
  });
}

/** Words that are told of something else. */
async function fillWords(): Promise<void> {
  const of = { workspace: "default" };
  const words = `${ID} of ${WHO} was too much`;
  await prisma.alertRule.updateMany({ data: { healthText: words } });
  await prisma.alertEpisode.updateMany({ data: { summary: { named: [{ id: ID }] } } });
  await prisma.deploymentRun.updateMany({ data: { errorMessage: words } });
  await prisma.channel.create({
    data: { ...of, id: "c", kind: "webhook", name: "c", settings: {}, stateReason: words },
  });
  const erasure = { about: "sessions by id: 1", reason: words, askedBy: "", sessions: 1 };
  await prisma.erasure.create({
    data: { ...of, ...erasure, id: "erase_0", state: "done", createdAt: NOW },
  });
}

/** Columns that are written again by what they are, as `table.column`. */
const REWRITTEN = Object.entries(PLACES).flatMap(([table, place]) => {
  if (typeof place === "string") return [];
  const { json = [], words = [], ids = [], keys = [] } = place;
  return [...json, ...words, ...ids, ...keys].map((column) => `${table}.${column}`);
});

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
    expect([...filled, ...(await columnsWith(WHO))]).toEqual(
      expect.arrayContaining([
        ...["audit.target_id", "audit.after", "_private_jobs.payload", "saved_view.query"],
        ...["budget.value", "legal_hold.value", "billed_cost.session_id", "rejected_item.body"],
        ...REWRITTEN,
      ]),
    );

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
    expect(await columnsWith(subject === byUser ? WHO : ID)).toEqual([]);
    expect(await columnsWith(SAID)).toEqual([]);
    // Nor what confirms a guess.
    expect(await columnsWith(PRINT)).toEqual([]);
    expect(await columnsWith("capybaras")).toContain("event.payload");
    expect(await differences()).toEqual([]);
    expect(await sums()).toEqual(before);
    const report = (await call(one, "/x", { headers, params: { id } })).body as ErasureItem;
    expect(report).toMatchObject({
      ...{ state: "done", reason: "request 17", asked_by: "test", sessions: 1 },
      report: { sessions: 1, events: 8, threads: expect.any(Number), webhooks: 1 },
    });
    const written = report.report.written.map(({ what, now }) => `${what} ${now}`).sort();
    expect(written).toEqual(
      subject === byUser
        ? [
            ...["budget changed", "route changed", "rule changed"],
            ...["silence changed", "view removed", "view removed"],
          ]
        : ["route changed", "rule changed", "silence changed", "view removed"],
    );
    expect(report.report.remains).toMatchObject([{ month: "2026-11", tokens: 1100 }]);
    expect(report.report.remains[0]?.cost_nanos).toBeGreaterThan(0);
    const { data } = (await call(GET, "/x", { headers })).body as ErasuresAnswer;
    expect(data.find((item) => item.id === id)).toEqual(report);
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
  for (let statement = 0; ; statement += 12) {
    await truncateAll();
    headers = await bearer("admin");
    await send(ID, items(ID), { now: NOW });
    await send("sesn_2_of_ada", items("sesn_2_of_ada"), { now: NOW });
    const before = await sums();
    await ask(byUser, 2);
    const isSent = statement % 24 === 0;
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
