import { afterEach, beforeEach, expect, it } from "vitest";
import { loadFleet, loadRecorded } from "@/tests/support/platform/fleet";
import {
  agentObject,
  deploymentObject,
  environmentObject,
  eventObject,
  runObject,
  sdkFor,
  sessionObject,
  threadObject,
} from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatformProcess } from "@/tests/support/platform/process";
import { startPlatform } from "@/tests/support/platform/server";
import { DC_07, HP_05, HP_05_CHILD } from "@/tests/support/recorded";

let platform: Platform;
let sdk: ReturnType<typeof sdkFor>;

beforeEach(async () => {
  platform = await startPlatform({ nowUs: Date.UTC(2026, 10, 20, 12) * 1_000 });
  sdk = sdkFor(platform);
});
afterEach(() => platform.close());

const ids = (items: { id: string }[]) => items.map(({ id }) => id);

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

function putSessions(count: number): void {
  for (let i = 0; i < count; i++)
    platform.putSession(sessionObject(`sesn_${i}`, `10:${String(i).padStart(2, "0")}:00`));
}

it("knows both ways of giving a key, and says who answered", async () => {
  putSessions(1);
  const { response } = await sdk.beta.sessions.retrieve("sesn_0").withResponse();
  expect(response.headers.get("anthropic-workspace-id")).toBe("wrkspc_test");
  expect(response.headers.get("request-id")).toMatch(/^req_/);
  const own = { "x-api-key": platform.apiKey, "anthropic-beta": "managed-agents-2026-04-01" };
  const ask = (headers: Record<string, string>, path = "/v1/sessions/sesn_0") =>
    fetch(platform.url + path, { headers });
  expect((await ask(own)).status).toBe(200);
  const wrong = await ask({ ...own, "x-api-key": "sk-other" });
  expect([wrong.status, await wrong.json()]).toEqual([
    401,
    {
      type: "error",
      error: { type: "authentication_error", message: "invalid x-api-key" },
      request_id: wrong.headers.get("request-id"),
    },
  ]);
  expect((await ask({ "x-api-key": platform.apiKey })).status).toBe(404);
  expect((await ask({ ...own, "anthropic-workspace-id": "wrkspc_other" })).status).toBe(403);
  expect((await ask(own, "/v1/memory_stores")).status).toBe(404);
  await expect(
    sdkFor({ ...platform, url: platform.url, apiKey: "no" }).beta.sessions.list(),
  ).rejects.toThrow(/401/);
});

it("serves the recorded sessions as they were, thread by thread", async () => {
  loadRecorded(platform);
  const own = await all(sdk.beta.sessions.events.list(HP_05, { limit: 20 }));
  const child = await all(
    sdk.beta.sessions.threads.events.list(HP_05_CHILD, { session_id: HP_05, limit: 5 }),
  );
  expect([own.length, child.length]).toEqual([49, 23]);
  expect((await all(sdk.beta.sessions.events.list(DC_07))).length).toBe(48);
  const threads = await all(sdk.beta.sessions.threads.list(HP_05));
  expect(ids(threads)).toContain(HP_05_CHILD);
  const primary = threads.find((thread) => thread.parent_thread_id === null);
  const ofPrimary = await all(
    sdk.beta.sessions.threads.events.list(primary?.id ?? "", { session_id: HP_05 }),
  );
  expect(ofPrimary.length).toBeLessThan(own.length);
  const inList = (thread: string | null) =>
    platform
      .snapshot()
      .events.filter((e) => e.session_id === HP_05 && e.session_thread_id === thread);
  expect(inList(null).map(({ event }) => event)).toEqual(own);
  const only = { session_id: HP_05, order: "asc" };
  await expect(sdk.beta.sessions.threads.events.list(HP_05_CHILD, only)).rejects.toThrow(/400/);
});

it("keeps agents' versions, and the other objects", async () => {
  for (const version of [1, 2, 3]) platform.putAgent(agentObject("agent_A", version));
  platform.putAgent(agentObject("agent_old", 1, { archived_at: "2026-11-20T09:00:00Z" }));
  platform.putEnvironment(environmentObject("env_A"));
  platform.putWorkStats("env_A", { depth: 4, workers_polling: 2 });
  platform.putDeployment(deploymentObject("depl_A"));
  platform.putDeployment(deploymentObject("depl_P", { status: "paused" }));
  platform.putRun(runObject("drun_A"));
  platform.putRun(
    runObject("drun_E", { session_id: null, error: { type: "unknown_error", message: "" } }),
  );
  platform.putVault({ id: "vlt_A", created_at: "2026-11-20T09:00:00Z", archived_at: null } as {
    id: string;
  });
  platform.putMemoryStore({ id: "memstore_A" });
  const { beta } = sdk;
  expect((await beta.agents.retrieve("agent_A")).version).toBe(3);
  expect((await beta.agents.retrieve("agent_A", { version: 1 })).version).toBe(1);
  await expect(beta.agents.retrieve("agent_A", { version: 9 })).rejects.toThrow(/404/);
  const versions = await all(beta.agents.versions.list("agent_A", { limit: 2 }));
  expect(versions.map(({ version }) => version)).toEqual([3, 2, 1]);
  expect(ids(await all(beta.agents.list()))).toEqual(["agent_A"]);
  expect(ids(await all(beta.agents.list({ include_archived: true }))).length).toBe(2);
  expect(ids(await all(beta.environments.list()))).toEqual(["env_A"]);
  expect(await beta.environments.work.stats("env_A")).toEqual({
    ...{
      type: "work_queue_stats",
      depth: 4,
      pending: 0,
      oldest_queued_at: null,
      workers_polling: 2,
    },
  });
  expect(ids(await all(beta.deployments.list({ status: "paused" })))).toEqual(["depl_P"]);
  await expect(beta.deployments.list({ status: "paused", include_archived: true })).rejects.toThrow(
    /400/,
  );
  expect(ids(await all(beta.deploymentRuns.list({ has_error: true })))).toEqual(["drun_E"]);
  expect((await beta.deploymentRuns.retrieve("drun_A")).session_id).toBe("sesn_A");
  expect(ids(await all(beta.vaults.list()))).toEqual(["vlt_A"]);
  expect(ids(await all(beta.memoryStores.list()))).toEqual(["memstore_A"]);
  const models = await all(beta.models.list({ limit: 3, lifecycle: ["deprecated", "active"] }));
  expect(ids(models)).toEqual(expect.arrayContaining(["claude-opus-5-5", "claude-haiku-4-5"]));
  expect(ids(models)).not.toContain("claude-opus-4-1");
});

it("reports costs to an admin key only, with what belongs to no session", async () => {
  const usage = { list_cost: { amount: "187", currency: "USD" } };
  platform.putSession(sessionObject("sesn_A", "10:00:00", { usage }));
  platform.billedShare = 0.9;
  platform.costRows.push({
    session_id: null,
    at: "2026-11-20T10:00:00Z",
    amount: 0.5,
    list_amount: 1,
  });
  const ask = (apiKey: string) =>
    sdkFor({ url: platform.url, apiKey }).beta.organization.analytics.cost.list({
      starting_at: "2026-11-20T00:00:00Z",
      ending_at: "2026-11-21T00:00:00Z",
      time_bucket_width: "1d",
      group_by: ["session_id"],
      limit: 1,
    });
  const rows = await all(ask(platform.adminKey));
  expect(rows.map(({ group, cost }) => [group.session_id, cost.amount, cost.list_amount])).toEqual([
    ["sesn_A", "168.3", "187"],
    [null, "0.5", "1"],
  ]);
  await expect(ask(platform.apiKey)).rejects.toThrow(/401/);
});

it("reports the costs of a workspace and a product alone, and only as far as it has got", async () => {
  const line = { session_id: null, amount: 1, list_amount: 1 };
  platform.costRows.push(
    { ...line, session_id: "sesn_A", at: "2026-11-20T09:00:00Z" },
    { ...line, session_id: "sesn_B", at: "2026-11-20T09:00:00Z", workspace_id: "wrkspc_other" },
    { ...line, at: "2026-11-20T09:00:00Z", product: "messages_api" },
    { ...line, session_id: "sesn_C", at: "2026-11-20T11:00:00Z" },
  );
  platform.costReportedUntilUs = Date.UTC(2026, 10, 20, 10) * 1_000;
  const { cost } = sdkFor({ url: platform.url, apiKey: platform.adminKey }).beta.organization
    .analytics;
  const page = await cost.list({
    starting_at: "2026-11-20T00:00:00Z",
    ending_at: "2026-11-21T00:00:00Z",
    time_bucket_width: "1d",
    group_by: ["session_id"],
    products: ["managed_agents_api"],
    workspace_ids: [platform.workspaceId],
  });
  expect(page.data.map(({ group }) => group.session_id)).toEqual(["sesn_A"]);
  expect(page.data_refreshed_at).toBe("2026-11-20T10:00:00.000000Z");
  const old = cost.list({ starting_at: "2025-12-31T00:00:00Z" });
  await expect(old).rejects.toThrow(/2026-01-01/);
});

it("applies an interrupt, and refuses and remembers every other write", async () => {
  platform.putSession(sessionObject("sesn_A"));
  platform.putThread(threadObject("sthr_A", "sesn_A"));
  const events = [{ type: "user.interrupt" as const }];
  const about = { session_thread_id: "sthr_A", agent_name: "a" };
  platform.appendEvent("sesn_A", null, eventObject("r", "session.status_running", "10:00:01"));
  platform.appendEvent(
    "sesn_A",
    null,
    eventObject("t", "session.thread_status_running", "10:00:01", about),
  );
  expect((await sdk.beta.sessions.retrieve("sesn_A")).status).toBe("running");
  const sent = await sdk.beta.sessions.events.send("sesn_A", { events });
  expect(sent.data).toMatchObject([{ type: "user.interrupt", processed_at: null }]);
  expect((await sdk.beta.sessions.retrieve("sesn_A")).status).toBe("idle");
  const listed = await all(sdk.beta.sessions.events.list("sesn_A"));
  expect(listed.slice(2)).toMatchObject([
    { type: "user.interrupt", processed_at: expect.any(String) },
    { type: "session.thread_status_idle", stop_reason: { type: "end_turn" } },
    { type: "session.usage" },
    { type: "session.status_idle", stop_reason: { type: "end_turn" } },
  ]);
  await expect(sdk.beta.sessions.archive("sesn_A")).rejects.toThrow(/405/);
  await expect(sdk.beta.sessions.delete("sesn_A")).rejects.toThrow(/405/);
  expect(platform.writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /v1/sessions/sesn_A/events",
    "POST /v1/sessions/sesn_A/archive",
    "DELETE /v1/sessions/sesn_A",
  ]);
});

it("deletes for good", async () => {
  putSessions(2);
  platform.deleteSession("sesn_0");
  await expect(sdk.beta.sessions.retrieve("sesn_0")).rejects.toThrow(/404/);
  await expect(sdk.beta.sessions.events.list("sesn_0")).rejects.toThrow(/404/);
  expect(ids(await all(sdk.beta.sessions.list({ include_archived: true })))).toEqual(["sesn_1"]);
  expect(platform.snapshot()).toMatchObject({ deletedSessions: ["sesn_0"] });
});

it("serves a simulated fleet whole", async () => {
  platform.limitReads(null);
  const counts = loadFleet(platform, { sessions: 60, days: 5 });
  let events = 0;
  for await (const session of sdk.beta.sessions.list({ limit: 100, include_archived: true })) {
    for await (const _ of sdk.beta.sessions.events.list(session.id, { limit: 1000 })) events++;
    for await (const thread of sdk.beta.sessions.threads.list(session.id)) {
      if (thread.parent_thread_id === null) continue;
      const params = { session_id: session.id };
      for await (const _ of sdk.beta.sessions.threads.events.list(thread.id, params)) events++;
    }
  }
  expect(events).toBe(counts.events);
});

it("runs as a process of its own, told what to do over HTTP", async () => {
  const other = await startPlatformProcess({ apiKey: "sk-ant-api03-other", readsPerMinute: null });
  try {
    const counts = await other.control<{ events: number }>("simulate", { sessions: 12, days: 2 });
    await other.control("put", { kind: "session", data: sessionObject("sesn_A") });
    const event = eventObject("e", "agent.thinking", "10:00:01");
    const listed = { session_id: "sesn_A", session_thread_id: null, event };
    await other.control("append", { events: [listed] });
    expect(await all(sdkFor(other).beta.sessions.events.list("sesn_A"))).toEqual([event]);
    const snapshot = await other.control<{ events: unknown[] }>("snapshot");
    expect(snapshot.events.length).toBe(counts.events + 1);
    const { counts: asked } = await other.control<{ counts: object }>("requests");
    expect(asked).toEqual({ "GET /v1/sessions/{id}/events": 1 });
    await expect(other.control("nonsense")).rejects.toThrow(/there are load/);
  } finally {
    await other.stop();
  }
});
