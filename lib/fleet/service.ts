import { type Db, prisma } from "@/lib/db/client";
import { agentAdvice } from "./agent-advice";
import { agentKey, readAgentFacts, readLives, readVersions } from "./agent-store";
import { deploymentAdvice } from "./deployment-advice";
import { readDeploymentFacts } from "./deployment-store";
import { environmentAdvice } from "./environment-advice";
import { readEnvironmentFacts } from "./environment-store";
import type { AgentFacts, DeploymentFacts, EnvironmentFacts, ResourceFacts } from "./facts";
import { networkOf } from "./network";
import { pageOf } from "./order";
import { groupAgents } from "./orphans";
import { resourceAdvice } from "./resource-advice";
import { readResourceFacts } from "./resource-store";
import { firstToGo } from "./retirement";
import type {
  Advice,
  AgentItem,
  DeploymentItem,
  EnvironmentItem,
  FleetPages,
  FleetQuery,
  FleetRange,
  FleetSummary,
  ResourceItem,
} from "./schema";
import { countsOf } from "./use-store";
import { FLEET_KINDS, type FleetKind, LEVELS } from "./words";

type At = { now?: Date; db?: Db };

/** A page of the agents; agents that were each made for one run stand as one row. */
export async function readAgents(
  workspace: string,
  query: FleetQuery,
  { now = new Date(), db = prisma }: At = {},
): Promise<FleetPages["agents"]> {
  const page = pageOf(await agentRows(workspace, query, now, db), query);
  const keys = page.data.map((row) => ({ connectionId: row.connection_id ?? "", id: row.id }));
  const versions = await readVersions(db, workspace, query, keys);
  const data = page.data.map((row) => {
    const key = agentKey({ connectionId: row.connection_id ?? "", id: row.id });
    // Those made for one run have one version each, and the newest of them says nothing of the others.
    return row.made_for_runs > 0 ? row : { ...row, versions: versions.get(key) ?? [] };
  });
  return { ...page, data };
}

export async function readDeployments(
  workspace: string,
  query: FleetQuery,
  { now = new Date(), db = prisma }: At = {},
): Promise<FleetPages["deployments"]> {
  return pageOf(await deploymentRows(workspace, query, now, db), query);
}

export async function readEnvironments(
  workspace: string,
  query: FleetQuery,
  { now = new Date(), db = prisma }: At = {},
): Promise<FleetPages["environments"]> {
  return pageOf(await environmentRows(workspace, query, now, db), query);
}

export async function readResources(
  workspace: string,
  query: FleetQuery,
  { now = new Date(), db = prisma }: At = {},
): Promise<FleetPages["resources"]> {
  return pageOf(await resourceRows(workspace, query, now, db), query);
}

/** One kind's page, by its name. */
export function readFleet<K extends FleetKind>(
  kind: K,
  workspace: string,
  query: FleetQuery,
): Promise<FleetPages[K]> {
  const read: { [kind in FleetKind]: () => Promise<FleetPages[kind]> } = {
    agents: () => readAgents(workspace, query),
    deployments: () => readDeployments(workspace, query),
    environments: () => readEnvironments(workspace, query),
    resources: () => readResources(workspace, query),
  };
  return read[kind]();
}

/** How many rows there are of each kind, and with which advice. */
export async function readSummary(
  workspace: string,
  range: FleetRange,
  { now = new Date(), db = prisma }: At = {},
): Promise<FleetSummary> {
  const rows: { [kind in FleetKind]: Array<{ advice: Advice | null }> } = {
    agents: await agentRows(workspace, range, now, db),
    deployments: await deploymentRows(workspace, range, now, db),
    environments: await environmentRows(workspace, range, now, db),
    resources: await resourceRows(workspace, range, now, db),
  };
  const tally = (kind: FleetKind) => {
    const of = (level: Advice["level"]) =>
      rows[kind].filter(({ advice }) => advice?.level === level).length;
    const levels = Object.fromEntries(LEVELS.map((level) => [level, of(level)]));
    return { total: rows[kind].length, ...levels };
  };
  return Object.fromEntries(FLEET_KINDS.map((kind) => [kind, tally(kind)])) as FleetSummary;
}

/** So many members of a group are told by their ids. */
const TOLD = 50;

/** An agent as the fleet tells it, with all that it stands for. */
export type AgentRow = { item: AgentItem; ids: string[]; firstUsedAt: string | null };

const agentRows = async (workspace: string, range: FleetRange, now: Date, db: Db) =>
  (await readAgentRows(workspace, range, { now, db })).map(({ item }) => item);

/** Every agent; those that were each made for one run are one row. */
export async function readAgentRows(
  workspace: string,
  range: FleetRange,
  { now, db }: { now: Date; db: Db },
): Promise<AgentRow[]> {
  const [facts, lives] = await Promise.all([
    readAgentFacts(db, workspace, range),
    readLives(db, workspace),
  ]);
  return groupAgents(facts).map(({ agent, ids, madeForRuns }): AgentRow => {
    const retirement = firstToGo(agent.models, lives.get(agent.connectionId) ?? [], now.getTime());
    const item = {
      ...headOf(agent),
      version: agent.version,
      model: agent.model,
      created_at: agent.createdAt,
      agent_ids: ids.slice(0, TOLD),
      made_for_runs: madeForRuns,
      retirement,
      versions: [],
      versions_total: madeForRuns > 0 ? 1 : agent.versionsTotal,
      last_used_at: agent.lastUsedAt ?? agent.lastHelpedAt,
      advice: agentAdvice(agent, { madeForRuns, retirement }, now.getTime()),
    };
    return { item, ids, firstUsedAt: agent.firstUsedAt };
  });
}

async function deploymentRows(workspace: string, range: FleetRange, now: Date, db: Db) {
  const facts = await readDeploymentFacts(db, workspace, range);
  return facts.map((one): DeploymentItem => {
    const { lastRun, agentId, environmentId } = one;
    const next = one.upcoming.filter((at) => Date.parse(at) > now.getTime()).sort()[0];
    return {
      ...headOf(one),
      status: one.status,
      paused_reason: one.pausedReason,
      schedule: one.schedule,
      timezone: one.timezone,
      next_run_at: one.status === "active" ? (next ?? null) : null,
      last_run: lastRun && {
        id: lastRun.id,
        at: lastRun.at,
        trigger: lastRun.trigger,
        session_id: lastRun.sessionId,
        error_type: lastRun.errorType,
        error_message: lastRun.errorMessage,
      },
      runs: one.runs,
      failed_runs: one.failedRuns,
      budget_cents: one.budgetCents,
      agent: agentId === null ? null : refOfAgent(one, agentId),
      environment: environmentId === null ? null : { id: environmentId, name: one.environmentName },
      advice: deploymentAdvice(one, now.getTime()),
    };
  });
}

const refOfAgent = (one: DeploymentFacts, id: string) => ({
  id,
  name: one.agentName,
  version: one.agentVersion,
  newest: one.agentNewest,
});

async function environmentRows(workspace: string, range: FleetRange, now: Date, db: Db) {
  const facts = await readEnvironmentFacts(db, workspace, range);
  return facts.map((one): EnvironmentItem => {
    const { queue } = one;
    return {
      ...headOf(one),
      network: networkOf(one.config),
      queue: queue && {
        depth: queue.depth ?? 0,
        pending: queue.pending ?? 0,
        oldest_queued_at: queue.oldestQueuedAt,
        workers_polling: queue.workersPolling,
        read_at: queue.readAt,
      },
      agents: one.agents,
      deployments: one.deployments,
      advice: environmentAdvice(one, now.getTime()),
    };
  });
}

async function resourceRows(workspace: string, range: FleetRange, now: Date, db: Db) {
  const facts = await readResourceFacts(db, workspace, range);
  return facts.map(
    (one): ResourceItem => ({
      ...headOf(one),
      kind: one.kind,
      listed: one.listed,
      agents: one.agents,
      agents_total: one.agentsTotal,
      deployments: one.deployments,
      advice: resourceAdvice(one, now.getTime()),
    }),
  );
}

/** What rows of all kinds begin with. */
function headOf(one: AgentFacts | DeploymentFacts | EnvironmentFacts | ResourceFacts) {
  const { id, name, archivedAt, connectionId } = one;
  const connection_id = connectionId === "" ? null : connectionId;
  return { id, name, connection_id, archived_at: archivedAt, ...countsOf(one) };
}
