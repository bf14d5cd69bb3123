import type { Runner } from "graphile-worker";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { GET } from "@/app/api/v1/connections/[id]/route";
import type { ConnectionItem } from "@/lib/connections/schema";
import { pool } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs } from "@/tests/support/jobs";
import { loadFleet } from "@/tests/support/platform/fleet";
import { sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import type { Behaviour } from "@/tests/support/platform/shapes";
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

async function read(id: string): Promise<ConnectionItem> {
  const answer = await call(GET, `/api/v1/connections/${id}`, { headers, params: { id } });
  return answer.body as ConnectionItem;
}

async function live(): Promise<ConnectionItem> {
  const { id } = await connectTo(platform, headers, { reads_per_minute: 60_000 });
  await until(async () => (await read(id)).state === "live");
  return read(id);
}

async function counts() {
  const { rows } = await pool().query<{ sessions: number; events: number; rejected: number }>(
    `select (select count(*)::int from session) as sessions, (select count(*)::int from event) as events,
       (select count(*)::int from rejected_item) as rejected`,
  );
  return rows[0];
}

it("has nothing to say of a server that keeps its promises", async () => {
  loadFleet(platform, { sessions: 40, days: 6 });
  expect((await live()).warnings).toEqual([]);
});

it.each<[Partial<Behaviour>, string]>([
  [{ noProcessedAt: true }, "no_processed_at"],
  [{ noEventIds: true }, "no_event_ids"],
  [{ noStatusIdle: true }, "no_status_idle"],
  [{ noNextPage: "whole" }, "no_next_page"],
  [{ cacheReadsInInput: true }, "cache_reads_in_input"],
])("works with a server of its own mind, and says what is missing: %o", async (behaviour, code) => {
  loadFleet(platform, { sessions: 40, days: 6 });
  const truth = platform.snapshot();
  platform.behaviour = behaviour;
  const { warnings } = await live();
  expect(warnings.map((warning) => warning.code)).toEqual([code]);
  expect(warnings[0]).toMatchObject({
    message: expect.stringMatching(/\w{3}/),
    example: expect.stringMatching(/^sesn_/),
  });
  expect(warnings[0]?.count).toBeGreaterThan(0);
  const stored = await counts();
  expect(stored).toMatchObject({ sessions: 40, rejected: 0 });
  // Copies that differ by their id alone are one, and what is left out cannot come.
  const least = behaviour.noEventIds || behaviour.noStatusIdle ? 0.8 : 1;
  expect(stored?.events).toBeGreaterThanOrEqual(truth.events.length * least);
});

it("reads a list to its end where the server cuts it and does not say so", async () => {
  const at = (i: number) => new Date(Date.UTC(2026, 10, 20, 8, i)).toISOString();
  for (let i = 0; i < 230; i++)
    platform.putSession(
      sessionObject(`sesn_${i}`, undefined, { created_at: at(i), updated_at: at(i) }),
    );
  platform.behaviour = { noNextPage: "cut" };
  const { warnings, backfill } = await live();
  expect(warnings.map(({ code }) => code)).toEqual(["no_next_page"]);
  expect(backfill.done).toBe(true);
  expect(await counts()).toMatchObject({ sessions: 230 });
}, 60_000);

it("forgets what was missing once it has been there for a week", async () => {
  loadFleet(platform, { sessions: 3, days: 6 });
  platform.behaviour = { noProcessedAt: true };
  const { id, warnings } = await live();
  expect(warnings).toHaveLength(1);
  await pool().query(
    "update connection_warning set last_seen_at = now() - interval '7 days 1 minute'",
  );
  expect((await read(id)).warnings).toEqual([]);
});
