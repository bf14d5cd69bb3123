// Metrics: what happened when, how often and at what cost, in sums that can be proved.
// Written by: ingest, which gives each session's cells and the difference they make to the rollups in
// its own transaction; a job that adds the differences up. Read by: pages, rules, the JSON API, Prometheus.
// Invariant: rollups and differences not added up yet are together exactly the sum of all cells, and
// a session's cells are exactly what its events give. What is of no session (`OWN_FAMILIES`) has no cells.
import type { PriceBook, TokenCounts } from "@/lib/costs/schema";

/** What a cell counts. Its key is named beside it; '' where there is none. */
export const FAMILIES = {
  /** Sessions, when they started. */
  started: "",
  /** Sessions whose outcome settled; `nanos` is all they cost, `ms` how long they took. */
  settled: "outcome",
  /** Turns of primary threads, by how they ended, in the words of outcomes; an open one stands at its start. */
  turn: "outcome",
  /** First outputs of agents in turns of primary threads; `ms` is how long after the turn's start. */
  first_output: "",
  /** Model requests with their tokens and the cost of these, and tokens no request covers. */
  request: "model",
  /** What was written again because the cache had not kept it; `nanos` is what that cost above reading it. */
  expired: "model",
  tool: "tool",
  /** What prompts carried of tools' results, by the hour; under '' what is no tool's. An attribution. */
  context: "tool",
  /** Calls of tools that an MCP server offers. */
  mcp: "mcp_server",
  /** Answered questions for permission; `ms` is the wait. */
  approval: "tool",
  /** `session.error` events; `failed` are those the platform does not try again. */
  error: "error_type",
  /** The same errors and failed calls by what they say: `groupKey` of error-group.ts. */
  fault: "error_group",
  reschedule: "",
  /** `count` is by how many more sessions run at the minute's end than at its start. */
  running: "",
  /** The same of sessions that wait for somebody. */
  waiting: "",
  /** Running time and what it costs, spread over the minutes it ran in. */
  runtime: "",
  search: "",
  /** The provider's own cost of a session, as last told. */
  list: "",
  /** Events that came and were new, `ms` how old they were; `failed` are items that could not be taken. */
  arrival: "connection",
  /** Reads of the provider's API; `failed` are those it refused for their rate. */
  read: "connection",
  /** Looks at rules; `ms` is how long after its time a look was. */
  judged: "",
} as const;
export type Family = keyof typeof FAMILIES;

/** Families of what happens here and in no session, with what they are grouped by beside their key. */
export const OWN_FAMILIES = { arrival: ["source"], read: [], judged: [] } as const;
export const isOwn = (family: Family): family is keyof typeof OWN_FAMILIES =>
  Object.hasOwn(OWN_FAMILIES, family);

export const MEASURES = [
  "count",
  "failed",
  "denied",
  "ms",
  "nanos",
  "input_tokens",
  "cache_write_5m_tokens",
  "cache_write_1h_tokens",
  "cache_read_tokens",
  "output_tokens",
  "unpriced_tokens",
] as const;
export type Measure = (typeof MEASURES)[number];
export type Measures = { [Name in Measure]?: number };

/** What one minute of a session adds up to under one key. `minute` counts from the epoch. */
export type Cell = {
  minute: number;
  family: Family;
  key: string;
  measures: Measures;
  /** Durations as `observed` writes them. */
  observations: number[];
};

/** What a session's cells are grouped by beside their key; '' where it is not known. */
export const DIMENSIONS = [
  "agent",
  "agent_version",
  "environment",
  "deployment",
  "source",
] as const;
export type Dimensions = { [Name in (typeof DIMENSIONS)[number]]: string };

/** A metadata key that metrics are rolled up by, beside what they always are. */
export type Promotion = { id: number; key: string };

/** What a session says of promoted keys, by the promotion's id: '' for nothing, null for what is too long for a group. */
export type Promoted = Record<string, string | null>;

/** What a span's cells are made of; times in microseconds. */
export type SpanFacts = {
  kind: string;
  threadId: string;
  name: string;
  startedUs: number | null;
  endedUs: number | null;
  state: string;
  tokens: TokenCounts | null;
  startEventId: string | null;
  attributes: Record<string, unknown>;
};

export type ModelPricing = { model: string | null; geo: string | null; speed: string | null };

/** How a session's spans are priced. A thread that is not named, or has no model, runs as the session does. */
export type SpanPricing = {
  session: ModelPricing;
  threads: ReadonlyMap<string, ModelPricing>;
  /** False for loops outside the platform: they have no session-hours to pay. */
  runtimeBilled: boolean;
  book: PriceBook;
};

/** What is kept of a session to take its cells out again. */
export type Rolled = {
  version: number;
  dimensions: Dimensions;
  /** Left out where no key is promoted. */
  promoted?: Promoted;
  pricing: ModelPricing;
  /** What its spans give, in sum, of what its row tells for the whole session. */
  covered: { tokens: Measures; runtime: Measures };
  /** The cells that come from its row, not from its spans. */
  cells: Cell[];
};

/** Raised whenever cells come out otherwise; sessions an older one has left are then counted anew. */
export const ROLLUP_VERSION = 3;
