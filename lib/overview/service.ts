import { type Db, prisma } from "@/lib/db/client";
import { invalidField } from "@/lib/http/errors";
import { readAgentNames } from "@/lib/metrics/names-store";
import type { MetricResult, MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { readKnown } from "@/lib/metrics/query-store";
import { stepOf } from "@/lib/metrics/step";
import { normalInstant } from "@/lib/sessions/instant";
import { comparedSpan, isTimeZone, type Span } from "@/lib/time/range";
import { readAttention } from "./attention-service";
import { agentsOf, chartsOf, figuresOf } from "./figures";
import type { Overview, OverviewQuery } from "./schema";
import { readFirst, readRunning } from "./store";

/** Asks the one query function for metrics over a range, in one step where nothing else is said. */
export type Ask = (
  metrics: MetricsQuery["metric"],
  span: Span,
  more?: Partial<MetricsQuery>,
) => Promise<MetricResult[]>;

const AGENTS_SHOWN = 10;
const MOST_OUTCOMES = 20;

/** The fleet over a range: what needs somebody, figures beside those of another range, charts. */
export async function readOverview(
  workspace: string,
  query: OverviewQuery,
  { now = new Date(), db = prisma as Db } = {},
): Promise<Overview> {
  if (!isTimeZone(query.tz)) throw invalidField("tz", "expected a time zone like Europe/Berlin");
  const [first, known] = await Promise.all([readFirst(workspace, db), readKnown(workspace, db)]);
  const span = rangeOf(query, first, now);
  const compared = comparedSpan(span, query.compare);
  const { step, ms } = stepOf(span, now.getTime());
  const ask: Ask = async (metrics, over, more = {}) => {
    const one = { step: "all", agg: "p50", limit: AGENTS_SHOWN, tz: query.tz, ...more } as const;
    const asked = { ...one, metric: metrics, from: iso(over.fromMs), to: iso(over.toMs) };
    return (await readMetrics(workspace, asked, { now, db, known })).results;
  };
  const [figures, levels, outcomes, before, agents, running, attention] = await Promise.all([
    ask([...FIGURES, "cost_tokens", "cost_runtime", "cost_web_search"], span, { step }),
    ask(["running_sessions"], span, { step }),
    ask(["sessions_settled"], span, { step, group_by: ["outcome"], limit: MOST_OUTCOMES }),
    compared ? ask(FIGURES, compared) : null,
    readAgents(workspace, { ask, span, db }),
    readRunning(workspace, now, db),
    readAttention(workspace, { ask, span, firstMs: first, now, db }),
  ]);
  return {
    any: first !== null,
    from: iso(span.fromMs),
    to: iso(span.toMs),
    compared: compared && { from: iso(compared.fromMs), to: iso(compared.toMs) },
    step_ms: ms,
    attention,
    figures: figuresOf(figures, before),
    ...chartsOf([...figures, ...levels], outcomes, now.getTime()),
    ...agents,
    ...running,
  };
}

const FIGURES: MetricsQuery["metric"] = [
  "sessions_started",
  "failure_rate",
  "cost",
  "unpriced_tokens",
  "session_hours",
];

const iso = (ms: number) => new Date(ms).toISOString();

/** Those with most sessions, and what the same metrics say of each. */
async function readAgents(
  workspace: string,
  { ask, span, db }: { ask: Ask; span: Span; db: Db },
): Promise<Pick<Overview, "agents" | "agents_total">> {
  const [most] = await ask(["sessions_started"], span, { group_by: ["agent"] });
  const shown = most?.series.slice(0, AGENTS_SHOWN) ?? [];
  const ids = shown.map(({ labels }) => labels.agent ?? "");
  if (ids.length === 0) return { agents: [], agents_total: 0 };
  const of = { group_by: ["agent" as const], agent: ids };
  const [told, turns, names] = await Promise.all([
    ask(["failure_rate", "cost"], span, of),
    ask(["turn_duration"], span, { ...of, agg: "p95" }),
    readAgentNames(workspace, ids, db),
  ]);
  return {
    agents: agentsOf(shown, [...told, ...turns], names),
    agents_total: shown.length + (most?.truncated_groups ?? 0),
  };
}

function rangeOf(query: OverviewQuery, firstMs: number | null, now: Date): Span {
  const instant = (name: "from" | "to") => {
    const text = query[name];
    if (text === undefined) return null;
    const normal = normalInstant(text);
    if (normal === null) throw invalidField(name, "expected an instant from 1900 to 2200");
    return Date.parse(normal);
  };
  const toMs = instant("to") ?? now.getTime();
  const fromMs = instant("from") ?? Math.min(firstMs ?? toMs, toMs - 1);
  if (fromMs >= toMs) throw invalidField("from", "expected an instant before `to`");
  return { fromMs, toMs };
}
