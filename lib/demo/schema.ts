// Demo: a deterministic simulator of a fleet of agents, in the shapes of the Managed Agents API.
// Written by: nobody, it is computed from a seed. Read by: the demo feed (which hands it to ingest like
// any source), the benches and property tests.
// Invariant: the same options give byte-identical output, and every figure a simulated session states
// (usage, list cost, active seconds) is the sum of what its event lists hold.
import type {
  BetaManagedAgentsAgent,
  BetaManagedAgentsSessionThreadAgent,
} from "@anthropic-ai/sdk/resources/beta/agents/agents";
import type { BetaManagedAgentsDeploymentRun } from "@anthropic-ai/sdk/resources/beta/deployment-runs";
import type { BetaManagedAgentsDeployment } from "@anthropic-ai/sdk/resources/beta/deployments";
import type { BetaEnvironment } from "@anthropic-ai/sdk/resources/beta/environments/environments";
import type { BetaManagedAgentsMemoryStore } from "@anthropic-ai/sdk/resources/beta/memory-stores/memory-stores";
import type { BetaManagedAgentsSessionEvent } from "@anthropic-ai/sdk/resources/beta/sessions/events";
import type {
  BetaManagedAgentsSession,
  BetaManagedAgentsSessionAgent,
} from "@anthropic-ai/sdk/resources/beta/sessions/sessions";
import type { BetaManagedAgentsSessionThread } from "@anthropic-ai/sdk/resources/beta/sessions/threads/threads";
import type { BetaManagedAgentsVault } from "@anthropic-ai/sdk/resources/beta/vaults/vaults";
import { z } from "zod";
import { EARLIEST_US, LATEST_US } from "@/lib/time/micros";

export const DemoOptions = z.object({
  seed: z.union([z.string().min(1), z.number()]).default("watchkeeper"),
  days: z.int().min(1).max(365).default(30),
  sessions: z.int().min(1).max(1_000_000).default(5_000),
  /** "Now" in µs since the epoch; nothing simulated lies after it. */
  nowUs: z.int().min(EARLIEST_US).max(LATEST_US),
});
export type DemoOptions = z.infer<typeof DemoOptions>;

export const LongSessionOptions = z.object({
  seed: z.union([z.string().min(1), z.number()]).default("watchkeeper"),
  /** About how many events the session holds over all its lists. */
  events: z.int().min(20).max(1_000_000).default(50_000),
  nowUs: z.int().min(EARLIEST_US).max(LATEST_US),
});
export type LongSessionOptions = z.infer<typeof LongSessionOptions>;

/** An event type of a later API version than ours: stored and shown whole, understood by nobody yet. */
export interface FutureEvent {
  id: string;
  type: "agent.memory_recalled";
  processed_at: string;
  [key: string]: unknown;
}

export type DemoEvent = BetaManagedAgentsSessionEvent | FutureEvent;
export type SessionObject = BetaManagedAgentsSession;
export type SessionAgent = BetaManagedAgentsSessionAgent;
export type ThreadObject = BetaManagedAgentsSessionThread;
export type ThreadAgent = BetaManagedAgentsSessionThreadAgent;
export type AgentObject = BetaManagedAgentsAgent;
export type EnvironmentObject = BetaEnvironment;
export type DeploymentObject = BetaManagedAgentsDeployment;
export type DeploymentRunObject = BetaManagedAgentsDeploymentRun;
export type VaultObject = BetaManagedAgentsVault;
export type MemoryStoreObject = BetaManagedAgentsMemoryStore;

/** One event as one list of the API holds it; a null thread is the session's own (primary) list. */
export interface ListedEvent {
  session_id: string;
  session_thread_id: string | null;
  event: DemoEvent;
}

export interface DemoSession {
  /** What no earlier session of the fleet has named; with the first session what none names. */
  agents?: AgentObject[];
  environments?: EnvironmentObject[];
  deployments?: DeploymentObject[];
  deployment_runs?: DeploymentRunObject[];
  vaults?: VaultObject[];
  memory_stores?: MemoryStoreObject[];
  session: SessionObject;
  threads: ThreadObject[];
  /** The primary list first, then each thread's own, every list in its order. */
  events: ListedEvent[];
}
