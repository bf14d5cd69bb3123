import { findMetric } from "@/lib/metrics/catalogue";
import { knownBy, knownWords, type Metric, termsOf } from "@/lib/metrics/metric";
import type { Bound, Op } from "./rule";
import { type NewRule, severityRank } from "./rule-schema";

/** `path` is dotted. */
export type Found = { path: string; message: string };
type WithBounds = Extract<NewRule, { op: unknown }>;
type WithMetric = Extract<NewRule, { metric?: unknown }>;
type WithGroups = Extract<NewRule, { group_by: unknown }>;

export const found = (isWrong: boolean, path: string, message: string): Found[] =>
  isWrong ? [{ path, message }] : [];

/** Whether a bound lies at least as far on the bad side as another. */
function isAsFar(op: Op, bound: Bound, than: Bound): boolean {
  const [low, high] = Array.isArray(bound) ? bound : [bound, bound];
  const [lowest, highest] = Array.isArray(than) ? than : [than, than];
  if (op === ">" || op === ">=") return low >= highest;
  if (op === "<" || op === "<=") return high <= lowest;
  return op === "outside" ? low <= lowest && high >= highest : low >= lowest && high <= highest;
}

const same = (one: Bound, other: Bound) => JSON.stringify(one) === JSON.stringify(other);

/** Of bounds: their form, and that warning, firing, farther ones and recovery lie in this order. */
export function boundIssues(rule: NewRule): Found[] {
  if (!("op" in rule)) return [];
  const { op, fire, warn, recover, tiers } = rule;
  const named: [string, Bound | undefined][] = [
    ...([
      ["fire", fire],
      ["warn", warn],
      ["recover", recover],
    ] as [string, Bound | undefined][]),
    ...tiers.map((tier, at): [string, Bound] => [`tiers.${at}.fire`, tier.fire]),
  ];
  const misformed = named.flatMap(([path, bound]) =>
    bound === undefined ? [] : formIssues(op, path, bound),
  );
  if (misformed.length > 0) return misformed;
  const nearest = warn ?? fire;
  return [
    ...found(
      warn !== undefined && (!isAsFar(op, fire, warn) || same(fire, warn)),
      "warn",
      `it must be reached before \`fire\` is: ${orderWords(op)}`,
    ),
    ...found(
      recover !== undefined && !isAsFar(op, nearest, recover),
      "recover",
      `it must lie on the good side of \`${warn === undefined ? "fire" : "warn"}\`, or one that fires could never close`,
    ),
    ...tiers.flatMap((tier, at) => tierIssues(rule, tier, `tiers.${at}`)),
    ...shareIssues(rule),
  ];
}

const orderWords = (op: Op): string =>
  op === ">" || op === ">="
    ? "a smaller number"
    : op === "<" || op === "<="
      ? "a larger number"
      : op === "outside"
        ? "a range within it"
        : "a range around it";

function formIssues(op: Op, path: string, bound: Bound): Found[] {
  const wantsRange = op === "outside" || op === "inside";
  if (wantsRange && !Array.isArray(bound))
    return [{ path, message: `\`${op}\` needs two numbers, like [10, 20]` }];
  if (!wantsRange && Array.isArray(bound))
    return [{ path, message: `\`${op}\` needs one number; a range goes with outside or inside` }];
  return found(
    Array.isArray(bound) && bound[0] >= bound[1],
    path,
    "the first number must be smaller than the second",
  );
}

function tierIssues(rule: WithBounds, tier: WithBounds["tiers"][number], path: string): Found[] {
  return [
    ...found(
      !isAsFar(rule.op, tier.fire, rule.fire) || same(tier.fire, rule.fire),
      `${path}.fire`,
      "it must lie farther on the bad side than `fire`",
    ),
    ...found(
      severityRank(tier.severity) <= severityRank(rule.severity),
      `${path}.severity`,
      `a farther bound needs a higher severity than the rule's ${rule.severity}`,
    ),
  ];
}

/** A share is at most 1: who writes 20 for 20 % would never hear of it. */
function shareIssues(rule: WithBounds): Found[] {
  if (rule.kind !== "threshold" && rule.kind !== "ratio") return [];
  const metric = findMetric(rule.metric);
  if (!metric || !isShare(metric) || typeof rule.fire !== "number") return [];
  const isNever = rule.op === ">" ? rule.fire >= 1 : rule.op === ">=" && rule.fire > 1;
  const message = `\`${metric.id}\` is never above 1: write 20 % as 0.2`;
  return found(isNever, "fire", message);
}

/** A rate whose numerator is part of its denominator. */
const isShare = (metric: Metric): boolean =>
  metric.kind === "ratio" &&
  metric.unit === "ratio" &&
  termsOf(metric).every(({ measure }) => measure !== "ms");

/** Of the metric that is asked for: whether it fits the kind, what it is grouped and filtered by, its volume. */
export function metricIssues(rule: NewRule): Found[] {
  const groups = "group_by" in rule ? groupIssues(rule) : [];
  if (!("metric" in rule) || rule.metric === undefined) return groups;
  const metric = findMetric(rule.metric);
  if (!metric) return [{ path: "metric", message: `there is no metric ${rule.metric}` }];
  return [
    ...fitIssues(rule, metric),
    ...groups,
    ...found(
      rule.group_by.includes("bucket") && metric.id !== "tokens",
      "group_by",
      "`bucket` is a dimension of `tokens` alone",
    ),
    ...knownIssues(rule, metric),
    ...("min_volume" in rule ? volumeIssues(rule, metric) : []),
  ];
}

/** A value inside a label is a new alert at every change. */
function groupIssues({ group_by }: WithGroups): Found[] {
  const own = group_by.find((name) =>
    /^metadata\.(.*[_-])?(session|request|run|trace)[_-]?id$/i.test(name),
  );
  return [
    ...found(new Set(group_by).size < group_by.length, "group_by", "each name once"),
    ...found(
      group_by.includes("error_group"),
      "group_by",
      "`error_group` is the text of messages, with a new alert for each: group by `error_type`, or filter by it",
    ),
    ...found(
      own !== undefined,
      "group_by",
      `\`${own}\` is another for every session: rules of the kind session have one alert for each`,
    ),
  ];
}

function fitIssues({ kind }: NewRule, metric: Metric): Found[] {
  const what = `\`${metric.id}\` is a ${metric.kind}`;
  if (kind === "ratio")
    return found(metric.kind !== "ratio", "metric", `${what}, no ratio: use the kind threshold`);
  if (kind === "burn_rate")
    return found(!isShare(metric), "metric", `${what}, and no share of errors like failure_rate`);
  if (kind === "absence")
    return found(
      metric.kind !== "count" && metric.kind !== "sum",
      "metric",
      `${what}: only counts and sums can be absent`,
    );
  return [];
}

function knownIssues(rule: WithMetric, metric: Metric): Found[] {
  const known = knownBy(metric);
  if (known === null) return [];
  const message = knownWords(metric, known);
  const strange = Object.keys(rule.filters).find((name) => !known.includes(name));
  return [
    ...found(
      rule.group_by.some((name) => !known.includes(name)),
      "group_by",
      message,
    ),
    ...found(strange !== undefined, `filters.${strange}`, message),
  ];
}

function volumeIssues(rule: Extract<NewRule, { min_volume: unknown }>, metric: Metric): Found[] {
  const { min_volume, min_bad, confidence } = rule;
  const isMeasured = rule.kind === "threshold" && rule.agg !== "count";
  const hasVolume = metric.kind === "ratio" || (metric.kind === "distribution" && isMeasured);
  const message = `only ratios have a volume, and distributions of the kind threshold; \`${metric.id}\` is a ${metric.kind}`;
  return [
    ...found(min_volume > 0 && !hasVolume, "min_volume", message),
    ...found(min_bad > 0 && metric.kind !== "ratio", "min_bad", "only ratios have a numerator"),
    ...found(confidence && !canBeSure(rule, metric), "confidence", SURE),
  ];
}

const SURE =
  "the interval is for shares above a bound: a ratio like failure_rate, with `>` or `>=`, of the kind ratio or threshold";
const canBeSure = (rule: NewRule, metric: Metric): boolean =>
  (rule.kind === "ratio" || rule.kind === "threshold") &&
  (rule.op === ">" || rule.op === ">=") &&
  isShare(metric);
