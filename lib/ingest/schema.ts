// Ingest: the one way in. Every source (push, poll, stream, import, demo) hands its items to
// `acceptItems`; nothing else writes events, spans, sessions' derived fields or rollups.
// Written by: the sources above. Read by: sessions, metrics and alerts, through what is stored.
// Invariant: the same items, in any order, split and repetition, leave the same rows behind.
import { z } from "zod";
import type { TokenCounts } from "@/lib/costs/schema";
import type { Source } from "@/lib/sessions/schema";

export const MAX_ITEMS = 10_000;
export const MAX_BYTES = 32 * 1024 * 1024;

/** Objects of a workspace that belong to no session. */
export const LOOSE_KINDS = [
  "agent",
  "environment",
  "deployment",
  "deployment_run",
  "vault",
  "memory_store",
] as const;
export type LooseKind = (typeof LOOSE_KINDS)[number];

export const ITEM_KINDS = [...LOOSE_KINDS, "session", "thread", "event"] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

export type JsonObject = Record<string, unknown>;

/** One item as it came, before anything is believed about it. `index` counts over the whole request. */
export type RawItem = {
  index: number;
  kind: ItemKind;
  sessionId: unknown;
  threadId: unknown;
  data: unknown;
};

export const RejectedAnswer = z.object({
  index: z.int().nonnegative(),
  kind: z.string(),
  code: z.string(),
  message: z.string(),
});
export type RejectedAnswer = z.infer<typeof RejectedAnswer>;

/** A rejected item together with what came, as a line that ingest reads, so that it can be tried again. */
export type Rejection = RejectedAnswer & {
  sessionId: string | null;
  threadId: string | null;
  line: string;
  /** How many values rules replaced in it. */
  masked?: ReadonlyMap<string, number>;
};

export const IngestAnswer = z.object({
  accepted: z.int().nonnegative().describe("items stored for the first time"),
  duplicates: z.int().nonnegative().describe("items already here, unchanged"),
  updated: z.int().nonnegative().describe("items that changed something already here"),
  rejected: z.array(RejectedAnswer),
  requestId: z.string().optional(),
});
export type IngestAnswer = z.infer<typeof IngestAnswer>;

const anyObject = z.record(z.string(), z.unknown());

/** The JSON body as documented. Items are checked one by one, so that a bad one never spoils the rest. */
export const IngestBody = z.object({
  source: z.string().optional(),
  agents: z.array(anyObject).optional(),
  environments: z.array(anyObject).optional(),
  deployments: z.array(anyObject).optional(),
  deployment_runs: z.array(anyObject).optional(),
  vaults: z.array(anyObject).optional().describe("their names only; nothing else of them is kept"),
  memory_stores: z.array(anyObject).optional().describe("the same"),
  sessions: z.array(anyObject).optional(),
  threads: z.array(anyObject).optional(),
  events: z
    .array(
      z.object({
        session_id: z.string(),
        session_thread_id: z.string().nullable().optional(),
        event: anyObject,
      }),
    )
    .optional(),
});

/** One line of an NDJSON body. */
export const IngestItem = z.object({
  kind: z.enum(ITEM_KINDS),
  session_id: z.string().optional().describe("for events"),
  session_thread_id: z.string().nullable().optional(),
  data: anyObject,
});

/** Where items belong and came from. */
export type Origin = {
  workspace: string;
  connectionId: string;
  source: Source;
  /** Who of those that push it is, for taking turns; left out where a connection reads. */
  sender?: string;
};

/** An event in our shape. `json` is the whole event with sorted keys; `hash` names that text. */
export type EventRecord = {
  index: number;
  sessionId: string;
  threadId: string;
  id: string;
  type: string;
  atUs: number | null;
  rank: number;
  payload: JsonObject;
  json: string;
  hash: string;
  masked?: ReadonlyMap<string, number> | null;
  /** Every version of a result that came with it and waits for its call. */
  withheld?: readonly WithheldVersion[] | null;
};

/** What a result says, as it may be stored if no rule is about its tool; `inside`: what was masked in its content. */
export type WithheldVersion = { open: JsonObject; inside: ReadonlyMap<string, number> };

/** An object of the API (session, thread, agent …): the newest by `atUs`, then `hash`, stands. */
export type ObjectRecord = {
  index: number;
  kind: Exclude<ItemKind, "event">;
  id: string;
  /** The session it belongs to; its own id for a session, '' for what belongs to none. */
  sessionId: string;
  atUs: number;
  payload: JsonObject;
  json: string;
  hash: string;
  masked?: ReadonlyMap<string, number> | null;
};

/** A derived interval. Merged from the events that name it, in any order. Attributes with `_` stay inside. */
export type Span = {
  id: string;
  kind: string;
  threadId: string;
  name: string;
  startedUs: number | null;
  endedUs: number | null;
  state: "ok" | "error" | "denied" | "open" | "unknown";
  tokens: TokenCounts | null;
  startEventId: string | null;
  endEventId: string | null;
  attributes: JsonObject;
};
