import { threadAgentOf } from "@/lib/demo/agent-objects";
import { type Calendar, DAY_US, HOUR_US, MINUTE_US, SECOND_US } from "@/lib/demo/calendar";
import type { Fleet, FleetDeployment, FleetVersion } from "@/lib/demo/fleet";
import { Random } from "@/lib/demo/random";
import type { AgentSpec } from "@/lib/demo/roster";
import type {
  AgentObject,
  DemoSession,
  DeploymentObject,
  DeploymentRunObject,
  MemoryStoreObject,
  SessionObject,
  VaultObject,
} from "@/lib/demo/schema";
import { isoFromMicros } from "@/lib/time/micros";

const DEMO = { demo: "true" };

/** The vault with what a tool server asks for. */
export const vaultIdOf = (server: string) => new Random(`demo/vault/${server}`).id("vlt");

const storeIdOf = (agent: string) => new Random(`demo/memory/${agent}`).id("memstore");

/** What agents remember from one session to the next. */
const MEMORIES: Record<string, string> = { triage: "Customer notes", research: "Market notes" };
/** Archived while sessions still name it: somebody tidied up too early. */
const ARCHIVED_VAULT = "zendesk";

export function memoryOf({ key }: AgentSpec): SessionObject["resources"] {
  const name = MEMORIES[key];
  if (name === undefined) return [];
  return [{ type: "memory_store", memory_store_id: storeIdOf(key), name, access: "read_write" }];
}

export function vaultObject(server: string, { fromUs, toUs }: Calendar): VaultObject {
  const created_at = isoFromMicros(fromUs - 120 * DAY_US);
  const archived_at = server === ARCHIVED_VAULT ? isoFromMicros(toUs - 9 * HOUR_US) : null;
  return {
    id: vaultIdOf(server),
    type: "vault",
    display_name: `${server} access`,
    metadata: DEMO,
    created_at,
    updated_at: archived_at ?? created_at,
    archived_at,
  };
}

export function memoryStoreObject(
  resource: SessionObject["resources"][number],
  { fromUs }: Calendar,
): MemoryStoreObject[] {
  if (resource.type !== "memory_store") return [];
  const at = isoFromMicros(fromUs - 100 * DAY_US);
  return [
    {
      id: resource.memory_store_id,
      type: "memory_store",
      name: resource.name ?? "",
      description: "",
      metadata: DEMO,
      created_at: at,
      updated_at: at,
      archived_at: null,
    },
  ];
}

/** The run of a deployment that made a session, a few seconds after it was due. */
export function runOf(session: SessionObject, { object }: FleetDeployment): DeploymentRunObject {
  const startedUs = Date.parse(session.created_at) * 1_000;
  const dueUs = startedUs - (startedUs % MINUTE_US);
  return {
    id: `drun_01${session.id.slice(-22)}`,
    type: "deployment_run",
    deployment_id: object.id,
    agent: { type: "agent", id: session.agent.id, version: session.agent.version },
    created_at: session.created_at,
    session_id: session.id,
    error: null,
    trigger_context: { type: "schedule", scheduled_at: isoFromMicros(dueUs) },
  };
}

/** One caller makes an agent for each of its sessions: that is told as the documented mistake it is. */
export function madeForOneRun(version: FleetVersion, random: Random, us: number): FleetVersion {
  const made = { id: random.id("agent"), version: 1 };
  const at = isoFromMicros(us - random.int(2, 9) * SECOND_US);
  return {
    ...version,
    threadAgent: { ...version.threadAgent, ...made },
    sessionAgent: { ...version.sessionAgent, ...made },
    object: { ...version.object, ...made, created_at: at, updated_at: at },
  };
}

/** Agents that some callers start with a prompt of their own, and in which share of their sessions. */
const OVERRIDDEN = ["triage", "review"];
const OVERRIDES = 0.05;

/** The same version with overrides: its id and number stay, as on the platform. */
export function withOverrides(version: FleetVersion, random: Random): FleetVersion {
  if (!OVERRIDDEN.includes(version.agent.key) || !random.chance(OVERRIDES)) return version;
  const system = `${version.threadAgent.system}\nAnswer in German.`;
  return {
    ...version,
    threadAgent: { ...version.threadAgent, system },
    sessionAgent: { ...version.sessionAgent, system },
  };
}

/** What the workspace holds and no session names: two idle agents, and a deployment that stopped. */
export function idleObjects(
  fleet: Fleet,
): Required<Pick<DemoSession, "agents" | "deployments" | "deployment_runs">> {
  const random = new Random("demo/idle");
  const [version] = [...fleet.versions.values()].flat();
  const [environment] = fleet.environments.values();
  if (version === undefined || environment === undefined)
    return { agents: [], deployments: [], deployment_runs: [] };
  const { fromUs, toUs } = fleet.calendar;
  const idle = (name: string, model: string, createdUs: number): AgentObject => {
    const spec = { ...version.spec, version: 1, model: { id: model }, tools: [] };
    const named = { ...version.agent, name, description: name, system: "You answer briefly." };
    const at = isoFromMicros(createdUs);
    return {
      ...threadAgentOf(random.id("agent"), named, spec),
      multiagent: null,
      metadata: DEMO,
      created_at: at,
      updated_at: at,
      archived_at: null,
    };
  };
  const churn = idle("churn-reporter", "claude-sonnet-5-5", fromUs - 60 * DAY_US);
  const agents = [idle("faq-answerer", "claude-sonnet-4-5", fromUs - 150 * DAY_US), churn];
  const deployment = stoppedDeployment(random, churn, environment.object.id, toUs);
  return { agents, deployments: [deployment], deployment_runs: failedRuns(random, deployment) };
}

const STOPPED = "vault_archived_error";

function stoppedDeployment(
  random: Random,
  agent: AgentObject,
  environmentId: string,
  toUs: number,
): DeploymentObject {
  const midnightUs = toUs - (toUs % DAY_US);
  return {
    id: random.id("depl"),
    type: "deployment",
    name: "Nightly churn report",
    description: null,
    agent: { type: "agent", id: agent.id, version: agent.version },
    environment_id: environmentId,
    initial_events: [
      { type: "user.message", content: [{ type: "text", text: "Write the churn report." }] },
    ],
    metadata: DEMO,
    resources: [],
    vault_ids: [vaultIdOf(ARCHIVED_VAULT)],
    schedule: {
      type: "cron",
      expression: "0 0 * * *",
      timezone: "UTC",
      last_run_at: isoFromMicros(midnightUs),
      upcoming_runs_at: [],
    },
    status: "paused",
    paused_reason: { type: "error", error: { type: STOPPED } },
    budget: null,
    created_at: agent.created_at,
    updated_at: isoFromMicros(midnightUs + 4 * SECOND_US),
    archived_at: null,
  };
}

function failedRuns(random: Random, deployment: DeploymentObject): DeploymentRunObject[] {
  const scheduled_at = deployment.schedule?.last_run_at ?? deployment.updated_at;
  return [
    {
      id: random.id("drun"),
      type: "deployment_run",
      deployment_id: deployment.id,
      agent: deployment.agent,
      created_at: deployment.updated_at,
      session_id: null,
      error: { type: STOPPED, message: "A vault that the deployment names is archived." },
      trigger_context: { type: "schedule", scheduled_at },
    },
  ];
}
