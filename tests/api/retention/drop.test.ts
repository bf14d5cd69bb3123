import { beforeAll, beforeEach, expect, it } from "vitest";
import { GET as due } from "@/app/api/v1/retention/due/route";
import { GET, PUT } from "@/app/api/v1/retention/route";
import { POST as run } from "@/app/api/v1/retention/runs/route";
import { GET as session } from "@/app/api/v1/sessions/[id]/route";
import { GET as trace } from "@/app/api/v1/sessions/[id]/trace/route";
import { pool } from "@/lib/db/client";
import type { JsonObject } from "@/lib/ingest/schema";
import { applyRetention, askForRun, goOn } from "@/lib/retention/run-service";
import { readWorking } from "@/lib/retention/run-store";
import { FOR_EVER, type RetentionAnswer, type RetentionRunItem } from "@/lib/retention/schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import {
  error,
  idle,
  message,
  request,
  result,
  running,
  session as sessionItem,
  thread,
  use,
} from "@/tests/support/events";
import { killedAt } from "@/tests/support/kill";
import { differences, keep, retain, rowsOf, send, totalsOf } from "@/tests/support/retention";
import { startWorker } from "@/tests/support/sync";

// Everything here happened on 20 November 2026.
const SEEN = new Date("2026-11-20T12:00:00Z");
const after = (days: number) => new Date(SEEN.getTime() + days * 86_400_000);
const SAID = "the parrot is not dead";

let headers: { authorization: string };
beforeAll(async () => {
  await (await startWorker()).stop();
});
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("admin");
});

const ended = () => [
  running(1),
  message(2, SAID),
  ...request("req_1", 3, [1000, 100]),
  use("call_1", 5, { input: { command: SAID } }),
  result("call_1", 7, { is_error: true, content: [{ type: "text", text: `no ${SAID}` }] }),
  error(8, "retrying", "unknown_error", `what ${SAID}`),
  idle(9),
];

const objects = (id: string) => {
  const object = sessionItem({ id, title: `about ${SAID}`, metadata: { tenant: "a" } });
  const own = thread("sthr_primary", { id: "agent_A", model: { id: "claude-sonnet-5" } });
  return [object, { ...own, data: { ...(own.data as JsonObject), session_id: id } }];
};

async function put(id: string, now = SEEN): Promise<void> {
  await send(id, [...ended(), ...objects(id)], { now });
}

const partitions = async () =>
  (
    await pool().query<{ name: string }>(
      `select relname as name from pg_class where relispartition and relkind = 'r'
         and relname ~ '20261120$' order by 1`,
    )
  ).rows.map(({ name }) => name);

const ofThatDay = (run: RetentionRunItem) =>
  run.partitions.filter((one) => one.endsWith("2026-11-20"));

async function columnsWith(text: string): Promise<string[]> {
  const { rows } = await pool().query<{ t: string; c: string }>(
    `select c.table_name as t, c.column_name as c from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
       and c.table_name !~ '_[0-9]{8}$'`,
  );
  const found: string[] = [];
  for (const { t, c } of rows) {
    const { rowCount } = await pool().query(
      `select from public."${t}" where strpos("${c}"::text, $1) > 0 limit 1`,
      [text],
    );
    if (rowCount) found.push(`${t}.${c}`);
  }
  return found.sort();
}

it("takes what was said out of a session, and leaves its figures", async () => {
  await put("sesn_1");
  const before = await totalsOf();
  const spans = (await rowsOf("sesn_1")).span;
  await keep({ content: 7 });
  expect((await retain(after(6))).counts).toMatchObject({ content: 0 });
  expect(await columnsWith(SAID)).toContain("session.title");
  const { counts } = await retain(after(8));
  expect(counts).toMatchObject({ content: 1, events: 0, kept: 0 });
  expect(await totalsOf()).toEqual(before);
  // The group of an error is a total: failures are counted under it, without what differs each time.
  expect(await columnsWith(SAID)).toEqual([
    "event.payload",
    "rollup.key",
    "session_cell.key",
    "span.attributes",
  ]);
  expect(await columnsWith(`about ${SAID}`)).toEqual([]);
  expect(await columnsWith(`"command": "${SAID}"`)).toEqual([]);
  expect((await rowsOf("sesn_1")).span).toBe(spans);
  expect(await differences()).toEqual([]);
  const { body } = await call(session, "/x", { headers, params: { id: "sesn_1" } });
  expect(body).toMatchObject({ title: null, metadata: { tenant: "a" }, tool_calls: 1 });
});

it("knows what it dropped when it comes again, and drops what is said later once more", async () => {
  await put("sesn_1");
  await keep({ content: 7 });
  await retain(after(8));
  const again = await send("sesn_1", [...ended(), ...objects("sesn_1")], { now: after(8) });
  expect(again).toMatchObject({ accepted: 0, updated: 0, rejected: [] });
  expect(await columnsWith(`about ${SAID}`)).toEqual([]);
  const later = 8 * 86_400;
  const more = [running(later), message(later + 1, "another parrot"), idle(later + 2)];
  expect(await send("sesn_1", more, { now: after(8) })).toMatchObject({ accepted: 3 });
  expect(await columnsWith("another parrot")).toEqual(["event.payload", "span.attributes"]);
  expect(await differences()).toEqual([]);
  expect((await retain(after(12))).counts.content).toBe(0);
  expect((await retain(after(16))).counts.content).toBe(1);
  expect(await columnsWith("another parrot")).toEqual([]);
  expect(await differences()).toEqual([]);
});

it("drops the partitions of a day whole once all of it is due", async () => {
  await put("sesn_1");
  await put("sesn_2");
  const before = await totalsOf();
  await keep({ content: 7, events: 7, spans: 14 });
  const first = await retain(after(8));
  expect(first).toMatchObject({ counts: { events: 2, event_rows: 0 } });
  expect(ofThatDay(first)).toEqual(["event 2026-11-20"]);
  expect(await partitions()).toEqual(["span_20261120"]);
  expect(await totalsOf()).toEqual(before);
  expect(await differences()).toEqual([]);
  const { body } = await call(trace, "/x", { headers, params: { id: "sesn_1" } });
  expect((body as { spans?: unknown[] }).spans?.length ?? 1).toBeGreaterThan(0);
  const second = await retain(after(15));
  expect(second).toMatchObject({ counts: { events: 0, spans: 2 } });
  expect(ofThatDay(second)).toEqual(["span 2026-11-20"]);
  expect(await partitions()).toEqual([]);
  expect(await totalsOf()).toEqual(before);
  expect(await differences()).toEqual([]);
});

it("removes rows one by one where the day is not all due", async () => {
  await put("sesn_1");
  await put("sesn_2");
  const later = 10 * 86_400;
  await send("sesn_2", [running(later), idle(later + 1)], { now: after(10) });
  const before = await totalsOf();
  await keep({ content: 7, events: 7 });
  const done = await retain(after(12));
  expect(done.counts).toMatchObject({ events: 1, event_rows: ended().length });
  expect(ofThatDay(done)).toEqual([]);
  expect((await rowsOf("sesn_1")).event).toBeUndefined();
  expect((await rowsOf("sesn_2")).event).toBe(ended().length + 2);
  expect(await totalsOf()).toEqual(before);
  expect(await differences()).toEqual([]);
});

it("drops sessions, and what they cost stays", async () => {
  await put("sesn_1");
  await send("sesn_2", ended(), { now: SEEN, connectionId: "conn_gone" });
  const before = await totalsOf();
  await keep({ content: 7, events: 7, spans: 7, sessions: 7 });
  const { counts } = await retain(after(8));
  expect(counts).toMatchObject({ sessions: 2 });
  expect(await rowsOf("sesn_1")).toEqual({});
  expect(await columnsWith("sesn_1")).toEqual([]);
  expect(await partitions()).toEqual([]);
  expect(await totalsOf()).toEqual(before);
  expect(await differences()).toEqual([]);
  expect((await call(session, "/x", { headers, params: { id: "sesn_1" } })).status).toBe(404);
});

it("keeps each connection's for as long as it says", async () => {
  await send("sesn_1", ended(), { now: SEEN, connectionId: "conn_1" });
  await send("sesn_1", ended(), { now: SEEN, connectionId: "conn_2" });
  await put("sesn_1");
  await keep(
    { content: 7, events: 7, spans: 7, sessions: 7 },
    { pushed: { sessions: null }, connections: { conn_2: { ...FOR_EVER } } },
  );
  await retain(after(8));
  const { rows } = await pool().query(
    "select connection_id as id from session where session_id = 'sesn_1' order by 1",
  );
  expect(rows.map(({ id }) => id)).toEqual(["", "conn_2"]);
  const left = await pool().query("select connection_id as id from event group by 1");
  expect(left.rows.map(({ id }) => id)).toEqual(["conn_2"]);
});

it("leaves whole parts behind wherever it is killed, and goes on", async () => {
  for (let statement = 0; ; statement += 3) {
    await truncateAll();
    headers = await bearer("admin");
    await put("sesn_1");
    await put("sesn_2");
    const before = await totalsOf();
    await keep({ content: 7, events: 7, spans: 9, sessions: statement % 2 === 0 ? 9 : null });
    const now = after(10);
    await askForRun("default", "test", now);
    const wasKilled = await killedAt({ statement, isSent: statement % 2 === 0 }, async () => {
      await applyRetention(() => now);
    });
    expect(await totalsOf()).toEqual(before);
    expect(await differences()).toEqual([]);
    await applyRetention(() => now);
    expect(await readWorking()).toBeNull();
    expect(await totalsOf()).toEqual(before);
    expect(await differences()).toEqual([]);
    if (!wasKilled) break;
  }
}, 240_000);

it("lets two workers at it at once", async () => {
  for (let n = 0; n < 30; n++) await put(`sesn_${n}`);
  const before = await totalsOf();
  await keep({ content: 7, events: 7 });
  await askForRun("default", "test", after(8));
  const key = await readWorking();
  expect(key).not.toBeNull();
  if (!key) return;
  const lane = async () => {
    while ((await readWorking()) !== null) await goOn(key, after(8));
  };
  await Promise.all([lane(), lane()]);
  expect(await totalsOf()).toEqual(before);
  expect(await differences()).toEqual([]);
});

it("tells what is due, runs on demand, and only once at a time", async () => {
  await put("sesn_1");
  const change = (based_on: number, content: number | null, events: number | null) =>
    call(PUT, "/x", {
      ...{ method: "PUT", headers },
      json: {
        ...{ based_on, pushed: {}, connections: {} },
        default: { ...FOR_EVER, content, events },
      },
    });
  expect((await call(run, "/x", { method: "POST", headers })).body).toMatchObject({
    error: { code: "conflict", message: expect.stringContaining("for ever") },
  });
  const refused = await change(0, 30, 7);
  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({
    error: {
      message:
        "default.events: expected 30 days or more, or for ever: events cannot go before content, which is kept for 30 days.",
      issues: [{ path: "default.events" }],
    },
  });
  expect((await change(0, 1, 30)).status).toBe(200);
  expect((await change(0, 1, 30)).status).toBe(409);
  const told = (await call(due, "/x", { headers })).body as {
    kinds: { kind: string; sessions: number }[];
  };
  expect(told.kinds.map(({ kind }) => kind)).toEqual(["content", "events", "spans", "sessions"]);
  const begun = await call(run, "/x", { method: "POST", headers });
  expect([begun.status, begun.body]).toMatchObject([201, { state: "working", asked_by: "test" }]);
  expect((await call(run, "/x", { method: "POST", headers })).status).toBe(409);
  await applyRetention();
  const answer = (await call(GET, "/x", { headers })).body as RetentionAnswer;
  expect(answer.runs).toMatchObject([{ state: "done", stage: "rejected items" }]);
  expect(answer).toMatchObject({ revision: 1, default: { content: 1, events: 30 } });
});
