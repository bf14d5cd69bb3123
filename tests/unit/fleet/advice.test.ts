import { describe, expect, test } from "vitest";
import { agentAdvice } from "@/lib/fleet/agent-advice";
import { deploymentAdvice } from "@/lib/fleet/deployment-advice";
import { environmentAdvice } from "@/lib/fleet/environment-advice";
import type {
  AgentFacts,
  DeploymentFacts,
  EnvironmentFacts,
  ResourceFacts,
} from "@/lib/fleet/facts";
import { resourceAdvice } from "@/lib/fleet/resource-advice";
import type { Advice, Retirement } from "@/lib/fleet/schema";

const NOW = Date.parse("2026-11-25T10:00:00Z");
const ago = (days: number, minutes = 0) =>
  new Date(NOW - days * 86_400_000 - minutes * 60_000).toISOString();

const USED = {
  sessions: 40,
  failed: 1,
  settled: 38,
  costNanos: 5e9,
  unpricedTokens: 0,
  lastUsedAt: ago(0, 5),
};
const UNUSED = { ...USED, sessions: 0, failed: 0, settled: 0, costNanos: 0, lastUsedAt: null };
const held = { connectionId: "", id: "x", name: "x", createdAt: ago(200), archivedAt: null };

const AGENT: AgentFacts = {
  ...held,
  ...USED,
  version: "4",
  model: "claude-sonnet-5-5",
  firstUsedAt: ago(100),
  sessionsEver: 900,
  versionsTotal: 4,
  models: ["claude-sonnet-5-5"],
  newestSessions: 40,
  lastHelpedAt: null,
};
const GOING: Retirement = {
  model: "claude-sonnet-4-5",
  retired: false,
  retires_at: "2026-11-30T00:00:00.000Z",
  days_left: 5,
  source: "test",
};
const retiring = (days_left: number) => ({ ...GOING, days_left });

type Told = `${Advice["level"]} ${string}` | null;
const told = (advice: Advice | null): Told => advice && `${advice.level} ${advice.code}`;

describe("an agent", () => {
  test.each<[string, Partial<AgentFacts>, Retirement | null, number, Told]>([
    ["in use, well", {}, null, 0, null],
    ["archived, whatever else", { archivedAt: ago(1), failed: 30 }, GOING, 0, null],
    ["on a retired model", {}, { ...GOING, retired: true, days_left: null }, 0, "act retired"],
    ["on a model that goes in 30 days", {}, retiring(30), 0, "act retiring"],
    ["in 31", {}, retiring(31), 0, "look retiring"],
    ["in 120", {}, retiring(120), 0, "look retiring"],
    ["in 121", {}, retiring(121), 0, null],
    ["that day has come", {}, retiring(0), 0, "act retiring"],
    ["failing and on a model that goes", { failed: 30 }, GOING, 0, "act retiring"],
    ["a fifth failed", { failed: 2, settled: 10 }, null, 0, "act failing"],
    ["less than a fifth", { failed: 1, settled: 6 }, null, 0, null],
    ["too few to tell", { failed: 4, settled: 4 }, null, 0, null],
    ["made for one run each", {}, null, 12, "look made_for_runs"],
    ["the newest version unused", { newestSessions: 0 }, null, 0, "look old_version"],
    ["with one version", { newestSessions: 0, versionsTotal: 1 }, null, 0, null],
    ["never used", UNUSED, null, 0, "tidy never_used"],
    ["never used, its model goes", UNUSED, GOING, 0, "tidy never_used"],
    ["never used, but new", { ...UNUSED, createdAt: ago(6) }, null, 0, null],
    ["never used, nobody knows since when", { ...UNUSED, createdAt: null }, null, 0, null],
    ["helping others", { ...UNUSED, lastHelpedAt: ago(2) }, null, 0, null],
    ["idle for 30 days", { ...UNUSED, lastUsedAt: ago(30, 1) }, null, 0, "tidy idle"],
    ["idle for less", { ...UNUSED, lastUsedAt: ago(29) }, null, 0, null],
  ])("%s", (_, facts, retirement, madeForRuns, expected) => {
    const of = { madeForRuns, retirement };
    expect(told(agentAdvice({ ...AGENT, ...facts }, of, NOW))).toBe(expected);
  });
});

const DEPLOYMENT: DeploymentFacts = {
  ...held,
  ...USED,
  status: "active",
  pausedReason: null,
  schedule: "0 8 * * *",
  timezone: "UTC",
  upcoming: [],
  budgetCents: 500,
  runs: 30,
  failedRuns: 0,
  lastRun: {
    id: "drun_1",
    at: ago(0, 30),
    trigger: "schedule",
    sessionId: "sesn_1",
    errorType: null,
    errorMessage: null,
  },
  agentId: "agent_A",
  agentName: "triage",
  agentVersion: "4",
  agentNewest: "4",
  agentArchived: false,
  environmentId: "env_A",
  environmentName: "prod",
  environmentArchived: false,
  lost: [],
};
const FAILED = { id: "drun_2", at: ago(0, 1), trigger: "manual", sessionId: null };
const lastRun = { ...FAILED, errorType: "vault_archived_error", errorMessage: "archived" };
const PAUSED = { status: "paused", pausedReason: "manual" };

describe("a deployment", () => {
  test.each<[string, Partial<DeploymentFacts>, Told]>([
    ["that runs", {}, null],
    ["archived, whatever else", { archivedAt: ago(1), lastRun }, null],
    ["paused by the platform", { status: "paused", pausedReason: "x_error" }, "act stopped"],
    ["paused by a person", PAUSED, null],
    ["paused long ago", { ...PAUSED, lastUsedAt: ago(31) }, "tidy paused"],
    ["a vault is archived", { lost: ["CRM"] }, "act lost"],
    ["its agent is archived", { agentArchived: true }, "act lost"],
    ["its environment is archived", { environmentArchived: true, lastRun }, "act lost"],
    ["the last run failed", { lastRun, failedRuns: 1 }, "act run_failed"],
    ["its sessions fail", { failed: 20 }, "act failing"],
    ["an earlier run failed", { failedRuns: 2 }, "look runs_failed"],
    ["without a budget", { budgetCents: null }, "look no_budget"],
    ["without a budget and use", { budgetCents: null, sessions: 0 }, null],
    ["of an older version", { agentVersion: "3" }, "tidy old_version"],
    ["of an agent nobody knows", { agentVersion: "3", agentNewest: null }, null],
  ])("%s", (_, facts, expected) => {
    expect(told(deploymentAdvice({ ...DEPLOYMENT, ...facts }, NOW))).toBe(expected);
  });
});

const OPEN = { type: "cloud", networking: { type: "unrestricted" } };
const limitedTo = (...allowed_hosts: string[]) => ({
  type: "cloud",
  networking: { type: "limited", allowed_hosts },
});
const ENVIRONMENT: EnvironmentFacts = {
  ...held,
  ...USED,
  config: limitedTo("github.com"),
  agents: 2,
  deployments: 1,
  queue: null,
};
const queue = {
  depth: 3,
  pending: 0,
  oldestQueuedAt: ago(0, 2),
  workersPolling: 2,
  readAt: ago(0, 1),
};

describe("an environment", () => {
  test.each<[string, Partial<EnvironmentFacts>, Told]>([
    ["limited", {}, null],
    ["open", { config: OPEN }, "look open_network"],
    ["limited to everything", { config: limitedTo("a.com", "*") }, "look open_network"],
    ["not described", { config: null }, null],
    ["archived, though open", { config: OPEN, archivedAt: ago(1) }, null],
    ["its sessions fail", { config: OPEN, failed: 20 }, "act failing"],
    ["work waits, nobody asks for it", { queue: { ...queue, workersPolling: 0 } }, "act no_worker"],
    ["work waits a moment", { queue }, null],
    ["for long", { queue: { ...queue, oldestQueuedAt: ago(0, 6) } }, "act slow_queue"],
    [
      "workers without a name",
      { queue: { ...queue, workersPolling: null, oldestQueuedAt: ago(0, 6) } },
      "act slow_queue",
    ],
    ["seen long ago", { queue: { ...queue, workersPolling: 0, readAt: ago(0, 31) } }, null],
    ["nothing waits, nobody asks", { queue: { ...queue, depth: 0, workersPolling: 0 } }, null],
    ["never used", UNUSED, "tidy never_used"],
    ["idle", { ...UNUSED, lastUsedAt: ago(45) }, "tidy idle"],
  ])("%s", (_, facts, expected) => {
    expect(told(environmentAdvice({ ...ENVIRONMENT, ...facts }, NOW))).toBe(expected);
  });
});

const VAULT: ResourceFacts = {
  ...held,
  ...USED,
  kind: "vault",
  listed: true,
  agents: [],
  agentsTotal: 1,
  deployments: 0,
};

describe("a vault", () => {
  test.each<[string, Partial<ResourceFacts>, Told]>([
    ["in use", {}, null],
    [
      "archived, a deployment names it",
      { archivedAt: ago(1), deployments: 2 },
      "act archived_in_use",
    ],
    ["archived, sessions named it", { archivedAt: ago(1) }, "look archived_in_use"],
    ["archived and done", { ...UNUSED, archivedAt: ago(1) }, null],
    ["never used", UNUSED, "tidy never_used"],
    ["waiting for its deployment", { ...UNUSED, deployments: 1 }, null],
    ["idle", { ...UNUSED, lastUsedAt: ago(45) }, "tidy idle"],
    ["known by its name only", { ...UNUSED, createdAt: null, lastUsedAt: ago(2) }, null],
  ])("%s", (_, facts, expected) => {
    expect(told(resourceAdvice({ ...VAULT, ...facts }, NOW))).toBe(expected);
  });
});

test("advice is one sentence that says what is the matter and what to do", () => {
  const use = { failed: 9, settled: 29 };
  expect(agentAdvice({ ...AGENT, ...use }, { madeForRuns: 0, retirement: null }, NOW)?.text).toBe(
    "9 of 29 sessions failed (31 %): open them and see where they stop.",
  );
  expect(agentAdvice(AGENT, { madeForRuns: 0, retirement: GOING }, NOW)?.text).toBe(
    "claude-sonnet-4-5 retires in 5 days, on 2026-11-30: publish a version on another model before.",
  );
  expect(deploymentAdvice({ ...DEPLOYMENT, lost: ["CRM"] }, NOW)?.text).toBe(
    "CRM, which it names, is archived: its next run will fail.",
  );
  expect(
    environmentAdvice(
      { ...ENVIRONMENT, queue: { ...queue, depth: 1, oldestQueuedAt: ago(0, 90) } },
      NOW,
    )?.text,
  ).toBe("1 work item waits, the oldest for 1 h 30 min: add workers.");
});
