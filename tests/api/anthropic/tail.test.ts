import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { PATCH, GET as readConnection } from "@/app/api/v1/connections/[id]/route";
import { GET } from "@/app/api/v1/sessions/[id]/live/route";
import { takeHint } from "@/lib/anthropic/sync-service";
import { TAIL } from "@/lib/anthropic/tail";
import type { ConnectionItem } from "@/lib/connections/schema";
import { pool } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { type OpenHints, openHints } from "@/tests/support/hints";
import { eventObject, sessionObject, threadObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { differences, until } from "@/tests/support/sync";

// No worker runs here: nothing is polled, and what comes has come by a stream or because of one.

const QUICK = { lingerMs: 200, tickMs: 100, leaseMs: 2_000, restMs: 60_000, askMs: 300 };
const STANDARD = { ...TAIL };

let platform: Platform;
let headers: Record<string, string>;
let connectionId: string;
let made = 0;
const viewers: OpenHints[] = [];

beforeAll(allowLoopback);
beforeEach(async () => {
  Object.assign(TAIL, STANDARD, QUICK);
  await truncateAll();
  headers = await bearer("admin");
  platform = await startPlatform({ readsPerMinute: null });
  const fast = { reads_per_minute: 60_000 };
  connectionId = (await connectTo(platform, headers, fast)).id;
});
afterEach(async () => {
  for (const viewer of viewers.splice(0)) await viewer.close();
  await until(async () => platform.streams.open === 0 && (await claims()) === 0);
  await platform.close();
});

/** A child thread at work. */
function beginChild(session: string): string {
  const thread = { ...threadObject(`sthr_${session}`, session, `sthr_primary_${session}`) };
  platform.putThread(Object.assign(thread, { status: "running" }));
  append(session, "session.thread_created", { session_thread_id: thread.id, agent_name: "helper" });
  const fields = { session_thread_id: thread.id, agent_name: "helper" };
  append(session, "session.thread_status_running", fields);
  return thread.id;
}

/** A session of the platform, running, as it was last read. */
async function beginSession(): Promise<string> {
  const id = `sesn_tail_${++made}`;
  const now = new Date().toISOString();
  platform.putSession(
    sessionObject(id, undefined, { status: "running", created_at: now, updated_at: now }),
  );
  append(id, "session.status_running");
  await readNow(id);
  return id;
}

const readNow = (resourceId: string) =>
  takeHint({
    workspace: "default",
    connectionId,
    type: "session.updated",
    resourceId,
    threadId: null,
    createdAt: null,
  });

function append(session: string, type: string, fields: object = {}, thread: string | null = null) {
  const id = `sevt_${session}_${++made}`;
  const processed_at = new Date().toISOString();
  platform.appendEvent(session, thread, {
    ...eventObject(id, type, null),
    processed_at,
    ...fields,
  });
  return id;
}

async function look(id: string): Promise<OpenHints> {
  const viewer = await openHints(GET, { headers, id });
  viewers.push(viewer);
  return viewer;
}

const streams = (count: number) => until(async () => platform.streams.open === count);
/** Session objects come by lists alone, and nobody reads those here. */
const isWhole = async () => {
  const found = await differences(platform.snapshot(), connectionId);
  return found.every((difference) => difference.startsWith("session "));
};
const opens = () => platform.requests.counts.get("GET /v1/sessions/{id}/events/stream") ?? 0;

async function claims(): Promise<number> {
  return (await pool().query("select from sync_tail")).rowCount ?? 0;
}

async function sourceOf(id: string): Promise<string | undefined> {
  const { rows } = await pool().query("select source from event where id = $1", [id]);
  return rows[0]?.source;
}

/** By the list that is read when a stream was opened, or by the stream. */
const arrival = (id: string) => until(async () => (await sourceOf(id)) !== undefined);

async function change(json: object): Promise<void> {
  const params = { id: connectionId };
  const { status } = await call(PATCH, "/x", { method: "PATCH", headers, params, json });
  expect(status).toBe(200);
}

async function connection(): Promise<ConnectionItem> {
  const params = { id: connectionId };
  return (await call(readConnection, "/x", { headers, params })).body as ConnectionItem;
}

it("brings what happened before somebody looked, and then each event as it happens", async () => {
  const id = await beginSession();
  const before = append(id, "agent.message");
  const viewer = await look(id);
  await streams(1);
  await arrival(before);
  const after = append(id, "agent.message");
  await arrival(after);
  expect([await sourceOf(before), await sourceOf(after)]).toEqual(["poll", "stream"]);
  await until(async () => viewer.changes().length > 0);
  expect(await isWhole()).toBe(true);
  expect(opens()).toBe(1);
  expect(platform.writes).toEqual([]);
});

it("counts each opening in the connection's read budget", async () => {
  await look(await beginSession());
  await streams(1);
  const { records } = platform.requests;
  expect(records.filter(({ path }) => path.endsWith("/stream"))).toHaveLength(1);
  await until(async () => {
    const { rows } = await pool().query("select sum(reads)::int as reads from read_count");
    return rows[0].reads === records.length;
  });
});

it("is one stream for all viewers, until some time after the last of them has left", async () => {
  Object.assign(TAIL, { lingerMs: 60_000 });
  const id = await beginSession();
  const [one, other] = [await look(id), await look(id)];
  await streams(1);
  await one.close();
  const event = append(id, "agent.message");
  await arrival(event);
  await other.close();
  // Comes back before the time is over.
  const third = await look(id);
  const next = append(id, "agent.message");
  await arrival(next);
  expect(opens()).toBe(1);
  Object.assign(TAIL, QUICK);
  third.abort();
  await streams(0);
  expect(await claims()).toBe(0);
});

it("mends a cut stream with nothing lost and nothing double", async () => {
  const id = await beginSession();
  await look(id);
  await streams(1);
  append(id, "agent.message");
  expect(platform.streams.cut()).toBe(1);
  append(id, "agent.message");
  await until(async () => opens() === 2 && platform.streams.open === 1);
  append(id, "agent.message");
  await until(isWhole);
  platform.faults = { seed: 3, cutStream: 0.4 };
  for (let i = 0; i < 20; i++) append(id, "agent.message");
  platform.faults = {};
  await until(isWhole);
  expect((await pool().query("select events from session")).rows).toEqual([{ events: 24 }]);
});

it("keeps a queued input that gets its time, once", async () => {
  const id = await beginSession();
  await look(id);
  await streams(1);
  const input = append(id, "user.message", { processed_at: null });
  await arrival(input);
  append(id, "user.message", { id: input });
  await until(isWhole);
});

it("keeps no previews", async () => {
  const id = await beginSession();
  await look(id);
  await streams(1);
  const event = { id: "sevt_preview", type: "agent.message" };
  const content = { type: "text", text: "Half a sen" };
  const delta = { type: "content_delta", index: 0, content };
  const previews = [
    { type: "event_start", event },
    { type: "event_delta", event_id: "sevt_preview", delta },
  ];
  for (const preview of previews) platform.streams.say(id, preview);
  const last = append(id, "agent.message");
  await arrival(last);
  expect(await isWhole()).toBe(true);
  expect((await pool().query("select from rejected_item")).rowCount).toBe(0);
});

it("tails a child's own list while the child is at work", async () => {
  const id = await beginSession();
  await look(id);
  await streams(1);
  const child = beginChild(id);
  await streams(2);
  await arrival(append(id, "span.model_request_start", {}, child));
  const tool = append(id, "agent.tool_use", { name: "bash", input: {} }, child);
  await arrival(tool);
  expect(await sourceOf(tool)).toBe("stream");
  const stop_reason = { type: "end_turn" };
  const rested = { session_thread_id: child, agent_name: "helper", stop_reason };
  append(id, "session.thread_status_idle", rested);
  await streams(1);
});

it("closes when the connection is paused, and opens when it goes on", async () => {
  const id = await beginSession();
  await look(id);
  await streams(1);
  await change({ state: "paused" });
  await streams(0);
  const missed = append(id, "agent.message");
  expect(await sourceOf(missed)).toBeUndefined();
  await change({ state: "live" });
  await streams(1);
  await until(isWhole);
});

it("opens another when the key changes", async () => {
  const id = await beginSession();
  await look(id);
  await streams(1);
  await change({ api_key: platform.apiKey });
  await until(async () => opens() === 2 && platform.streams.open === 1);
  expect((await connection()).state).toBe("backfilling");
});

it("begins when the session does, and ends some time after it has come to rest", async () => {
  Object.assign(TAIL, { restMs: 300 });
  const id = await beginSession();
  append(id, "session.status_idle", { stop_reason: { type: "end_turn" } });
  await readNow(id);
  const viewer = await look(id);
  await until(async () => viewer.hints.length > 1);
  expect(opens()).toBe(0);
  append(id, "session.status_running");
  await readNow(id);
  await streams(1);
  append(id, "session.status_idle", { stop_reason: { type: "end_turn" } });
  await streams(0);
  expect(await isWhole()).toBe(true);
  append(id, "session.status_running");
  await readNow(id);
  await streams(1);
});

it("takes a session that is deleted for deleted, and the connection for none the worse", async () => {
  const id = await beginSession();
  await look(id);
  await streams(1);
  append(id, "agent.message");
  platform.deleteSession(id);
  const isGone = async () => {
    const { rows } = await pool().query("select deleted_at, events from session");
    return rows[0].deleted_at !== null && rows[0].events === 3;
  };
  await until(isGone);
  await streams(0);
  expect(opens()).toBe(1);
  expect((await connection()).state).toBe("backfilling");
});

it("finds out that a session is gone when there is no stream of it", async () => {
  const id = await beginSession();
  platform.deleteSession(id);
  await look(id);
  await until(async () => {
    const { rows } = await pool().query("select from session where deleted_at is not null");
    return rows.length === 1;
  });
  expect((await connection()).state).toBe("backfilling");
});

it("reads once, and leaves the rest to the polling, where the server streams nothing", async () => {
  const id = await beginSession();
  platform.behaviour = { noStreams: true };
  const before = append(id, "agent.message");
  await look(id);
  await arrival(before);
  await until(async () => (await claims()) === 0);
  // Whatever changes, it is not asked for again so soon.
  append(id, "agent.message");
  await readNow(id);
  await until(isWhole);
  expect(opens()).toBe(1);
  expect((await connection()).state).toBe("backfilling");
});

it("stops the connection with its reason where the key is refused", async () => {
  const id = await beginSession();
  platform.faults = { refuse: "unauthorized" };
  await look(id);
  await until(async () => (await connection()).state === "failed");
  expect((await connection()).state_reason).toMatch(/does not know this key/);
});

it("leaves a session to the process that tails it, until that one is gone", async () => {
  const id = await beginSession();
  await pool().query(
    `insert into sync_tail (workspace, connection_id, session_id, holder, claimed_until)
     values ('default', $1, $2, 'another process', now() + interval '1 hour')`,
    [connectionId, id],
  );
  const viewer = await look(id);
  await until(async () => viewer.hints.length > 1);
  expect(opens()).toBe(0);
  await pool().query("update sync_tail set claimed_until = now()");
  await streams(1);
});

it("has so many streams of one connection at most, children included", async () => {
  Object.assign(TAIL, { mostStreams: 2 });
  const ids = [await beginSession(), await beginSession(), await beginSession()];
  const [first = "", second = "", third = ""] = ids;
  beginChild(first);
  await readNow(first);
  const one = await look(first);
  await streams(2);
  const other = await look(second);
  await until(async () => other.hints.length > 1);
  expect(platform.streams.open).toBe(2);
  await one.close();
  await look(third);
  await streams(2);
  expect((await pool().query("select sum(streams)::int as sum from sync_tail")).rows).toEqual([
    { sum: 2 },
  ]);
});
