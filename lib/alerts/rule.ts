import { findMetric } from "@/lib/metrics/catalogue";
import { parseDuration } from "./duration";
import { kindIssues } from "./kind-checks";
import { boundIssues, metricIssues } from "./rule-checks";
import { type Kind, type NewRule, severityRank } from "./rule-schema";
import type { Severity } from "./schema";

/** A number, or the two ends of a range. */
export type Bound = number | [number, number];
export type Op = Extract<NewRule, { op: unknown }>["op"];

/** What is compared, ready to be: the severest bound first; none where the kind compares otherwise. */
export type Compared = {
  op: Op;
  bounds: readonly { at: Bound; severity: Severity }[];
  recover: Bound | null;
};

const MIN_HOLD_MS = 1_800_000;
const SHORT_PART = 12;

/** A rule as it is judged: durations in milliseconds, defaults resolved; the kind's own fields are kept. */
export type Judged = ReturnType<typeof judgedOf>;

export function judgedOf(rule: NewRule) {
  const windowMs = windowOf(rule);
  const hold = rule.low_volume_hold;
  return {
    ...rule,
    everyMs: msOf(rule.every),
    delayMs: msOf(rule.delay),
    forMs: msOf(rule.for),
    keepFiringForMs: msOf(rule.keep_firing_for),
    noDataForMs: msOf(rule.no_data_for),
    newGroupDelayMs: msOf(rule.new_group_delay),
    maxStalenessMs: msOf(rule.max_staleness),
    lowVolumeHoldMs: hold === undefined ? Math.max(3 * windowMs, MIN_HOLD_MS) : msOf(hold),
    /** 0 where it looks at no window. */
    windowMs,
    /** The second window of a burn rate, in whole seconds. */
    shortWindowMs: Math.max(1_000, Math.round(windowMs / SHORT_PART / 1_000) * 1_000),
    /** How far back the baseline of a change is. */
    offsetMs: rule.kind === "change" ? msOf(rule.compare.offset) : 0,
    /** Between heartbeats; 0 where none is awaited. */
    periodMs: rule.kind === "absence" ? msOf(rule.period ?? "0") : 0,
    graceMs: rule.kind === "absence" ? msOf(rule.grace) : 0,
    /** Where nothing was, there were none. */
    emptyIsZero: isZeroWhenEmpty(rule),
    compared: comparedOf(rule),
  };
}

const msOf = (text: string): number => parseDuration(text) ?? 0;

const windowOf = (rule: NewRule): number => ("window" in rule ? msOf(rule.window ?? "0") : 0);

/** Of what a rule asks the catalogue for; a gauge of age knows nothing of connections that are none. */
function isZeroWhenEmpty(rule: NewRule): boolean {
  if (rule.kind === "event") return true;
  const metric = "metric" in rule && rule.metric ? findMetric(rule.metric) : undefined;
  if (!metric) return false;
  if (metric.kind === "distribution") return "agg" in rule && rule.agg === "count";
  return metric.kind !== "ratio" && !(metric.kind === "gauge" && metric.oldest === "sync");
}

function comparedOf(rule: NewRule): Compared {
  if (!("op" in rule)) return { op: ">", bounds: [], recover: null };
  const bounds: Compared["bounds"] = [
    { at: rule.fire, severity: rule.severity },
    ...rule.tiers.map(({ fire, severity }) => ({ at: fire, severity })),
    ...(rule.warn === undefined ? [] : [{ at: rule.warn, severity: "warning" as const }]),
  ];
  return {
    op: rule.op,
    bounds: [...bounds].sort((a, b) => severityRank(b.severity) - severityRank(a.severity)),
    recover: rule.recover ?? null,
  };
}

/**
 * What the schema cannot say of a rule: bounds that contradict each other, a metric that does not fit, a
 * condition that can never hold. `kindOf` tells the kind of other rules, where they are known.
 */
export const checkRule = (
  rule: NewRule,
  kindOf?: (ruleId: string) => Kind | undefined,
): { path: string; message: string }[] => [
  ...boundIssues(rule),
  ...metricIssues(rule),
  ...kindIssues(rule, kindOf),
];
