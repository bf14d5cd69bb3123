import { DAY_US, MINUTE_US, runsOf, startTimes, within } from "@/lib/demo/calendar";
import { TOPICS } from "@/lib/demo/content";
import { CURRENT } from "@/lib/demo/current";
import {
  createFleet,
  environmentOf,
  type Fleet,
  type FleetDeployment,
  type FleetVersion,
  versionAt,
} from "@/lib/demo/fleet";
import {
  idleObjects,
  madeForOneRun,
  memoryStoreObject,
  runOf,
  vaultObject,
  withOverrides,
} from "@/lib/demo/inventory";
import { type Plan, RARE, type Rare } from "@/lib/demo/plan";
import { planSession } from "@/lib/demo/planning";
import { Random } from "@/lib/demo/random";
import { AGENTS, TENANTS } from "@/lib/demo/roster";
import type { DemoOptions, DemoSession } from "@/lib/demo/schema";
import { simulateSession } from "@/lib/demo/session";
import { factsFor, fill } from "@/lib/demo/text";

/** A session to come: when it starts, and why. */
interface Start {
  atUs: number;
  deployment: FleetDeployment | null;
  /** What must happen in it, whatever chance says. */
  rare: Rare | null;
}

/** Deployments make up at most this share of all sessions. */
const SCHEDULED_SHARE = 0.12;
const RARE_EVERY = 20;
const PINNED_SHARE = 0.04;
const SURGING = "triage";
/** Whoever asks for these makes an agent for each session, since a few days. */
const AGENT_A_RUN = "sales-prep";
const HABIT_US = 4 * DAY_US;

const ON_DEMAND = AGENTS.filter((agent) => agent.share > 0).map(
  (agent) => [agent, agent.share] as const,
);

/** The sessions of a fleet in the order they were created; one at a time, nothing is kept. */
export function* simulateFleet(options: DemoOptions): Generator<DemoSession> {
  const fleet = createFleet(options);
  const seen = new Set<string>();
  let index = 0;
  for (const start of startsOf(fleet, options)) {
    const random = new Random(`${options.seed}/session/${index}`);
    const { demo, version } = simulateOne(fleet, { start, random, options });
    yield { ...introductions(fleet, demo, version, seen), ...demo };
    index += 1;
  }
}

function simulateOne(
  fleet: Fleet,
  input: { start: Start; random: Random; options: DemoOptions },
): { demo: DemoSession; version: FleetVersion } {
  const { start, random } = input;
  const { atUs, deployment, rare } = start;
  const key = deployment?.agent.key ?? rare?.agent ?? callee(fleet, atUs, random);
  const live = liveVersion(fleet, key, atUs, random);
  const plan = planSession(
    { random, calendar: fleet.calendar, version: live, startUs: atUs, scheduled: !!deployment },
    rare,
  );
  const title = titleOf(live, random, deployment);
  const metadata = metadataOf(live, random, plan);
  const isNewHabit = metadata.feature === AGENT_A_RUN && atUs > input.options.nowUs - HABIT_US;
  const version = isNewHabit
    ? madeForOneRun(live, random.fork("agent"), atUs)
    : withOverrides(live, random.fork("overrides"));
  const demo = simulateSession(fleet, {
    random,
    plan,
    version,
    environment: environmentOf(fleet, version.agent.environment),
    deploymentId: deployment?.object.id ?? null,
    createdUs: atUs,
    nowUs: input.options.nowUs,
    title,
    metadata,
    budgetCents: budgetOf(deployment, random),
  });
  return { demo, version };
}

/** Who is called; a surge of traffic is a surge of tickets. */
function callee(fleet: Fleet, us: number, random: Random): string {
  if (within(fleet.calendar.badDeploy, us) && random.chance(0.4)) return SURGING;
  return random.weighted(ON_DEMAND).key;
}

/** The live version; a few callers are pinned to the one before. */
function liveVersion(fleet: Fleet, key: string, us: number, random: Random): FleetVersion {
  const live = versionAt(fleet.versions, key, us);
  if (!random.chance(PINNED_SHARE)) return live;
  const before = versionAt(fleet.versions, key, live.publishedUs - 1);
  return before.spec.published === "bad_deploy" ? live : before;
}

function titleOf(version: FleetVersion, random: Random, deployment: FleetDeployment | null) {
  const titles = TOPICS[version.agent.topic]?.titles ?? [];
  if (deployment !== null || titles.length === 0)
    return deployment?.spec.name ?? version.agent.name;
  // The session draws its facts from the same stream, so that title and content agree.
  return fill(random.pick(titles), random, factsFor(random.fork("facts")));
}

function metadataOf(version: FleetVersion, random: Random, plan: Plan): Record<string, string> {
  const { features } = version.agent;
  return {
    demo: "true",
    tenant: random.weighted(TENANTS),
    ...(features.length === 0 ? {} : { feature: random.pick(features) }),
    ...(plan.flags.has("long") ? { size: "large" } : {}),
  };
}

/** Generous: only the sessions planned to reach a budget do, and those set it themselves. */
function budgetOf(deployment: FleetDeployment | null, random: Random): number | null {
  if (deployment !== null) return deployment.spec.budgetCents;
  return random.chance(0.08) ? random.pick([2_000, 2_500, 5_000]) : null;
}

/** On-demand sessions in the rhythm of the day, deployments by schedule, and those of right now. */
function* startsOf(fleet: Fleet, options: DemoOptions): Generator<Start> {
  const { calendar } = fleet;
  const random = new Random(`${options.seed}/starts`);
  const current = currentStarts(options, random);
  const scheduled = scheduledStarts(fleet, options.sessions - current.length, random);
  const fixed = [...scheduled, ...current].sort((a, b) => a.atUs - b.atUs);
  let next = 0;
  let ordinal = 0;
  const range = {
    fromUs: calendar.fromUs,
    toUs: options.nowUs - MINUTE_US,
    surge: calendar.badDeploy,
  };
  for (const atUs of startTimes(range, options.sessions - fixed.length, random)) {
    for (let start = fixed[next]; start !== undefined && start.atUs <= atUs; start = fixed[next]) {
      yield start;
      next += 1;
    }
    const isRare = ordinal % RARE_EVERY === 7;
    const rare = isRare ? (RARE[Math.floor(ordinal / RARE_EVERY) % RARE.length] ?? null) : null;
    yield { atUs, deployment: null, rare };
    ordinal += 1;
  }
  yield* fixed.slice(next);
}

function currentStarts(options: DemoOptions, random: Random): Start[] {
  const count = Math.min(CURRENT.length, Math.floor(options.sessions / 12));
  return CURRENT.slice(0, count).map((current) => {
    const ageUs =
      (current.minutes[0] + random.next() * (current.minutes[1] - current.minutes[0])) * MINUTE_US;
    return { atUs: Math.round(options.nowUs - ageUs), deployment: null, rare: current };
  });
}

function scheduledStarts(fleet: Fleet, sessions: number, random: Random): Start[] {
  const starts = fleet.deployments.flatMap((deployment) =>
    runsOf(deployment.spec.schedule, fleet.calendar).map((runUs) => ({
      // The scheduler starts a few seconds late.
      atUs: runUs + random.int(900_000, 9_000_000),
      deployment,
      rare: null,
    })),
  );
  const wanted = Math.floor(sessions * SCHEDULED_SHARE);
  const step = Math.max(1, starts.length / Math.max(1, wanted));
  return starts
    .sort((a, b) => a.atUs - b.atUs)
    .filter((_start, i) => Math.floor((i + 1) / step) > Math.floor(i / step))
    .filter((start) => start.atUs < fleet.calendar.toUs - MINUTE_US);
}

/** Objects a session names that no session before it did; with the first those that none names. */
function introductions(
  fleet: Fleet,
  { session, threads }: DemoSession,
  version: FleetVersion,
  seen: Set<string>,
): Partial<DemoSession> {
  const isFirst = seen.size === 0;
  const isNew = (key: string) => !seen.has(key) && seen.add(key) !== undefined;
  const used = threads.flatMap(({ agent }) =>
    agent.type === "agent" ? [`${agent.id}@${agent.version}`] : [],
  );
  const versions = [...[...fleet.versions.values()].flat(), version];
  const deployment = fleet.deployments.find(({ object }) => object.id === session.deployment_id);
  const idle = isFirst ? idleObjects(fleet) : null;
  const servers = version.threadAgent.mcp_servers.map(({ name }) => name);
  return filledOnly({
    agents: versions
      .map(({ object }) => object)
      .filter(({ id, version }) => used.includes(`${id}@${version}`) && isNew(`${id}@${version}`))
      .concat(idle?.agents ?? []),
    environments: [...fleet.environments.values()]
      .map(({ object }) => object)
      .filter(({ id }) => id === session.environment_id && isNew(id)),
    deployments: [deployment?.object]
      .filter((object) => object !== undefined)
      .filter(({ id }) => isNew(id))
      .concat(idle?.deployments ?? []),
    deployment_runs: (deployment ? [runOf(session, deployment)] : []).concat(
      idle?.deployment_runs ?? [],
    ),
    vaults: servers.map((name) => vaultObject(name, fleet.calendar)).filter(({ id }) => isNew(id)),
    memory_stores: session.resources
      .flatMap((resource) => memoryStoreObject(resource, fleet.calendar))
      .filter(({ id }) => isNew(id)),
  });
}

/** Without the lists that are empty. */
function filledOnly(lists: Partial<DemoSession>): Partial<DemoSession> {
  return Object.fromEntries(
    Object.entries(lists).filter(([, list]) => Array.isArray(list) && list.length > 0),
  );
}
