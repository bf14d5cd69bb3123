import { findMetric } from "@/lib/metrics/catalogue";
import { termsOf } from "@/lib/metrics/metric";
import type { NewRule } from "./rule-schema";
import type { Labels } from "./schema";

/** Which sessions are behind an alert: parameters of the list of sessions, names as there. */
export type Behind = {
  filter: Record<string, string[]>;
  by: "active" | "started" | "settled";
  /** Those that failed come first. */
  failed: boolean;
  sort: "cost" | "duration" | "tool_errors" | "last_event_at";
  /** One session alone. */
  session: string | null;
};

/** What sessions can be filtered by. */
const OF_SESSIONS = [
  ...["agent", "agent_version", "environment", "deployment", "source", "outcome"],
  ...["model", "tool", "error_type", "config"],
];
const isOfSessions = (name: string) => OF_SESSIONS.includes(name) || name.startsWith("metadata.");

/** Null where sessions have nothing to do with it: heartbeats, and rules of other rules. */
export function behindOf(rule: NewRule, labels: Labels): Behind | null {
  if (
    rule.kind === "composite" ||
    rule.kind === "self" ||
    (rule.kind === "absence" && rule.metric === undefined)
  )
    return null;
  const filters = "filters" in rule ? rule.filters : {};
  const own = Object.entries(labels).map(([name, value]) => [name, [value]] as const);
  const filter = Object.fromEntries(
    [...Object.entries(filters), ...own].filter(
      ([name, values]) => isOfSessions(name) && values.every((value) => value !== ""),
    ),
  );
  if (rule.kind === "event" && rule.source === "session_error" && rule.types.length > 0)
    filter.error_type ??= rule.types;
  const session = labels.session ?? null;
  return { filter, session, ...orderOf(rule) };
}

function orderOf(rule: NewRule): Pick<Behind, "by" | "failed" | "sort"> {
  if (rule.kind === "budget") return { by: "active", failed: false, sort: "cost" };
  if (rule.kind === "event" || rule.kind === "session")
    return { by: "active", failed: false, sort: "last_event_at" };
  const metric = findMetric("metric" in rule ? (rule.metric ?? "") : "");
  if (!metric) return { by: "active", failed: false, sort: "last_event_at" };
  const [term] = termsOf(metric);
  const isCost = metric.unit === "nanodollars" || metric.unit === "tokens";
  return {
    by: term?.family === "settled" ? "settled" : term?.family === "started" ? "started" : "active",
    failed: term?.family === "settled" && term.measure === "failed",
    sort: isCost
      ? "cost"
      : metric.kind === "distribution"
        ? "duration"
        : term?.family === "tool"
          ? "tool_errors"
          : "last_event_at",
  };
}

/** Filters by name as parameters of sessions: metadata keys are one of their own. */
export function sessionParams(filters: Record<string, string[]>) {
  const named: Record<string, string[]> = {};
  const metadata: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(filters))
    if (name.startsWith("metadata.")) metadata[name.slice("metadata.".length)] = values;
    else named[name] = values;
  return { ...named, metadata };
}

/** The same as the query of the page of sessions. */
export function sessionQuery(
  { filter, by, failed, sort, session }: Behind,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): string {
  const params = new URLSearchParams();
  if (session !== null) params.set("q", session);
  params.set("from", new Date(fromMs).toISOString());
  params.set("to", new Date(toMs).toISOString());
  if (by !== "active") params.set("by", by);
  if (failed) params.set("failed", "true");
  for (const [name, values] of Object.entries(filter))
    for (const value of values) params.append(name, value);
  if (sort !== "last_event_at") params.set("sort", sort);
  return `${params}`;
}
