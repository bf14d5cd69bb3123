import type { Shape, Tone } from "@/components/ui/mark";
import type { CloseReason, Labels, Severity, Status } from "@/lib/alerts/schema";
import { plain } from "@/lib/format";
import { figureText } from "@/lib/metrics/figure";
import { UNITS, type Unit } from "@/lib/metrics/metric";

type Look = { word: string; shape: Shape; tone: Tone };

export const SEVERITY_LOOKS: Record<Severity, Look> = {
  info: { word: "Info", shape: "dot", tone: "run" },
  warning: { word: "Warning", shape: "rise", tone: "wait" },
  high: { word: "High", shape: "rise", tone: "fail" },
  critical: { word: "Critical", shape: "cross", tone: "fail" },
};
export const SEVERITY_ORDER = Object.keys(SEVERITY_LOOKS) as Severity[];

export const STATUS_LOOKS: Record<Status | "low", Look> = {
  inactive: { word: "Quiet", shape: "check", tone: "ok" },
  pending: { word: "Pending", shape: "hourglass", tone: "wait" },
  firing: { word: "Firing", shape: "cross", tone: "fail" },
  recovering: { word: "Recovering", shape: "ring", tone: "run" },
  no_data: { word: "No data", shape: "query", tone: "stop" },
  low: { word: "Too little to judge by", shape: "ring", tone: "quiet" },
};

export const CLOSE_WORDS: Record<CloseReason, string> = {
  recovered: "recovered",
  low_volume: "too little left to judge by",
  missing: "its data came no more",
  ended: "its session ended",
  rule_changed: "the rule was changed",
  paused: "the rule was paused",
  deleted: "the rule was deleted",
};

/** A unit as the API writes it. */
export const unitOf = (unit: string): Unit => UNITS.find((known) => known === unit) ?? "count";

export const valueWords = (value: number | null, unit: string): string =>
  figureText(value, unitOf(unit));

const DIMENSION_WORDS: Record<string, string> = {
  agent: "agent",
  agent_version: "version",
  environment: "environment",
  deployment: "deployment",
  source: "source",
  outcome: "outcome",
  model: "model",
  tool: "tool",
  error_type: "error type",
  mcp_server: "MCP server",
  error_group: "error",
  connection: "connection",
  config: "configuration",
  bucket: "token bucket",
  session: "session",
  break_glass: "content opened by",
};

export const dimensionWords = (name: string): string =>
  DIMENSION_WORDS[name] ?? name.replace(/^metadata\./, "");

export type LabelWords = { name: string; value: string };

/** An alert's labels for reading, ids by their names. */
export const labelWords = (labels: Labels, names: Labels = {}): LabelWords[] =>
  Object.entries(labels).map(([name, value]) => ({
    name: plain(dimensionWords(name)),
    value: value === "" ? "none" : plain(names[value] ?? value),
  }));

/** The same in one line; nothing for an alert without labels. */
export const labelLine = (labels: Labels, names?: Labels): string =>
  labelWords(labels, names)
    .map(({ name, value }) => (name === "version" ? `v${value}` : value))
    .join(", ");

/** The same where there is little room: of one session, its agent says enough. */
export const briefLine = (labels: Labels, names?: Labels): string => {
  const { session, agent, ...others } = labels;
  if (session === undefined) return labelLine(labels, names);
  return labelLine(agent ? { agent } : { session, ...others }, names);
};

/** "9 of 29", "$3.10 of 4", or nothing. */
export function shareOf(
  numerator: number | null,
  denominator: number | null,
  unit: string,
): string | null {
  if (numerator === null || denominator === null) return null;
  const above = unit === "nanodollars" ? figureText(numerator, "nanodollars") : numerator;
  return `${above} of ${denominator}`;
}
