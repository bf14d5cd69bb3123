import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pool, prisma } from "@/lib/db/client";
import { dispatchNotices } from "@/lib/notify/dispatch-service";
import { NewRoute } from "@/lib/notify/route-schema";
import { saveRoute } from "@/lib/notify/route-store";
import { truncateAll } from "@/tests/support/database";
import { addChannel, arrive, closedOf, noticeOf, put, told } from "@/tests/support/dispatching";
import { forgetJobs, waitingJobs } from "@/tests/support/jobs";
import { killedAt } from "@/tests/support/kill";

const START = Date.parse("2026-11-20T12:00:00Z");
const MINUTE = 60_000;
const at = (minutes: number) => new Date(START + minutes * MINUTE);
const dispatch = (minutes: number) => dispatchNotices("default", at(minutes));
const critical = { severity: "critical" } as const;

beforeAll(async () => {
  await truncateAll();
  for (const id of ["chat", "pager", "boss"]) await addChannel(id);
  const escalate = [{ after_ms: 10 * MINUTE, channels: ["boss"] }];
  const route = { name: "all", channels: ["chat"], escalate, continue: true };
  await saveRoute(prisma, "default", NewRoute.parse(route), at(0));
  const pages = { name: "pages", channels: ["pager"], group_by: ["agent"] };
  await saveRoute(prisma, "default", NewRoute.parse(pages), at(0));
});
beforeEach(empty);

async function empty(): Promise<void> {
  await pool().query(`truncate ${TABLES.join(", ")}`);
  await forgetJobs();
}

const [told1, told2] = [noticeOf("told1", at(0), critical), noticeOf("told2", at(0), critical)];

/** Some was told, of which some has closed, some waits for who comes next, and there is something new. */
async function prepare(): Promise<void> {
  await put(at(0), told1, told2);
  await dispatch(0);
  await arrive(at(0));
  await put(at(10), closedOf(told1, at(10)), noticeOf("new", at(10), critical));
}

/** The same from a copy of it, which is quicker. */
async function prepareAgain(): Promise<void> {
  for (const name of TABLES)
    await pool().query(`truncate ${name}; insert into ${name} table prepared_${name}`);
  await forgetJobs();
}

const TABLES = ["notice", "notice_group", "delivery"];

async function outcome() {
  const { rows } = await pool().query(
    `select channel_id, key, members, sequence, flush_at, state - 'said' as state
     from notice_group order by channel_id, key`,
  );
  const jobs = (await waitingJobs()).map(({ task, key, runAt }) => [
    task,
    key,
    key?.includes("later") ? runAt : null,
  ]);
  return { told: (await told()).sort(), rows, jobs: jobs.sort() };
}

describe("a dispatcher that dies", () => {
  it("at any statement loses nothing, and tells nothing twice", async () => {
    await prepare();
    for (const name of TABLES) await pool().query(`create table prepared_${name} as table ${name}`);
    await prepareAgain();
    await dispatch(10);
    const whole = await outcome();
    expect(whole.told).toEqual([
      "boss escalated told2+",
      "chat more_opened new+ told2+ told1-",
      "chat opened told1+ told2+",
      "pager closed told1-",
      "pager opened new+",
      "pager opened told1+",
      "pager opened told2+",
    ]);
    let deaths = 0;
    const dies = async (statement: number, isSent: boolean) => {
      await prepareAgain();
      const isCut = await killedAt({ statement, isSent }, () => dispatch(10));
      await dispatch(10);
      expect(await outcome()).toEqual(whole);
      return isCut;
    };
    while (await dies(deaths, false)) deaths++;
    // Whether the server saw a statement makes a difference where it commits, towards the end.
    for (let statement = deaths - 12; statement < deaths; statement++) await dies(statement, true);
    expect(deaths).toBeGreaterThan(30);
  }, 300_000);

  it("while notices are put leaves all of them, with their job, or none", async () => {
    let statement = 0;
    for (let isCut = true; isCut; statement++) {
      await empty();
      const notices = [noticeOf("a", at(0), critical), noticeOf("b", at(0), critical)];
      isCut = await killedAt({ statement, isSent: true }, () => put(at(0), ...notices));
      // What was sent last may still be at work.
      await pool().query("begin; lock table notice in share mode; commit");
      const count = await prisma.notice.count();
      expect([0, 2]).toContain(count);
      expect((await waitingJobs()).length).toBe(count / 2);
    }
    expect(statement).toBeGreaterThan(3);
  }, 120_000);
});

describe("dispatchers at once", () => {
  it("tell everything once", async () => {
    await prepare();
    await dispatch(10);
    const whole = await outcome();
    for (let round = 0; round < 5; round++) {
      await empty();
      await prepare();
      await Promise.all([1, 2, 3, 4].map(() => dispatch(10)));
      expect(await outcome()).toEqual(whole);
    }
  }, 120_000);

  it("see what comes meanwhile", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `n${index}`);
    for (let first = 0; first < ids.length; first += 4)
      await Promise.all(
        ids
          .slice(first, first + 4)
          .flatMap((id) => [
            put(at(0), noticeOf(id, at(0), { ...critical, labels: {} })),
            dispatch(0),
          ]),
      );
    await dispatch(0);
    const { rows } = await pool().query(
      "select channel_id, members, sequence from notice_group order by channel_id",
    );
    expect(rows.map(({ members }) => members.toSorted())).toEqual([ids.toSorted(), ids.toSorted()]);
    const last = await pool().query(
      `select content -> 'firing' as firing from delivery d join notice_group g
         on g.channel_id = d.channel_id and g.key = d.group_key and g.sequence = d.sequence`,
    );
    for (const { firing } of last.rows) expect(firing).toHaveLength(40);
    expect(last.rows).toHaveLength(2);
  }, 120_000);
});
