import { priceRequest } from "@/lib/costs/pricing";
import { TOPICS, type Topic } from "@/lib/demo/content";
import { createContext, type RequestTokens } from "@/lib/demo/context";
import type { FleetEnvironment, FleetVersion } from "@/lib/demo/fleet";
import { type Entry, Lane, type LaneSpec } from "@/lib/demo/lane";
import type { Plan } from "@/lib/demo/plan";
import type { Random } from "@/lib/demo/random";
import type { SessionAgent, SessionObject } from "@/lib/demo/schema";
import { type Facts, factsFor } from "@/lib/demo/text";

/** Tokens somebody pays for, known from the instant of their entry on. */
export interface Charge {
  entry: Entry;
  /** Null for a grader's, which belong to the session and to no thread. */
  lane: Lane | null;
  tokens: RequestTokens;
  /** At list price, with the cache writes' true lifetimes. */
  nanos: number;
}

export type OutcomeState = SessionObject["outcome_evaluations"][number];

/** A change of the session object, made by its owner at an instant. */
export interface Change {
  atUs: number;
  title?: string;
  metadata?: Record<string, string>;
  /** Cents; null removes the budget. */
  budgetCents?: number | null;
  agent?: SessionAgent;
}

/** A session while it is simulated. */
export interface Run {
  random: Random;
  ids: Random;
  facts: Facts;
  topic: Topic;
  plan: Plan;
  sessionId: string;
  version: FleetVersion;
  environment: FleetEnvironment;
  deploymentId: string | null;
  createdUs: number;
  nowUs: number;
  /** Events lie before it: a little before "now", so that nothing derived from them lies after. */
  horizonUs: number;
  primary: Lane;
  /** All threads, the primary one first. */
  lanes: Lane[];
  charges: Charge[];
  searches: { entry: Entry; lane: Lane }[];
  /** Stretches in which a workflow run kept the session running. */
  workflows: { fromUs: number; toUs: number }[];
  outcomes: { atUs: number; state: OutcomeState }[];
  changes: Change[];
  title: string;
  metadata: Record<string, string>;
  budgetCents: number | null;
  /** When the session itself first ran, before its first thread did. */
  startupUs: number;
  archivedUs: number | null;
}

export interface RunSpec {
  random: Random;
  plan: Plan;
  version: FleetVersion;
  environment: FleetEnvironment;
  deploymentId: string | null;
  createdUs: number;
  nowUs: number;
  title: string;
  metadata: Record<string, string>;
  budgetCents: number | null;
}

export function createRun(spec: RunSpec): Run {
  const ids = spec.random.fork("ids");
  const { version } = spec;
  const sessionId = ids.id("sesn");
  const primary = new Lane({
    threadId: ids.id("sthr"),
    name: version.agent.name,
    agent: version.threadAgent,
    model: version.spec.model,
    kind: "primary",
    workflowRunId: null,
    createdUs: spec.createdUs,
    context: createContext(version.spec.cache, version.spec.prefixTokens, version.spec.model.id),
    primary: null,
    ids,
  });
  return {
    ...spec,
    horizonUs: spec.nowUs - MARGIN_US,
    ids,
    facts: factsFor(spec.random.fork("facts")),
    topic: TOPICS[version.agent.topic] ?? EMPTY_TOPIC,
    sessionId,
    primary,
    lanes: [primary],
    charges: [],
    searches: [],
    workflows: [],
    outcomes: [],
    changes: [],
    startupUs: spec.random.int(140_000, 420_000),
    archivedUs: null,
  };
}

const MARGIN_US = 5_000;
const EMPTY_TOPIC: Topic = { titles: [], prompts: [], followUps: [], notes: [], answers: [] };

export function addLane(run: Run, spec: Omit<LaneSpec, "primary" | "ids">): Lane {
  const lane = new Lane({ ...spec, primary: run.primary, ids: run.ids });
  run.lanes.push(lane);
  return lane;
}

/** Books the tokens of a request; the model is the lane's, a grader's the session's. */
export function charge(run: Run, entry: Entry, lane: Lane | null, tokens: RequestTokens): void {
  const model = (lane ?? run.primary).spec.model;
  const { nanos } = priceRequest({
    model: model.id,
    geo: model.inference_geo ?? null,
    tokens: {
      input: tokens.input,
      cacheWrite: tokens.write5m + tokens.write1h,
      cacheRead: tokens.cacheRead,
      output: tokens.output,
    },
    split: { write5m: tokens.write5m, write1h: tokens.write1h },
    speed: model.speed ?? null,
    atUs: entry.atUs,
  });
  run.charges.push({ entry, lane, tokens, nanos });
}

/** Nothing after the horizon is shown, so nothing after it need be simulated. */
export function isOver(run: Run, lane: Lane): boolean {
  return lane.clockUs > run.horizonUs;
}
