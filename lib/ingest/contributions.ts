import { nanosFromCents } from "@/lib/costs/pricing";
import type { PriceBook } from "@/lib/costs/schema";
import { addCells, settledCells } from "@/lib/metrics/cells";
import { addSpan } from "@/lib/metrics/contribution";
import { promotedOf } from "@/lib/metrics/promoted";
import {
  type Cell,
  DIMENSIONS,
  type Dimensions,
  type ModelPricing,
  type Promotion,
  ROLLUP_VERSION,
  type Rolled,
  type SpanPricing,
} from "@/lib/metrics/schema";
import {
  addCovered,
  type Covered,
  type SessionFacts as RowFacts,
  sessionCells,
  wholeSession,
} from "@/lib/metrics/session-cells";
import type { Source } from "@/lib/sessions/schema";
import { microsFromIso } from "@/lib/time/micros";
import { canonicalJson } from "./canonical";
import type { JsonObject, Span } from "./schema";
import type { SpanSet } from "./spans";
import type { SessionFacts, SessionFold } from "./state";
import type { StoredThread } from "./store";
import { type SessionRow, sessionPricing } from "./summary";
import { threadPricing } from "./threads";

/** What one session's change does to its cells, and with them to the rollups. */
export type Contribution = {
  sessionId: string;
  /** As the rollups have it; null when they have nothing of it. */
  before: Rolled | null;
  rolled: Rolled;
  /** Whether the cells are all there are, or what to add to those that are stored. */
  isWhole: boolean;
  cells: Cell[];
};

/** A session as its row now tells it. `threads` are the prices of threads that have their own. */
export type Told = {
  sessionId: string;
  columns: SessionRow;
  source: Source;
  /** When it was last heard of. */
  lastUs: number | null;
  pricing: ModelPricing;
  threads: ReadonlyMap<string, ModelPricing>;
  book: PriceBook;
  promotions: readonly Promotion[];
};

type Derived = {
  sessionId: string;
  source: Source;
  object: JsonObject | null;
  fold: SessionFold;
  facts: SessionFacts;
  book: PriceBook;
  promotions: readonly Promotion[];
};

export function toldOf(
  { sessionId, source, object, fold, facts, book, promotions }: Derived,
  columns: SessionRow,
  threads: Iterable<StoredThread>,
): Told {
  return {
    sessionId,
    columns,
    source,
    lastUs: fold.lastUs ?? facts.objectUs,
    pricing: sessionPricing(object),
    threads: new Map([...threads].map((thread) => [thread.threadId, threadPricing(thread)])),
    ...{ book, promotions },
  };
}

/** Whether what is stored can only be taken out whole: nothing is, or its spans are priced in another way now. */
export function mustCountAnew(rolled: Rolled | null, pricing: ModelPricing): boolean {
  if (rolled === null || rolled.version !== ROLLUP_VERSION) return true;
  return canonicalJson(rolled.pricing) !== canonicalJson(pricing);
}

/** The difference that changed spans and a changed row make: the old out, the new in. */
export function differenceOf(
  told: Told,
  rolled: Rolled,
  spans: { stored: SpanSet; changed: readonly Span[]; gone: readonly string[] },
): Contribution {
  const pricing = spanPricing(told);
  const cells = new Map<string, Cell>();
  const outdated = [...spans.gone, ...spans.changed.map(({ id }) => id)];
  for (const id of outdated) {
    const before = spans.stored.get(id);
    if (before) addSpan(cells, before, pricing, -1);
  }
  for (const span of spans.changed) addSpan(cells, span, pricing, 1);
  const covered = coveredOf(rolled);
  addCovered(covered, cells.values());
  const own = sessionCells(factsOf(told), covered);
  addCells(cells, rolled.cells, -1);
  addCells(cells, own.values(), 1);
  return {
    sessionId: told.sessionId,
    before: rolled,
    rolled: rolledOf(told, covered, own.values()),
    isWhole: false,
    cells: settledCells(cells.values()),
  };
}

/** All of a session, in place of whatever the rollups have of it. `settled`: what spans gave that are gone. */
export function wholeOf(
  told: Told,
  rolled: Rolled | null,
  spans: Iterable<Span>,
  settled: readonly Cell[] = [],
): Contribution {
  const pricing = spanPricing(told);
  const { cells, covered, own } = wholeSession(spans, factsOf(told), pricing, settled);
  return {
    sessionId: told.sessionId,
    before: rolled,
    rolled: rolledOf(told, covered, own.values()),
    isWhole: true,
    cells: settledCells(cells.values()),
  };
}

/** The cells that its row gives, as long as its spans cover what is written down. */
export const ownCells = (told: Told, rolled: Rolled): Cell[] =>
  settledCells(sessionCells(factsOf(told), coveredOf(rolled)).values());

/** What its cells say that its spans cover: all cells but the row's own. */
export function coveredIn(all: readonly Cell[], rolled: Rolled): Rolled["covered"] {
  const cells = new Map<string, Cell>();
  addCells(cells, all, 1);
  addCells(cells, rolled.cells, -1);
  const covered: Covered = { tokens: {}, runtime: {} };
  addCovered(covered, cells.values());
  return { tokens: settledMeasures(covered.tokens), runtime: settledMeasures(covered.runtime) };
}

/** Whether the rollups have it under other labels. What is promoted no more is forgotten by itself. */
export function isMoved({ before, rolled }: Contribution): boolean {
  return (
    DIMENSIONS.some((name) => before?.dimensions[name] !== rolled.dimensions[name]) ||
    Object.entries(rolled.promoted ?? {}).some(([id, value]) => before?.promoted?.[id] !== value)
  );
}

export function spanPricing({ pricing, threads, source, book }: Told): SpanPricing {
  return { session: pricing, threads, runtimeBilled: source !== "sdk", book };
}

function rolledOf(told: Told, { tokens, runtime }: Covered, cells: Iterable<Cell>): Rolled {
  const promoted = promotedOf(told.columns.metadata, told.promotions);
  return {
    version: ROLLUP_VERSION,
    dimensions: dimensionsOf(told),
    ...(promoted ? { promoted } : {}),
    pricing: told.pricing,
    covered: { tokens: settledMeasures(tokens), runtime: settledMeasures(runtime) },
    cells: settledCells(cells),
  };
}

const settledMeasures = (measures: Covered["tokens"]) =>
  Object.fromEntries(Object.entries(measures).filter(([, value]) => value !== 0));

const coveredOf = ({ covered }: Rolled): Covered => ({
  tokens: { ...covered.tokens },
  runtime: { ...covered.runtime },
});

function dimensionsOf({ columns, source }: Told): Dimensions {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    agent: text(columns.agent_id),
    agent_version: text(columns.agent_version),
    environment: text(columns.environment_id),
    deployment: text(columns.deployment_id),
    source,
  };
}

function factsOf({ columns, lastUs, pricing }: Told): RowFacts {
  const count = (name: string) => Number(columns[name] ?? 0);
  const orNull = (name: string) => (columns[name] == null ? null : Number(columns[name]));
  const us = (name: string) => {
    const value = columns[name];
    return typeof value === "string" ? microsFromIso(value) : null;
  };
  const cents = orNull("list_cost_cents");
  return {
    startedUs: us("started_at"),
    settledUs: us("settled_at"),
    lastUs,
    outcome: String(columns.outcome),
    failed: columns.failed === true,
    durationMs: orNull("duration_ms"),
    activeMs: orNull("active_ms"),
    webSearches: count("web_searches"),
    computedNanos: count("computed_nanos"),
    listNanos: cents === null ? null : nanosFromCents(cents),
    runtimeNanos: count("runtime_nanos"),
    webSearchNanos: count("web_search_nanos"),
    tokens: {
      nanos: count("tokens_nanos"),
      input_tokens: count("input_tokens"),
      cache_write_5m_tokens: count("cache_write_5m_tokens"),
      cache_write_1h_tokens: count("cache_write_1h_tokens"),
      cache_read_tokens: count("cache_read_tokens"),
      output_tokens: count("output_tokens"),
      unpriced_tokens: count("unpriced_tokens"),
    },
    model: pricing,
  };
}
