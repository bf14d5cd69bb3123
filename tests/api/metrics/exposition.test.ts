import { beforeEach, describe, expect, test } from "vitest";
import { GET, POST } from "@/app/metrics/route";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { readExposition } from "@/lib/metrics/exposition-service";
import { addUp } from "@/lib/metrics/rollup-service";
import { removeSessions } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import { asks, at, event, idle, running, usAt } from "@/tests/support/events";
import { storeItems } from "@/tests/support/stored";

/** What is told again for some seconds would not be seen to change: each question comes a minute later. */
let minutes = 0;
beforeEach(async () => {
  await truncateAll();
  minutes++;
});
async function scrape(): Promise<string[]> {
  const now = new Date(Date.now() + minutes++ * 60_000);
  return (await readExposition("default", "text", { now })).split("\n");
}
const only = (lines: readonly string[], name: string) =>
  lines.filter((line) => line.startsWith(`watchkeeper_${name}`));

const object = (id: string, agent: string, created: number, source: object = {}): SoupItem => ({
  kind: "session",
  threadId: null,
  data: {
    ...{ id, type: "session", created_at: at(created), updated_at: at(created) },
    agent: {
      type: "agent",
      id: agent,
      name: `The ${agent}`,
      version: 1,
      model: { id: "claude-sonnet-5" },
    },
    ...source,
  },
});
/** 100 seconds long, with a request of two seconds and a call that fails. */
const COMPLETED = [
  object("sesn_a", 'a"gent', 0),
  running(0),
  event("span.model_request_start", 1),
  event("span.model_request_end", 3, {
    model_request_start_id: "span.model_request_start@1",
    is_error: false,
    model_usage: { input_tokens: 1000, output_tokens: 100, cache_read_input_tokens: 500 },
  }),
  event("agent.tool_use", 4, { name: "bash", input: {} }),
  event("agent.tool_result", 14, { tool_use_id: "agent.tool_use@4", is_error: true }),
  idle(100),
];

test("tells a fleet's metrics, each in base units under its labels", async () => {
  await storeItems("sesn_a", COMPLETED);
  await addUp(new Date());
  const waits = [object("sesn_b", "b", 0), running(0), asks(10, "call")];
  await storeItems("sesn_b", waits);
  const lines = await scrape();
  const expected = [
    'watchkeeper_sessions{outcome="completed"} 1',
    'watchkeeper_sessions{outcome="running"} 0',
    'watchkeeper_sessions{outcome="waiting"} 1',
    'watchkeeper_waiting_sessions{agent="b"} 1',
    'watchkeeper_sessions_started_total{agent="a\\"gent"} 1',
    'watchkeeper_sessions_settled_total{agent="a\\"gent",outcome="completed"} 1',
    'watchkeeper_turns_total{agent="b",outcome="waiting"} 1',
    // $2 input, $0.20 read, $10 output a million; 100 and 10 seconds of $0.08 an hour.
    'watchkeeper_cost_usd_total{agent="a\\"gent",meter="tokens"} 0.0031',
    'watchkeeper_cost_usd_total{agent="a\\"gent",meter="runtime"} 0.002222222',
    'watchkeeper_cost_usd_total{agent="b",meter="runtime"} 0.000222222',
    'watchkeeper_settled_cost_usd_total{agent="a\\"gent"} 0.005322222',
    'watchkeeper_tokens_total{agent="a\\"gent",model="claude-sonnet-5",bucket="cache_read"} 500',
    'watchkeeper_session_seconds_total{agent="a\\"gent"} 100',
    'watchkeeper_model_request_errors_total{agent="a\\"gent",model="claude-sonnet-5"} 0',
    'watchkeeper_tool_errors_total{agent="a\\"gent",tool="bash"} 1',
    'watchkeeper_turn_duration_seconds_bucket{agent="a\\"gent",le="60.0"} 0',
    'watchkeeper_turn_duration_seconds_bucket{agent="a\\"gent",le="120.0"} 1',
    'watchkeeper_turn_duration_seconds_bucket{agent="a\\"gent",le="+Inf"} 1',
    'watchkeeper_turn_duration_seconds_sum{agent="a\\"gent"} 100',
    'watchkeeper_turn_duration_seconds_count{agent="a\\"gent"} 1',
    'watchkeeper_time_to_first_output_seconds_sum{agent="a\\"gent"} 3',
    'watchkeeper_model_latency_seconds_sum{model="claude-sonnet-5"} 2',
    'watchkeeper_tool_latency_seconds_sum{tool="bash"} 10',
    'watchkeeper_ingest_events_total{source="push"} 8',
    'watchkeeper_agent_info{agent="b",agent_name="The b"} 1',
    'watchkeeper_agent_info{agent="other",agent_name="other"} 1',
    "# TYPE watchkeeper_cost_usd_total counter",
    "# TYPE watchkeeper_oldest_wait_seconds gauge",
    "# TYPE process_cpu_seconds_total counter",
  ];
  for (const line of expected) expect(lines).toContain(line);
  const [, age] = only(lines, 'oldest_wait_seconds{agent="b"}')[0]?.split(" ") ?? [];
  const since = usAt(10) / 1e6;
  expect(Math.abs(Date.now() / 1000 + (minutes - 1) * 60 - since - Number(age))).toBeLessThan(30);
});

describe("what grows never falls", () => {
  const counters = (lines: readonly string[]) =>
    new Map(
      lines
        .filter((line) => /^watchkeeper_\w+_(total|bucket|sum|count)\{/.test(line))
        .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]),
    );
  const changes: Array<[string, () => Promise<unknown>]> = [
    ["runs again", () => storeItems("sesn_a", [running(200)])],
    [
      "moves to another agent",
      () => storeItems("sesn_a", [object("sesn_a", "c", 0, { updated_at: at(300) })]),
    ],
    ["is removed", () => removeSessions({ workspace: "default", source: "push" })],
    [
      "is removed, and its sums with it",
      async () => {
        await removeSessions({ workspace: "default", source: "push" });
        await addUp(new Date());
        await prisma.rollup.deleteMany();
      },
    ],
  ];
  test.each(changes)("when a session %s", async (_, change) => {
    await storeItems("sesn_a", COMPLETED);
    await addUp(new Date());
    const before = counters(await scrape());
    expect(before.size).toBeGreaterThan(50);
    await change();
    const after = counters(await scrape());
    for (const [series, value] of before) {
      expect(after.has(series), series).toBe(true);
      expect(after.get(series), series).toBeGreaterThanOrEqual(value);
    }
    // What is told now is not what is so: there is something to hold.
    await prisma.exportedCounter.deleteMany();
    const bare = counters(await scrape());
    expect([...before].some(([series, value]) => (bare.get(series) ?? 0) < value)).toBe(true);
  });

  test("nor where another process has told more", async () => {
    await storeItems("sesn_a", COMPLETED);
    const name = 'watchkeeper_sessions_started_total{agent="a\\"gent"}';
    expect(counters(await scrape()).get(name)).toBe(1);
    await prisma.exportedCounter.updateMany({
      where: { series: { startsWith: '["watchkeeper_sessions_started_total"' } },
      data: { value: 3 },
    });
    expect(counters(await scrape()).get(name)).toBe(3);
  });
});

test("labels are bounded, and other never falls", async () => {
  for (let agent = 0; agent < 53; agent++)
    await storeItems(`sesn_${agent}`, [object(`sesn_${agent}`, `agent_${agent}`, 0)]);
  const told = only(await scrape(), "sessions_started_total");
  expect(told).toHaveLength(51);
  expect(told).toContain('watchkeeper_sessions_started_total{agent="other"} 3');
  for (let more = 0; more < 20; more++)
    await storeItems(`sesn_x${more}`, [object(`sesn_x${more}`, "agent_new", 0)]);
  const after = only(await scrape(), "sessions_started_total");
  expect(after).toHaveLength(51);
  expect(after).toContain('watchkeeper_sessions_started_total{agent="other"} 23');
});

test("what is left of a connection's budget, and what waits to be read", async () => {
  const row = { workspace: "default", id: "conn_x", name: "Main", baseUrl: "https://x.example" };
  const rest = { apiKeySealed: "", apiKeyHint: "", state: "live", readsPerMinute: 240 };
  await prisma.connection.create({ data: { ...row, ...rest } });
  const of = { workspace: "default", connectionId: "conn_x" };
  await prisma.readCount.create({ data: { ...of, at: new Date(), reads: 40 } });
  const due = { ...of, sessionId: "sesn_due", dueAt: new Date(0), seenAt: new Date(0) };
  await prisma.syncSession.create({ data: due });
  const request = new Request("http://localhost:3000/metrics", { headers: await bearer("read") });
  const lines = (await (await GET(request)).text()).split("\n");
  expect(only(lines, "connection_")).toEqual([
    'watchkeeper_connection_info{connection="conn_x",connection_name="Main",state="live"} 1',
    'watchkeeper_connection_reads_limit{connection="conn_x"} 240',
    'watchkeeper_connection_reads_remaining{connection="conn_x"} 200',
    'watchkeeper_connection_waiting_work{connection="conn_x"} 1',
  ]);
  expect(only(lines, "outdated_sessions")).toEqual(["watchkeeper_outdated_sessions 0"]);
});

describe("who may read it", () => {
  const ask = (headers: Record<string, string> = {}) =>
    GET(new Request("http://localhost:3000/metrics", { headers }));
  test("a key with the scope read, in the format it asks for", async () => {
    const key = await bearer("read");
    const plain = await ask(key);
    expect(plain.status).toBe(200);
    expect(plain.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const open = await ask({ ...key, accept: "application/openmetrics-text;version=1.0.0" });
    expect(open.headers.get("content-type")).toContain("application/openmetrics-text");
    expect((await open.text()).endsWith("# EOF\n")).toBe(true);
  });
  test("nobody without a key, nor one that may only send", async () => {
    expect((await ask()).status).toBe(401);
    expect((await ask({ authorization: "Bearer wk_00000000000000000000" })).status).toBe(401);
    expect((await ask(await bearer("ingest"))).status).toBe(403);
  });
  test("anybody where the operator says so", async () => {
    env.WATCHKEEPER_METRICS_PUBLIC = true;
    try {
      const answer = await ask();
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain("# TYPE watchkeeper_sessions gauge");
    } finally {
      env.WATCHKEEPER_METRICS_PUBLIC = false;
    }
  });
  test("and nobody writes", async () => {
    const answer = await POST(new Request("http://localhost:3000/metrics", { method: "POST" }));
    expect(answer.status).toBe(405);
  });
});
