import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { comeBack } from "@/lib/cli/worker-clock";
import { pool, prisma } from "@/lib/db/client";
import { readAhead } from "@/lib/jobs/clock-store";
import { enqueue } from "@/lib/jobs/queue";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs, waitingJobs } from "@/tests/support/jobs";
import { keep } from "@/tests/support/retention";
import { startWorker, until } from "@/tests/support/sync";

const HOUR = 3_600_000;

beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  await pool().query("delete from graphile_worker._private_known_crontabs");
});

/** As a clock would have left them that was so far ahead: all jobs with these keys, and a minute's. */
async function writtenAhead(interval: string, keys: string[]): Promise<void> {
  await pool().query(
    `update graphile_worker._private_jobs set run_at = run_at + $1::interval,
       created_at = created_at + $1::interval, updated_at = updated_at + $1::interval
     where key = any($2)`,
    [interval, keys],
  );
  await pool().query(
    `insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
     values ('a', now(), now() + $1::interval)`,
    [interval],
  );
}

/** In how many minutes jobs run, by key. */
async function waits(): Promise<Record<string, number>> {
  const { rows } = await pool().query(
    `select key, round(extract(epoch from run_at - now()) / 60)::int as minutes
     from graphile_worker._private_jobs`,
  );
  return Object.fromEntries(rows.map(({ key, minutes }) => [key, minutes]));
}

const put = (key: string, minutes: number) =>
  enqueue(prisma, {
    ...{ task: "evaluate_rules", payload: {}, key },
    runAt: new Date(Date.now() + minutes * 60_000),
  });

describe("after a clock that was ahead", () => {
  it("waiting jobs wait as long as they were to, and those of the right time are left", async () => {
    await put("ahead", 7);
    await put("due", 0);
    await put("right", 90);
    await writtenAhead("1 day", ["ahead", "due"]);
    expect(await waits()).toEqual({ ahead: 24 * 60 + 7, due: 24 * 60, right: 90 });
    await comeBack(new Date());
    expect(await waits()).toEqual({ ahead: 7, due: 0, right: 90 });
  });

  it("minutes come again that have had their jobs, and nothing is left to be put right", async () => {
    await writtenAhead("3 hours", []);
    expect((await readAhead()) / HOUR).toBeCloseTo(3, 1);
    await comeBack(new Date());
    expect(await readAhead()).toBe(0);
    const { rows } = await pool().query(
      "select last_execution <= now() as past from graphile_worker._private_known_crontabs",
    );
    expect(rows).toEqual([{ past: true }]);
  });

  it("is told by a job alone, where no minute has begun meanwhile", async () => {
    await put("ahead", 7);
    await writtenAhead("1 day", ["ahead"]);
    await pool().query("delete from graphile_worker._private_known_crontabs");
    await comeBack(new Date());
    expect(await waits()).toEqual({ ahead: 7 });
  });

  it("a job that a process died at can be taken as soon as any other", async () => {
    await put("held", 0);
    await writtenAhead("1 day", ["held"]);
    await pool().query(
      "update graphile_worker._private_jobs set locked_at = now() + interval '1 day', locked_by = 'w'",
    );
    await comeBack(new Date());
    const { rows } = await pool().query(
      "select locked_at <= now() as past from graphile_worker._private_jobs",
    );
    expect(rows).toEqual([{ past: true }]);
  });

  it("nothing at all is done where it never was", async () => {
    await put("later", 90);
    await pool().query(
      `insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
       values ('a', now(), date_trunc('minute', now()))`,
    );
    const rows = async () =>
      (await pool().query("select * from graphile_worker._private_jobs")).rows;
    const before = await rows();
    await comeBack(new Date());
    expect(await rows()).toEqual(before);
  });
});

describe("what is owed to others", () => {
  it("messages are sent now, and what was sent is not sent again", async () => {
    await pool().query(
      `insert into notice_group (workspace, channel_id, key, labels, timing, members, flush_at, last_sent_at, told)
       values ('default', 'c', 'k', '{}', '{}', '{e}', now() + interval '25 hours', now() + interval '1 day', '{"e": 1}')`,
    );
    await pool().query(
      `insert into delivery (workspace, id, channel_id, reason, content, due_at, leased_until)
       values ('default', 'd', 'c', 'r', '{}', now() + interval '1 day', now() + interval '1 day')`,
    );
    await writtenAhead("1 day", []);
    await comeBack(new Date());
    const { rows } = await pool().query(
      `select g.flush_at <= now() as looks, g.last_sent_at <= now() as sent, g.told,
         d.due_at <= now() as due, d.leased_until <= now() as free
       from notice_group g, delivery d`,
    );
    expect(rows).toEqual([{ looks: true, sent: true, told: { e: 1 }, due: true, free: true }]);
  });

  it("sessions are read again when they would have been", async () => {
    await pool().query(
      `insert into sync_session (workspace, connection_id, session_id, seen_at, read_at, due_at, claimed_until)
       values ('default', 'c', 'rests', now() + interval '1 day', now() + interval '1 day', now() + interval '25 hours', null),
         ('default', 'c', 'held', now(), now(), now() + interval '1 day', now() + interval '1 day'),
         ('default', 'c', 'right', now(), now(), now() + interval '2 hours', null)`,
    );
    await pool().query(
      `insert into read_budget (workspace, connection_id, next_at, blocked_until)
       values ('default', 'c', now() + interval '1 day', now() + interval '1 day')`,
    );
    await writtenAhead("1 day", []);
    await comeBack(new Date());
    const { rows } = await pool().query(
      `select session_id as id, round(extract(epoch from due_at - now()) / 3600)::int as hours
       from sync_session order by session_id`,
    );
    expect(rows).toEqual([
      { id: "held", hours: 0 },
      { id: "rests", hours: 1 },
      { id: "right", hours: 2 },
    ]);
    const budget = await pool().query(
      "select greatest(next_at, blocked_until) <= now() as free from read_budget",
    );
    expect(budget.rows).toEqual([{ free: true }]);
  });
});

describe("a clock that may be wrong", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Runs of retention there are, once the job that begins one is done in a worker of this age. */
  async function runsAfter(upMinutes: number): Promise<number> {
    await keep({ content: 30 });
    vi.spyOn(performance, "now").mockReturnValue(upMinutes * 60_000);
    await enqueue(prisma, { task: "start_retention", payload: {}, key: "now" });
    const worker = await startWorker();
    await until(async () => (await waitingJobs()).every(({ key }) => key !== "now"));
    await worker.stop();
    return prisma.retentionRun.count();
  }

  it("drops nothing before the worker has run for half an hour", async () => {
    expect(await runsAfter(1)).toBe(0);
    const later = (await waitingJobs()).find(({ key }) => key === "start_retention_later");
    const minutes = ((later?.runAt.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(28);
    expect(minutes).toBeLessThanOrEqual(29);
  });

  it("drops what is old after that", async () => {
    expect(await runsAfter(31)).toBe(1);
  });
});
