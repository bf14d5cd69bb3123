import { sumTokens } from "@/lib/costs/covered";
import { activeMsFromSeconds, priceSession } from "@/lib/costs/pricing";
import { tokenGap } from "@/lib/costs/reconcile";
import type { PriceBook, SessionCost, TokenCounts, UsageSnapshot } from "@/lib/costs/schema";
import { FAILED_OUTCOMES, SETTLED_OUTCOMES } from "@/lib/sessions/outcomes";
import type { Source } from "@/lib/sessions/schema";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";
import { configHashOf } from "./config-hash";
import type { ThreadPricing } from "./fold";
import { isObject } from "./normalize";
import { judge, objectFacts } from "./outcome";
import type { JsonObject, Span } from "./schema";
import { budgetCents, textMap } from "./snapshots";
import { textOf } from "./spans";
import {
  type SessionFacts,
  type SessionFold,
  SNAPSHOT_MEMBERS,
  type Snapshot,
  type SnapshotMember,
} from "./state";

/** The session's row as columns; times in RFC 3339, as the database reads them. */
export type SessionRow = Record<string, unknown>;

export type SummaryInput = {
  fold: SessionFold;
  facts: SessionFacts;
  object: JsonObject | null;
  source: Source;
  book: PriceBook;
  /** Calls the open wait still waits for. */
  openCalls: readonly Span[];
};

/** Everything the session's row says, from its fold and its object. Pure: the same input, the same row. */
export function summarize(input: SummaryInput): SessionRow {
  const { fold, facts, object } = input;
  const archivedUs = usOf(object?.archived_at);
  const known = objectFacts(object, facts.objectUs, archivedUs);
  const judgement = judge(fold, known, input.openCalls, facts.interrupts);
  const settled = SETTLED_OUTCOMES.includes(judgement.outcome);
  const startedUs = usOf(object?.created_at) ?? fold.firstUs;
  const endUs = (settled ? judgement.settledUs : null) ?? fold.lastUs;
  const { cost, activeMs, webSearches, usageUs } = costOf(input, settled);
  const spans = sumTokens(Object.values(fold.covered).map(({ tokens }) => tokens));
  return {
    ...identityOf(input),
    status: judgement.status,
    outcome: judgement.outcome,
    outcome_detail: judgement.detail,
    failed: FAILED_OUTCOMES.includes(judgement.outcome),
    started_at: iso(startedUs),
    settled_at: iso(settled ? judgement.settledUs : null),
    last_event_at: iso(fold.lastUs),
    archived_at: iso(archivedUs),
    deleted_at: iso(fold.life.deletedUs),
    duration_ms: startedUs === null || endUs === null ? null : msOf(Math.max(0, endUs - startedUs)),
    active_ms: activeMs,
    ...countsOf(fold),
    models: modelsOf(fold, sessionPricing(object).model),
    ...costColumns(cost, settled),
    ...spanColumns(spans),
    token_gap: settled ? tokenGap(cost.usage, spans) : 0,
    web_searches: webSearches,
    usage_at: iso(usageUs),
  };
}

/** How the session's own tokens are priced, and those of threads that do not say otherwise. */
export function sessionPricing(object: JsonObject | null): ThreadPricing {
  const agent = isObject(object?.agent) ? object.agent : null;
  return agentPricing(agent);
}

export function agentPricing(agent: JsonObject | null): ThreadPricing {
  const model = agent?.model;
  if (typeof model === "string") return { model: textOf(model), geo: null, speed: null };
  if (!isObject(model)) return { model: null, geo: null, speed: null };
  return {
    model: textOf(model.id),
    geo: textOf(model.inference_geo),
    speed: textOf(model.speed),
  };
}

function identityOf({ fold, object, facts }: SummaryInput): SessionRow {
  const agent = isObject(object?.agent) ? object.agent : null;
  const { title, metadata, budget } = fold.changes;
  const objectUs = facts.objectUs ?? Number.NEGATIVE_INFINITY;
  const isLater = (dated: { us: number } | undefined) => dated !== undefined && dated.us > objectUs;
  const version = agent?.version;
  return {
    title: isLater(title) || !object ? (title?.value ?? null) : textOf(object.title),
    agent_id: textOf(agent?.id),
    agent_name: textOf(agent?.name),
    agent_version: typeof version === "number" ? String(version) : textOf(version),
    config_hash: facts.config ?? (agent && configHashOf(agent)),
    environment_id: textOf(object?.environment_id),
    deployment_id: textOf(object?.deployment_id),
    model: agentPricing(agent).model,
    vault_ids: textsOf(object?.vault_ids),
    memory_store_ids: memoryStoresOf(object?.resources),
    metadata: isLater(metadata) ? metadata?.value : textMap(object?.metadata),
    budget_cents:
      isLater(budget) || object?.budget === undefined
        ? (budget?.value ?? null)
        : budgetCents(object.budget),
  };
}

/** The texts of a list, each once, sorted. */
export function textsOf(value: unknown): string[] {
  const texts = Array.isArray(value) ? value.map(textOf).filter((text) => text !== null) : [];
  return [...new Set(texts)].sort();
}

/** The ids of the memory stores among a session's or a deployment's resources. */
export function memoryStoresOf(resources: unknown): string[] {
  const list = Array.isArray(resources) ? resources.filter(isObject) : [];
  return textsOf(list.map(({ memory_store_id }) => memory_store_id));
}

function countsOf(fold: SessionFold): SessionRow {
  const errors = Object.entries(fold.errors)
    .map(([type, tally]) => ({ type, count: tally.count, last_message: tally.message }))
    .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
  return {
    waiting_ms: msOf(fold.totals.waitedUs),
    turns: fold.life.turns,
    threads: fold.threads,
    events: fold.events,
    model_requests: fold.totals.requests,
    tool_calls: fold.totals.calls,
    tool_errors: fold.totals.toolErrors,
    tool_denials: fold.totals.denials,
    errors,
    error_types: Object.keys(fold.errors).sort(),
    tools: Object.keys(fold.tools).sort(),
  };
}

function modelsOf(fold: SessionFold, own: string | null): string[] {
  return [...new Set([...Object.keys(fold.models), ...(own === null ? [] : [own])])].sort();
}

function costOf(input: SummaryInput, settled: boolean) {
  const { fold, facts, object, source, book } = input;
  const member = (name: SnapshotMember) => newest(fold.usage, facts.usage, name);
  const pricing = sessionPricing(object);
  const usage: UsageSnapshot = {
    inputTokens: member("input_tokens"),
    outputTokens: member("output_tokens"),
    cacheReadTokens: member("cache_read_input_tokens"),
    cacheWrite5mTokens: member("ephemeral_5m_input_tokens"),
    cacheWrite1hTokens: member("ephemeral_1h_input_tokens"),
  };
  const derivedMs = fold.life.turns > 0 ? msOf(fold.life.running.us) : null;
  const givenMs = activeMsFromSeconds(member("active_seconds"));
  const activeMs = givenMs ?? derivedMs;
  const webSearches = Math.round(member("web_search_requests") ?? 0);
  const cost = priceSession(
    {
      // A thread's own agent says all three; one that is not described runs as the session's does.
      covered: Object.values(fold.covered).map((part) =>
        part.model === null ? { ...part, ...pricing } : part,
      ),
      usage,
      sessionModel: pricing.model,
      sessionGeo: pricing.geo,
      sessionSpeed: pricing.speed,
      residualAtUs: newestUs([fold.usage, facts.usage]) ?? fold.lastUs,
      activeMs,
      runtimeBilled: source !== "sdk",
      webSearches,
      quantitiesGiven: givenMs !== null && Object.values(usage).every((given) => given !== null),
      listCostCents: member("list_cost_cents"),
      graderTokens: fold.graderTokens > 0,
      settled,
    },
    book,
  );
  const usageUs = newestUs([fold.usage, facts.usage], TOKEN_MEMBERS);
  return { cost, activeMs, webSearches, usageUs };
}

/** A session that is not settled has no drift: the platform's figure only moves at its idles. */
function costColumns(cost: SessionCost, settled: boolean): SessionRow {
  const { usage } = cost;
  const total = Object.values(usage).reduce((sum, tokens) => sum + tokens, 0);
  return {
    input_tokens: usage.inputTokens,
    cache_write_5m_tokens: usage.cacheWrite5mTokens,
    cache_write_1h_tokens: usage.cacheWrite1hTokens,
    cache_read_tokens: usage.cacheReadTokens,
    output_tokens: usage.outputTokens,
    total_tokens: total,
    computed_nanos: cost.computedNanos,
    tokens_nanos: cost.tokensNanos,
    runtime_nanos: cost.runtimeNanos,
    web_search_nanos: cost.webSearchNanos,
    unpriced_tokens: cost.unpricedTokens,
    missing_thread_tokens: cost.missingThreadTokens,
    list_cost_cents: cost.listCostCents,
    drift_nanos: settled ? cost.driftNanos : null,
    drift_causes: settled ? cost.driftCauses : [],
    price_book: cost.priceBook,
  };
}

function spanColumns(spans: TokenCounts): SessionRow {
  return {
    span_input_tokens: spans.input,
    span_cache_write_tokens: spans.cacheWrite,
    span_cache_read_tokens: spans.cacheRead,
    span_output_tokens: spans.output,
  };
}

function newest(a: Snapshot, b: Snapshot, name: SnapshotMember): number | null {
  const left = a[name];
  const right = b[name];
  if (!left || !right) return left?.value ?? right?.value ?? null;
  return right.us > left.us ? right.value : left.value;
}

const TOKEN_MEMBERS = SNAPSHOT_MEMBERS.filter((member) => member.endsWith("_tokens"));

/** When the newest of these members was given; null while none was. */
function newestUs(snapshots: Snapshot[], members: readonly SnapshotMember[] = SNAPSHOT_MEMBERS) {
  const times = snapshots.flatMap((snapshot) =>
    members.flatMap((member) => snapshot[member]?.us ?? []),
  );
  return times.length === 0 ? null : Math.max(...times);
}

function usOf(value: unknown): number | null {
  return typeof value === "string" ? microsFromIso(value) : null;
}

function iso(us: number | null): string | null {
  return us === null ? null : isoFromMicros(us);
}

function msOf(us: number): number {
  return Math.round(us / 1000);
}
