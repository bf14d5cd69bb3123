import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { blockReads, clearRefusals, takeRead } from "@/lib/anthropic/budget-store";
import { claimDue, claimOne, renewClaims } from "@/lib/anthropic/claim-store";
import { paceOf } from "@/lib/anthropic/pace";
import { RHYTHM } from "@/lib/anthropic/rhythm";
import { takeTurn } from "@/lib/anthropic/sync-service";
import { noteListed, saveRead } from "@/lib/anthropic/sync-store";
import { TURN_TASK } from "@/lib/anthropic/tasks";
import { whenDue } from "@/lib/anthropic/work-service";
import { claimWork } from "@/lib/anthropic/work-store";
import { pool } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs, waitingJobs } from "@/tests/support/jobs";

const nowhere = { url: "http://127.0.0.1:9", apiKey: "sk-ant-api03-test" };

let reader: { workspace: string; connectionId: string };

beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  const { id } = await connectTo(nowhere, await bearer("admin"));
  reader = { workspace: "default", connectionId: id };
  await forgetJobs();
});

it("keeps work for as long as somebody is at it, and no longer", async () => {
  const work = { kind: "sweep", leaseMs: 3_000 };
  let end = () => {};
  const long = whenDue(reader, work, async () => {
    await new Promise<void>((done) => {
      end = done;
    });
    return 0;
  });
  for (let i = 0; i < 5; i++) {
    await sleep(1_000);
    expect(await claimWork(reader, work.kind, work.leaseMs)).toBe(false);
  }
  end();
  await long;
  expect(await claimWork(reader, work.kind, work.leaseMs)).toBe(true);
  expect(await claimWork(reader, work.kind, work.leaseMs)).toBe(false);
  // Nobody renews this one.
  await sleep(work.leaseMs + 100);
  expect(await claimWork(reader, work.kind, work.leaseMs)).toBe(true);
});

it("keeps a session that is being read, along with what is told of it meanwhile", async () => {
  await noteListed(reader, [{ id: "sesn_1", status: "running", updatedAt: "" }], new Date());
  await claimOne(reader, "sesn_1", 1_000);
  await renewClaims(reader, ["sesn_1"], 60_000);
  await sleep(1_100);
  expect(await claimDue(reader, 5, 60_000)).toEqual([]);
  expect(await claimOne(reader, "sesn_1", 60_000)).toBeNull();
  await renewClaims(reader, ["sesn_1"], 60_000);
  const read = { status: "idle", updatedAt: "", watermark: null, hasThreads: false, threads: {} };
  await saveRead(reader, { sessionId: "sesn_1", ...read, events: 0, isWhole: true, nextMs: null });
  // A hint came meanwhile: what the list had said is not good enough any more.
  expect(await claimDue(reader, 5, 60_000)).toMatchObject([
    { sessionId: "sesn_1", listedStatus: null },
  ]);
});

it("goes on with a turn that a killed process was at, once its claim has ended", async () => {
  await claimWork(reader, "turn", 60_000);
  await takeTurn(reader);
  const [job, ...more] = await waitingJobs();
  expect([job?.task, more]).toEqual([TURN_TASK, []]);
  const inMs = (job?.runAt.getTime() ?? 0) - Date.now();
  expect(inMs).toBeGreaterThan(RHYTHM.leaseMs / 2);
  expect(inMs).toBeLessThanOrEqual(RHYTHM.leaseMs);
  // A turn that is to come sooner is not put off by one that finds another at it.
  await pool().query("update graphile_worker._private_jobs set run_at = now() + interval '1 s'");
  await takeTurn(reader);
  const [kept] = await waitingJobs();
  expect((kept?.runAt.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(1_000);
});

it("counts refusals of requests that were under way together as one", async () => {
  const pace = paceOf(6_000);
  const refusals = async () => {
    const turn = await takeRead(reader, pace, true);
    return turn.kind === "go" ? turn.refusals : turn.kind;
  };
  expect(await refusals()).toBe(0);
  const letTimePass = () => pool().query("update read_budget set blocked_until = now()");
  await Promise.all(Array.from({ length: 10 }, () => blockReads(reader, 60_000, true)));
  expect(await refusals()).toBe("later");
  await letTimePass();
  expect(await refusals()).toBe(1);
  await blockReads(reader, 60_000, true);
  await letTimePass();
  expect(await refusals()).toBe(2);
  await clearRefusals(reader);
  expect(await refusals()).toBe(0);
});
