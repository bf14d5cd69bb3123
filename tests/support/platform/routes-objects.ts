import { type ObjectEntry, type ObjectTable, objectOf } from "./entries";
import { invalid, notFound } from "./errors";
import type { Platform } from "./platform";
import { CREATED } from "./query";
import { type Call, get, MEMORY_BETA, type Route } from "./routes";
import { Sorted } from "./sorted";

const CREATED_WIDE = ["created_at[gte]", "created_at[lte]"];

export const objectRoutes: Route[] = [
  get("/v1/agents", (call) => list(call, "agents", CREATED_WIDE)),
  get("/v1/agents/{id}", readAgent),
  get("/v1/agents/{id}/versions", listVersions),
  get("/v1/environments", (call) => list(call, "environments", [])),
  get("/v1/environments/{id}", (call) => read(call, "environments", "Environment")),
  get("/v1/environments/{id}/work", ({ platform, ids, query }) => {
    query.only("limit", "page");
    environmentOf(platform, ids[0]);
    return JSON.stringify({ data: [], next_page: null });
  }),
  get("/v1/environments/{id}/work/stats", ({ platform, ids, query }) => {
    query.only();
    const { id } = environmentOf(platform, ids[0]);
    const none = { depth: 0, pending: 0, oldest_queued_at: null, workers_polling: null };
    return JSON.stringify({ type: "work_queue_stats", ...none, ...platform.workStats.get(id) });
  }),
  get("/v1/deployments", listDeployments),
  get("/v1/deployments/{id}", (call) => read(call, "deployments", "Deployment")),
  get("/v1/deployment_runs", listRuns),
  get("/v1/deployment_runs/{id}", (call) => read(call, "runs", "Deployment run")),
  get("/v1/vaults", (call) => list(call, "vaults", [])),
  get("/v1/vaults/{id}", (call) => read(call, "vaults", "Vault")),
  get("/v1/memory_stores", (call) => list(call, "memoryStores", CREATED_WIDE), {
    beta: MEMORY_BETA,
  }),
  get("/v1/memory_stores/{id}", (call) => read(call, "memoryStores", "Memory store"), {
    beta: MEMORY_BETA,
  }),
];

type TableName = "agents" | "environments" | "deployments" | "runs" | "vaults" | "memoryStores";

function list(
  { platform, query }: Call,
  name: TableName,
  more: string[],
  accepts: (entry: ObjectEntry) => boolean = () => true,
): string {
  query.only("include_archived", "limit", "page", ...more);
  const withArchived = query.flag("include_archived") ?? false;
  const bounds = query.bounds();
  return platform.lists.answer({
    list: name,
    kind: "others",
    entries: platform[name].entries,
    order: "desc",
    query,
    bounds: bounds.text,
    accepts: (entry) =>
      bounds.includes(entry.sortUs) && (withArchived || !entry.data.archived_at) && accepts(entry),
    show: ({ json }) => json,
  });
}

function read({ platform, ids, query }: Call, name: TableName, word: string): string {
  query.only();
  return found(platform[name], ids[0], word).json;
}

function found(table: ObjectTable, id: string | undefined, word: string): ObjectEntry {
  const entry = table.get(id ?? "");
  if (!entry) throw notFound(`${word} ${id}`);
  return entry;
}

const environmentOf = (platform: Platform, id: string | undefined) =>
  found(platform.environments, id, "Environment");

function readAgent({ platform, ids, query }: Call): string {
  query.only("version");
  const newest = found(platform.agents, ids[0], "Agent");
  const version = query.integer("version");
  if (version === null) return newest.json;
  const versions = platform.agentVersions.get(newest.id)?.items ?? [];
  const entry = versions.find(({ sortUs }) => sortUs === version);
  if (!entry) throw notFound(`Version ${version} of agent ${newest.id}`);
  return entry.json;
}

function listVersions({ platform, ids, query }: Call): string {
  query.only("limit", "page");
  const { id } = found(platform.agents, ids[0], "Agent");
  return platform.lists.answer({
    list: `versions ${id}`,
    kind: "others",
    entries: platform.agentVersions.get(id) ?? new Sorted<ObjectEntry>(),
    order: "desc",
    query,
    accepts: () => true,
    show: ({ json }) => json,
  });
}

function listDeployments(call: Call): string {
  const { query } = call;
  const status = query.one("status", ["active", "paused"]);
  const agent = query.text("agent_id");
  if (status !== null && query.has("include_archived"))
    throw invalid("status: not together with include_archived");
  return list(
    call,
    "deployments",
    ["agent_id", "status", ...CREATED_WIDE],
    ({ data }) =>
      (status === null || data.status === status) &&
      (agent === null || objectOf(data.agent).id === agent),
  );
}

function listRuns({ platform, query }: Call): string {
  query.only("deployment_id", "has_error", "trigger_type", "limit", "page", ...CREATED);
  const deployment = query.text("deployment_id");
  const hasError = query.flag("has_error");
  const trigger = query.one("trigger_type", ["schedule", "manual"]);
  const bounds = query.bounds();
  return platform.lists.answer({
    list: "deployment_runs",
    kind: "deployment_runs",
    entries: platform.runs.entries,
    order: "desc",
    query,
    bounds: bounds.text,
    accepts: ({ data, sortUs }) =>
      bounds.includes(sortUs) &&
      (deployment === null || data.deployment_id === deployment) &&
      (hasError === null || Boolean(data.error) === hasError) &&
      (trigger === null || objectOf(data.trigger_context).type === trigger),
    show: ({ json }) => json,
  });
}
