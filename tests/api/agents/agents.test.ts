import { beforeAll, describe, expect, it } from "vitest";
import { GET as comparison } from "@/app/api/v1/agents/[id]/compare/route";
import { GET as detail } from "@/app/api/v1/agents/[id]/route";
import { GET as catalogue } from "@/app/api/v1/agents/route";
import { GET as markers } from "@/app/api/v1/markers/route";
import { GET as metrics } from "@/app/api/v1/metrics/route";
import { GET as sessions } from "@/app/api/v1/sessions/route";
import type { AgentDetail, AgentsPage, Comparison, Markers } from "@/lib/agents/schema";
import type { RouteHandler } from "@/lib/http/route";
import type { ItemKind } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import type { MetricsAnswer } from "@/lib/metrics/query-schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { agentObject, deploymentObject, sessionObject } from "@/tests/support/platform/objects";

const BEGIN = Date.parse("2026-11-20T00:00:00Z");
const RANGE = "from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z";
let headers: Record<string, string>;

async function ask<T>(handler: RouteHandler, query: string, id = "agent_A"): Promise<T> {
  const { status, body, text } = await call(handler, `/api/v1/agents?${query}`, {
    headers,
    params: { id },
  });
  if (status !== 200) throw new Error(`${status} ${text}`);
  return body as T;
}

type Given = [kind: ItemKind, data: object, sessionId?: string];

async function store(given: readonly Given[]): Promise<void> {
  const items = given.map(([kind, data, sessionId], index) => ({
    ...{ index, kind, threadId: null, data },
    sessionId: sessionId ?? (data as { id?: string }).id,
  }));
  const origin = { workspace: "default", connectionId: "", source: "poll" as const };
  const { rejected } = await acceptItems(origin, items, [], new Date());
  expect(rejected).toEqual([]);
}

const VERSION = { system: "Be brief.\nBe kind." };
const configOf = (version: number) =>
  version === 3
    ? { system: "Be brief.\nBe fair.", model: { id: "claude-opus-5-5", effort: { type: "high" } } }
    : VERSION;

type Ran = {
  minute: number;
  version: number;
  stop?: string;
  seconds?: number;
  tokens?: number;
  tool?: string;
  override?: object;
};

/** A session that ran for some seconds, asked its model once and called one tool. */
function ran({
  minute,
  version,
  stop,
  seconds = 60,
  tokens = 10_000,
  tool,
  override,
}: Ran): Given[] {
  const id = `sesn_${version}_${minute}`;
  const time = (second: number) => new Date(BEGIN + minute * 60_000 + second * 1000).toISOString();
  const event = (name: string, second: number, more: object): Given => [
    "event",
    { id: `${id}_${name}`, processed_at: time(second), ...more },
    id,
  ];
  return [
    [
      "session",
      sessionObject(id, "10:00:00", {
        agent: agentObject("agent_A", version, {
          name: "triage",
          ...configOf(version),
          ...override,
        }),
        created_at: time(0),
        updated_at: time(seconds),
      }),
    ],
    event("run", 0, { type: "session.status_running" }),
    event("ask", 1, { type: "span.model_request_start" }),
    event("told", 3, {
      type: "span.model_request_end",
      model_request_start_id: `${id}_ask`,
      is_error: false,
      model_usage: { input_tokens: tokens, output_tokens: 100 },
    }),
    ...(tool
      ? [
          event("use", 4, { type: "agent.tool_use", name: tool, input: {} }),
          event("result", 5, { type: "agent.tool_result", tool_use_id: `${id}_use` }),
        ]
      : []),
    event("idle", seconds, {
      type: "session.status_idle",
      stop_reason: { type: stop ?? "end_turn" },
    }),
  ];
}

const FAILED = "retries_exhausted";
const OVERRIDE = { model: { id: "claude-haiku-5-5" } };
const many = (count: number, of: (at: number) => Ran) =>
  Array.from({ length: count }, (_, at) => of(at));

/** Version 2 is fine, with three sessions of another model; version 3 fails, version 1 is of the day before. */
const RUNS: Ran[] = [
  { minute: -600, version: 1 },
  ...many(60, (at) => ({ minute: at, version: 2, tokens: 9_000 + 40 * at, tool: "bash" })),
  { minute: 70, version: 2, stop: FAILED, tool: "bash" },
  ...many(3, (at) => ({
    minute: 80 + at,
    version: 2,
    tokens: 900_000,
    override: OVERRIDE,
    stop: FAILED,
  })),
  ...many(40, (at) => ({
    ...{ minute: 200 + at, version: 3, seconds: at < 4 ? 20 : 90, tokens: 12_000 + 40 * at },
    ...(at % 2 === 0 ? { stop: FAILED } : {}),
    ...(at < 3 ? {} : { tool: "bash" }),
  })),
];

describe("an agent with three versions", () => {
  beforeAll(async () => {
    await truncateAll();
    headers = await bearer("read");
    const published = (version: number): Given => [
      "agent",
      agentObject("agent_A", version, {
        ...configOf(version),
        name: "triage",
        updated_at: `2026-11-20T0${version}:00:00Z`,
      }),
    ];
    await store([
      ...[1, 2, 3].map(published),
      ["agent", agentObject("agent_B", 1, { name: "idle one" })],
      [
        "deployment",
        deploymentObject("depl_new", { agent: { type: "agent", id: "agent_A", version: 3 } }),
      ],
      [
        "deployment",
        deploymentObject("depl_old", { agent: { type: "agent", id: "agent_A", version: 2 } }),
      ],
      ...RUNS.flatMap(ran),
    ]);
  }, 60_000);

  it("stands in the catalogue with the figures of the metrics, and how many sessions had overrides", async () => {
    const { data, total, next_cursor } = await ask<AgentsPage>(catalogue, RANGE);
    expect({ total, next_cursor }).toEqual({ total: 2, next_cursor: null });
    const asked = ["sessions_started", "failure_rate", "cost", "cost_per_completed_session"];
    const query = `${RANGE}&step=all&agent=agent_A&${asked.map((id) => `metric=${id}`).join("&")}`;
    const { results } = await ask<MetricsAnswer>(metrics, query);
    const [started, rate, cost, per] = results.map(({ series }) => series[0]);
    expect(data[0]).toMatchObject({
      ...{ id: "agent_A", name: "triage", version: "3", versions_total: 3, overridden: 3 },
      ...{ model: "claude-opus-5-5", sessions: 104, failed: 24, decided: 104, completed: 80 },
      cost_nanos: cost?.total,
      settled_cost_nanos: per?.points[0]?.[2],
    });
    expect(started?.total).toBe(104);
    expect(rate?.points[0]?.slice(2)).toEqual([24, 104]);
    expect(data[1]).toMatchObject({ id: "agent_B", sessions: 0, turn_p95_ms: null, overridden: 0 });
  });

  it("is found by words, and pages follow each other in every order", async () => {
    const found = await ask<AgentsPage>(catalogue, `${RANGE}&q=idle`);
    expect(found.data.map(({ id }) => id)).toEqual(["agent_B"]);
    for (const sort of ["name", "failure_rate", "cost_per_session", "turn_p95", "overridden"]) {
      const query = `${RANGE}&sort=${sort}&order=asc&limit=1`;
      const first = await ask<AgentsPage>(catalogue, query);
      const second = await ask<AgentsPage>(catalogue, `${query}&cursor=${first.next_cursor}`);
      const ids = [...first.data, ...second.data].map(({ id }) => id);
      expect([...ids].sort()).toEqual(["agent_A", "agent_B"]);
      expect(ids[0]).toBe(sort === "name" ? "agent_B" : ids[0]);
      expect(second.next_cursor).toBeNull();
    }
    const wrong = await call(catalogue, `/api/v1/agents?${RANGE}&sort=cost&cursor=nonsense`, {
      headers,
    });
    expect(wrong.status).toBe(400);
  });

  it("tells each version, the sessions with overrides apart", async () => {
    const agent = await ask<AgentDetail>(detail, RANGE);
    expect(agent).toMatchObject({
      ...{ id: "agent_A", name: "triage", version: "3", versions_total: 3, sessions: 104 },
      first_used_at: "2026-11-19T14:00:00.000Z",
      candidates: { sessions: 3, settled: 104 },
    });
    expect(agent.versions).toMatchObject([
      { version: "3", effort: "high", sessions: 40, failed: 20, overridden: 0, own_by: null },
      {
        ...{ version: "2", model: "claude-sonnet-5-5", sessions: 61, failed: 1, decided: 61 },
        ...{ overridden: 3, own_by: "published", published_at: "2026-11-20T02:00:00.000Z" },
        first_used_at: "2026-11-20T00:00:00.000Z",
      },
      { version: "1", sessions: 0, first_used_at: "2026-11-19T14:00:00.000Z" },
    ]);
    const second = agent.versions[1];
    const link = `config=${second?.override_configs[0]}&agent=agent_A`;
    const { data } = await ask<{ data: Array<{ id: string }> }>(sessions, link);
    expect(data.map(({ id }) => id).sort()).toEqual(["sesn_2_80", "sesn_2_81", "sesn_2_82"]);
    // Three sessions of 20 s: 3 × 20 / 3600 × $0.08.
    expect(agent.candidates.runtime_nanos).toBeCloseTo((60 / 3600) * 0.08e9, -1);
    const short = `${RANGE}&by=settled&agent=agent_A&max_duration_ms=30000&sandbox=false`;
    const named = await ask<{ data: Array<{ id: string }> }>(sessions, short);
    expect(named.data).toHaveLength(3);
  });

  it("compares two versions: what was changed, what came of it, and what to do", async () => {
    const found = await ask<Comparison>(comparison, `${RANGE}&base=2&version=3`);
    expect(found).toMatchObject({
      base: { version: "2", sessions: 61, overridden: 3, is_newest: false },
      version: { version: "3", sessions: 40, overridden: 0, is_newest: true },
      verdict: "worse",
    });
    expect(found.changes?.map(({ what, from, to }) => [what, from, to])).toEqual([
      ["Model", "claude-sonnet-5-5", "claude-opus-5-5"],
      ["Effort", null, "high"],
      ["System prompt", "18 characters", "18 characters"],
    ]);
    const [rate, completed, session, turns] = found.figures;
    expect(rate).toMatchObject({
      base: { value: 1 / 61, size: 61 },
      version: { value: 0.5, size: 40 },
      verdict: "worse",
    });
    expect(completed).toMatchObject({ id: "cost_per_completed_session", verdict: "worse" });
    expect(session).toMatchObject({
      id: "cost_per_session",
      base: { size: 61 },
      version: { size: 40 },
    });
    // Too few sessions to say between which ranks the p95 lies.
    expect(turns).toMatchObject({ id: "turn_duration_p95", difference: null, verdict: "unknown" });
    expect(found.sentence).toMatch(
      /^v3 is worse than v2: it fails more often \(\+48\.4 points\) and costs/,
    );
    expect(found.pin?.calls[0]?.code).toContain('{ type: "agent", id: "agent_A", version: 2 }');
    expect(found.pin?.calls[0]?.code).toContain("depl_new");
    expect(found.pin?.calls[0]?.code).not.toContain("depl_old");
  });

  it("advises nothing the other way round, and says what is missing of what never ran", async () => {
    const back = await ask<Comparison>(comparison, `${RANGE}&base=3&version=2`);
    expect(back).toMatchObject({ verdict: "better", pin: null });
    const old = await ask<Comparison>(comparison, `${RANGE}&base=1&version=2`);
    expect(old).toMatchObject({ verdict: "not_enough", needed: null, changes: [], pin: null });
    expect(old.sentence).toContain("No session of v1 has completed or failed in this range.");
  });

  it.each([
    ["base=2&version=9", "version", "it has 3, 2, 1"],
    ["base=2&version=2", "version", "expected another version than `base`"],
    ["base=2", "version", ""],
  ])("refuses %s", async (query, path, words) => {
    const { status, body } = await call(
      comparison,
      `/api/v1/agents/agent_A/compare?${RANGE}&${query}`,
      {
        headers,
        params: { id: "agent_A" },
      },
    );
    expect(status).toBe(400);
    const { issues } = (body as { error: { issues: Array<{ path: string; message: string }> } })
      .error;
    expect(issues[0]?.path).toBe(path);
    expect(issues[0]?.message).toContain(words);
  });

  it("knows no agent that nobody has told of", async () => {
    for (const [handler, more] of [
      [detail, ""],
      [comparison, "&base=1&version=2"],
    ] as const) {
      const query = `${RANGE}${more}`;
      const { status } = await call(handler, `/api/v1/agents/x?${query}`, {
        headers,
        params: { id: "x" },
      });
      expect(status).toBe(404);
    }
  });

  it("marks when versions were first used, the first of an agent left out", async () => {
    const { data, total } = await ask<Markers>(
      markers,
      `from=2026-11-01T00:00:00Z&to=2026-11-21T00:00:00Z`,
    );
    expect({ data, total }).toEqual({
      data: [
        { agent: "agent_A", name: "triage", version: "2", at: "2026-11-20T00:00:00.000Z" },
        { agent: "agent_A", name: "triage", version: "3", at: "2026-11-20T03:20:00.000Z" },
      ],
      total: 2,
    });
    const late = await ask<Markers>(
      markers,
      "from=2026-11-20T01:00:00Z&to=2026-11-21T00:00:00Z&agent=agent_A",
    );
    expect(late.data.map(({ version }) => version)).toEqual(["3"]);
    expect((await ask<Markers>(markers, `${RANGE}&agent=agent_B`)).data).toEqual([]);
  });

  it("has metrics by configuration, which add up to the whole", async () => {
    const query = `${RANGE}&step=all&metric=sessions_started&metric=cost&agent=agent_A`;
    const { results } = await ask<MetricsAnswer>(metrics, `${query}&group_by=config`);
    const { results: whole } = await ask<MetricsAnswer>(metrics, query);
    results.forEach(({ series }, at) => {
      expect(series).toHaveLength(3);
      const sum = series.reduce((all, { total }) => all + (total ?? 0), 0);
      expect(sum).toBe(whole[at]?.series[0]?.total);
    });
  });
});
