import { agentObjectOf, sessionAgentOf, threadAgentOf } from "@/lib/demo/agent-objects";
import { type Calendar, calendarOf, cronExpression, DAY_US, runsOf } from "@/lib/demo/calendar";
import { TOPICS } from "@/lib/demo/content";
import { Random } from "@/lib/demo/random";
import {
  AGENTS,
  type AgentSpec,
  type DeploymentSpec,
  ENVIRONMENTS,
  type EnvironmentSpec,
} from "@/lib/demo/roster";
import type {
  AgentObject,
  DemoOptions,
  DeploymentObject,
  EnvironmentObject,
  SessionAgent,
  ThreadAgent,
} from "@/lib/demo/schema";
import { factsFor, fill } from "@/lib/demo/text";
import { VERSIONS, type VersionSpec } from "@/lib/demo/versions";
import { isoFromMicros } from "@/lib/time/micros";

/** One agent version that was live for a while, with the objects that describe it. */
export interface FleetVersion {
  agent: AgentSpec;
  spec: VersionSpec;
  publishedUs: number;
  threadAgent: ThreadAgent;
  sessionAgent: SessionAgent;
  object: AgentObject;
}

export interface FleetEnvironment {
  spec: EnvironmentSpec;
  object: EnvironmentObject;
}

export interface FleetDeployment {
  spec: DeploymentSpec;
  agent: AgentSpec;
  object: DeploymentObject;
}

export interface Fleet {
  calendar: Calendar;
  /** Versions of an agent in the order they were published. */
  versions: ReadonlyMap<string, readonly FleetVersion[]>;
  environments: ReadonlyMap<string, FleetEnvironment>;
  deployments: readonly FleetDeployment[];
}

export function createFleet(options: DemoOptions): Fleet {
  const random = new Random(`${options.seed}/fleet`);
  const calendar = calendarOf(options.nowUs, options.days);
  const environments = new Map(
    ENVIRONMENTS.map((spec) => [
      spec.key,
      { spec, object: environmentObject(spec, random.id("env"), calendar.fromUs) },
    ]),
  );
  const versions = new Map<string, readonly FleetVersion[]>();
  // A coordinator's snapshot holds those of its roster, which is why agents without one come first.
  for (const agent of AGENTS.toSorted((a, b) => a.roster.length - b.roster.length)) {
    versions.set(agent.key, versionsOf(agent, random.id("agent"), calendar, versions));
  }
  const deployments = AGENTS.flatMap((agent) => {
    if (agent.deployment === null) return [];
    const object = deploymentObject(agent, agent.deployment, {
      id: random.id("depl"),
      environmentId: environments.get(agent.environment)?.object.id ?? "",
      version: versionAt(versions, agent.key, calendar.toUs),
      calendar,
      random,
    });
    return [{ spec: agent.deployment, agent, object }];
  });
  return { calendar, versions, environments, deployments };
}

/** The version of an agent that was live at an instant; before the first, the first. */
export function versionAt(versions: Fleet["versions"], key: string, us: number): FleetVersion {
  const known = versions.get(key) ?? [];
  const live = known.findLast((version) => version.publishedUs <= us) ?? known[0];
  if (live === undefined) throw new RangeError(`no agent ${key} in the demo's roster`);
  return live;
}

export function environmentOf(fleet: Fleet, key: string): FleetEnvironment {
  const found = fleet.environments.get(key);
  if (found === undefined) throw new RangeError(`no environment ${key} in the demo's roster`);
  return found;
}

function versionsOf(
  agent: AgentSpec,
  id: string,
  calendar: Calendar,
  known: ReadonlyMap<string, readonly FleetVersion[]>,
): FleetVersion[] {
  const specs = VERSIONS.filter((version) => version.agent === agent.key);
  const createdUs = calendar.fromUs - 200 * DAY_US;
  return specs.map((spec) => {
    const publishedUs = publishedAt(spec, calendar);
    const roster = agent.roster.map((key) => versionAt(known, key, publishedUs).threadAgent);
    const threadAgent = threadAgentOf(id, agent, spec);
    return {
      agent,
      spec,
      publishedUs,
      threadAgent,
      sessionAgent: sessionAgentOf(threadAgent, agent, roster),
      object: agentObjectOf(threadAgent, agent, roster, {
        createdAt: isoFromMicros(createdUs),
        updatedAt: isoFromMicros(publishedUs),
      }),
    };
  });
}

function publishedAt(spec: VersionSpec, calendar: Calendar): number {
  if (spec.published === "bad_deploy") return calendar.badDeploy.fromUs;
  if (spec.published === "rollback") return calendar.badDeploy.toUs;
  return Math.round(calendar.fromUs + spec.published * (calendar.toUs - calendar.fromUs));
}

function environmentObject(spec: EnvironmentSpec, id: string, fromUs: number): EnvironmentObject {
  const createdAt = isoFromMicros(fromUs - 210 * DAY_US);
  return {
    id,
    type: "environment",
    name: spec.name,
    description: null,
    config:
      spec.networking === null
        ? { type: "self_hosted" }
        : {
            type: "cloud",
            networking:
              spec.networking === "limited"
                ? {
                    type: "limited",
                    allow_mcp_servers: true,
                    allow_package_managers: true,
                    allowed_hosts: ["github.com", "registry.npmjs.org"],
                  }
                : { type: "unrestricted" },
            packages: { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] },
          },
    metadata: { demo: "true" },
    scope: "organization",
    created_at: createdAt,
    updated_at: createdAt,
    archived_at: null,
  };
}

function deploymentObject(
  agent: AgentSpec,
  spec: DeploymentSpec,
  parts: {
    id: string;
    environmentId: string;
    version: FleetVersion;
    calendar: Calendar;
    random: Random;
  },
): DeploymentObject {
  const { calendar, random, version } = parts;
  const past = runsOf(spec.schedule, calendar);
  const next = runsOf(spec.schedule, { fromUs: calendar.toUs, toUs: calendar.toUs + 7 * DAY_US });
  const last = past[past.length - 1];
  const prompt = random.pick(TOPICS[agent.topic]?.prompts ?? [spec.name]);
  const createdAt = isoFromMicros(calendar.fromUs - 90 * DAY_US);
  return {
    id: parts.id,
    type: "deployment",
    name: spec.name,
    description: agent.description,
    agent: { id: version.object.id, type: "agent", version: version.spec.version },
    environment_id: parts.environmentId,
    initial_events: [
      {
        type: "user.message",
        content: [{ type: "text", text: fill(prompt, random, factsFor(random)) }],
      },
    ],
    metadata: { demo: "true" },
    resources: [],
    vault_ids: [],
    schedule: {
      type: "cron",
      expression: cronExpression(spec.schedule),
      timezone: "UTC",
      last_run_at: last === undefined ? null : isoFromMicros(last),
      upcoming_runs_at: next.slice(0, 5).map(isoFromMicros),
    },
    status: "active",
    paused_reason: null,
    budget:
      spec.budgetCents === null
        ? null
        : { type: "limit", max_list_cost: { amount: String(spec.budgetCents), currency: "USD" } },
    created_at: createdAt,
    updated_at: createdAt,
    archived_at: null,
  };
}
