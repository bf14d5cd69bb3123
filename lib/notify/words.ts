import {
  formatCompact,
  formatCount,
  formatDuration,
  formatHours,
  formatInstant,
  formatNanos,
  formatPercent,
} from "@/lib/format";
import type { Message, NoticeContent, NoticeReason } from "./schema";

const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;

const plain = (value: number) =>
  Number.isInteger(value) || Math.abs(value) >= 1_000
    ? formatCount(value)
    : String(Number(value.toPrecision(3)));

/** A figure with its unit, as people read it: 0.31 of `ratio` → "31 %"; null → "no value". */
export function valueText(value: number | null, unit: string): string {
  if (value === null || !Number.isFinite(value)) return "no value";
  switch (unit) {
    case "ratio":
      return formatPercent(value);
    case "nanodollars":
      return formatNanos(value);
    case "tokens":
      return `${formatCompact(value)} tokens`;
    case "hours":
      return formatHours(value * HOUR_MS);
    case "ms":
      return formatDuration(value);
    case "seconds":
      return formatDuration(value * SECOND_MS);
    case "per_minute":
      return `${plain(value)}/min`;
    default:
      return plain(value);
  }
}

/** The value with what it is made of: "31 % (9 of 29)". */
export function measureText(content: NoticeContent): string {
  const { value, unit, numerator, denominator } = content;
  const text = valueText(value, unit);
  if (denominator === null) return text;
  if (unit === "ratio" && numerator !== null)
    return `${text} (${plain(numerator)} of ${plain(denominator)})`;
  return `${text} (over ${plain(denominator)})`;
}

export const instantText = (instant: string) =>
  `${formatInstant(Date.parse(instant), "UTC", "full")} UTC`;

/** Between two instants; "0 s" where the second is not later. */
export const spanText = (from: string, to: string) =>
  formatDuration(Math.max(0, Date.parse(to) - Date.parse(from)));

const REASONS: Record<NoticeReason, string> = {
  opened: "Opened",
  more_opened: "More has opened",
  some_closed: "Some of it has closed",
  closed: "Closed",
  escalated: "Escalated",
  reminder: "Reminder: it still fires",
  silence_ended: "Its silence is over, and it still fires",
  no_data: "No more data comes",
  flapping: "It opens and closes again and again: nothing more is told until it rests",
  flapping_ended: "It rests again, as it stands here",
  late: "Found late, while catching up after a standstill",
  test: "A test message: nothing has happened",
  health: "A rule cannot be evaluated",
};

const CLOSES: Record<string, string> = {
  recovered: "it recovered",
  low_volume: "there is too little to judge by",
  missing: "its data came no more",
  ended: "the session ended",
  rule_changed: "the rule was changed",
  paused: "the rule was paused",
  deleted: "the rule was deleted",
};

/** "it recovered"; of a reason that is not known, its name. */
export const closeText = (reason: string | null) =>
  reason === null ? null : (CLOSES[reason] ?? reason.replaceAll("_", " "));

/** Why this message comes, each reason a sentence without its full stop. */
export function reasonLines(message: Message): string[] {
  const { reason, firing, closed, acknowledged_by, failed_channel } = message;
  const all = [...firing, ...closed];
  const why = new Set(closed.map(({ content }) => closeText(content.close_reason)));
  const [because] = why;
  const isClose = reason === "closed" && why.size === 1 && because;
  const isLate = reason !== "late" && all.some(({ content }) => content.late);
  return [
    isClose ? `${REASONS.closed} because ${because}` : REASONS[reason],
    ...(isLate ? [REASONS.late] : []),
    ...(acknowledged_by === null ? [] : [`Acknowledged by ${acknowledged_by}`]),
    ...(failed_channel === undefined
      ? []
      : [`Meant for the channel “${failed_channel}”, which could not deliver it`]),
  ];
}

const SEVERITY_RANK = { info: 0, warning: 1, high: 2, critical: 3 } as const;
export type Severity = keyof typeof SEVERITY_RANK;

/** The worst of those that fire; of those that closed, where none does. */
export function worstOf({ firing, closed }: Message): Severity {
  const members = firing.length > 0 ? firing : closed;
  return members
    .map(({ content }) => content.severity)
    .reduce((worst, one) => (SEVERITY_RANK[one] > SEVERITY_RANK[worst] ? one : worst), "info");
}

/** A label's value in words, where it is an id that has a name. */
const named = ({ names }: NoticeContent, value: string) => names[value] ?? value;

/** "agent triage, environment prod"; "" without labels. */
export const labelsText = (content: NoticeContent) =>
  Object.entries(content.labels)
    .map(([label, value]) => `${label.replaceAll("_", " ")} ${named(content, value)}`)
    .join(", ");

/** The rule, and which of its alerts: "Failure rate, agent triage". */
export function headingOf(content: NoticeContent): string {
  const labels = labelsText(content);
  return labels === "" ? content.rule.name : `${content.rule.name}, ${labels}`;
}
