import { stringify } from "csv-stringify/sync";
import { invalidField } from "@/lib/http/errors";
import { streamPages } from "@/lib/http/page-stream";
import { readAgentNames } from "@/lib/metrics/names-store";
import type { Group, MetricResult, MetricsQuery } from "@/lib/metrics/query-schema";
import { type Question, readMetrics } from "@/lib/metrics/query-service";
import { daysOf } from "@/lib/time/calendar";
import type { Span } from "@/lib/time/range";
import { cellsOf, headOf } from "./columns";
import type { Charge, ChargebackQuery } from "./schema";

const DAY_MS = 86_400_000;
const MOST_DAYS = 400;
/** Nothing may be taken together as others: it would be nobody's. */
const MOST_GROUPS = 100_000;

/**
 * The charges of a range as a file, a day after the other. Throws `invalid` for a range that ends before it
 * begins or is longer than 400 days.
 */
export function exportCharges(
  workspace: string,
  { from, to, tz, cost_centre, format, ...filters }: ChargebackQuery,
  now = new Date(),
): Promise<ReadableStream<Uint8Array>> {
  const span = { fromMs: Date.parse(from), toMs: to ? Date.parse(to) : now.getTime() };
  if (span.fromMs >= span.toMs) throw invalidField("from", "it must be before `to`");
  if (span.toMs - span.fromMs > MOST_DAYS * DAY_MS)
    throw invalidField("from", `at most ${MOST_DAYS} days before \`to\``);
  const days = daysOf(span, tz).map(({ fromMs, toMs }) => ({
    fromMs: Math.max(fromMs, span.fromMs),
    toMs: Math.min(toMs, span.toMs),
  }));
  const centre = cost_centre === undefined ? null : (`metadata.${cost_centre}` as const);
  return streamPages(
    async (cursor) => {
      const at = Number(cursor ?? 0);
      const day = days[at];
      const data = day ? await readCharges(workspace, { day, centre, filters, now }) : [];
      return { data, next_cursor: at + 1 < days.length ? `${at + 1}` : null };
    },
    {
      head: stringify([headOf(format)]),
      write: (charges) => stringify(charges.map((charge) => cellsOf(charge, format))),
    },
  );
}

type Asked = {
  day: Span;
  centre: `metadata.${string}` | null;
  filters: Partial<MetricsQuery>;
  now: Date;
};

/** What every agent of every cost centre used in a day, those that used nothing left out. */
export async function readCharges(workspace: string, asked: Asked): Promise<Charge[]> {
  const { day, centre, filters, now } = asked;
  const ask = async (metric: MetricsQuery["metric"], groups: Group[]) => {
    const query: Question = {
      ...{ ...filters, metric, step: "all", agg: "p50", tz: "UTC", limit: MOST_GROUPS },
      isWhole: true,
      group_by: centre ? [centre, ...groups] : groups,
      from: new Date(day.fromMs).toISOString(),
      to: new Date(day.toMs).toISOString(),
    };
    return (await readMetrics(workspace, query, { now })).results;
  };
  const tokens = await ask(["cost_tokens", "tokens", "unpriced_tokens"], ["agent", "model"]);
  const rest = await ask(
    ["cost_runtime", "session_hours", "cost_web_search", "web_searches"],
    ["agent"],
  );
  const charges = [
    ...chargesOf(tokens, "tokens", { cost: "cost_tokens", quantity: "tokens" }, asked),
    ...chargesOf(rest, "runtime", { cost: "cost_runtime", quantity: "session_hours" }, asked),
    ...chargesOf(rest, "web_search", { cost: "cost_web_search", quantity: "web_searches" }, asked),
  ];
  const ids = [...new Set(charges.map(({ agent }) => agent).filter(Boolean))];
  const names = ids.length > 0 ? await readAgentNames(workspace, ids) : new Map<string, string>();
  return charges
    .map((charge) => ({ ...charge, agentName: names.get(charge.agent) ?? null }))
    .sort(
      (a, b) => order(a.centre, b.centre) || order(a.agent, b.agent) || order(a.model, b.model),
    );
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

type Named = { cost: string; quantity: string };

function chargesOf(
  results: readonly MetricResult[],
  meter: Charge["meter"],
  { cost, quantity }: Named,
  { day, centre }: Asked,
): Charge[] {
  const charges = new Map<string, Charge>();
  for (const { metric, series } of results)
    for (const { labels, total } of series) {
      const { agent = "", model = "" } = labels;
      const group = (centre && labels[centre]) ?? "";
      const id = JSON.stringify([group, agent, model]);
      const charge = charges.get(id) ?? {
        ...{ ...day, centre: group, agent, agentName: null, meter, model },
        ...{ nanos: 0, quantity: 0, unpricedTokens: 0 },
      };
      charges.set(id, charge);
      if (metric === cost) charge.nanos += total ?? 0;
      if (metric === quantity) charge.quantity += total ?? 0;
      if (metric === "unpriced_tokens" && meter === "tokens") charge.unpricedTokens += total ?? 0;
    }
  return [...charges.values()].filter(({ nanos, quantity }) => nanos !== 0 || quantity !== 0);
}
