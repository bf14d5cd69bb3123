import { beforeAll, describe, expect, test } from "vitest";
import { GET as catalogue } from "@/app/api/v1/metrics/catalogue/route";
import { GET as exported } from "@/app/api/v1/metrics/export/route";
import { GET } from "@/app/api/v1/metrics/route";
import { prisma } from "@/lib/db/client";
import { CATALOGUE } from "@/lib/metrics/catalogue";
import type { MetricsAnswer } from "@/lib/metrics/query-schema";
import { addUp } from "@/lib/metrics/rollup-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import { asks, at, error, event, idle, rescheduled, running } from "@/tests/support/events";
import { storeItems } from "@/tests/support/stored";

const HOUR = 3600;
let key: { authorization: string };

const object = (id: string, agent: string, created: number): SoupItem => ({
  kind: "session",
  threadId: null,
  data: {
    id,
    type: "session",
    created_at: at(created),
    agent: { type: "agent", id: agent, version: 1, model: { id: "claude-sonnet-5" } },
    environment_id: "env_1",
    metadata: { tenant: agent === "agent_1" ? "acme" : "hooli" },
  },
});
const confirmed = (seconds: number, call: string) =>
  event("user.tool_confirmation", seconds, { tool_use_id: call, result: "allow" });

/** Completed after two minutes, with a request, a call that had to be allowed and failed, and a search. */
const COMPLETED = [
  object("sesn_a", "agent_1", 0),
  running(10),
  event("span.model_request_start", 20),
  event("span.model_request_end", 30, {
    model_request_start_id: "span.model_request_start@20",
    is_error: false,
    model_usage: { input_tokens: 1000, output_tokens: 100, cache_read_input_tokens: 500 },
  }),
  event("agent.tool_use", 31, { name: "bash", input: {}, evaluated_permission: "ask" }),
  confirmed(91, "agent.tool_use@31"),
  event("agent.tool_result", 101, { tool_use_id: "agent.tool_use@31", is_error: true }),
  idle(130),
];
/** Failed in the second hour after it was put off once. */
const FAILED = [
  object("sesn_b", "agent_2", HOUR),
  running(HOUR),
  error(HOUR + 2, "retrying"),
  rescheduled(HOUR + 3),
  running(HOUR + 4),
  error(HOUR + 5, "exhausted"),
  idle(HOUR + 10, "retries_exhausted"),
];
/** Waits from the first hour on for somebody who never comes. */
const WAITING = [
  object("sesn_c", "agent_1", 600),
  running(600),
  event("agent.tool_use", 605, { name: "rm", input: {}, evaluated_permission: "ask" }),
  asks(610, "agent.tool_use@605"),
];

beforeAll(async () => {
  await truncateAll();
  key = await bearer("read");
  await storeItems("sesn_a", COMPLETED);
  await storeItems("sesn_b", FAILED);
  await addUp(new Date(), 10);
  await storeItems("sesn_c", WAITING);
});

const RANGE = `from=${at(0)}&to=${at(2 * HOUR)}`;
async function ask(query: string) {
  return call(GET, `/api/v1/metrics?${query}`, { headers: key });
}
async function results(query: string): Promise<MetricsAnswer["results"]> {
  const { status, body } = await ask(query);
  expect({ status, body }).toMatchObject({ status: 200 });
  return (body as MetricsAnswer).results;
}

// $2 input, $0.20 read, $10 output a million; $0.08 an hour of 120, 10 (twice a part) and 10 seconds.
const TOKENS = 2_000_000 + 100_000 + 1_000_000;
const RUNTIME = [2_666_667 + 222_222, 200_000];
test.each<[string, Array<number | null>, number[][]?]>([
  ["sessions_started", [2, 1]],
  ["sessions_settled", [1, 1]],
  ["sessions_failed", [0, 1]],
  [
    "failure_rate",
    [0, 1],
    [
      [0, 1],
      [1, 1],
    ],
  ],
  ["interrupted", [0, 0]],
  ["turns", [2, 1]],
  [
    "turn_failure_rate",
    [0, 1],
    [
      [0, 1],
      [1, 1],
    ],
  ],
  ["running_sessions", [0, 0]],
  ["waiting_sessions", [1, 1]],
  ["oldest_wait_seconds", [HOUR - 610, 2 * HOUR - 610]],
  ["reschedules", [0, 1]],
  ["session_errors", [0, 2]],
  ["grouped_errors", [1, 2]],
  ["final_errors", [0, 1]],
  ["cost", [TOKENS + (RUNTIME[0] ?? 0), RUNTIME[1] ?? 0]],
  ["cost_tokens", [TOKENS, 0]],
  ["cost_runtime", RUNTIME],
  ["cost_web_search", [0, 0]],
  ["list_cost", [0, 0]],
  [
    "cost_per_completed_session",
    [TOKENS + 2_666_667, null],
    [
      [TOKENS + 2_666_667, 1],
      [200_000, 0],
    ],
  ],
  ["unpriced_tokens", [0, 0]],
  ["session_hours", [130 / HOUR, 9 / HOUR]],
  ["tokens", [1600, 0]],
  [
    "cache_hit_ratio",
    [500 / 1500, null],
    [
      [500, 1500],
      [0, 0],
    ],
  ],
  // A request and a call of ten seconds each; 120, 10 and then 9 seconds of running time.
  [
    "utilisation",
    [20_000 / 130_000, 0],
    [
      [20_000, 130_000],
      [0, 9_000],
    ],
  ],
  // savings.test.ts has some.
  ["cost_of_expired_cache", [0, 0]],
  ["expired_cache_tokens", [0, 0]],
  ["briefly_expired_cache_tokens", [0, 0]],
  // context.test.ts has some of tools.
  ["context_tokens", [1500, 0]],
  ["carried_tokens", [1500, 0]],
  ["cost_of_context", [2_100_000, 0]],
  ["web_searches", [0, 0]],
  ["turn_duration", [10_000, 10_000]],
  ["time_to_first_output", [20_000, null]],
  ["model_latency", [10_000, null]],
  ["tool_latency", [10_000, null]],
  ["mcp_latency", [null, null]],
  ["approval_wait", [60_000, null]],
  ["approval_wait_total", [60_000, 0]],
  ["model_requests", [1, 0]],
  [
    "model_error_rate",
    [0, null],
    [
      [0, 1],
      [0, 0],
    ],
  ],
  ["tool_calls", [2, 0]],
  [
    "tool_error_rate",
    [0.5, null],
    [
      [1, 2],
      [0, 0],
    ],
  ],
  ["tool_denials", [0, 0]],
  ["mcp_calls", [0, 0]],
  [
    "mcp_error_rate",
    [null, null],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  ["mcp_denials", [0, 0]],
  ["sessions_created_per_minute", [2 / 60, 1 / 60]],
  // What has no session is told by self.test.ts.
  ["reads_per_minute", [0, 0]],
  ["rate_limited", [0, 0]],
  ["ingest_events", [0, 0]],
  ["ingest_lag_seconds", [null, null]],
  ["rejected_events", [0, 0]],
  ["rule_lag_seconds", [null, null]],
  ["sync_lag_seconds", [null, null]],
])("%s, hour by hour", async (metric, values, parts) => {
  const [result] = await results(`metric=${metric}&${RANGE}`);
  const points = result?.series[0]?.points ?? [];
  expect(points.map(([start]) => start)).toEqual(["2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"]);
  for (const [index, expected] of values.entries()) {
    const told = points[index]?.[1] ?? null;
    if (result?.kind !== "distribution" || expected === null) expect(told).toBe(expected);
    else expect(Math.abs(Number(told) - expected) / expected).toBeLessThan(0.02);
  }
  expect(points.map((point) => point.slice(2))).toEqual(parts ?? [[], []]);
});

test("every metric of the catalogue is in the table above", async () => {
  const { body } = await call(catalogue, "/api/v1/metrics/catalogue", { headers: key });
  const { metrics } = body as { metrics: Array<{ id: string; dimensions: string[] }> };
  expect(metrics.map(({ id }) => id)).toEqual(CATALOGUE.map(({ id }) => id));
  expect(metrics.find(({ id }) => id === "tokens")?.dimensions).toEqual([
    "agent",
    "agent_version",
    "environment",
    "deployment",
    "source",
    "bucket",
    "model",
  ]);
});

describe("groups and filters", () => {
  const totals = async (query: string) =>
    Object.fromEntries(
      ((await results(`${RANGE}&step=all&${query}`))[0]?.series ?? []).map(({ labels, total }) => [
        Object.values(labels).join("/"),
        total,
      ]),
    );
  test.each([
    ["metric=turns&group_by=agent", { agent_1: 2, agent_2: 1 }],
    [
      "metric=turns&group_by=outcome&group_by=agent",
      { "completed/agent_1": 1, "waiting/agent_1": 1, "retries_exhausted/agent_2": 1 },
    ],
    ["metric=sessions_started&group_by=metadata.tenant", { acme: 2, hooli: 1 }],
    ["metric=sessions_started&metadata.tenant=hooli", { "": 1 }],
    ["metric=sessions_started&tool=bash", { "": 1 }],
    ["metric=tool_calls&tool=bash&tool=rm&group_by=tool", { bash: 1, rm: 1 }],
    ["metric=turns&agent=agent_2&agent=agent_3", { "": 1 }],
    ["metric=session_errors&group_by=error_type", { model_overloaded_error: 2 }],
    ["metric=turn_duration&agg=count", { "": 3 }],
    ["metric=turn_duration&agg=mean&agent=agent_1", { "": 65_000 }],
    ["metric=cost_tokens&group_by=model", { "claude-sonnet-5": TOKENS }],
    // The metric itself knows neither: what the whole session has one of.
    [
      "metric=cost&group_by=outcome",
      { completed: TOKENS + 2_666_667, retries_exhausted: 200_000, waiting: 222_222 },
    ],
    ["metric=tool_calls&group_by=model&outcome=waiting", { "claude-sonnet-5": 1 }],
    // Of what it has several of, under each; of a sum under none, or its groups were more than it.
    ["metric=failure_rate&group_by=tool", { bash: 0, "": 1 }],
    [
      "metric=failure_rate&group_by=error_type&group_by=agent",
      { "/agent_1": 0, "model_overloaded_error/agent_2": 1 },
    ],
    ["metric=sessions_settled&group_by=tool", { "": 2 }],
    [
      "metric=grouped_errors&group_by=error_group",
      { "tool\t\tbash\t\t": 1, "session\tmodel_overloaded_error\t\t\tOverloaded": 2 },
    ],
    ["metric=sessions_settled&error_group=tool%09%09bash%09%09", { "": 1 }],
    ["metric=grouped_errors&error_group=tool%09%09bash%09%09&group_by=agent", { agent_1: 1 }],
    ["metric=tool_calls&mcp_server=github", { "": 0 }],
  ])("%s", async (query, expected) => {
    expect(await totals(query)).toEqual(expected);
  });
});

test.each([
  ["metric=nothing", "metric"],
  ["", "metric"],
  ["metric=cost&step=2h", "step"],
  ["metric=cost&step=1m", "1h"],
  ["metric=cost&group_by=colour", "group_by"],
  ["metric=cost&step=1d&group_by=bucket", "bucket"],
  ["metric=cost&tz=Mars/Olympus", "tz"],
  ["metric=cost&limit=0", "limit"],
])("%s is refused with what to do", async (query, named) => {
  const { status, text } = await ask(`from=2026-01-01T00:00:00Z&to=2026-11-20T00:00:00Z&${query}`);
  expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining(named) });
});
test("a range that ends before it begins is refused", async () => {
  const { status, text } = await ask(
    "metric=cost&from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z",
  );
  expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining("before") });
});

test.each([
  [
    "csv",
    "metric,unit,start,value,numerator,denominator,source\nfailure_rate,ratio,2026-11-20T10:00:00Z,0.5,1,2,push\n",
  ],
  [
    "ndjson",
    '{"metric":"failure_rate","unit":"ratio","start":"2026-11-20T10:00:00Z","value":0.5,"numerator":1,"denominator":2,"labels":{"source":"push"}}\n',
  ],
])("as %s, a line for each point", async (format, expected) => {
  const query = `metric=failure_rate&${RANGE}&step=all&group_by=source&format=${format}`;
  const { status, text } = await call(exported, `/api/v1/metrics/export?${query}`, {
    headers: key,
  });
  expect({ status, text }).toEqual({ status: 200, text: expected });
});

test.each([
  ["was read until then", { state: "live", lastSyncedAt: "2026-11-20T09:00:00Z", lagSeconds: 60 }],
  ["failed since", { state: "failed", lastSyncedAt: "2026-11-20T08:59:00Z" }],
  ["was never read", { state: "backfilling", createdAt: "2026-11-20T08:59:00Z" }],
])("is complete as far as a connection %s", async (_, connection) => {
  const row = { workspace: "default", id: "conn_x", name: "x", baseUrl: "https://x.example" };
  const sealed = { apiKeySealed: "", apiKeyHint: "" };
  await prisma.connection.create({ data: { ...row, ...sealed, ...connection } });
  const [result] = await results(`metric=turns&${RANGE}`);
  await prisma.connection.deleteMany();
  expect(result?.complete_until).toBe("2026-11-20T08:59:00.000Z");
});
