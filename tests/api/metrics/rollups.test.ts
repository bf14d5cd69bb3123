import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { fillDemo } from "@/lib/demo/service";
import { acceptItems } from "@/lib/ingest/service";
import { verifyWorkspace } from "@/lib/ingest/verify-service";
import { promote } from "@/lib/metrics/promoted-service";
import { addUp, forgetMinutes } from "@/lib/metrics/rollup-service";
import { removeSessions } from "@/lib/retention/service";
import { truncateAll } from "@/tests/support/database";

const NOW = new Date("2026-11-20T12:00:00Z");
const NOW_US = NOW.getTime() * 1000;
beforeEach(() => truncateAll());

const fill = (sessions: number, days: number) =>
  fillDemo("default", { seed: "rollups", days, sessions }, NOW_US, () => {});

async function addAllUp(): Promise<void> {
  while ((await addUp(NOW, 500)) > 0);
}

async function differences(): Promise<string[]> {
  const what: string[] = [];
  await verifyWorkspace("default", (difference) => what.push(difference.what));
  return what;
}

/** Of one grain, with differences that are not added up yet left out. */
async function totals(grain: string): Promise<Record<string, unknown>> {
  const [row] = await prisma.$queryRaw<Array<{ json: Record<string, unknown> }>>`
    select json_build_object(
      'started', sum(count) filter (where family = 'started'),
      'settled', sum(count) filter (where family = 'settled'),
      'failed', sum(failed) filter (where family = 'settled'),
      'cost', sum(nanos) filter (where family in ('request', 'runtime', 'search')),
      'list', sum(nanos) filter (where family = 'list'),
      'requests', sum(count) filter (where family = 'request'),
      'input', sum(input_tokens) filter (where family = 'request'),
      'write5m', sum(cache_write_5m_tokens) filter (where family = 'request'),
      'write1h', sum(cache_write_1h_tokens) filter (where family = 'request'),
      'read', sum(cache_read_tokens) filter (where family = 'request'),
      'output', sum(output_tokens) filter (where family = 'request'),
      'unpriced', sum(unpriced_tokens) filter (where family = 'request'),
      'ms', sum(ms) filter (where family = 'runtime'),
      'calls', sum(count) filter (where family = 'tool'),
      'tool_errors', sum(failed) filter (where family = 'tool'),
      'denials', sum(denied) filter (where family = 'tool'),
      'turns', sum(count) filter (where family = 'turn'),
      'searches', sum(count) filter (where family = 'search'),
      'running', coalesce(sum(count) filter (where family = 'running'), 0)) as json
    from rollup where grain = ${grain}`;
  return row?.json ?? {};
}

async function totalsOfRows(): Promise<Record<string, unknown>> {
  const [row] = await prisma.$queryRaw<Array<{ json: Record<string, unknown> }>>`
    select json_build_object('started', count(started_at), 'settled', count(settled_at),
      'failed', count(*) filter (where failed and settled_at is not null),
      'cost', sum(computed_nanos), 'list', sum(list_cost_cents) * 10000000,
      'requests', sum(model_requests), 'input', sum(input_tokens),
      'write5m', sum(cache_write_5m_tokens), 'write1h', sum(cache_write_1h_tokens),
      'read', sum(cache_read_tokens), 'output', sum(output_tokens),
      'unpriced', sum(unpriced_tokens), 'ms', sum(active_ms), 'calls', sum(tool_calls),
      'tool_errors', sum(tool_errors), 'denials', sum(tool_denials), 'turns', sum(turns),
      'searches', sum(web_searches), 'running', (
        select count(*) from span where kind = 'state' and name = 'running' and ended_at is null)) as json
    from session`;
  return row?.json ?? {};
}

describe("a fleet's rollups", () => {
  test("add up to its sessions' rows, in every grain, whether added up at once or in parts", async () => {
    await fill(60, 3);
    await addUp(NOW, 300);
    expect(await differences()).toEqual([]);
    await addAllUp();
    const rows = await totalsOfRows();
    const grains = ["minute", "hour", "agent_quarter", "agent_hour", "keyless_hour", "total"];
    for (const grain of grains) expect(await totals(grain), grain).toEqual(rows);
    expect(await differences()).toEqual([]);
  }, 60_000);

  test("are empty once the fleet is removed", async () => {
    await fill(25, 2);
    await addUp(NOW, 200);
    await removeSessions({ workspace: "default", source: "demo" });
    await addAllUp();
    expect(await prisma.sessionCell.count()).toBe(0);
    const [left] = await prisma.$queryRaw<Array<{ n: bigint }>>`
      select count(*) as n from rollup where count <> 0 or failed <> 0 or ms <> 0 or nanos <> 0
        or input_tokens <> 0 or output_tokens <> 0 or octet_length(histogram) > 0`;
    // That they came in once stays true.
    const [came] = await prisma.$queryRaw<Array<{ n: bigint }>>`
      select count(*) as n from rollup where family = 'arrival'`;
    expect(came?.n).toBeGreaterThan(0n);
    expect(left?.n).toBe(came?.n);
    expect(await differences()).toEqual([]);
  }, 60_000);

  test("come out the same when an update has them made anew", async () => {
    await promote("default", { key: "tenant" }, NOW);
    await fill(40, 2);
    await addUp(NOW, 300);
    const file = "prisma/migrations/20261126050000_quarters/migration.sql";
    for (const statement of (await readFile(file, "utf8")).split(/;\n/).filter((s) => s.trim()))
      await prisma.$executeRawUnsafe(statement);
    expect(await differences()).toEqual([]);
    await addAllUp();
    expect(await totals("agent_quarter")).toEqual(await totalsOfRows());
    expect(await differences()).toEqual([]);
  }, 60_000);

  test("keep minutes for 35 days and hours for ever", async () => {
    await fill(25, 2);
    await addAllUp();
    const hours = await totals("hour");
    await forgetMinutes(new Date(NOW.getTime() + 36 * 86_400_000));
    // What came in came now, by the real clock.
    const forgotten = { grain: { in: ["minute", "agent_quarter"] }, family: { not: "arrival" } };
    expect(await prisma.rollup.count({ where: forgotten })).toBe(0);
    expect(await totals("hour")).toEqual(hours);
  }, 60_000);

  test.each([
    ["a sum", "ms = ms + 1"],
    ["a histogram", "histogram = histogram || '\\x0102'::bytea"],
  ])("differ where somebody touches %s of a total", async (_, change) => {
    await fill(4, 1);
    await addUp(NOW, 200);
    expect(await differences()).toEqual([]);
    await prisma.$executeRawUnsafe(`
      update rollup set ${change} where grain = 'total' and family = 'turn' and key = 'completed'`);
    const found = await differences();
    expect(found.length).toBeGreaterThan(0);
    for (const what of found) expect(what).toContain('"total","turn"');
  });

  test.each([
    ["rollup", "grain = 'hour' and count > 0"],
    ["rollup_delta", "count > 0"],
  ])("differ where %s has something on a day that holds nothing else", async (table, some) => {
    await fill(4, 1);
    await addUp(NOW, 20);
    const lonely = 100 * 1440;
    await prisma.$executeRawUnsafe(`
      update ${table} set minute = ${lonely} where ctid in (
        select ctid from ${table} where ${some} and family <> 'arrival' limit 1)`);
    const minutes = (await differences()).map((what) => JSON.parse(what)[3]);
    expect(minutes).toContain(lonely);
  });

  test("differ from what the events give when somebody touches a cell, a sum or the list", async () => {
    await fill(4, 1);
    await addUp(NOW, 20);
    await prisma.$executeRaw`
      update session_cell set nanos = nanos + 1 where (session_id, minute, family, key) in (
        select session_id, minute, family, key from session_cell where family = 'request' limit 1)`;
    const found = await differences();
    expect(found).toContainEqual(expect.stringContaining("cell"));
    expect(found).toContainEqual(expect.stringContaining("agent_hour"));
    await prisma.$executeRaw`
      delete from rollup_delta where id in (select max(id) from rollup_delta where family <> 'arrival')`;
    expect((await differences()).length).toBeGreaterThan(found.length);
  }, 60_000);
});

test("what a session is counted under moves when its agent becomes known", async () => {
  const origin = { workspace: "default", connectionId: "", source: "push" as const };
  const event = (id: string, second: number, more: object) => ({
    index: 0,
    kind: "event" as const,
    sessionId: "sesn_1",
    threadId: null,
    data: { id, processed_at: `2026-11-20T10:00:${second}Z`, ...more },
  });
  const usage = { input_tokens: 1000, output_tokens: 10 };
  await acceptItems(
    origin,
    [
      event("a", 10, { type: "span.model_request_start" }),
      event("b", 12, {
        type: "span.model_request_end",
        model_request_start_id: "a",
        model_usage: usage,
      }),
    ],
    [],
    NOW,
  );
  await addAllUp();
  const agent = { type: "agent", id: "agent_1", version: 3, model: { id: "claude-sonnet-5" } };
  const data = { id: "sesn_1", type: "session", agent, created_at: "2026-11-20T10:00:00Z" };
  await acceptItems(
    origin,
    [{ index: 0, kind: "session", sessionId: "sesn_1", threadId: null, data }],
    [],
    NOW,
  );
  await addAllUp();
  const rows = await prisma.$queryRaw`
    select agent, agent_version, key, count::int, input_tokens::int, nanos::int from rollup
    where grain = 'hour' and family = 'request' and count <> 0`;
  expect(rows).toEqual([
    {
      agent: "agent_1",
      agent_version: "3",
      key: "claude-sonnet-5",
      count: 1,
      input_tokens: 1000,
      nanos: 2_100_000,
    },
  ]);
  expect(await differences()).toEqual([]);
});
