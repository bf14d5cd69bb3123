import type { Runner } from "graphile-worker";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { GET, PATCH } from "@/app/api/v1/connections/[id]/route";
import { claimDue, claimOne } from "@/lib/anthropic/claim-store";
import { takeHint, takeSweep } from "@/lib/anthropic/sync-service";
import { noteListed, saveRead } from "@/lib/anthropic/sync-store";
import { whenDue } from "@/lib/anthropic/work-service";
import type { ConnectionItem } from "@/lib/connections/schema";
import { pool } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs } from "@/tests/support/jobs";
import { loadFleet, loadRecorded } from "@/tests/support/platform/fleet";
import { eventObject, sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { startReceiver } from "@/tests/support/receiver";
import { differences, QUICK, startWorker, until } from "@/tests/support/sync";

let platform: Platform;
let worker: Runner | undefined;
let headers: Record<string, string>;

beforeAll(allowLoopback);
beforeEach(async () => {
  worker = await startWorker();
  await truncateAll();
  await forgetJobs();
  headers = await bearer("admin");
  platform = await startPlatform({ readsPerMinute: null });
});
afterEach(async () => {
  await worker?.stop();
  await platform.close();
});

const FAST = { reads_per_minute: 60_000 };

async function read(id: string): Promise<ConnectionItem> {
  const answer = await call(GET, `/api/v1/connections/${id}`, { headers, params: { id } });
  return answer.body as ConnectionItem;
}

let made = 0;

/** A running session made at this moment. */
function beginSession(): string {
  const id = `sesn_made_${++made}`;
  const now = new Date().toISOString();
  const fields = { status: "running", created_at: now, updated_at: now };
  platform.putSession(sessionObject(id, undefined, fields));
  append(id, "session.status_running");
  return id;
}

function append(session: string, type: string, fields: object = {}): void {
  const id = `sevt_${session}_${++made}`;
  const processed_at = new Date().toISOString();
  platform.appendEvent(session, null, { ...eventObject(id, type, null), processed_at, ...fields });
}

const rest = (session: string) =>
  append(session, "session.status_idle", { stop_reason: { type: "end_turn" } });

const isWhole = (id: string) => async () =>
  (await differences(platform.snapshot(), id)).length === 0;

it("reads all history, archived sessions and threads included, and then calls itself live", async () => {
  loadRecorded(platform);
  loadFleet(platform, { sessions: 60, days: 10 });
  const { id } = await connectTo(platform, headers, FAST);
  await until(async () => (await read(id)).state === "live");
  expect(await differences(platform.snapshot(), id)).toEqual([]);
  const { backfill, workspace_id, state_reason } = await read(id);
  expect(backfill).toMatchObject({ sessions: 62, done: true });
  expect({ workspace_id, state_reason }).toEqual({
    workspace_id: platform.workspaceId,
    state_reason: null,
  });
  expect(platform.writes).toEqual([]);
});

it("sees a session begin, work and rest, and a queued input get its time", async () => {
  const { id } = await connectTo(platform, headers, FAST);
  await until(async () => (await read(id)).state === "live");
  const session = beginSession();
  append(session, "user.message", { id: "sevt_queued", processed_at: null });
  await until(isWhole(id));
  append(session, "user.message", { id: "sevt_queued" });
  rest(session);
  await until(isWhole(id));
  const { rows } = await pool().query("select outcome, events from session");
  expect(rows).toEqual([{ outcome: "completed", events: 3 }]);
});

it("marks a deleted session only when it is really gone, and keeps its history", async () => {
  loadFleet(platform, { sessions: 5, days: 5 });
  const { id } = await connectTo(platform, headers, FAST);
  await until(async () => (await read(id)).state === "live");
  const gone = String(platform.snapshot().sessions[0]?.id);
  platform.deleteSession(gone);
  await takeHint({
    workspace: "default",
    connectionId: id,
    type: "session.deleted",
    resourceId: gone,
    threadId: null,
    createdAt: null,
  });
  await until(async () => {
    const { rows } = await pool().query(
      "select deleted_at, events from session where session_id = $1",
      [gone],
    );
    return rows[0]?.deleted_at !== null && rows[0]?.events > 1;
  });
});

it("finds by its sweeps what changed and what is gone while nobody told of it", async () => {
  loadFleet(platform, { sessions: 8, days: 5 });
  const { id } = await connectTo(platform, headers, FAST);
  const job = { workspace: "default", connectionId: id };
  await until(async () => (await read(id)).state === "live");
  // The settling looks are over: from here on only a list can tell.
  await pool().query("update sync_session set due_at = null");
  const [kept, gone] = platform.snapshot().sessions.map((session) => String(session.id));
  append(kept ?? "", "session.status_running");
  rest(kept ?? "");
  const sweep = async () => {
    await pool().query("update sync_work set due_at = now() where kind like 'ring%'");
    await takeSweep(job);
  };
  await sweep();
  await until(isWhole(id));
  await pool().query("update sync_session set due_at = null");
  platform.deleteSession(gone ?? "");
  await sweep();
  await until(async () => {
    const { rows } = await pool().query(
      "select session_id from session where deleted_at is not null",
    );
    return rows.length === 1 && rows[0].session_id === gone;
  });
});

it("dates a deletion by the webhook that told of it, and keeps that date", async () => {
  loadFleet(platform, { sessions: 2, days: 5 });
  const secret = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;
  const { id } = await connectTo(platform, headers, { ...FAST, webhook_secrets: [secret] });
  await until(async () => (await read(id)).state === "live");
  const receiver = await startReceiver();
  platform.webhooks.subscribe({ url: receiver.urlOf(id), secret });
  platform.webhooks.faults = { delayMs: 1_500 };
  const gone = String(platform.snapshot().sessions[0]?.id);
  const before = Date.now();
  platform.deleteSession(gone);
  const after = Date.now();
  const deletedAt = async () => {
    const { rows } = await pool().query<{ at: Date | null }>(
      "select deleted_at as at from session where session_id = $1",
      [gone],
    );
    return rows[0]?.at?.getTime() ?? null;
  };
  await until(async () => (await deletedAt()) !== null);
  // The platform's clock goes on its own; the webhook itself comes a second and a half later.
  expect(await deletedAt()).toBeGreaterThanOrEqual(before - 500);
  expect(await deletedAt()).toBeLessThanOrEqual(after + 500);
  const hint = { type: "session.updated", resourceId: gone, threadId: null, createdAt: null };
  const dated = await deletedAt();
  await takeHint({ workspace: "default", connectionId: id, ...hint });
  expect(await deletedAt()).toBe(dated);
  await receiver.close();
});

it("reads sessions with a key that may not list agents", async () => {
  platform.forbid = { status: 403, paths: /^\/v1\/agents/ };
  loadFleet(platform, { sessions: 3, days: 5 });
  const { id } = await connectTo(platform, headers, FAST);
  await until(async () => (await read(id)).state === "live");
  await until(async () => platform.requests.counts.get("GET /v1/agents") !== undefined);
  await until(isWhole(id));
  const { rows } = await pool().query("select count(*)::int as environments from environment");
  expect(rows[0].environments).toBeGreaterThan(0);
  expect((await read(id)).state).toBe("live");
});

it("reads a session at work without asking for what the list of those at work has just told", async () => {
  await worker?.stop();
  worker = await startWorker({ ...QUICK, listMs: 3_000 });
  const { id } = await connectTo(platform, headers, FAST);
  await until(async () => (await read(id)).state === "live");
  const session = beginSession();
  await until(isWhole(id));
  const asked = () => platform.requests.counts.get("GET /v1/sessions/{id}") ?? 0;
  const before = asked();
  for (let i = 0; i < 5; i++) {
    append(session, "agent.message", { content: [] });
    await until(isWhole(id));
  }
  expect(asked()).toBe(before);
  // It is missed from the list of those at work before its own time comes.
  rest(session);
  await until(isWhole(id));
  await until(async () => {
    const { rows } = await pool().query("select outcome from session where settled_at is not null");
    return rows[0]?.outcome === "completed";
  });
});

it("does not keep sessions at work waiting while it sweeps over a large fleet", async () => {
  const { id } = await connectTo(platform, headers, FAST);
  await until(async () => (await read(id)).state === "live");
  const session = beginSession();
  await until(isWhole(id));
  for (let i = 0; i < 1_500; i++) platform.putSession(sessionObject(`sesn_old_${i}`));
  await pool().query(
    `insert into sync_session (workspace, connection_id, session_id, updated_at, read_updated_at, seen_at)
     select 'default', $1, 'sesn_old_' || i, u, u, now()
     from generate_series(0, 1499) as i, (values ('2026-11-20T10:00:00.000000Z')) as v(u)`,
    [id],
  );
  platform.faults = { slow: 1, slowMs: 200 };
  const ring = async () => {
    await pool().query("update sync_work set due_at = now() where kind = 'ring_all'");
    await takeSweep({ workspace: "default", connectionId: id });
    return "swept";
  };
  const sweep = ring();
  append(session, "agent.message", { content: [] });
  const isRead = async () => {
    const { rows } = await pool().query("select events from session where session_id = $1", [
      session,
    ]);
    return rows[0]?.events === 2;
  };
  const first = await Promise.race([sweep, until(isRead).then(() => "read")]);
  expect(first).toBe("read");
  platform.faults = {};
  await sweep;
}, 60_000);

it("removes what the platform deleted where the connection says so, and nothing else", async () => {
  loadFleet(platform, { sessions: 4, days: 5 });
  const { id } = await connectTo(platform, headers, { ...FAST, on_delete: "purge" });
  await until(async () => (await read(id)).state === "live");
  const gone = String(platform.snapshot().sessions[0]?.id);
  platform.deleteSession(gone);
  const hint = { type: "session.deleted", resourceId: gone, threadId: null, createdAt: null };
  await takeHint({ workspace: "default", connectionId: id, ...hint });
  await until(async () => {
    const { rows } = await pool().query(
      "select (select count(*)::int from session) as sessions, (select count(*)::int from event where session_id = $1) as events",
      [gone],
    );
    return rows[0].sessions === 3 && rows[0].events === 0;
  });
});

it("looks once more when something is told of a session that is just being read", async () => {
  await worker?.stop();
  worker = undefined;
  const reader = { workspace: "default", connectionId: "conn_none" };
  const read = {
    ...{ sessionId: "sesn_1", status: "idle", updatedAt: "2026-01-01T00:00:00Z", watermark: null },
    ...{ hasThreads: false, threads: {}, events: 0, isWhole: true, nextMs: null },
  };
  expect(await claimOne(reader, "sesn_1", 60)).toMatchObject({ sessionId: "sesn_1" });
  expect(await claimDue(reader, 5, 60)).toEqual([]);
  await noteListed(
    reader,
    [{ id: "sesn_1", status: "idle", updatedAt: read.updatedAt }],
    new Date(),
  );
  await saveRead(reader, read);
  expect(await claimDue(reader, 5, 60)).toEqual([]);

  await claimOne(reader, "sesn_1", 60);
  expect(await claimOne(reader, "sesn_1", 60)).toBeNull();
  await saveRead(reader, read);
  expect(await claimDue(reader, 5, 60)).toHaveLength(1);

  await noteListed(
    reader,
    [{ id: "sesn_1", status: "idle", updatedAt: "2026-01-02T00:00:00Z" }],
    new Date(),
  );
  await saveRead(reader, read);
  expect(await claimDue(reader, 5, 60)).toHaveLength(1);

  // Its reader dies: when the time is over, another takes it.
  await pool().query(
    "update sync_session set claimed_until = now() - interval '1 s', due_at = now() - interval '1 s'",
  );
  expect(await claimDue(reader, 5, 60)).toHaveLength(1);
});

it("tries work that failed again within seconds, however long it might have taken", async () => {
  const reader = { workspace: "default", connectionId: "conn_none" };
  const work = { kind: "list", leaseMs: 600_000 };
  const failing = () => Promise.reject(new Error("the platform is down"));
  await expect(whenDue(reader, work, failing)).rejects.toThrow("the platform is down");
  expect(await whenDue(reader, work, async () => 0)).toBe(false);
  const { rows } = await pool().query(
    "select due_at < now() + interval '6 s' as soon, claimed_until < now() as free from sync_work",
  );
  expect(rows).toEqual([{ soon: true, free: true }]);
});

it.each([
  ["unauthorized", /does not know this key/],
  ["spend_limit", /spend limit/],
  ["billing", /billing/],
  ["forbidden", /may not read sessions/],
] as const)("stops with a reason that people see at: %s", async (refuse, reason) => {
  platform.faults = { refuse };
  const { id } = await connectTo(platform, headers, FAST);
  await until(async () => (await read(id)).state === "failed");
  expect((await read(id)).state_reason).toMatch(reason);
  const before = platform.requests.records.length;
  platform.faults = {};
  await new Promise((done) => setTimeout(done, 500));
  expect(platform.requests.records.length).toBe(before);
  await call(PATCH, `/api/v1/connections/${id}`, {
    method: "PATCH",
    headers,
    json: { state: "live" },
    params: { id },
  });
  await until(async () => (await read(id)).state === "live");
});

it("never mixes another workspace's sessions in when the key is changed", async () => {
  const other = await startPlatform({ readsPerMinute: null, workspaceId: "wrkspc_other" });
  loadFleet(platform, { sessions: 3, days: 5 });
  loadFleet(other, { sessions: 3, days: 5, seed: "other" });
  const { id } = await connectTo(platform, headers, FAST);
  await until(async () => (await read(id)).state === "live");
  const json = { base_url: other.url, api_key: other.apiKey };
  await call(PATCH, `/api/v1/connections/${id}`, {
    method: "PATCH",
    headers,
    json,
    params: { id },
  });
  await until(async () => (await read(id)).state === "failed");
  expect((await read(id)).state_reason).toContain("wrkspc_other");
  expect(await differences(platform.snapshot(), id)).toEqual([]);
  await other.close();
});

it("keeps within its budget, and tells what it used", async () => {
  loadFleet(platform, { sessions: 40, days: 5 });
  const perMinute = 1_200;
  const { id } = await connectTo(platform, headers, { reads_per_minute: perMinute });
  const began = Date.now();
  await until(async () => platform.requests.records.length >= 90);
  const took = Date.now() - began;
  expect(platform.requests.mostWithin(1_000)).toBeLessThanOrEqual(Math.ceil(perMinute / 60) + 16);
  expect((90 / took) * 60_000).toBeLessThanOrEqual(perMinute * 1.2);
  expect((await read(id)).reads.last_minute).toBeGreaterThanOrEqual(80);
});
