import type { Runner } from "graphile-worker";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { GET, PATCH } from "@/app/api/v1/connections/[id]/route";
import type { ConnectionItem } from "@/lib/connections/schema";
import { pool } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs } from "@/tests/support/jobs";
import { sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { startWorker, until } from "@/tests/support/sync";

let platform: Platform;
let worker: Runner;
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
  await worker.stop();
  await platform.close();
});

const read = async (id: string) =>
  (await call(GET, "/x", { headers, params: { id } })).body as ConnectionItem;
const change = (id: string, json: object) =>
  call(PATCH, "/x", { method: "PATCH", headers, json, params: { id } });

/** Time spent on history, and whether nobody is at it. */
async function work(): Promise<{ ms: number; isFree: boolean }> {
  const { rows } = await pool().query(
    `select c.backfill_ms::int as ms, w.claimed_until < now() as "isFree"
     from connection c join sync_work w on w.connection_id = c.id and w.kind = 'backfill'`,
  );
  return rows[0];
}

it("goes on after a pause where it was, counts each session once and the pause not at all", async () => {
  const times = Array.from({ length: 180 }, (_, n) => new Date(Date.UTC(2026, 10, 20, 0, n)));
  for (const [n, time] of times.entries()) {
    const created_at = time.toISOString();
    platform.putSession(
      sessionObject(`sesn_${n}`, undefined, { created_at, updated_at: created_at }),
    );
  }
  platform.faults = { slow: 1, slowMs: 150 };
  const { id } = await connectTo(platform, headers, { reads_per_minute: 60_000 });
  await until(async () => (await read(id)).backfill.sessions > 0);
  await change(id, { state: "paused" });
  const { backfill, state } = await read(id);
  expect([state, backfill.sessions, backfill.done]).toEqual(["paused", 100, false]);
  await until(async () => (await work()).isFree);
  const { ms } = await work();
  await new Promise((done) => setTimeout(done, 1_000));
  expect((await work()).ms).toBe(ms);
  platform.faults = {};
  await change(id, { state: "live" });
  await until(async () => (await read(id)).state === "live");
  expect((await read(id)).backfill).toMatchObject({ sessions: 180, done: true });
  expect((await work()).ms).toBeGreaterThan(ms);
}, 60_000);
