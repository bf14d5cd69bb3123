import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET as agents } from "@/app/api/v1/fleet/agents/route";
import { GET as deployments } from "@/app/api/v1/fleet/deployments/route";
import { GET as environments } from "@/app/api/v1/fleet/environments/route";
import { GET as resources } from "@/app/api/v1/fleet/resources/route";
import { GET as summary } from "@/app/api/v1/fleet/route";
import { GET as sessions } from "@/app/api/v1/sessions/route";
import { prisma } from "@/lib/db/client";
import { fillDemo } from "@/lib/demo/service";
import type { AgentItem, FleetPages } from "@/lib/fleet/schema";
import type { RouteHandler } from "@/lib/http/route";
import type { ItemKind } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import {
  agentObject,
  deploymentObject,
  environmentObject,
  eventObject,
  runObject,
  sessionObject,
  threadObject,
} from "@/tests/support/platform/objects";

let headers: Record<string, string>;

async function ask<T>(handler: RouteHandler, query = ""): Promise<T> {
  const { status, body, text } = await call(handler, `/api/v1/fleet${query}`, { headers });
  if (status !== 200) throw new Error(`${status} ${text}`);
  return body as T;
}

type Given = [kind: ItemKind, data: object, sessionId?: string];

/** Stores objects and events as they came by a connection, or by nobody's. */
async function store(given: readonly Given[], connectionId = ""): Promise<void> {
  const items = given.map(([kind, data, sessionId], index) => ({
    index,
    kind,
    sessionId:
      sessionId ??
      (data as { session_id?: string; id?: string }).session_id ??
      (data as { id?: string }).id,
    threadId: null,
    data,
  }));
  const origin = { workspace: "default", connectionId, source: "poll" as const };
  const { rejected } = await acceptItems(origin, items, [], new Date());
  expect(rejected).toEqual([]);
}

/** A session that ran and came to rest. */
function ran(id: string, at: string, fields: object, stop = "end_turn"): Given[] {
  const event = (name: string, type: string, more: object = {}): Given => [
    "event",
    eventObject(`${id}_${name}`, type, at, more),
    id,
  ];
  return [
    ["session", sessionObject(id, at, fields)],
    event("run", "session.status_running"),
    event("idle", "session.status_idle", { stop_reason: { type: stop } }),
  ];
}

const RANGE = "?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z";
const byName = <T extends { name: string | null; id: string }>(rows: T[]) =>
  new Map(rows.map((row) => [row.name ?? row.id, row]));

describe("a small fleet", () => {
  beforeEach(async () => {
    await truncateAll();
    headers = await bearer("read");
  });

  it("tells each agent's versions with their use, newest first", async () => {
    const tools = [{ type: "custom", name: "refund" }];
    const agent = (version: number, fields: object = {}) => agentObject("agent_A", version, fields);
    await store([
      ["agent", agent(1)],
      ["agent", agent(10, { system: "Be brief.", tools })],
      ["agent", agent(9, { model: { id: "claude-haiku-5-5" } })],
      ...ran("sesn_1", "10:00:00", { agent: agent(9) }),
      ...ran("sesn_2", "11:00:00", { agent: agent(10) }, "retries_exhausted"),
      ...ran("sesn_3", "12:00:00", { agent: agent(10) }),
    ]);
    const { data, total, next_cursor } = await ask<FleetPages["agents"]>(agents, RANGE);
    expect({ total, next_cursor }).toEqual({ total: 1, next_cursor: null });
    expect(data[0]).toMatchObject({
      id: "agent_A",
      connection_id: null,
      version: "10",
      model: "claude-sonnet-5-5",
      versions_total: 3,
      sessions: 3,
      failed: 1,
      settled: 3,
      last_used_at: "2026-11-20T12:00:00.000Z",
      made_for_runs: 0,
    });
    expect(data[0]?.versions).toMatchObject([
      { version: "10", sessions: 2, failed: 1, tools: ["refund"], system_chars: 9 },
      { version: "9", sessions: 1, model: "claude-haiku-5-5" },
      { version: "1", sessions: 0, last_used_at: null },
    ]);
    const earlier = await ask<FleetPages["agents"]>(agents, "?to=2026-11-20T11:30:00Z");
    expect(earlier.data[0]).toMatchObject({
      sessions: 2,
      last_used_at: "2026-11-20T12:00:00.000Z",
    });
  });

  it("tells apart agents that only help others, and agents that nobody uses", async () => {
    const helper = threadObject("sthr_1", "sesn_1", "sthr_0");
    await store([
      ["agent", agentObject("agent_helper", 1, { created_at: "2026-01-01T00:00:00Z" })],
      ["agent", agentObject("agent_idle", 1, { created_at: "2026-01-01T00:00:00Z" })],
      ["agent", agentObject("agent_gone", 1, { archived_at: "2026-11-01T00:00:00Z" })],
      ...ran("sesn_1", "10:00:00", {}),
      ["thread", { ...helper, agent: agentObject("agent_helper") }],
    ]);
    const { data } = await ask<FleetPages["agents"]>(agents, RANGE);
    const found = byName(data);
    expect([...found.keys()].sort()).toEqual(["agent_A", "agent_helper", "agent_idle"]);
    expect(found.get("agent_helper")).toMatchObject({ sessions: 0, advice: null });
    expect(found.get("agent_helper")?.last_used_at).not.toBeNull();
    expect(found.get("agent_idle")?.advice).toMatchObject({ level: "tidy", code: "never_used" });
  });

  it("shows agents that were made for one run each as one row, and keeps connections apart", async () => {
    const runs = ["10:00", "11:00", "12:00"].flatMap((time, i): Given[] => {
      const agent = agentObject(`agent_run${i}`, 1, {
        name: `report ${i}`,
        created_at: `2026-11-20T${time}:00Z`,
      });
      return [["agent", agent], ...ran(`sesn_${i}`, `${time}:05`, { agent })];
    });
    await store(runs);
    await store(runs.slice(0, 4), "conn_2");
    const { data, total } = await ask<FleetPages["agents"]>(agents, RANGE);
    expect(total).toBe(2);
    expect(data.find((row: AgentItem) => row.made_for_runs > 0)).toMatchObject({
      name: "report 2",
      connection_id: null,
      made_for_runs: 3,
      sessions: 3,
      versions: [],
      advice: { level: "look", code: "made_for_runs" },
    });
    expect(data.find((row) => row.connection_id === "conn_2")).toMatchObject({
      name: "report 0",
      made_for_runs: 0,
      sessions: 1,
    });
  });

  it("believes a connection's platform about its models", async () => {
    const model = { id: "claude-sonnet-4-5" };
    const agent = agentObject("agent_A", 1, { model });
    const given: Given[] = [["agent", agent], ...ran("sesn_1", "10:00:00", { agent })];
    await store(given);
    await store(given, "conn_2");
    const life = { workspace: "default", connectionId: "conn_2", model: model.id };
    await prisma.modelLife.create({ data: { ...life, lifecycle: "active", readAt: new Date() } });
    const { data } = await ask<FleetPages["agents"]>(agents, RANGE);
    const of = (connection: string | null) => data.find((row) => row.connection_id === connection);
    expect(of(null)?.retirement).toMatchObject({ model: model.id });
    expect(of("conn_2")?.retirement).toBeNull();
  });

  it("tells deployments with their runs, and what they lack", async () => {
    const upcoming_runs_at = [
      "2020-01-01T08:00:00Z",
      "2199-01-01T08:00:00Z",
      "2199-01-02T08:00:00Z",
    ];
    const schedule = { type: "cron", expression: "0 8 * * *", timezone: "UTC", upcoming_runs_at };
    const error = { type: "session_rate_limited_error", message: "Too many sessions at once." };
    await store([
      ["agent", agentObject("agent_A", 2)],
      ["environment", environmentObject("env_A")],
      ["vault", { id: "vlt_A", display_name: "CRM", archived_at: "2026-11-20T00:00:00Z" }],
      ["deployment", deploymentObject("depl_A", { schedule })],
      ["deployment", deploymentObject("depl_B", { vault_ids: ["vlt_A"] })],
      ["deployment_run", runObject("drun_1")],
      [
        "deployment_run",
        runObject("drun_2", { created_at: "2026-11-20T10:00:00Z", session_id: null, error }),
      ],
      ...ran("sesn_A", "09:00:01", { deployment_id: "depl_A" }),
    ]);
    const { data } = await ask<FleetPages["deployments"]>(deployments, RANGE);
    expect(data.map(({ id }) => id)).toEqual(["depl_A", "depl_B"]);
    expect(data[0]).toMatchObject({
      schedule: "0 8 * * *",
      next_run_at: "2199-01-01T08:00:00Z",
      runs: 2,
      failed_runs: 1,
      sessions: 1,
      agent: { id: "agent_A", version: "1", newest: "2" },
      environment: { id: "env_A", name: "env_A" },
      last_run: { id: "drun_2", session_id: null, error_type: error.type },
      advice: { level: "act", code: "run_failed" },
    });
    expect(data[1]).toMatchObject({ runs: 0, last_run: null, advice: { code: "lost" } });
    expect(data[1]?.advice?.text).toContain("CRM");
  });

  it("tells environments with their network and queue", async () => {
    const limited = { type: "limited", allowed_hosts: ["github.com"], allow_mcp_servers: true };
    await store([
      [
        "environment",
        environmentObject("env_open", {
          config: { type: "cloud", networking: { type: "unrestricted" } },
        }),
      ],
      [
        "environment",
        environmentObject("env_tight", { config: { type: "cloud", networking: limited } }),
      ],
      ["environment", environmentObject("env_own")],
      ...ran("sesn_1", "10:00:00", { environment_id: "env_open" }),
      ...ran("sesn_2", "10:00:00", { environment_id: "env_unlisted" }),
    ]);
    const key = { workspace: "default", connectionId: "", environmentId: "env_own" };
    await prisma.workQueue.create({
      data: { ...key, depth: 3, pending: 0, workersPolling: 0, readAt: new Date() },
    });
    const { data } = await ask<FleetPages["environments"]>(environments, RANGE);
    expect(data[0]).toMatchObject({
      id: "env_own",
      network: { kind: "own" },
      queue: { depth: 3, workers_polling: 0 },
      advice: { level: "act", code: "no_worker" },
    });
    const found = byName(data);
    expect(found.get("env_open")).toMatchObject({
      network: { kind: "unrestricted" },
      sessions: 1,
      agents: 1,
      advice: { code: "open_network" },
    });
    expect(found.get("env_tight")?.network).toEqual({
      kind: "limited",
      allowed_hosts: ["github.com"],
      mcp_servers: true,
      package_managers: false,
    });
    expect(found.get("env_unlisted")?.network).toEqual({ kind: "unknown" });
  });

  it("tells vaults and memory stores with who uses them, listed or not", async () => {
    const memory = { type: "memory_store", memory_store_id: "memstore_A" };
    await store([
      ["vault", { id: "vlt_A", display_name: "CRM", created_at: "2026-01-01T00:00:00Z" }],
      ["vault", { id: "vlt_idle", display_name: "Idle", created_at: "2026-01-01T00:00:00Z" }],
      ["deployment", deploymentObject("depl_A", { vault_ids: ["vlt_A"] })],
      ...ran("sesn_1", "10:00:00", { vault_ids: ["vlt_A"], resources: [memory] }),
      ...ran("sesn_2", "11:00:00", { vault_ids: ["vlt_A"], agent: agentObject("agent_B") }),
    ]);
    const { data } = await ask<FleetPages["resources"]>(resources, RANGE);
    const found = byName(data);
    expect(found.get("CRM")).toMatchObject({
      kind: "vault",
      listed: true,
      sessions: 2,
      agents_total: 2,
      deployments: 1,
      last_used_at: "2026-11-20T11:00:00.000Z",
    });
    expect(found.get("CRM")?.agents.map(({ id }) => id)).toEqual(["agent_A", "agent_B"]);
    expect(found.get("memstore_A")).toMatchObject({
      kind: "memory_store",
      listed: false,
      sessions: 1,
    });
    expect(found.get("Idle")?.advice).toMatchObject({ code: "never_used" });
  });
});

describe("a simulated fleet", () => {
  beforeAll(async () => {
    await truncateAll();
    headers = await bearer("read");
    await fillDemo("default", { seed: "fleet", days: 8, sessions: 400 }, Date.now() * 1000);
  }, 60_000);

  it("gives every row once over its pages, in one order", async () => {
    for (const sort of [
      "advice",
      "name",
      "last_used_at",
      "sessions",
      "failed",
      "cost",
      "cost_per_session",
    ])
      for (const order of ["asc", "desc"]) {
        const query = `?sort=${sort}&order=${order}`;
        const whole = await ask<FleetPages["agents"]>(agents, `${query}&limit=200`);
        const ids: string[] = [];
        let cursor: string | null = null;
        do {
          const more: string = cursor === null ? "" : `&cursor=${cursor}`;
          const page: FleetPages["agents"] = await ask(agents, `${query}&limit=3${more}`);
          ids.push(...page.data.map(({ id }) => id));
          cursor = page.next_cursor;
        } while (cursor !== null);
        expect(ids).toEqual(whole.data.map(({ id }) => id));
        expect(ids).toHaveLength(whole.total);
        expect(new Set(ids).size).toBe(ids.length);
      }
  });

  it("adds up to the sessions that there are", async () => {
    const { data } = await ask<FleetPages["agents"]>(agents, "?limit=200");
    expect(data.reduce((sum, row) => sum + row.sessions, 0)).toBe(400);
    const { _sum } = await prisma.session.aggregate({ _sum: { computedNanos: true } });
    const cost = data.reduce((sum, row) => sum + row.cost_nanos, 0);
    expect(cost).toBe(Number(_sum.computedNanos));
    for (const row of data.filter(({ made_for_runs }) => made_for_runs === 0))
      expect(row.versions.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(row.sessions);
  });

  it("has the same numbers as the sessions list that a row leads to", async () => {
    const { data } = await ask<FleetPages["deployments"]>(deployments, "?limit=200");
    const row = data.find(({ sessions }) => sessions > 1);
    const list = await call(
      sessions,
      `/api/v1/sessions?deployment=${row?.id}&by=started&limit=200`,
      {
        headers,
      },
    );
    expect((list.body as { data: unknown[] }).data).toHaveLength(row?.sessions ?? 0);
  });

  it("counts each kind and its advice, as the lists have them", async () => {
    const counts = await ask<Record<string, Record<string, number>>>(summary);
    const handlers = { agents, deployments, environments, resources };
    for (const [kind, handler] of Object.entries(handlers)) {
      const { data, total } = await ask<FleetPages["agents"]>(handler, "?limit=200");
      const of = (level: string) => data.filter(({ advice }) => advice?.level === level).length;
      expect(counts[kind]).toEqual({ total, act: of("act"), look: of("look"), tidy: of("tidy") });
    }
    expect(counts.agents?.tidy).toBeGreaterThan(0);
    expect(counts.deployments?.act).toBeGreaterThan(0);
    expect(counts.environments?.look).toBeGreaterThan(0);
    expect(counts.resources?.act).toBeGreaterThan(0);
  });

  it("finds by words, and refuses what makes no sense", async () => {
    const { data } = await ask<FleetPages["agents"]>(agents, "?q=support%20TRI");
    expect(data.map(({ name }) => name)).toEqual(["support-triage"]);
    const refused = async (query: string) =>
      (await call(agents, `/api/v1/fleet/agents${query}`, { headers })).body;
    expect(await refused("?sort=colour")).toMatchObject({ error: { code: "invalid" } });
    expect(await refused("?cursor=abc")).toMatchObject({
      error: { issues: [{ path: "cursor", message: expect.stringMatching(/cursor/) }] },
    });
    const { next_cursor } = await ask<FleetPages["agents"]>(agents, "?limit=2");
    expect(await refused(`?sort=name&cursor=${next_cursor}`)).toMatchObject({
      error: { issues: [{ path: "cursor" }] },
    });
  });
});
