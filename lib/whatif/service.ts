import { metersAt } from "@/lib/costs/book";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { readCurrentBook } from "@/lib/costs/prices-store";
import type { PriceBook } from "@/lib/costs/schema";
import { prisma } from "@/lib/db/client";
import { invalidField } from "@/lib/http/errors";
import type { MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { partsOf } from "@/lib/savings/saved";
import { readUsed } from "@/lib/savings/used-service";
import { assumptionsOf } from "./assumptions";
import { estimate, metersOf } from "./estimate";
import { type Asked, recost } from "./recost";
import type { Estimate, EstimateQuery, WhatIf, WhatIfQuery } from "./schema";
import { insteadOf } from "./swaps";

const DAY_MS = 86_400_000;

/**
 * What a range would have cost under other terms. Throws `invalid` for a range that ends before it begins,
 * and where two swaps name the same model.
 */
export async function readWhatIf(
  workspace: string,
  query: WhatIfQuery,
  now = new Date(),
): Promise<WhatIf> {
  const { from, to, swap = [], cache, discount, sessions, prices, ...filters } = query;
  const range = { fromMs: Date.parse(from), toMs: to ? Date.parse(to) : now.getTime() };
  if (range.fromMs >= range.toMs) throw invalidField("from", "it must be before `to`");
  const instead = insteadOf(swap);
  if (instead === null) throw invalidField("swap", "two of them name the same model");
  const own = await readCurrentBook(prisma, workspace);
  const book = prices === "list" ? PRICE_BOOK : own;
  const us = { fromUs: range.fromMs * 1000, toUs: range.toMs * 1000 };
  const models = new Map<string, WhatIf["models"][number]>();
  const before = { tokens: 0, runtime: 0, searches: 0, unpriced: 0 };
  const after = { ...before };
  let until = "";
  for (const part of partsOf(us, book === own ? own : both(own, book))) {
    const { used, lost, complete } = await readUsed(workspace, { filters, part }, now);
    until = complete;
    for (const one of used) {
      const briefly = lost.find(({ model }) => model === one.model)?.briefly ?? 0;
      const asked: Asked = { ...one, briefly };
      const model = instead(one.model);
      const found = recost(asked, { model, cache, from: own, book, atUs: part.fromUs });
      addModel(models, asked, { model, ...found });
      before.tokens += one.spent;
      before.unpriced += one.unpriced;
      after.tokens += found.nanos;
      after.unpriced += found.unpriced;
    }
    const rest = await readRest(workspace, { filters, part, now });
    const meters = metersAt(book, part.fromUs);
    const isOther = book !== own;
    before.runtime += rest.runtime;
    before.searches += rest.searches;
    after.runtime += isOther ? rest.hours * meters.sessionHourNanos : rest.runtime;
    after.searches += isOther ? rest.count * meters.webSearchNanos : rest.searches;
  }
  const left = (1 - discount / 100) * sessions;
  const scaled = {
    tokens: after.tokens * left,
    runtime: after.runtime * left,
    searches: after.searches * left,
    unpriced: after.unpriced * sessions,
  };
  return {
    before: metersOf(before),
    after: metersOf(scaled),
    models: [...models.values()]
      .map((model) => ({ ...model, after_nanos: Math.round(model.after_nanos * left) }))
      .sort((a, b) => b.before_nanos - a.before_nanos),
    days: (range.toMs - range.fromMs) / DAY_MS,
    assumptions: assumptionsOf(query),
    complete_until: until,
  };
}

/** What one that is not there yet would cost. */
export async function readEstimate(
  workspace: string,
  query: EstimateQuery,
  now = new Date(),
): Promise<Estimate> {
  const book = query.prices === "list" ? PRICE_BOOK : await readCurrentBook(prisma, workspace);
  return estimate(query, book, now.getTime() * 1000);
}

/** A book that changes whenever one of two does: for dividing a range alone. */
const both = (one: PriceBook, other: PriceBook): PriceBook => ({
  ...one,
  rows: [...one.rows, ...other.rows],
  meterChanges: [...one.meterChanges, ...other.meterChanges],
});

type Recosted = { model: string; nanos: number; unpriced: number };

function addModel(
  models: Map<string, WhatIf["models"][number]>,
  used: Asked,
  { model: instead, nanos, unpriced }: Recosted,
): void {
  const { model, input, write5m, write1h, read, output, spent } = used;
  const known = models.get(model) ?? {
    ...{ model, instead, tokens: 0, before_nanos: 0, after_nanos: 0, unpriced_tokens: 0 },
  };
  known.tokens += input + write5m + write1h + read + output;
  known.before_nanos += spent;
  known.after_nanos += nanos;
  known.unpriced_tokens += unpriced;
  models.set(model, known);
}

type RestOf = {
  filters: Partial<MetricsQuery>;
  part: { fromUs: number; toUs: number };
  now: Date;
};

/** Running time and searches: what they cost and how much they were. */
async function readRest(workspace: string, { filters, part, now }: RestOf) {
  const query: MetricsQuery = {
    ...{ ...filters, step: "all", agg: "p50", limit: 1, tz: "UTC" },
    metric: ["cost_runtime", "cost_web_search", "session_hours", "web_searches"],
    from: new Date(part.fromUs / 1000).toISOString(),
    to: new Date(part.toUs / 1000).toISOString(),
  };
  const { results } = await readMetrics(workspace, query, { now });
  const total = (metric: string) =>
    results.find((result) => result.metric === metric)?.series[0]?.total ?? 0;
  return {
    runtime: total("cost_runtime"),
    searches: total("cost_web_search"),
    hours: total("session_hours"),
    count: total("web_searches"),
  };
}
