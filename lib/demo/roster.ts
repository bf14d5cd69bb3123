import type { Schedule } from "@/lib/demo/calendar";

export interface DeploymentSpec {
  name: string;
  schedule: Schedule;
  budgetCents: number | null;
}

export interface AgentSpec {
  key: string;
  name: string;
  description: string;
  system: string;
  topic: string;
  /** Share of the on-demand sessions; agents without one only work for a coordinator. */
  share: number;
  environment: string;
  shape: "chat" | "outcome" | "coordinator" | "workflow";
  features: readonly string[];
  /** Agents a coordinator hands work to. */
  roster: readonly string[];
  /** The model of its advisor. */
  advisor: string | null;
  /** Works on a repository that is mounted into the session. */
  repository: boolean;
  deployment: DeploymentSpec | null;
}

const CHAT = {
  shape: "chat",
  environment: "prod",
  roster: [],
  advisor: null,
  repository: false,
  deployment: null,
} as const;
const WORKER = { ...CHAT, environment: "build", share: 0, features: [] } as const;

export const AGENTS: readonly AgentSpec[] = [
  {
    ...CHAT,
    key: "triage",
    name: "support-triage",
    description: "Sorts support tickets and drafts answers",
    system:
      "You triage support tickets. Look the customer up before you answer. Never promise a refund.",
    topic: "support",
    share: 0.36,
    features: ["inbox", "chat-widget", "phone-notes"],
  },
  {
    ...CHAT,
    key: "review",
    name: "code-reviewer",
    description: "Reviews pull requests",
    system: "You review pull requests. Correctness first. Comment on lines, be brief.",
    topic: "review",
    share: 0.17,
    environment: "build",
    features: ["pull-request", "nightly-branch"],
    advisor: "claude-fable-5-2",
    repository: true,
  },
  {
    ...CHAT,
    key: "invoice",
    name: "invoice-matcher",
    description: "Matches invoices to purchase orders",
    system: "You match invoices against purchase orders with a tolerance of 2 %.",
    topic: "invoice",
    share: 0.12,
    environment: "finance",
    features: ["accounts-payable"],
    deployment: {
      name: "Invoice run",
      schedule: { hours: [8, 10, 12, 14, 16], minute: 5, weekdaysOnly: true },
      budgetCents: 500,
    },
  },
  {
    ...CHAT,
    key: "analyst",
    name: "data-analyst",
    description: "Writes reports from the warehouse",
    system: "You answer with figures and the query they come from. Say how sure you are.",
    topic: "data",
    share: 0.12,
    environment: "analytics",
    shape: "outcome",
    features: ["daily-report", "ad-hoc"],
    deployment: {
      name: "Daily revenue report",
      schedule: { hours: [6], minute: 30, weekdaysOnly: false },
      budgetCents: 800,
    },
  },
  {
    ...CHAT,
    key: "scanner",
    name: "security-scanner",
    description: "Scans repositories for vulnerabilities",
    system: "You look for vulnerabilities that can be reached. No finding without a path.",
    topic: "security",
    share: 0.05,
    environment: "build",
    shape: "workflow",
    features: ["scheduled-scan", "advisory"],
    repository: true,
    deployment: {
      name: "Nightly security scan",
      schedule: { hours: [2], minute: 0, weekdaysOnly: false },
      budgetCents: 1_000,
    },
  },
  {
    ...CHAT,
    key: "release",
    name: "release-manager",
    description: "Coordinates releases",
    system: "You hand parts of the release out to the others and put their answers together.",
    topic: "release",
    share: 0.06,
    environment: "build",
    shape: "coordinator",
    features: ["release"],
    roster: ["notes", "tests", "bugs"],
    advisor: "claude-opus-5-5",
    repository: true,
  },
  {
    ...CHAT,
    key: "research",
    name: "research-assistant",
    description: "Researches markets on the web",
    system: "You research with sources. State what is not known.",
    topic: "research",
    share: 0.07,
    features: ["board-brief", "sales-prep"],
  },
  {
    ...CHAT,
    key: "deploy",
    name: "deploy-bot",
    description: "Deploys and restarts services, asks first",
    system: "You deploy one region at a time and ask before anything that cannot be undone.",
    topic: "deploy",
    share: 0.05,
    environment: "cluster",
    features: ["deploy", "on-call"],
  },
  {
    ...WORKER,
    key: "notes",
    name: "release-notes-writer",
    description: "Writes release notes",
    system: "You write release notes from commits.",
    topic: "release",
  },
  {
    ...WORKER,
    key: "tests",
    name: "test-runner",
    description: "Runs and reads tests",
    system: "You run the tests and say what failed and why.",
    topic: "deploy",
  },
  {
    ...WORKER,
    key: "bugs",
    name: "bug-collector",
    description: "Collects open bugs",
    system: "You list open bugs by severity.",
    topic: "support",
  },
];

export interface EnvironmentSpec {
  key: string;
  name: string;
  /** Null: tools run on the customer's own machines. */
  networking: "unrestricted" | "limited" | null;
}

export const ENVIRONMENTS: readonly EnvironmentSpec[] = [
  { key: "prod", name: "prod", networking: "unrestricted" },
  { key: "build", name: "build", networking: "limited" },
  { key: "finance", name: "finance-eu", networking: "limited" },
  { key: "analytics", name: "analytics", networking: "limited" },
  { key: "cluster", name: "on-prem-cluster", networking: null },
];

/** Customers of the team that runs the fleet, with their share of it. */
export const TENANTS: readonly (readonly [string, number])[] = [
  ["acme", 30],
  ["globex", 22],
  ["initech", 14],
  ["umbra", 10],
  ["hooli", 9],
  ["vandelay", 6],
  ["stark", 5],
  ["wonka", 4],
];
