import { beforeAll, describe, expect, it } from "vitest";
import { GET } from "@/app/api/v1/overview/route";
import { pool } from "@/lib/db/client";
import type { Overview } from "@/lib/sessions/overview-schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

let headers: { authorization: string };
const HOUR = 3_600_000;
const NOW = Math.floor(Date.now() / HOUR) * HOUR;
const hoursAgo = (hours: number) => new Date(NOW - hours * HOUR).toISOString();

type Row = {
  id: string;
  outcome: string;
  started: number;
  settled?: number;
  last?: number;
  agent?: string;
  version?: string;
  nanos?: number;
  detail?: object;
};
/** Hours ago; 6 of the last day's 8 settled sessions of agent_b v2 failed, none of the days before. */
const ROWS: Row[] = [
  ...Array.from(
    { length: 8 },
    (_, n): Row => ({
      id: `b${n}`,
      outcome: n < 6 ? "refused" : "completed",
      started: 5,
      settled: 4,
      agent: "agent_b",
      version: "2",
      nanos: 1000,
    }),
  ),
  ...Array.from(
    { length: 10 },
    (_, n): Row => ({
      id: `old${n}`,
      outcome: "completed",
      started: 30,
      settled: 29,
      agent: "agent_b",
      version: "1",
      nanos: 500,
    }),
  ),
  { id: "steady", outcome: "terminated", started: 3, settled: 2, agent: "agent_a", nanos: 7 },
  { id: "stopped", outcome: "interrupted", started: 3, settled: 2, agent: "agent_a", nanos: 7 },
  { id: "runs", outcome: "running", started: 1, last: (NOW - Date.now()) / HOUR, agent: "agent_a" },
  { id: "silent", outcome: "running", started: 9, last: 8, agent: "agent_c", version: "4" },
  {
    id: "waits",
    outcome: "waiting",
    started: 50,
    last: 48,
    agent: "agent_c",
    detail: { since: hoursAgo(48), waiting_for: [{ id: "x", name: "bash", kind: "human" }] },
  },
  { id: "waits2", outcome: "waiting", started: 2, detail: { since: hoursAgo(1) } },
];

async function store(row: Row): Promise<void> {
  const failed = ["refused", "terminated"].includes(row.outcome);
  const at = (hours: number | undefined) => (hours === undefined ? null : hoursAgo(hours));
  await pool().query(
    `insert into session (workspace, session_id, day, source, outcome, failed, started_at, settled_at,
       last_event_at, agent_id, agent_name, agent_version, computed_nanos, tokens_nanos, active_ms,
       outcome_detail)
     values ('default', $1, '2026-01-01', 'push', $2, $3, $4, $5, $6, $7, upper($7), $8, $9, $9, 1000, $10)`,
    [
      ...[row.id, row.outcome, failed, at(row.started), at(row.settled), at(row.last)],
      ...[row.agent ?? null, row.version ?? null, row.nanos ?? 0, row.detail ?? null],
    ],
  );
}

beforeAll(async () => {
  await truncateAll();
  headers = await bearer("read");
});

async function read(search: string): Promise<Overview> {
  const { status, body } = await call(GET, `/x${search}`, { headers });
  expect([status, status === 200 ? null : body]).toEqual([200, null]);
  return body as Overview;
}
const DAY = `?from=${hoursAgo(24)}&to=${hoursAgo(0)}`;
const sum = (values: (number | null)[]) => values.reduce<number>((a, b) => a + (b ?? 0), 0);

describe("the overview", () => {
  it("of nothing at all says so", async () => {
    const empty = await read("");
    expect(empty).toMatchObject({ any: false, attention: [], agents: [], running: [], cost: [] });
    expect(empty.figures.failure_rate).toMatchObject({ value: null, failed: 0, settled: 0 });
  });

  it("puts figures beside those of the day before, and its parts sum to the whole", async () => {
    for (const row of ROWS) await store(row);
    const overview = await read(DAY);
    const { figures } = overview;
    expect(figures.sessions).toMatchObject({ value: 13, previous: 10 });
    expect(figures.cost_nanos).toMatchObject({ value: 8014, previous: 5000, unpriced_tokens: 0 });
    expect(figures.running_ms).toMatchObject({ value: 13_000, previous: 10_000 });
    expect(figures.failure_rate).toMatchObject({
      value: 7 / 9,
      previous: 0,
      failed: 7,
      settled: 9,
    });
    for (const figure of [figures.sessions, figures.cost_nanos, figures.running_ms]) {
      expect(sum(figure.points)).toBe(figure.value);
      expect(figure.points).toHaveLength(overview.times.length);
    }
    expect(overview.outcomes.map(({ outcome, values }) => [outcome, sum(values)])).toEqual([
      ["completed", 2],
      ["interrupted", 1],
      ["refused", 6],
      ["terminated", 1],
    ]);
    expect(overview.cost.map(({ meter, values }) => [meter, sum(values)])).toEqual([
      ["tokens", 8014],
    ]);
    const bucket = overview.times.indexOf(hoursAgo(4));
    expect(figures.failure_rate.points[bucket]).toBe(6 / 8);
    expect(figures.failure_rate.points.filter((point) => point !== null)).toHaveLength(2);
    expect(overview.compared).toEqual({ from: hoursAgo(48), to: hoursAgo(24) });
  });

  it("says who needs attention, worst first, and why", async () => {
    const { attention } = await read(DAY);
    expect(attention).toEqual([
      {
        kind: "failing",
        agent: { id: "agent_b", name: "AGENT_B", version: 2 },
        failed: 6,
        settled: 8,
        normal: 0,
        cost_nanos: 6000,
        from: hoursAgo(24),
        to: hoursAgo(0),
      },
      {
        kind: "waiting",
        sessions: 2,
        oldest: {
          session_id: "waits",
          connection_id: null,
          since: hoursAgo(48),
          tool: "bash",
          agent: { id: "agent_c", name: "AGENT_C", version: null },
        },
      },
      {
        kind: "silent",
        sessions: 1,
        oldest: {
          session_id: "silent",
          connection_id: null,
          last_event_at: hoursAgo(8).replace("Z", "000Z"),
          agent: { id: "agent_c", name: "AGENT_C", version: 4 },
        },
      },
    ]);
  });

  it("names the agents with most sessions and what runs now", async () => {
    const overview = await read(DAY);
    expect(
      overview.agents.map(({ agent, sessions, failed, settled, cost_nanos }) => [
        ...[agent.id, sessions, failed, settled, cost_nanos],
      ]),
    ).toEqual([
      ["agent_b", 8, 6, 8, 8000],
      ["agent_a", 3, 1, 1, 14],
      ["agent_c", 1, 0, 0, 0],
      [null, 1, 0, 0, 0],
    ]);
    expect(overview.agents_total).toBe(4);
    expect(overview.running.map(({ id }) => id)).toEqual(["runs", "silent"]);
    expect([overview.running_total, overview.waiting_total]).toEqual([2, 2]);
  });

  it("without a range begins with the first session", async () => {
    const overview = await read("");
    expect(overview.from).toBe(hoursAgo(50));
    expect(overview.figures.sessions.value).toBe(ROWS.length);
  });

  it.each([
    ["?from=now", "from"],
    [`?from=${hoursAgo(1)}&to=${hoursAgo(2)}`, "from"],
    ["?to=0001-01-01T00:00:00Z", "to"],
    ["?tz=Mars/Base", "tz"],
    ["?compare=year", "compare"],
  ])("refuses %s by name", async (search, path) => {
    const { status, body } = await call(GET, `/x${search}`, { headers });
    expect([status, body]).toMatchObject([400, { error: { issues: [{ path }] } }]);
  });

  it.each(["?tz=America/New_York&compare=week", "?compare=none", "?compare=day&tz=Asia/Kolkata"])(
    "can be asked with %s",
    async (search) => {
      await read(search);
    },
  );
});
