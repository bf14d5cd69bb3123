import { setTimeout as sleep } from "node:timers/promises";
import type { Runner } from "graphile-worker";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET as gapsRoute } from "@/app/api/v1/connections/[id]/gaps/route";
import { GET } from "@/app/api/v1/connections/[id]/route";
import type { ConnectionItem } from "@/lib/connections/schema";
import type { Gaps } from "@/lib/connections/webhook-schema";
import { prisma } from "@/lib/db/client";
import { isoFromMicros } from "@/lib/time/micros";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs } from "@/tests/support/jobs";
import { loadFleet } from "@/tests/support/platform/fleet";
import { eventObject, sessionObject, threadObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { type Receiver, startReceiver } from "@/tests/support/receiver";
import { differences, startWorker, until } from "@/tests/support/sync";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const HOUR_MS = 3_600_000;

let admin: { authorization: string };
let platform: Platform;
let receiver: Receiver;
let worker: Runner;
let id: string;

beforeAll(allowLoopback);
beforeEach(async () => {
  worker = await startWorker();
  await truncateAll();
  await forgetJobs();
  admin = await bearer("admin");
  // Its present is half an hour ago: what happens there now, no webhook can tell of any more.
  const nowUs = (Date.now() - HOUR_MS / 2) * 1000;
  platform = await startPlatform({ webhookBackoffMs: 1, readsPerMinute: null, nowUs });
  receiver = await startReceiver();
});
afterEach(async () => {
  await worker.stop();
  await platform.close();
  await receiver.close();
});

/** A connection that has had its secret for an hour. */
async function connect(more: object = {}) {
  const fast = { webhook_secrets: [SECRET], reads_per_minute: 60_000, ...more };
  id = (await connectTo(platform, admin, fast)).id;
  await until(async () => (await item()).state === "live");
  const webhooksSince = new Date(Date.now() - HOUR_MS);
  await prisma.connection.updateMany({
    where: { webhooksSince: { not: null } },
    data: { webhooksSince },
  });
}
const subscribe = (types?: string[]) =>
  platform.webhooks.subscribe({
    ...{ url: receiver.urlOf(id), secret: SECRET },
    ...(types ? { types } : {}),
  });
const item = async () => {
  const answer = await call(GET, "/x", { headers: admin, params: { id } });
  return answer.body as ConnectionItem;
};
const proof = async (query = "") => {
  const answer = await call(gapsRoute, `/x${query}`, { headers: admin, params: { id } });
  expect([answer.status, answer.status === 200 ? "" : answer.text]).toEqual([200, ""]);
  return answer.body as Gaps;
};
const allRead = () => until(async () => (await differences(platform.snapshot(), id)).length === 0);

let made = 0;
function begin(): string {
  const session = `sesn_${++made}`;
  const at = platform.now();
  const fields = { status: "running", created_at: at, updated_at: at };
  platform.putSession(sessionObject(session, undefined, fields));
  return session;
}
/** Happens at the platform's present; true when a webhook that was to tell of it is lost. */
function happen(session: string, type: string, fields: object = {}) {
  const event = `sevt_${++made}`;
  const before = platform.webhooks.deliveries.length;
  const processed_at = platform.now();
  platform.appendEvent(session, null, {
    ...eventObject(event, type, null),
    processed_at,
    ...fields,
  });
  const sent = platform.webhooks.deliveries.slice(before);
  return { event, isLost: sent.some(({ fault }) => fault === "lost") };
}
const RUN = "session.status_running";
const rest = (session: string) =>
  happen(session, "session.status_idle", { stop_reason: { type: "end_turn" } });

/** A turn that polling sees begin and end: a session of half an hour ago is not among those just made. */
async function work() {
  const session = begin();
  happen(session, RUN);
  await allRead();
  rest(session);
  await allRead();
}

describe("the gap proof", () => {
  it("names exactly the webhooks that the platform lost", async () => {
    await connect();
    subscribe();
    platform.webhooks.faults = { seed: 3, lose: 0.3, duplicate: 0.2, reorder: 0.3, reorderMs: 50 };
    const sessions = [begin(), begin(), begin(), begin()];
    const lost: string[] = [];
    let events = 0;
    for (let turn = 0; turn < 5; turn++)
      for (const session of sessions) {
        for (const told of [happen(session, RUN), rest(session)]) {
          events += 1;
          if (told.isLost) lost.push(told.event);
        }
        await sleep(30);
      }
    await platform.webhooks.settled();
    await allRead();
    const { missed, expected, came, unknown } = await proof();
    expect(lost.length).toBeGreaterThan(3);
    expect(missed.map(({ event_id }) => event_id).sort()).toEqual(lost.sort());
    expect({ expected, came, unknown }).toEqual({
      expected: events,
      came: events - lost.length,
      unknown: [],
    });
    const [newest] = missed;
    const known = platform.snapshot().events.find(({ event }) => event.id === newest?.event_id);
    expect(newest).toEqual({
      session_id: known?.session_id,
      session_thread_id: null,
      event_id: known?.event.id,
      event_type: known?.event.type,
      type: known?.event.type === RUN ? "session.status_run_started" : "session.status_idled",
      at: known?.event.processed_at,
    });
  });

  it("says so when nothing came at all, and when the time is too short ago to tell", async () => {
    await connect();
    await work();
    expect(await proof()).toMatchObject({ expected: 2, came: 0, missed: [{}, {}] });
    const recent = isoFromMicros((Date.now() - 5 * 60_000) * 1000);
    expect(await proof(`?from=${recent}`)).toEqual({
      ...{ from: null, to: null, expected: 0, came: 0, missed: [], unknown: [] },
    });
    const before = isoFromMicros((Date.now() - 40 * 60_000) * 1000);
    expect(await proof(`?to=${before}`)).toMatchObject({ expected: 0, to: before });
  });

  it("expects nothing of before there was a secret, whatever the backfill brings", async () => {
    loadFleet(platform, { sessions: 10, days: 5 });
    await connect({ webhook_secrets: [] });
    expect(await proof()).toMatchObject({ from: null, expected: 0 });
    await prisma.connection.updateMany({
      data: { webhooksSince: new Date(Date.now() - HOUR_MS / 4) },
    });
    const week = isoFromMicros((Date.now() - 7 * 24 * HOUR_MS) * 1000);
    expect(await proof(`?from=${week}`)).toMatchObject({ expected: 0, missed: [] });
    // Had the secret been there all along, it would have been much.
    await prisma.connection.updateMany({ data: { webhooksSince: new Date(week) } });
    expect((await proof(`?from=${week}`)).expected).toBeGreaterThan(20);
  });

  it("does not expect what the endpoint was not made for, and tells of it apart", async () => {
    await connect();
    subscribe(["session.status_idled"]);
    const session = begin();
    happen(session, RUN);
    rest(session);
    happen(session, RUN);
    platform.webhooks.faults = { lose: 1 };
    const { event } = rest(session);
    await platform.webhooks.settled();
    await allRead();
    expect(await proof()).toMatchObject({
      ...{ expected: 2, came: 1, missed: [{ event_id: event }] },
      unknown: [{ type: "session.status_run_started", events: 2 }],
    });
  });

  it("expects of threads what is announced: children, and none that a workflow made", async () => {
    await connect();
    subscribe();
    const session = begin();
    const threads = [
      threadObject("sthr_main", session),
      threadObject("sthr_child", session, "sthr_main"),
      { ...threadObject("sthr_flow", session, "sthr_main"), workflow_run_id: "wrun_1" },
    ];
    for (const thread of threads) platform.putThread(thread);
    const of = (session_thread_id: string) => ({ session_thread_id, agent_name: "a" });
    const stop_reason = { type: "end_turn" };
    happen(session, "session.thread_created", of("sthr_child"));
    platform.webhooks.faults = { lose: 1 };
    happen(session, "session.thread_created", of("sthr_flow"));
    const lost = happen(session, "session.thread_created", of("sthr_child"));
    happen(session, "session.thread_status_idle", { ...of("sthr_main"), stop_reason });
    await platform.webhooks.settled();
    await allRead();
    await until(async () => (await proof()).expected === 2);
    expect((await proof()).missed).toMatchObject([
      {
        ...{ event_id: lost.event, session_id: session, session_thread_id: "sthr_child" },
        type: "session.thread_created",
      },
    ]);
  });
});

it("calls webhooks silent once several sessions came to rest and none told of it", async () => {
  await connect();
  const endpoint = subscribe();
  endpoint.secret = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
  const since = (await item()).webhooks_since;
  for (let turn = 1; turn <= 3; turn++) {
    expect((await item()).webhook_silence).toBeNull();
    await work();
  }
  expect((await item()).webhook_silence).toEqual({ since, sessions: 3 });
  endpoint.secret = SECRET;
  happen(begin(), RUN);
  await platform.webhooks.settled();
  expect((await item()).webhook_silence).toBeNull();
});

it("tells while it reads how far it is, at what rate, and what waits", async () => {
  loadFleet(platform, { sessions: 25, days: 20 });
  platform.faults = { slow: 1, slowMs: 150 };
  id = (await connectTo(platform, admin, { backfill_days: 30, reads_per_minute: 60_000 })).id;
  await until(async () => (await item()).waiting > 0);
  const during = await item();
  expect(during.reads.remaining).toBe(60_000 - during.reads.last_minute);
  expect(during.sessions).toBeGreaterThan(0);
  platform.faults = {};
  await until(async () => (await item()).state === "live");
  await prisma.connection.updateMany({ data: { backfillMs: 60_000 } });
  const { backfill } = await item();
  expect(backfill).toMatchObject({
    ...{ done: true, share: 1, seconds_left: 0, sessions: 25, sessions_per_minute: 25 },
    events_per_minute: backfill.events,
  });
  await prisma.connection.updateMany({ data: { backfillDoneAt: null } });
  const open = (await item()).backfill;
  expect(open.share).toBeGreaterThan(0.3);
  expect(open.share).toBeLessThan(1);
  expect(open.seconds_left).toBeGreaterThan(0);
});

it("tells until when the platform wants no more requests", async () => {
  platform.faults = { limited: 1, retryAfterSeconds: 50 };
  id = (await connectTo(platform, admin)).id;
  await until(async () => (await item()).reads.blocked_until !== null);
  const { reads, state } = await item();
  const leftMs = Date.parse(reads.blocked_until ?? "") - Date.now();
  expect(leftMs).toBeGreaterThan(10_000);
  expect(leftMs).toBeLessThanOrEqual(50_000);
  expect(state).toBe("backfilling");
  // A worker ends when all its readers do, and these would wait for the 50 s.
  await prisma.connection.updateMany({ data: { state: "paused" } });
});
