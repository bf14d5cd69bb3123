import { formatDuration, formatNanos, formatPercent, formatPlural } from "@/lib/format";
import { findMetric } from "@/lib/metrics/catalogue";
import { figureText } from "@/lib/metrics/figure";
import type { Unit } from "@/lib/metrics/metric";
import { parseDuration } from "./duration";
import type { NewRule, RuleOf } from "./rule-schema";

/** Of what a rule compares. */
export function unitOf(rule: NewRule): Unit {
  switch (rule.kind) {
    case "threshold":
    case "ratio":
    case "anomaly":
      return unitOfMetric(rule);
    case "change":
      return rule.compare.mode === "relative" ? "ratio" : unitOfMetric(rule);
    case "burn_rate":
    case "composite":
    case "event":
      return "count";
    case "absence":
      return rule.heartbeat === undefined ? "count" : "seconds";
    case "self":
      return "seconds";
    case "budget":
      return "nanodollars";
    case "session":
      return SESSION_UNITS[rule.measure];
  }
}

const unitOfMetric = ({ metric, agg }: { metric: string; agg: string }): Unit =>
  agg === "count" && findMetric(metric)?.kind === "distribution"
    ? "count"
    : (findMetric(metric)?.unit ?? "count");

const SESSION_UNITS: Record<RuleOf<"session">["measure"], Unit> = {
  cost: "nanodollars",
  cost_per_minute: "nanodollars",
  duration: "seconds",
  tokens: "tokens",
  tool_errors: "count",
  silence: "seconds",
  waiting: "seconds",
  reschedules: "count",
};

const SESSION_WORDS: Record<RuleOf<"session">["measure"], string> = {
  cost: "cost of a session",
  cost_per_minute: "cost of a session a minute",
  duration: "duration of a session",
  tokens: "tokens of a session",
  tool_errors: "errors of one tool in a row",
  silence: "time a running session is silent",
  waiting: "time a session waits for somebody",
  reschedules: "reschedules of a session",
};

const SELF_WORDS: Record<RuleOf<"self">["watch"], string> = {
  ingest: "a source has sent nothing for",
  evaluation: "rules are judged late by",
  channels: "a channel has not delivered for",
  connections: "what is here of a connection is behind by",
  break_glass: "somebody has had content open for",
};

const OP_WORDS = { ">": "above", ">=": "at least", "<": "below", "<=": "at most" } as const;

type Compared = Pick<RuleOf<"threshold">, "op" | "fire">;

function boundWords({ op, fire }: Compared, unit: Unit): string {
  const text = (value: number) => figureText(value, unit);
  if (Array.isArray(fire))
    return `${op === "inside" ? "between" : "not between"} ${text(fire[0])} and ${text(fire[1])}`;
  return `${op in OP_WORDS ? OP_WORDS[op as keyof typeof OP_WORDS] : op} ${text(fire)}`;
}

const over = (window: string) => `over ${formatDuration(parseDuration(window))}`;

const metricWords = ({ metric, agg }: { metric: string; agg: string }) => {
  const words = metric.replaceAll("_", " ");
  return findMetric(metric)?.kind === "distribution" ? `${agg} of ${words}` : words;
};

const SHORT = { agent_version: "version", error_type: "error type", mcp_server: "MCP server" };
const dimensionWords = (name: string) =>
  name in SHORT ? SHORT[name as keyof typeof SHORT] : name.replace(/^metadata\./, "");
const by = (groups: readonly string[]) =>
  groups.length === 0 ? "" : ` by ${groups.map(dimensionWords).join(", ")}`;

const least = ({ min_volume, min_bad }: { min_volume: number; min_bad: number }) =>
  [
    ...(min_volume > 0 ? [`, at least ${min_volume} to judge by`] : []),
    ...(min_bad > 0 ? [`, at least ${min_bad} of them bad`] : []),
  ].join("");

/** When a rule fires, in one line: "failure rate by agent above 20 % over 15 min, at least 10 to judge by". */
export function conditionWords(rule: NewRule): string {
  switch (rule.kind) {
    case "threshold":
    case "ratio":
      return `${metricWords(rule)}${by(rule.group_by)} ${boundWords(rule, unitOf(rule))} ${over(rule.window)}${least(rule)}`;
    case "change":
      return `${metricWords(rule)}${by(rule.group_by)} changed by ${changeWords(rule)} ${over(rule.window)} against ${formatDuration(parseDuration(rule.compare.offset))} earlier`;
    case "anomaly":
      return `${metricWords(rule)}${by(rule.group_by)} ${rule.anomaly.spreads} spreads ${ANOMALY_WORDS[rule.anomaly.direction]} what is usual for the ${rule.anomaly.season.replaceAll("_", " ")}, ${over(rule.window)}`;
    case "burn_rate":
      return `${metricWords({ ...rule, agg: "" })}${by(rule.group_by)} burns a ${formatPercent(1 - rule.slo)} error budget ${rule.factor} times too fast ${over(rule.window)} and its last twelfth`;
    case "absence":
      return rule.heartbeat === undefined
        ? `no ${metricWords({ metric: rule.metric ?? "", agg: "" })}${by(rule.group_by)} ${over(rule.window ?? "0")}`
        : `no heartbeat ${rule.heartbeat} for ${formatDuration(parseDuration(rule.period ?? "0"))} and ${formatDuration(parseDuration(rule.grace))} more`;
    case "budget":
      return `budget used to ${rule.tiers.map((tier) => formatPercent(tier)).join(", ")}${rule.forecast ? ", or expected to be exceeded" : ""}`;
    case "composite":
      return `rules as ${rule.expression}`;
    case "self":
      return `${SELF_WORDS[rule.watch]} ${boundWords(rule, "seconds")
        .replace(/^above/, "more than")
        .replace(/^below/, "less than")}`;
    case "session":
      return `${SESSION_WORDS[rule.measure]} ${boundWords(rule, unitOf(rule))}${tierWords(rule)}`;
    case "event": {
      const what = rule.source === "webhook" ? "webhooks" : "errors that were not tried again";
      const types = rule.types.length > 0 ? ` of ${rule.types.join(", ")}` : "";
      return `${what}${types}${by(rule.group_by)} ${boundWords(rule, "count")} ${over(rule.window)}`;
    }
  }
}

const ANOMALY_WORDS = { above: "above", below: "below", both: "away from" } as const;

function changeWords(rule: RuleOf<"change">): string {
  const words = boundWords(rule, unitOf(rule));
  return words.replace(/^above/, "more than");
}

const tierWords = ({ tiers, measure }: RuleOf<"session">) =>
  tiers.length === 0
    ? ""
    : `, ${tiers
        .map(({ fire, severity }) => `${severity} from ${tierText(fire, SESSION_UNITS[measure])}`)
        .join(", ")}`;

const tierText = (fire: number | [number, number], unit: Unit) =>
  Array.isArray(fire)
    ? fire.map((one) => figureText(one, unit)).join(" to ")
    : figureText(fire, unit);

/** What is left over of a bound in money or sessions, for messages: "9 of 29". */
export const shareWords = (numerator: number | null, denominator: number | null, unit: Unit) =>
  numerator === null || denominator === null
    ? null
    : unit === "nanodollars"
      ? `${formatNanos(numerator)} for ${formatPlural(denominator, "session")}`
      : `${numerator} of ${denominator}`;

const PLACE = /\{\{\s*(labels\.([a-zA-Z0-9_.]+)|value|threshold|severity)\s*\}\}/g;

/** An annotation with its places filled in; what is not known stays a dash. */
export function filled(
  text: string,
  given: { labels: Record<string, string>; value: string; threshold: string; severity: string },
): string {
  return text.replace(PLACE, (_, name: string, label?: string) =>
    label === undefined
      ? given[name as "value" | "threshold" | "severity"]
      : (given.labels[label] ?? "–"),
  );
}
