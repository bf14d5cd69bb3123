import type pg from "pg";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { noteOmissions } from "@/lib/anthropic/omissions-service";
import { pool, prisma } from "@/lib/db/client";
import { deliverDue } from "@/lib/notify/delivery-service";
import { dispatchNotices } from "@/lib/notify/dispatch-service";
import { matches } from "@/lib/notify/match";
import { listAlerts } from "@/lib/notify/notice-store";
import { listStanding } from "@/lib/notify/silence-store";
import { askToErase, eraseSessions } from "@/lib/retention/erasure-service";
import { evaluateAt, instant, saveRule } from "@/tests/support/alerting";
import { bearer } from "@/tests/support/api";
import { makeChannel } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { at, running } from "@/tests/support/events";
import { forgetJobs } from "@/tests/support/jobs";
import { makeAgain } from "@/tests/support/retention";
import { type Sink, startSink } from "@/tests/support/sink";
import { storeItems } from "@/tests/support/stored";
import { startWorker } from "@/tests/support/sync";

// What is written of sessions was read a moment before: an erasure may come in between.

const ID = "sesn_of_ada_0001";
const WHO = "ada.lovelace";
const RULE = { name: "Runs too long", kind: "session", measure: "duration", fire: 30, delay: "0s" };

let sink: Sink;
beforeAll(async () => {
  allowLoopback();
  await (await startWorker()).stop();
});
beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  await makeAgain(instant(0));
  sink = await startSink();
});
afterEach(() => sink.close());

async function columnsWith(text: string): Promise<string[]> {
  const { rows } = await pool().query<{ t: string; c: string }>(
    `select table_name as t, column_name as c from information_schema.columns
     where table_schema = 'public' and is_updatable = 'YES'`,
  );
  const found: string[] = [];
  for (const { t, c } of rows) {
    const { rowCount } = await pool().query(
      `select from "${t}" where strpos("${c}"::text, $1) > 0 limit 1`,
      [text],
    );
    if (rowCount) found.push(`${t}.${c}`);
  }
  return found;
}

const NAMES = "hashtextextended('names default', 0)";

/** Does the work while nobody may write names nor erase them, so that both come to stand in line. */
async function standing(...works: (() => Promise<unknown>)[]): Promise<void> {
  const holder = await pool().connect();
  await holder.query("begin");
  await holder.query(`select pg_advisory_xact_lock(${NAMES})`);
  const under: Promise<unknown>[] = [];
  try {
    for (const work of works) {
      under.push(work());
      await waiting(holder, under.length);
    }
  } finally {
    await holder.query("commit");
    holder.release();
  }
  await Promise.all(under);
}

/** Until so many wait for a lock of that kind. */
async function waiting(client: pg.PoolClient, count: number): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`,
    );
    if ((rows[0]?.n ?? 0) >= count) return;
    await client.query("select pg_sleep(0.02)");
  }
}

/** A session that has been at work since the 40th second. */
const run = () =>
  storeItems(ID, [
    {
      kind: "session",
      threadId: null,
      data: { id: ID, type: "session", created_at: at(40), metadata: { user: WHO } },
    },
    running(40),
  ]);
const ask = () =>
  askToErase(
    "default",
    { subject: { by: "metadata", key: "user", value: WHO }, reason: "request 17", sessions: 1 },
    { by: "test" },
  );
const erase = () => eraseSessions(() => instant(190));

it.each([
  ["before it", () => evaluateAt(180), erase, true],
  ["after it", erase, () => evaluateAt(180), false],
])(
  "takes the names out of what a tick has found that is written %s",
  async (_, first, second, isTold) => {
    await saveRule(RULE);
    await saveRule({
      ...{ name: "Costs", kind: "threshold", metric: "sessions_started", fire: 0, delay: "0s" },
      group_by: ["metadata.user"],
    });
    await run();
    await ask();
    await standing(first, second);
    expect(await columnsWith(ID)).toEqual([]);
    expect(await columnsWith(WHO)).toEqual([]);
    const told = await prisma.alertEpisode.findMany();
    expect(told.some(({ labels }) => JSON.stringify(labels).includes('"erased:'))).toBe(isTold);
    // The rules look again where they found what is gone.
    await evaluateAt(240);
    await dispatchNotices("default", instant(300));
    expect(await columnsWith(ID)).toEqual([]);
    expect(await columnsWith(WHO)).toEqual([]);
  },
);

it.each([
  ["before it", () => dispatchNotices("default", instant(240)), erase],
  ["after it", erase, () => dispatchNotices("default", instant(240))],
])("takes the names out of messages that are written %s", async (_, first, second) => {
  const { id: channelId } = await makeChannel(await bearer("write"), {
    kind: "webhook",
    url: sink.url,
  });
  await saveRule({ ...RULE, channels: [channelId] });
  await run();
  await evaluateAt(180);
  await ask();
  await standing(first, second);
  expect(await prisma.delivery.count()).toBe(1);
  expect(await columnsWith(ID)).toEqual([]);
});

it("goes on with alerts under another name: silenced ones stay so, and a channel is told of the close", async () => {
  const { id: channelId } = await makeChannel(await bearer("write"), {
    kind: "webhook",
    url: sink.url,
  });
  const matchers = [{ name: "session", op: "=", value: ID }];
  await prisma.route.create({
    data: {
      ...{ workspace: "default", id: "route_1", position: 0, name: "each" },
      body: {
        name: "each",
        matchers,
        channels: [channelId],
        group_by: ["session"],
        group_wait_ms: 0,
      },
    },
  });
  await saveRule(RULE);
  await run();
  await evaluateAt(180);
  await dispatchNotices("default", instant(181));
  await deliverDue("default", channelId, instant(182));
  await prisma.silence.create({
    data: {
      ...{ workspace: "default", id: "slnc_1", author: "somebody", startsAt: instant(0) },
      ...{ endsAt: instant(90_000), body: { matchers, reason: "known" } },
    },
  });
  await ask();
  await erase();
  expect(await columnsWith(ID)).toEqual([]);
  const [silence] = await listStanding("default", instant(200));
  const [notice] = await listAlerts("default", null);
  expect(notice?.labels.session).toMatch(/^erased:[0-9a-f]{16}$/);
  expect(silence && notice && matches(silence.matchers)(notice.labels)).toBe(true);
  await evaluateAt(300, 360, 420, 480);
  await dispatchNotices("default", instant(1_000));
  const sent = await prisma.delivery.findMany({ orderBy: { sequence: "asc" } });
  expect(sent.map(({ reason, sequence }) => [reason, sequence])).toEqual([
    ["opened", 1],
    ["closed", 2],
  ]);
  expect(sent[1]?.groupKey).toBe(sent[0]?.groupKey);
  expect(await columnsWith(ID)).toEqual([]);
});

it("keeps no answer that repeats what was sent before the erasure, and hands on what is left", async () => {
  const headers = await bearer("write");
  const url = `${sink.url}/hook`;
  const { id: other } = await makeChannel(headers, { kind: "webhook", url: `${sink.url}/other` });
  const { id: channelId } = await makeChannel(headers, { kind: "webhook", url });
  await prisma.channel.update({
    where: { workspace_id: { workspace: "default", id: other } },
    data: { isDefault: true },
  });
  await saveRule({ ...RULE, channels: [channelId] });
  await run();
  await evaluateAt(180);
  await dispatchNotices("default", instant(240));
  expect(await columnsWith(ID)).toContain("delivery.content");
  await ask();
  sink.answer = async (_, response) => {
    await erase();
    response.writeHead(400).end(`what is ${ID}? ${sink.received.at(-1)?.text}`);
  };
  await deliverDue("default", channelId, instant(241));
  const states = await prisma.delivery.findMany({ where: { channelId } });
  expect(states).toMatchObject([{ state: "failed", stateReason: "refused" }]);
  expect(await prisma.delivery.count({ where: { channelId: other } })).toBe(1);
  expect(await columnsWith(ID)).toEqual([]);
});

it("gives nothing that is gone as the example of a warning", async () => {
  await run();
  await ask();
  await erase();
  const reader = { workspace: "default", connectionId: "" };
  const seen = [{ code: "no_next_page" as const, count: 1, example: ID }];
  await noteOmissions({ reader } as Parameters<typeof noteOmissions>[0], seen, instant(300));
  expect(await prisma.connectionWarning.findMany()).toMatchObject([{ count: 1n, example: null }]);
});
