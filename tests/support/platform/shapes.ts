import type { JsonObject } from "@/lib/ingest/schema";

export type { JsonObject };

/** One event as one list holds it; a null thread is the session's own list. */
export type Listed = { session_id: string; session_thread_id: string | null; event: object };

type Identified = { id: string };

/** What can be put in at once; the shapes are those of our ingest body. */
export type Load = {
  agents?: readonly Identified[];
  environments?: readonly Identified[];
  deployments?: readonly Identified[];
  runs?: readonly Identified[];
  vaults?: readonly Identified[];
  memoryStores?: readonly Identified[];
  sessions?: readonly Identified[];
  threads?: readonly (Identified & { session_id: string })[];
  events?: readonly Listed[];
};

/** Everything the platform holds, to be compared with a database. */
export type Snapshot = {
  /** Every version of every agent. */
  agents: JsonObject[];
  environments: JsonObject[];
  deployments: JsonObject[];
  runs: JsonObject[];
  vaults: JsonObject[];
  memoryStores: JsonObject[];
  sessions: JsonObject[];
  threads: JsonObject[];
  /** List by list, each in its order. */
  events: { session_id: string; session_thread_id: string | null; event: JsonObject }[];
  deletedSessions: string[];
};

export type Resource =
  | "agent"
  | "environment"
  | "deployment"
  | "deployment_run"
  | "vault"
  | "memory_store";

/** What just became different; the streams and the webhooks live on these. */
export type Change =
  | {
      kind: "event";
      sessionId: string;
      /** The list it stands in; null for the session's own. */
      threadId: string | null;
      event: JsonObject;
      /** False when an event with the same id was replaced. */
      isNew: boolean;
      isArchived: boolean;
      /** The event is about a child thread. */
      isChild: boolean;
      primaryId: string | null;
      /** The budget's cents, when the session has one. */
      budget: string | null;
    }
  | { kind: "deleted"; sessionId: string; event: JsonObject }
  | { kind: "object"; resource: Resource; before: JsonObject | null; after: JsonObject };

/** How the platform behaves that is not a fault: documented oddities, and a server that imitates it badly. */
export type Behaviour = {
  /** Token usage of a running session stays as it was at its last idle; 0 before the first. */
  usageLag: boolean;
  /** For so long after a change of status, reads still show the session as it was. */
  statusLagMs: number;
  /** Session cursors count places, so that a session created meanwhile shifts the pages behind it. */
  shiftingPages: boolean;
  noProcessedAt: boolean;
  noEventIds: boolean;
  noStatusIdle: boolean;
  /** Nothing is streamed. */
  noStreams: boolean;
  /** `next_page` is left out: with everything in one page, or cut at the limit all the same. */
  noNextPage: false | "whole" | "cut";
  /** `input_tokens` counts cache reads once more. */
  cacheReadsInInput: boolean;
};

export const AS_DOCUMENTED: Behaviour = {
  usageLag: false,
  statusLagMs: 0,
  shiftingPages: false,
  noProcessedAt: false,
  noEventIds: false,
  noStatusIdle: false,
  noStreams: false,
  noNextPage: false,
  cacheReadsInInput: false,
};

export type RequestRecord = {
  /** ms since the epoch, at arrival. */
  at: number;
  method: string;
  path: string;
  query: string;
  /** The route it was for, as `GET /v1/sessions/{id}`. */
  endpoint: string;
  /** 0 while under way and when the connection was cut. */
  status: number;
};

export type WriteRecord = { at: number; method: string; path: string; body: string };

/** One line of the cost report; amounts in cents, fractions allowed. */
export type CostRow = {
  session_id: string | null;
  agent_id?: string | null;
  deployment_id?: string | null;
  environment_id?: string | null;
  model?: string | null;
  /** Default: the platform's own. */
  workspace_id?: string | null;
  /** Default: `managed_agents_api`. */
  product?: string | null;
  /** Some instant of the time it is booked on. */
  at: string;
  amount: number;
  list_amount: number;
};

export type PageLimit = { usual: number; most: number };

/** Everything here is JSON, so that it can be handed to a process. */
export type PlatformOptions = {
  port?: number;
  apiKey?: string;
  adminKey?: string;
  workspaceId?: string;
  organizationId?: string;
  /** Its present in µs at the start; it runs on from there. Default: the real time. */
  nowUs?: number;
  /** null lifts the limit. */
  readsPerMinute?: number | null;
  createsPerMinute?: number | null;
  /** How many reads may come at once; default a whole minute's. */
  readBurst?: number;
  pingMs?: number;
  webhookBackoffMs?: number;
  pageLimits?: Record<string, PageLimit>;
  /** Lifecycle events move the session's and the thread's own status, usage and `updated_at`. Default true. */
  appliesEvents?: boolean;
  /** How many requests are remembered one by one; 0 for none. */
  keepRequests?: number;
  behaviour?: Partial<Behaviour>;
  /** Billed share of the list price in the cost report. */
  billedShare?: number;
};
