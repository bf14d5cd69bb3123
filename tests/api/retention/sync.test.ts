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

/** Drops what is due, and sees that the sync does not ask for it. */
async function dropped(policy: Parameters<typeof keep>[0]): Promise<string[]> {
  expect((await rowsOf(SESSION, ["event"])).event).toBe(2);
  const before = await totalsOf();
  await keep(policy);
  await retain(new Date("2026-12-01T12:00:00Z"));
  expect(await rowsOf(SESSION, ["event"])).toEqual({});
  // Retention was there some days before its time, and today's partitions went as well.
  await makeAgain(new Date());
  reads();
  await syncAll();
  expect(reads()).toBe(0);
  return before;
}

function goOn(): void {
  platform.appendEvent(SESSION, null, eventObject("more", "session.status_running", "10:05:00"));
  platform.putSession(sessionObject(SESSION, "10:00:00", { updated_at: "2026-12-01T11:00:00Z" }));
}

it("does not fetch again a session that it has dropped", async () => {
  const before = await dropped({ content: 7, events: 7, spans: 7, sessions: 7 });
  // Also when something happened there since, and a webhook says so.
  goOn();
  await look();
  await syncAll();
  expect(reads()).toBe(0);
  expect(await totalsOf()).toEqual(before);
  expect(await differences()).toEqual([]);
  expect(await rowsOf(SESSION)).toEqual({});
  expect(await rowsOf(SESSION, ["sync_session", "rejected_item"])).toEqual({});
});

it.each([
  ["a webhook says", look],
  ["a list says", async () => {}],
])(
  "fetches of a session whose events it has dropped what came since, when %s so",
  async (_, told) => {
    await dropped({ content: 7, events: 7, spans: 7 });
    goOn();
    await told();
    await syncAll();
    expect(reads()).toBeGreaterThan(0);
    const { rows } = await pool().query("select id from event");
    expect(rows).toEqual([{ id: "more" }]);
    const session = await pool().query("select turns, events from session");
    expect(session.rows).toEqual([{ turns: 2, events: 3 }]);
    const seal = await pool().query("select late from session_seal");
    expect(seal.rows).toEqual([{ late: 0 }]);
    expect(await differences()).toEqual([]);
  },
);
