import { beforeEach, expect, test } from "vitest";
import { POST } from "@/app/api/v1/ingest/route";
import { prisma } from "@/lib/db/client";
import { fillDemo, removeDemo } from "@/lib/demo/service";
import { acceptItems } from "@/lib/ingest/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import {
  agentObject,
  deploymentObject,
  environmentObject,
  runObject,
  sessionObject,
} from "@/tests/support/platform/objects";

let headers: Record<string, string>;
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("ingest");
});

const send = async (json: object) =>
  (await call(POST, "/api/v1/ingest", { method: "POST", headers, json })).body;

const at = (day: number) => `2026-11-${String(day).padStart(2, "0")}T08:00:00Z`;

test("takes deployments and their runs item by item", async () => {
  const body = {
    deployments: [deploymentObject("depl_A"), { name: "without an id" }],
    deployment_runs: [runObject("drun_A"), { id: "drun_B" }],
    environments: [environmentObject("env_A", { archived_at: at(20), updated_at: at(20) })],
  };
  expect(await send(body)).toMatchObject({
    accepted: 3,
    duplicates: 0,
    rejected: [
      { index: 2, kind: "deployment", message: expect.stringMatching(/^deployment\.id/) },
      { index: 4, kind: "deployment_run", message: expect.stringMatching(/deployment_id/) },
    ],
  });
  expect(await send(body)).toMatchObject({ accepted: 0, duplicates: 3 });
  expect(await prisma.deploymentRun.findFirstOrThrow()).toMatchObject({
    runId: "drun_A",
    deploymentId: "depl_A",
    trigger: "schedule",
    sessionId: "sesn_A",
  });
  expect(await prisma.environment.findFirstOrThrow()).toMatchObject({
    archivedAt: new Date(at(20)),
  });
});

test("of a deployment the newest stands, in whatever order the versions come", async () => {
  const run = (last_run_at: string | null) => ({
    schedule: { type: "cron", expression: "0 8 * * *", timezone: "UTC", last_run_at },
  });
  const versions = [
    deploymentObject("depl_A", { updated_at: at(2), name: "new", ...run(at(4)) }),
    deploymentObject("depl_A", { updated_at: at(1), name: "old", ...run(at(5)) }),
    deploymentObject("depl_A", { updated_at: at(2), name: "new", ...run(null) }),
  ];
  for (const order of [versions, [...versions].reverse()]) {
    await prisma.deployment.deleteMany();
    for (const deployment of order) await send({ deployments: [deployment] });
    expect(await prisma.deployment.findFirstOrThrow()).toMatchObject({
      name: "new",
      lastRunAt: new Date(at(4)),
    });
  }
});

test("every version of an agent stays, and the newest is the agent's", async () => {
  const version = (number: number, fields: object = {}) =>
    agentObject("agent_A", number, { updated_at: at(number), ...fields });
  const tools = [{ type: "custom", name: "refund" }];
  expect(await send({ agents: [version(3), version(1)] })).toMatchObject({ accepted: 2 });
  expect(await send({ agents: [version(2, { tools }), version(3)] })).toMatchObject({
    accepted: 1,
    duplicates: 1,
  });
  expect(await prisma.agent.findFirstOrThrow()).toMatchObject({ version: "3" });
  const releases = await prisma.agentRelease.findMany({ orderBy: { version: "asc" } });
  expect(releases.map(({ version, tools }) => [version, tools])).toEqual([
    ["1", []],
    ["2", ["refund"]],
    ["3", []],
  ]);
});

test("a session says which vaults and memory stores it may use", async () => {
  const resources = [
    { type: "memory_store", memory_store_id: "memstore_B" },
    { type: "file", file_id: "file_A" },
    { type: "memory_store", memory_store_id: "memstore_A" },
  ];
  const session = sessionObject("sesn_A", "10:00:00", { vault_ids: ["vlt_A"], resources });
  await send({ sessions: [session] });
  expect(await prisma.session.findFirstOrThrow()).toMatchObject({
    vaultIds: ["vlt_A"],
    memoryStoreIds: ["memstore_A", "memstore_B"],
  });
});

test("nothing of what a vault holds is stored, accepted or not", async () => {
  const secret = { credentials: [{ token: "s3cret" }] };
  const items = ["vlt_A", 7].map((id, index) => ({
    index,
    kind: "vault" as const,
    sessionId: null,
    threadId: null,
    data: { id, display_name: "CRM", ...secret },
  }));
  const origin = { workspace: "default", connectionId: "", source: "poll" as const };
  expect(await acceptItems(origin, items, [], new Date())).toMatchObject({
    accepted: 1,
    rejected: [{ kind: "vault" }],
  });
  const stored = [await prisma.resource.findMany(), await prisma.rejectedItem.findMany()];
  expect(stored.map((rows) => rows.length)).toEqual([1, 1]);
  expect(JSON.stringify(stored)).not.toContain("s3cret");
});

test("the demo brings all of it, and takes all of it away again", async () => {
  const tables = () =>
    Promise.all([
      prisma.agent.count(),
      prisma.agentRelease.count(),
      prisma.environment.count(),
      prisma.deployment.count(),
      prisma.deploymentRun.count(),
      prisma.resource.count(),
    ]);
  const own = { agents: [agentObject("agent_own")], deployments: [deploymentObject("depl_own")] };
  await send({ ...own, deployment_runs: [runObject("drun_own", { deployment_id: "depl_own" })] });
  const before = await tables();
  await fillDemo("default", { seed: "fleet", days: 6, sessions: 200 }, Date.now() * 1000);
  const filled = await tables();
  for (const [i, count] of filled.entries()) expect(count).toBeGreaterThan(before[i] ?? 0);
  await removeDemo("default");
  expect(await tables()).toEqual(before);
}, 60_000);
