import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { GET } from "@/app/api/v1/reconcile/route";
import { GET as sessions } from "@/app/api/v1/reconcile/sessions/route";
import { takeHint, takeTurn } from "@/lib/anthropic/sync-service";
import type { Reconcile, ReconcileSessionsPage } from "@/lib/costs/reconcile-schema";
import { prisma } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { modelUsage } from "@/tests/support/events";
import { eventObject, sessionObject, threadObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { startWorker } from "@/tests/support/sync";

// The jobs are run here one by one, so that what happens between two of them is certain.

const SESSION = "sesn_A";
let platform: Platform;
let headers: Record<string, string>;
let job: { workspace: string; connectionId: string };

beforeAll(async () => {
  allowLoopback();
  // The queue's tables are made by its first worker.
  await (await startWorker()).stop();
});
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("admin");
  platform = await startPlatform({ readsPerMinute: null });
  const { id } = await connectTo(platform, headers, { reads_per_minute: 60_000 });
  job = { workspace: "default", connectionId: id };
});
afterEach(() => platform.close());

const request = (name: string, second: string, thread: string | null = null) => {
  platform.appendEvent(
    SESSION,
    thread,
    eventObject(name, "span.model_request_start", `10:00:0${second}`),
  );
  platform.appendEvent(
    SESSION,
    thread,
    eventObject(`${name}.end`, "span.model_request_end", `10:00:0${second}`, {
      model_request_start_id: name,
      is_error: false,
      model_usage: modelUsage(100, 10),
    }),
  );
};

/** A session that rests since long, of one request here, whose usage is that of `requests`. */
function put(requests: number, updatedAt = "10:01:00"): void {
  platform.putSession(
    sessionObject(SESSION, "10:00:00", {
      updated_at: `2026-11-20T${updatedAt}Z`,
      usage: { input_tokens: 100 * requests, output_tokens: 10 * requests },
    }),
  );
}

function begin(requests: number): void {
  put(requests);
  platform.appendEvent(SESSION, null, eventObject("run", "session.status_running", "10:00:00"));
  request("first", "1");
  const stop = { stop_reason: { type: "end_turn" } };
  platform.appendEvent(SESSION, null, eventObject("idle", "session.status_idle", "10:00:09", stop));
  put(requests);
}

async function look(): Promise<void> {
  const told = { resourceId: SESSION, threadId: null, createdAt: null };
  await takeHint({ ...job, type: "session.status_idled", ...told });
}

/** Lists of the session's own events that were begun, each from its start. */
const wholeReadings = () =>
  platform.requests.records.filter(
    ({ path, query }) =>
      path === `/v1/sessions/${SESSION}/events` && !/created_at|page=/.test(query),
  ).length;

async function relists(): Promise<Reconcile["relists"]> {
  const { body } = await call(GET, "/x", { headers });
  return (body as Reconcile).relists;
}
const NONE = { waiting: 0, different: 0, mended: 0, unavailable: 0 };

async function listed() {
  const { body } = await call(sessions, "/x?show=tokens", { headers });
  return (body as ReconcileSessionsPage).data.map(({ id, token_gap, relist }) => [
    id,
    token_gap,
    relist,
  ]);
}

it("reads a session whose spans miss something once more, whole, and that mends it", async () => {
  begin(2);
  await look();
  expect(wholeReadings()).toBe(1);
  expect(await relists()).toEqual({ ...NONE, waiting: 1 });
  expect(await listed()).toEqual([[SESSION, 110, "waiting"]]);
  request("late", "2");
  await takeTurn(job);
  expect(wholeReadings()).toBe(2);
  expect(await relists()).toEqual({ ...NONE, mended: 1 });
  expect(await listed()).toEqual([]);
});

it("does so once for a usage, and once more when the usage is another", async () => {
  begin(3);
  await look();
  for (let turn = 0; turn < 3; turn++) await takeTurn(job);
  expect(wholeReadings()).toBe(2);
  expect(await relists()).toEqual({ ...NONE, different: 1 });
  expect(await listed()).toEqual([[SESSION, 220, "different"]]);
  put(4, "10:02:00");
  await look();
  const before = wholeReadings();
  expect(await relists()).toEqual({ ...NONE, waiting: 1 });
  for (let turn = 0; turn < 3; turn++) await takeTurn(job);
  expect(wholeReadings()).toBe(before + 1);
  expect(await listed()).toEqual([[SESSION, 330, "different"]]);
});

it("looks for children that the session's own list never told of", async () => {
  begin(2);
  platform.putThread(threadObject("sthr_primary", SESSION));
  platform.putThread(threadObject("sthr_child", SESSION, "sthr_primary"));
  request("child", "3", "sthr_child");
  await look();
  expect(await listed()).toEqual([[SESSION, 110, "waiting"]]);
  await takeTurn(job);
  expect(await relists()).toEqual({ ...NONE, mended: 1 });
});

it("leaves alone what adds up, and what is to be looked at anyhow", async () => {
  begin(1);
  await look();
  await takeTurn(job);
  expect(wholeReadings()).toBe(1);
  expect(await relists()).toEqual(NONE);
  put(2, "10:02:00");
  await look();
  // A look is planned: it may mend the session without any more reading.
  await prisma.syncSession.updateMany({ data: { dueAt: new Date(Date.now() + 60_000) } });
  const before = wholeReadings();
  await takeTurn(job);
  expect(wholeReadings()).toBe(before);
});
