// Fleet: what a workspace holds beside its sessions, what it was used for, and what should be done
// about it. Agents with versions, deployments, environments, vaults and memory stores.
// Written by: nobody, ingest and the connector store what is read here. Read by: the fleet page, the API.
// Invariant: use and cost are those of sessions that started in the asked range; `last_used_at` is of all time.
import { z } from "zod";
import { said } from "@/lib/http/content";
import { FLEET_SORTS, LEVELS } from "./words";

const count = z.int().nonnegative();
const nanos = z.int().describe("nano-dollars");
const instant = z.string().describe("RFC 3339, UTC");
const bound = z.iso.datetime({ offset: true }).optional();

export const FleetRange = z.object({
  from: bound.describe("default: the first session's start"),
  to: bound.describe("default: now"),
});
export type FleetRange = z.infer<typeof FleetRange>;

export const FleetQuery = FleetRange.extend({
  q: z.string().max(200).optional().describe("text in names and ids"),
  sort: z.enum(FLEET_SORTS).default("advice").describe("advice: worst first"),
  order: z.enum(["asc", "desc"]).default("desc"),
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z.string().max(1024).optional(),
});
export type FleetQuery = z.infer<typeof FleetQuery>;

export const Advice = z.object({
  level: z.enum(LEVELS),
  code: z.string().describe("what the advice is about, as one word"),
  text: z.string().describe("one plain sentence"),
});
export type Advice = z.infer<typeof Advice>;

export const Use = z.object({
  sessions: count.describe("started in the range"),
  failed: count.describe("of these"),
  settled: count.describe("of these, completed or failed: the rate's denominator"),
  cost_nanos: nanos,
  unpriced_tokens: count,
  last_used_at: instant.nullable(),
});
export type Use = z.infer<typeof Use>;

const held = {
  id: z.string(),
  connection_id: z.string().nullable(),
  name: z.string().nullable(),
  archived_at: instant.nullable(),
  advice: Advice.nullable(),
};

const Ref = z.object({ id: z.string(), name: z.string().nullable() });

export const Retirement = z.object({
  model: z.string(),
  retired: z.boolean(),
  retires_at: instant.nullable().describe("null: retired, the day is not known"),
  days_left: z.int().nullable(),
  source: z.string().describe("who says so"),
});
export type Retirement = z.infer<typeof Retirement>;

export const AgentVersionItem = Use.extend({
  version: z.string(),
  model: z.string().nullable(),
  tools: z.array(z.string()),
  system_chars: count.nullable().describe("length of the prompt; null: not known"),
  system_hash: z.string().nullable(),
  published_at: instant.nullable(),
});
export type AgentVersionItem = z.infer<typeof AgentVersionItem>;

export const AgentItem = Use.extend({
  ...held,
  version: z.string().nullable().describe("the newest"),
  model: z.string().nullable(),
  created_at: instant.nullable(),
  agent_ids: z.array(z.string()).describe("of those it stands for the newest, at most 50"),
  made_for_runs: count.describe("agents that this row stands for, each made for one run; else 0"),
  retirement: Retirement.nullable().describe("the first of its models to go"),
  versions: z.array(AgentVersionItem).describe("the newest, at most 20"),
  versions_total: count,
}).meta({ id: "FleetAgent" });
export type AgentItem = z.infer<typeof AgentItem>;

export const RunItem = z.object({
  id: z.string(),
  at: instant.nullable(),
  trigger: z.string().nullable(),
  session_id: z.string().nullable(),
  error_type: z.string().nullable(),
  error_message: said(z.string().nullable()),
});
export type RunItem = z.infer<typeof RunItem>;

export const DeploymentItem = Use.extend({
  ...held,
  status: z.string().nullable(),
  paused_reason: z.string().nullable().describe("manual, or the type of the error that paused it"),
  schedule: z.string().nullable().describe("a cron expression; null: people start it"),
  timezone: z.string().nullable(),
  next_run_at: instant.nullable(),
  last_run: RunItem.nullable(),
  runs: count.describe("in the range"),
  failed_runs: count.describe("in the range: those that could not make a session"),
  budget_cents: z.int().nullable(),
  agent: Ref.extend({ version: z.string().nullable(), newest: z.string().nullable() }).nullable(),
  environment: Ref.nullable(),
}).meta({ id: "FleetDeployment" });
export type DeploymentItem = z.infer<typeof DeploymentItem>;

export const Network = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("unrestricted") }),
  z.object({
    kind: z.literal("limited"),
    allowed_hosts: z.array(z.string()),
    mcp_servers: z.boolean(),
    package_managers: z.boolean(),
  }),
  z.object({ kind: z.literal("own") }).describe("self-hosted: the network is the customer's"),
  z.object({ kind: z.literal("unknown") }),
]);
export type Network = z.infer<typeof Network>;

export const QueueItem = z.object({
  depth: count,
  pending: count,
  oldest_queued_at: instant.nullable(),
  workers_polling: count.nullable().describe("null: workers do not name themselves"),
  read_at: instant,
});
export type QueueItem = z.infer<typeof QueueItem>;

export const EnvironmentItem = Use.extend({
  ...held,
  network: Network,
  queue: QueueItem.nullable(),
  agents: count.describe("that worked in it in the range"),
  deployments: count.describe("that name it"),
}).meta({ id: "FleetEnvironment" });
export type EnvironmentItem = z.infer<typeof EnvironmentItem>;

export const ResourceItem = Use.extend({
  ...held,
  kind: z.enum(["vault", "memory_store"]),
  listed: z.boolean().describe("false: only sessions and deployments name it"),
  agents: z.array(Ref).describe("that used it in the range, at most 5"),
  agents_total: count,
  deployments: count.describe("that name it"),
}).meta({ id: "FleetResource" });
export type ResourceItem = z.infer<typeof ResourceItem>;

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    data: z.array(item),
    next_cursor: z.string().nullable(),
    total: count.describe("rows over all pages"),
  });
export const AgentsPage = pageOf(AgentItem);
export const DeploymentsPage = pageOf(DeploymentItem);
export const EnvironmentsPage = pageOf(EnvironmentItem);
export const ResourcesPage = pageOf(ResourceItem);

export type FleetPageOf<Row> = { data: Row[]; next_cursor: string | null; total: number };

/** The page of each kind. */
export type FleetPages = {
  agents: z.infer<typeof AgentsPage>;
  deployments: z.infer<typeof DeploymentsPage>;
  environments: z.infer<typeof EnvironmentsPage>;
  resources: z.infer<typeof ResourcesPage>;
};

const Tally = z.object({ total: count, act: count, look: count, tidy: count });
export const FleetSummary = z
  .object({ agents: Tally, deployments: Tally, environments: Tally, resources: Tally })
  .describe("rows of each kind, and how many of them have advice of each level")
  .meta({ id: "FleetSummary" });
export type FleetSummary = z.infer<typeof FleetSummary>;
