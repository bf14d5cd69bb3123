import type { Draft, Op } from "@/components/alerts/rule-draft";
import { dimensionWords } from "@/components/alerts/words";
import type { Kind } from "@/lib/alerts/rule-schema";
import { CATALOGUE, findMetric } from "@/lib/metrics/catalogue";
import { AGGREGATES, knownBy } from "@/lib/metrics/metric";

/** What kinds of rules there are, as the builder offers them. */
export const KIND_WORDS: Record<Kind, { label: string; text: string }> = {
  ratio: { label: "A share", text: "A rate crosses a bound, once there is enough to judge by." },
  threshold: { label: "A value", text: "A count, sum, duration or level crosses a bound." },
  change: { label: "A change", text: "A value is far from what it was some time before." },
  anomaly: { label: "Something unusual", text: "A value is far from what is usual at that hour." },
  burn_rate: { label: "An error budget", text: "Failures use up an error budget too fast." },
  absence: { label: "Something missing", text: "What should come stays away." },
  budget: { label: "A budget", text: "A budget is used up to a share, or expected to be." },
  session: { label: "A single session", text: "One session costs, lasts or waits too much." },
  event: { label: "Errors and webhooks", text: "Certain errors or webhooks come." },
  composite: { label: "Several rules", text: "Other rules fire together." },
  self: { label: "Watchkeeper itself", text: "What it does is late." },
};
/** Rules about Watchkeeper itself are there already. */
export const KIND_OPTIONS = Object.entries(KIND_WORDS)
  .filter(([kind]) => kind !== "self")
  .map(([kind, { label }]) => [kind as Kind, label] as const);

export const OP_OPTIONS: readonly (readonly [Op, string])[] = [
  [">", "above"],
  [">=", "at least"],
  ["<", "below"],
  ["<=", "at most"],
  ["outside", "outside of"],
  ["inside", "within"],
];
export const isRange = (op: Op) => op === "outside" || op === "inside";

export const metricWords = (id: string) => id.replaceAll("_", " ");

/** Metrics that a kind of rule can be about. */
export function metricOptions(kind: Kind): [string, string][] {
  const fitting = CATALOGUE.filter((metric) => {
    if (kind === "ratio") return metric.kind === "ratio";
    if (kind === "burn_rate") return metric.kind === "ratio" && metric.unit === "ratio";
    if (kind === "absence") return metric.kind === "count" || metric.kind === "sum";
    return true;
  });
  return fitting.map(({ id }) => [id, metricWords(id)]);
}

export const AGG_OPTIONS = AGGREGATES.map((agg) => [agg, agg] as const);

const GROUPS = [
  ...["agent", "agent_version", "environment", "deployment", "source", "model", "tool"],
  ...["error_type", "outcome", "mcp_server", "connection", "config"],
];

/** What alerts can be told apart by. */
export function groupOptions(draft: Draft, metadata: readonly string[]): [string, string][] {
  const ofMetric = draft.kind === "event" ? undefined : findMetric(draft.metric);
  const known = ofMetric && knownBy(ofMetric);
  if (draft.kind === "event" && draft.source === "webhook")
    return ["error_type", "connection"].map((name) => [name, dimensionWords(name)]);
  const names = known ?? [
    ...GROUPS,
    ...(draft.metric === "tokens" ? ["bucket"] : []),
    ...metadata.map((key) => `metadata.${key}`),
  ];
  return [...new Set([...names, ...draft.group_by])].map((name) => [name, dimensionWords(name)]);
}

export const WATCH_WORDS: Record<Draft["watch"], string> = {
  ingest: "When a source has sent nothing for",
  evaluation: "When rules are judged late by",
  channels: "When a channel has not delivered for",
  connections: "When what is here of a connection is behind by",
  break_glass: "When somebody has had content open for",
};

export const MEASURE_OPTIONS = [
  ["cost", "costs"],
  ["cost_per_minute", "costs a minute"],
  ["duration", "lasts"],
  ["tokens", "uses tokens"],
  ["tool_errors", "has errors of one tool in a row"],
  ["silence", "runs without an event for"],
  ["waiting", "waits for somebody for"],
  ["reschedules", "is put off"],
] as const;
