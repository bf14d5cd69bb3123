/** What the database says of an object's use. Times in RFC 3339. */
export type UseFacts = {
  /** Started in the range, and of these the failed, and the failed or completed. */
  sessions: number;
  failed: number;
  settled: number;
  costNanos: number;
  unpricedTokens: number;
  /** Of all time. */
  lastUsedAt: string | null;
};

export type AgentFacts = UseFacts & {
  connectionId: string;
  id: string;
  name: string | null;
  /** The newest. */
  version: string | null;
  model: string | null;
  createdAt: string | null;
  archivedAt: string | null;
  firstUsedAt: string | null;
  sessionsEver: number;
  versionsTotal: number;
  /** Of the newest version and of those with sessions in the range. */
  models: string[];
  /** Sessions of the range that ran the newest version. */
  newestSessions: number;
  /** When another agent last handed it work. */
  lastHelpedAt: string | null;
};

export type DeploymentFacts = UseFacts & {
  connectionId: string;
  id: string;
  name: string | null;
  status: string | null;
  pausedReason: string | null;
  schedule: string | null;
  timezone: string | null;
  upcoming: string[];
  archivedAt: string | null;
  budgetCents: number | null;
  runs: number;
  failedRuns: number;
  lastRun: {
    id: string;
    at: string | null;
    trigger: string | null;
    sessionId: string | null;
    errorType: string | null;
    errorMessage: string | null;
  } | null;
  agentId: string | null;
  agentName: string | null;
  agentVersion: string | null;
  agentNewest: string | null;
  agentArchived: boolean;
  environmentId: string | null;
  environmentName: string | null;
  environmentArchived: boolean;
  /** Names of vaults and memory stores that it names and that are archived or gone. */
  lost: string[];
};

export type EnvironmentFacts = UseFacts & {
  connectionId: string;
  id: string;
  name: string | null;
  config: unknown;
  createdAt: string | null;
  archivedAt: string | null;
  agents: number;
  deployments: number;
  queue: {
    depth: number | null;
    pending: number | null;
    oldestQueuedAt: string | null;
    workersPolling: number | null;
    readAt: string;
  } | null;
};

export type ResourceFacts = UseFacts & {
  connectionId: string;
  id: string;
  kind: "vault" | "memory_store";
  name: string | null;
  listed: boolean;
  createdAt: string | null;
  archivedAt: string | null;
  agents: Array<{ id: string; name: string | null }>;
  agentsTotal: number;
  deployments: number;
};
