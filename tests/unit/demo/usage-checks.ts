import { priceRequest, runtimeNanos, webSearchNanos } from "@/lib/costs/pricing";
import type { DemoSession } from "@/lib/demo/schema";
import { listsOf } from "@/tests/unit/demo/list-checks";

interface Spent {
  atUs: number;
  model: string;
  geo: string | null;
  speed: string | null;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

/** Token spendings of all lists, each with the model of its thread; a grader's at the session's. */
function spendings(demo: DemoSession): Spent[] {
  const spent: Spent[] = [];
  const models = new Map(
    demo.threads.map((thread) => [
      thread.id,
      thread.agent.type === "advisor" ? { id: thread.agent.model } : thread.agent.model,
    ]),
  );
  for (const [thread, list] of listsOf(demo)) {
    const model = (thread === null ? null : models.get(thread)) ?? demo.session.agent.model;
    for (const { event, atUs } of list) {
      const usage =
        event.type === "span.model_request_end"
          ? event.model_usage
          : event.type === "span.outcome_evaluation_end"
            ? event.usage
            : null;
      if (usage === null || atUs === null) continue;
      spent.push({
        atUs,
        model: model.id,
        geo: "inference_geo" in model ? (model.inference_geo ?? null) : null,
        speed: usage.speed ?? null,
        input: usage.input_tokens,
        output: usage.output_tokens,
        cacheRead: usage.cache_read_input_tokens,
        cacheWrite: usage.cache_creation_input_tokens,
      });
    }
  }
  return spent;
}

/** Instants at which threads began and stopped running, from their status events. */
function runningPeriods(demo: DemoSession): [number, number][] {
  const periods: [number, number][] = [];
  const open = new Map<string, number>();
  for (const { event, atUs } of listsOf(demo).get(null) ?? []) {
    if (!event.type.startsWith("session.thread_status_") || atUs === null) continue;
    const thread = "session_thread_id" in event ? String(event.session_thread_id) : "";
    const since = open.get(thread);
    if (event.type === "session.thread_status_running") {
      if (since === undefined) open.set(thread, atUs);
    } else if (since !== undefined) {
      periods.push([since, atUs]);
      open.delete(thread);
    }
  }
  for (const since of open.values()) periods.push([since, Number.POSITIVE_INFINITY]);
  return periods.sort((a, b) => a[0] - b[0]);
}

function activeUs(periods: readonly [number, number][], us: number): number {
  let total = 0;
  let coveredUs = 0;
  for (const [from, to] of periods) {
    const start = Math.max(from, coveredUs);
    const end = Math.min(to, us);
    if (end > start) total += end - start;
    coveredUs = Math.max(coveredUs, Math.min(to, us));
  }
  return total;
}

type Usage = DemoSession["session"]["usage"];

/** What the lists of a session hold, read once. */
interface Held {
  id: string;
  spent: Spent[];
  searches: number[];
  periods: [number, number][];
}

/** Compares a usage figure with what the lists hold up to an instant. */
function compare(held: Held, usage: Usage, us: number, activeToUs: number): string[] {
  const spent = held.spent.filter(({ atUs }) => atUs <= us);
  const sum = (key: "input" | "output" | "cacheRead" | "cacheWrite") =>
    spent.reduce((total, part) => total + part[key], 0);
  const write5m = usage.cache_creation?.ephemeral_5m_input_tokens ?? 0;
  const write1h = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  const searches = held.searches.filter((atUs) => atUs <= us).length;
  const activeMs = Math.round(activeUs(held.periods, activeToUs) / 1_000);
  const stated = {
    input: usage.input_tokens,
    output: usage.output_tokens,
    read: usage.cache_read_input_tokens,
    write: write5m + write1h,
    searches: usage.server_tool_use?.web_search_requests,
    activeMs: Math.round((usage.active_seconds ?? 0) * 1_000),
    cents: usage.list_cost?.amount,
  };
  const nanos =
    tokensNanos(spent, { write5m, write1h }) + runtimeNanos(activeMs) + webSearchNanos(searches);
  const found = {
    input: sum("input"),
    output: sum("output"),
    read: sum("cacheRead"),
    write: sum("cacheWrite"),
    searches,
    activeMs,
    cents: String(Math.round(nanos / 10_000_000)),
  };
  const same = JSON.stringify(stated) === JSON.stringify(found);
  return same ? [] : [`${held.id}: ${JSON.stringify({ stated, found })}`];
}

/**
 * Spans do not say for how long their writes are kept. Where the session wrote for one lifetime
 * only, every span did; where for both, one model is at work and the writes are priced as a whole.
 */
function tokensNanos(spent: readonly Spent[], split: { write5m: number; write1h: number }): number {
  const mixed = split.write5m > 0 && split.write1h > 0;
  let nanos = 0;
  for (const { input, output, cacheRead, cacheWrite, ...request } of spent) {
    const tokens = { input, output, cacheRead, cacheWrite: mixed ? 0 : cacheWrite };
    nanos += priceRequest({ ...request, tokens, split }).nanos;
  }
  const first = spent[0];
  if (!mixed || first === undefined) return nanos;
  const cacheWrite = split.write5m + split.write1h;
  const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite };
  return nanos + priceRequest({ ...first, tokens, split }).nanos;
}

/** When web searches came back that are paid for. */
function paidSearches(demo: DemoSession): number[] {
  const searches: number[] = [];
  for (const list of listsOf(demo).values()) {
    const uses = new Set<string>();
    for (const { event, atUs } of list) {
      if (event.type === "agent.tool_use" && event.name === "web_search") uses.add(event.id);
      if (event.type !== "agent.tool_result" || atUs === null) continue;
      if (uses.has(event.tool_use_id) && event.is_error !== true) searches.push(atUs);
    }
  }
  return searches;
}

/** Every snapshot, and the session object's own figures, against the lists. */
export function usageFaults(demo: DemoSession, nowUs: number): string[] {
  const faults: string[] = [];
  const held: Held = {
    id: demo.session.id,
    spent: spendings(demo),
    searches: paidSearches(demo),
    periods: runningPeriods(demo),
  };
  let lastUs = 0;
  let last: Usage | null = null;
  for (const { event, atUs } of listsOf(demo).get(null) ?? []) {
    if (event.type !== "session.usage" || atUs === null) continue;
    faults.push(...compare(held, event.usage, atUs, atUs));
    lastUs = atUs;
    last = event.usage;
  }
  const { session } = demo;
  const open = session.status === "running";
  // Tokens of a turn that runs are not told before it ends; its active time is.
  faults.push(...compare(held, session.usage, open ? lastUs : nowUs, nowUs));
  if (session.status === "idle" && last !== null) {
    if (JSON.stringify(last) !== JSON.stringify(session.usage)) {
      faults.push(`${session.id}: the object is not the last snapshot`);
    }
  }
  return faults;
}
