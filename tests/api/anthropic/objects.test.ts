import type { Runner } from "graphile-worker";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { GET } from "@/app/api/v1/connections/[id]/route";
import { takeHint, takeSweep } from "@/lib/anthropic/sync-service";
import type { ConnectionItem } from "@/lib/connections/schema";
import { pool } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs } from "@/tests/support/jobs";
import { loadFleet } from "@/tests/support/platform/fleet";
import {
  agentObject,
  deploymentObject,
  environmentObject,
  runObject,
} from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
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

const FAST = { reads_per_minute: 60_000 };
const day = (number: number) => `2026-11-${String(number).padStart(2, "0")}T08:00:00Z`;

async function read(id: string): Promise<ConnectionItem> {
  const answer = await call(GET, `/api/v1/connections/${id}`, { headers, params: { id } });
  return answer.body as ConnectionItem;
}

/** Connects, and waits until everything beside the sessions was read once. */
async function connected(): Promise<{ workspace: string; connectionId: string }> {
  const { id } = await connectTo(platform, headers, FAST);
  await until(async () => {
    const { rows } = await pool().query(
      "select from sync_work where kind = 'queues' and due_at > now()",
    );
    return rows.length === 1 && (await read(id)).state === "live";
  });
  return { workspace: "default", connectionId: id };
}

/** Lets the clock of these kinds come round, and sweeps. */
async function sweepAgain(job: { workspace: string; connectionId: string }, ...kinds: string[]) {
  await pool().query("update sync_work set due_at = now() where kind = any($1)", [kinds]);
  await takeSweep(job);
}

async function rowsOf(sql: string): Promise<unknown[]> {
  return (await pool().query(sql)).rows;
}

it("reads all that a workspace holds, archived objects and old versions too", async () => {
  loadFleet(platform, { sessions: 60, days: 8 });
  platform.putVault({
    id: "vlt_old",
    type: "vault",
    display_name: "Old",
    archived_at: day(2),
  } as never);
  await connected();
  const truth = platform.snapshot();
  const counts = await rowsOf(
    `select (select count(*)::int from agent_release) as versions,
       (select count(*)::int from agent) as agents, (select count(*)::int from environment) as environments,
       (select count(*)::int from deployment) as deployments,
       (select count(*)::int from deployment_run) as runs,
       (select count(*)::int from resource where kind = 'vault') as vaults,
       (select count(*)::int from resource where kind = 'memory_store') as stores,
       (select count(*)::int from model_life where retires_at is not null) as retiring,
       (select count(*)::int from connection_warning) as warnings`,
  );
  expect(counts).toEqual([
    {
      versions: truth.agents.length,
      agents: new Set(truth.agents.map(({ id }) => id)).size,
      environments: truth.environments.length,
      deployments: truth.deployments.length,
      runs: truth.runs.length,
      vaults: truth.vaults.length,
      stores: truth.memoryStores.length,
      retiring: 2,
      warnings: 0,
    },
  ]);
  expect(truth.runs.length).toBeGreaterThan(2);
  expect(platform.writes).toEqual([]);
});

it("lists an agent's versions anew only when it has another one", async () => {
  platform.load({ agents: [1, 2].map((version) => agentObject("agent_A", version)) });
  platform.load({ agents: [agentObject("agent_B")] });
  const job = await connected();
  const listings = () =>
    platform.requests.records.filter(({ endpoint }) => endpoint.endsWith("/versions")).length;
  expect(listings()).toBe(1);
  expect(await rowsOf("select agent_id, version from agent order by 1")).toEqual([
    { agent_id: "agent_A", version: "2" },
    { agent_id: "agent_B", version: "1" },
  ]);
  await sweepAgain(job, "objects", "versions");
  expect(listings()).toBe(1);
  platform.putAgent(agentObject("agent_A", 3));
  await sweepAgain(job, "objects", "versions");
  expect(listings()).toBe(2);
  expect(
    await rowsOf("select version from agent_release where agent_id = 'agent_A' order by 1"),
  ).toEqual(["1", "2", "3"].map((version) => ({ version })));
});

it("asks for runs since the newest one, and at once for what a webhook names", async () => {
  platform.load({ deployments: [deploymentObject("depl_A")], runs: [runObject("drun_A")] });
  const job = await connected();
  const error = { type: "session_rate_limited_error", message: "Too many sessions." };
  platform.putRun(runObject("drun_B", { created_at: day(21), session_id: null, error }));
  const hint = { ...job, threadId: null, createdAt: null };
  await takeHint({ ...hint, type: "deployment_run.failed", resourceId: "drun_B" });
  expect(await rowsOf("select run_id, error_type from deployment_run order by 1")).toEqual([
    { run_id: "drun_A", error_type: null },
    { run_id: "drun_B", error_type: error.type },
  ]);
  platform.requests.clear();
  await sweepAgain(job, "objects");
  const [runs] = platform.requests.records.filter(({ path }) => path === "/v1/deployment_runs");
  expect(decodeURIComponent(runs?.query ?? "")).toContain("created_at[gte]=2026-11-21T07:00");
});

it("knows what is gone: by the news of it, and by the sweep over everything", async () => {
  platform.load({ environments: [environmentObject("env_A")] });
  const job = await connected();
  const gone = () =>
    rowsOf("select environment_id as id from environment where gone_at is not null order by 1");
  // Two that the platform had once.
  for (const id of ["env_B", "env_C"])
    await pool().query(
      `insert into environment (workspace, connection_id, environment_id, updated_at, object)
       select workspace, connection_id, $1, updated_at, object from environment
       where environment_id = 'env_A'`,
      [id],
    );
  const hint = { ...job, threadId: null, createdAt: null };
  await takeHint({ ...hint, type: "environment.updated", resourceId: "env_B" });
  await takeHint({ ...hint, type: "environment.deleted", resourceId: "env_A" });
  expect(await gone()).toEqual([]);
  await takeHint({ ...hint, type: "environment.deleted", resourceId: "env_B" });
  expect(await gone()).toEqual([{ id: "env_B" }]);
  await pool().query("update environment set gone_at = now() where environment_id = 'env_A'");
  await sweepAgain(job, "objects_all");
  expect(await gone()).toEqual([{ id: "env_B" }, { id: "env_C" }]);
});

it("looks at the queues of self-hosted environments, and of no others", async () => {
  const cloud = { type: "cloud", networking: { type: "unrestricted" } };
  platform.load({
    environments: [environmentObject("env_own"), environmentObject("env_cloud", { config: cloud })],
  });
  const oldest_queued_at = day(20);
  platform.putWorkStats("env_own", { depth: 4, pending: 1, oldest_queued_at, workers_polling: 0 });
  const job = await connected();
  const queues = () => rowsOf("select environment_id, depth, workers_polling from work_queue");
  expect(await queues()).toEqual([{ environment_id: "env_own", depth: 4, workers_polling: 0 }]);
  platform.putWorkStats("env_own", { depth: 0, workers_polling: 2 });
  await sweepAgain(job, "queues");
  expect(await queues()).toEqual([{ environment_id: "env_own", depth: 0, workers_polling: 2 }]);
});

it.each([403, 404] as const)(
  "reads sessions all the same when these kinds answer %i, and tells",
  async (status) => {
    loadFleet(platform, { sessions: 6, days: 5 });
    platform.forbid = { status, paths: /^\/v1\/(vaults|memory_stores|deployment|models|agents)/ };
    const { connectionId } = await connected();
    const { state, warnings } = await read(connectionId);
    expect(state).toBe("live");
    expect(warnings.map(({ code }) => code)).toEqual([
      "unreadable_agents",
      "unreadable_deployments",
      "unreadable_deployment_runs",
      "unreadable_vaults",
      "unreadable_memory_stores",
      "unreadable_models",
    ]);
    expect(warnings[3]?.message).toMatch(/may not read vaults/);
    platform.forbid = null;
    await sweepAgain({ workspace: "default", connectionId }, "objects_all");
    expect((await read(connectionId)).warnings).toEqual([]);
  },
);
