import { describe, expect, test } from "vitest";
import {
  deploymentColumns,
  releaseColumns,
  resourceColumns,
  runColumns,
  toolsOf,
} from "@/lib/ingest/fleet-columns";
import { normalizeItem } from "@/lib/ingest/normalize";
import type { JsonObject, LooseKind, ObjectRecord } from "@/lib/ingest/schema";
import {
  agentObject,
  deploymentObject,
  environmentObject,
  runObject,
} from "@/tests/support/platform/objects";

const raw = (kind: LooseKind, data: object) => ({
  index: 0,
  kind,
  sessionId: null,
  threadId: null,
  data,
});

function read(kind: LooseKind, data: object): ObjectRecord {
  const result = normalizeItem(raw(kind, data));
  if (result.kind !== "object") throw new Error(JSON.stringify(result));
  return result.object;
}

describe("an agent's version", () => {
  test("is known by its model, its tools, and its prompt's hash and length", () => {
    const system = "You are careful.";
    const columns = releaseColumns(read("agent", agentObject("agent_A", 3, { system })));
    expect(columns).toMatchObject({
      agent_id: "agent_A",
      version: "3",
      model: "claude-sonnet-5-5",
      system_chars: 16,
      system_hash: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(JSON.stringify(columns)).not.toContain("careful");
    const other = read("agent", agentObject("agent_A", 3, { system: `${system} ` }));
    expect(releaseColumns(other).system_hash).not.toBe(columns.system_hash);
  });

  test.each<[string, unknown, string[]]>([
    ["none", [], []],
    ["no list", "bash", []],
    [
      "the set's tools that are on",
      [
        {
          type: "agent_toolset_20260401",
          configs: [
            { name: "read" },
            { name: "bash", enabled: true },
            { name: "x", enabled: false },
          ],
        },
      ],
      ["bash", "read"],
    ],
    ["a whole set", [{ type: "agent_toolset_20260401", configs: [] }], ["agent_toolset_20260401"]],
    ["a server", [{ type: "mcp_toolset", mcp_server_name: "github", configs: [] }], ["github.*"]],
    ["one of their own", [{ type: "custom", name: "refund" }, null, 7], ["refund"]],
  ])("has as tools: %s", (_, tools, names) => {
    expect(toolsOf(tools)).toEqual(names);
  });
});

describe("a deployment", () => {
  test.each<[string, JsonObject, JsonObject]>([
    ["only started by people", {}, { schedule: null, timezone: null, last_run_at: null }],
    [
      "by a schedule",
      {
        schedule: {
          type: "cron",
          expression: "5 8 * * 1-5",
          timezone: "Europe/Berlin",
          last_run_at: "2026-11-20T08:05:00+01:00",
        },
      },
      {
        schedule: "5 8 * * 1-5",
        timezone: "Europe/Berlin",
        last_run_at: "2026-11-20T07:05:00.000000Z",
      },
    ],
    [
      "with a time nobody can read",
      { schedule: { expression: "* * * * *", last_run_at: "soon" } },
      { last_run_at: null },
    ],
    ["paused by a person", { paused_reason: { type: "manual" } }, { paused_reason: "manual" }],
    [
      "paused by the platform",
      { paused_reason: { type: "error", error: { type: "vault_archived_error" } } },
      { paused_reason: "vault_archived_error" },
    ],
    [
      "with what its sessions may use",
      {
        vault_ids: ["vlt_B", "vlt_A", "vlt_A"],
        resources: [{ type: "memory_store", memory_store_id: "memstore_A" }, { type: "file" }],
        budget: { type: "limit", max_list_cost: { amount: "500", currency: "USD" } },
      },
      { vault_ids: ["vlt_A", "vlt_B"], memory_store_ids: ["memstore_A"], budget_cents: 500 },
    ],
  ])("%s", (_, fields, columns) => {
    expect(deploymentColumns(read("deployment", deploymentObject("depl_A", fields)))).toMatchObject(
      {
        deployment_id: "depl_A",
        agent_id: "agent_A",
        agent_version: "1",
        ...columns,
      },
    );
  });
});

describe("a run", () => {
  test("that made a session, and one that could not", () => {
    expect(runColumns(read("deployment_run", runObject("drun_A")))).toMatchObject({
      deployment_id: "depl_A",
      trigger: "schedule",
      session_id: "sesn_A",
      error_type: null,
    });
    const error = { type: "environment_archived_error", message: "The environment is archived." };
    const failed = runObject("drun_B", {
      session_id: null,
      error,
      trigger_context: { type: "manual" },
    });
    expect(runColumns(read("deployment_run", failed))).toMatchObject({
      trigger: "manual",
      scheduled_at: null,
      session_id: null,
      error_type: error.type,
      error_message: error.message,
    });
  });

  test("has to say of which deployment", () => {
    expect(normalizeItem(raw("deployment_run", { id: "drun_A" }))).toMatchObject({
      rejection: {
        message: "deployment_run.deployment_id: expected a text of 1 to 256 characters",
      },
    });
  });
});

describe("a vault and a memory store", () => {
  const secret = {
    credentials: [{ token: "s3cret" }],
    content: "s3cret",
    metadata: { a: "s3cret" },
  };

  test.each<[LooseKind, JsonObject, string]>([
    ["vault", { id: "vlt_A", display_name: "CRM", ...secret }, "CRM"],
    ["memory_store", { id: "memstore_A", name: "Customers", ...secret }, "Customers"],
  ])("a %s is its id, name and times", (kind, data, name) => {
    const record = read(kind, data);
    expect(resourceColumns(record)).toMatchObject({ kind, resource_id: data.id, name });
    expect(JSON.stringify(record)).not.toContain("s3cret");
  });

  test("is not kept with what is in it when it is refused", () => {
    const refused = normalizeItem(raw("vault", { id: 7, ...secret }));
    expect(refused).toMatchObject({ rejection: { kind: "vault" } });
    expect(JSON.stringify(refused)).not.toContain("s3cret");
  });
});

test("an environment is kept whole", () => {
  const environment = environmentObject("env_A");
  expect(read("environment", environment).payload).toEqual(environment);
});
