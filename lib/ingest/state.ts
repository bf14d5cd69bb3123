import type { CoveredTokens } from "@/lib/costs/schema";
import { type Lifecycle, newLifecycle } from "./lifecycle";

/** A member of a cumulative snapshot: the newest by time stands, whatever order they come in. */
export type Dated<T> = { us: number; tie: string; value: T };

export const SNAPSHOT_MEMBERS = [
  "input_tokens",
  "output_tokens",
  "cache_read_input_tokens",
  "ephemeral_5m_input_tokens",
  "ephemeral_1h_input_tokens",
  "active_seconds",
  "list_cost_cents",
  "web_search_requests",
] as const;
export type SnapshotMember = (typeof SNAPSHOT_MEMBERS)[number];
export type Snapshot = { [member in SnapshotMember]?: Dated<number> };

/** What `session.updated` can change, each the newest by time. `budget` null means removed. */
export type Changes = {
  title?: Dated<string>;
  metadata?: Dated<Record<string, string>>;
  budget?: Dated<number | null>;
};

/** Sums over spans. Kept by difference: a changed span's old part out, its new part in. */
export type Totals = {
  requests: number;
  calls: number;
  toolErrors: number;
  denials: number;
  waitedUs: number;
};

export type ErrorTally = { count: number; us: number; id: string; message: string };

/** What a session remembers between two batches. Bounded by its threads, tools and error types, not by its length. */
export type SessionFold = {
  events: number;
  firstUs: number | null;
  lastUs: number | null;
  life: Lifecycle;
  totals: Totals;
  errors: Record<string, ErrorTally>;
  tools: Record<string, number>;
  /** Tokens of ended requests of all threads, under what decides their price. */
  covered: Record<string, CoveredTokens>;
  graderTokens: number;
  /** How many threads run on each model. */
  models: Record<string, number>;
  threads: number;
  /** From `session.usage` events. */
  usage: Snapshot;
  changes: Changes;
};

/** What a session's objects told; kept apart from the events', so that either can be redone alone. */
export type SessionFacts = {
  objectUs: number | null;
  objectHash: string;
  usage: Snapshot;
  primaryThreadId: string | null;
  /** What its configuration is called, where the object that stands tells it no more. */
  config?: string;
  /** Interrupts that rules of ours sent, the latest last. */
  interrupts?: OwnInterrupt[];
};

export type OwnInterrupt = { eventId: string; rule: { id: string; name: string } };

/** What a thread remembers. `requests` and `usage` are sums over its model requests. */
export type ThreadFold = {
  events: number;
  requests: number;
  /** By `usageKey` of lib/costs; a grader's tokens under `grader:` + key. */
  usage: Record<string, CoveredTokens["tokens"]>;
  /** A child's own turns; the primary's are the session's. */
  life: Lifecycle;
};

export function newSessionFold(): SessionFold {
  return {
    events: 0,
    firstUs: null,
    lastUs: null,
    life: newLifecycle(),
    totals: { requests: 0, calls: 0, toolErrors: 0, denials: 0, waitedUs: 0 },
    errors: {},
    tools: {},
    covered: {},
    graderTokens: 0,
    models: {},
    threads: 1,
    usage: {},
    changes: {},
  };
}

export function newSessionFacts(): SessionFacts {
  return { objectUs: null, objectHash: "", usage: {}, primaryThreadId: null };
}

export function newThreadFold(): ThreadFold {
  return { events: 0, requests: 0, usage: {}, life: newLifecycle() };
}

/** Whether a dated value beats the one that stands; ties go to the greater text, so order has no say. */
export function isNewer(
  us: number,
  tie: string,
  standing: { us: number; tie: string } | undefined,
) {
  if (standing === undefined) return true;
  return us > standing.us || (us === standing.us && tie > standing.tie);
}
