import { findMetric } from "./catalogue";
import { type Counter, type Counting, counterOf } from "./counting";
import { type Aged, type Aggregate, KEY_DIMENSIONS, type Percentile } from "./metric";
import type { Buckets } from "./query";
import { type Group, isGroup } from "./query-schema";
import { refusalOf } from "./refusal";
import { DIMENSIONS, isOwn } from "./schema";
import type { Filter } from "./told";
import { type Cut, cutWindow, wholeMinutes } from "./window";
import type { WindowQuestion } from "./window-schema";

const MINUTE_MS = 60_000;

/** A question, understood. */
export type Prepared = Counting &
  Pick<Cut, "whole" | "edges"> & {
    counter: Counter;
    aggregate: Aggregate | Percentile;
    /** The one bucket that is drawn, in minutes that need not be whole. */
    buckets: Buckets;
    /** Of a gauge of age what it looks for; null for all others. */
    aged: Aged | null;
    toMs: number;
  };

/** `kept`: the first whole hour whose minutes are all kept. */
export function prepare(question: WindowQuestion, kept: number): Prepared | { error: string } {
  const { fromMs, toMs } = question;
  const metric = findMetric(question.metric);
  if (!metric) return { error: `metric: there is no metric ${question.metric}` };
  if (!(fromMs < toMs)) return { error: "from: it must be before `to`" };
  const groups = question.groupBy.filter(isGroup);
  const strange = question.groupBy.find((name) => !isGroup(name));
  if (strange !== undefined) return { error: `group_by: there is no dimension ${strange}` };
  const filter = filterOf(question.filters);
  if ("error" in filter) return filter;
  const refusal = refusalOf(metric, groups, filter);
  if (refusal) return { error: `${refusal.path}: ${refusal.message}` };
  const asked = { metric, groups, filter };
  const counter = counterOf(asked);
  // How a gauge stands is what it stands at after everything, less all that came after the instant.
  const range = metric.kind === "gauge" ? { fromMs: toMs, toMs: Infinity } : { fromMs, toMs };
  const isByMinute = counter.families.some(isOwn);
  const { whole, edges, ...covered } = isByMinute ? wholeMinutes(range) : cutWindow(range, kept);
  const [from, to] = [covered.fromMs / MINUTE_MS, covered.toMs / MINUTE_MS];
  return {
    ...{ ...asked, counter, whole, edges, toMs },
    aggregate: question.agg ?? "p50",
    buckets: { starts: [from], from, to },
    aged: (metric.kind === "gauge" && metric.oldest) || null,
  };
}

const FILTERS: readonly string[] = [...DIMENSIONS, ...KEY_DIMENSIONS];

function filterOf(filters: WindowQuestion["filters"]): Filter | { error: string } {
  const filter: Record<string, string[]> = {};
  const metadata: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(filters)) {
    if (FILTERS.includes(name)) filter[name] = [...values];
    else if (isGroup(name) && name !== ("bucket" satisfies Group))
      metadata[name.slice("metadata.".length)] = [...values];
    else return { error: `filters: there is no dimension ${name}` };
  }
  return Object.keys(metadata).length > 0 ? { ...filter, metadata } : filter;
}
