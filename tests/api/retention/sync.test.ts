import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { takeHint, takeSweep, takeTurn } from "@/lib/anthropic/sync-service";
import { pool } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { eventObject, sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { differences, keep, makeAgain, retain, rowsOf, totalsOf } from "@/tests/support/retention";
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
  await makeAgain(new Date());
  headers = await bearer("admin");
  platform = await startPlatform({ readsPerMinute: null });
  const { id } = await connectTo(platform, headers, { reads_per_minute: 60_000 });
  job = { workspace: "default", connectionId: id };
  platform.putSession(sessionObject(SESSION, "10:00:00", { updated_at: "2026-11-20T10:01:00Z" }));
  const stop = { stop_reason: { type: "end_turn" } };
  platform.appendEvent(SESSION, null, eventObject("run", "session.status_running", "10:00:00"));
  platform.appendEvent(SESSION, null, eventObject("idle", "session.status_idle", "10:00:09", stop));
  await look();
});
afterEach(() => platform.close());

const look = () =>
  takeHint({
    ...{ ...job, type: "session.status_idled", resourceId: SESSION },
    ...{ threadId: null, createdAt: null },
  });

/** Reads of the session or its events since the last call. */
let seen = 0;
function reads(): number {
  const all = platform.requests.records.filter(({ path }) => path.includes(SESSION));
  const fresh = all.length - seen;
  seen = all.length;
  return fresh;
}

/** Everything the sync does by itself, as if all of it were due; also reading all history anew. */
async function syncAll(): Promise<void> {
  await pool().query("update sync_work set due_at = '-infinity', claimed_until = '-infinity'");
  await pool().query("update connection set state = 'live'");
  await takeSweep(job);
  await takeTurn(job);
  await pool().query(
    "update connection set state = 'backfilling', backfill_before = null, backfill_done_at = null",
  );
  await pool().query("update sync_work set due_at = '-infinity', claimed_until = '-infinity'");
  const { takeBackfill } = await import("@/lib/anthropic/sync-service");
  await takeBackfill(job);
  await takeTurn(job);
}

it.each([
  ["whose events it has dropped", { content: 7, events: 7 }],
  ["that it has dropped", { content: 7, events: 7, spans: 7, sessions: 7 }],
] as const)("does not fetch again a session %s", async (_, policy) => {
  expect((await rowsOf(SESSION, ["event"])).event).toBe(2);
  const before = await totalsOf();
  await keep(policy);
  await retain(new Date("2026-12-01T12:00:00Z"));
  expect(await rowsOf(SESSION, ["event"])).toEqual({});
  reads();
  await syncAll();
  expect(reads()).toBe(0);
  // Also when something happened there since, and a webhook says so.
  platform.appendEvent(SESSION, null, eventObject("more", "session.status_running", "10:05:00"));
  platform.putSession(sessionObject(SESSION, "10:00:00", { updated_at: "2026-12-01T11:00:00Z" }));
  await look();
  await syncAll();
  expect(reads()).toBe(0);
  expect(await rowsOf(SESSION, ["event"])).toEqual({});
  expect(await totalsOf()).toEqual(before);
  expect(await differences()).toEqual([]);
  if ("sessions" in policy)
    expect(await rowsOf(SESSION, ["session", "sync_session", "rejected_item"])).toEqual({});
});
