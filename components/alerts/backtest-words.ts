import type { BacktestAnswer } from "@/lib/alerts/rules-schema";
import { formatCount, formatDuration, formatPlural } from "@/lib/format";

type Counted = Pick<
  BacktestAnswer,
  "total" | "longest_ms" | "median_ms" | "messages" | "suppressed_by_volume"
>;

const timesWords = (count: number) =>
  count === 1 ? "once" : count === 2 ? "twice" : `${formatCount(count)} times`;

/** "Would have fired 4 times in 30 days, longest 42 min, median 6 min; 9 messages; 12 judgements …". */
export function backtestWords(answer: Counted, days: number): string {
  const { total, longest_ms, median_ms, messages, suppressed_by_volume: low } = answer;
  const span = days === 1 ? "in the last 24 h" : `in ${days} days`;
  const held =
    low > 0 ? `; ${formatPlural(low, "judgement")} suppressed by the minimum volume` : "";
  if (total === 0) return `Would not have fired ${span}${held}.`;
  const lengths =
    longest_ms === null
      ? ""
      : `, longest ${formatDuration(longest_ms)}${total > 1 && median_ms !== null ? `, median ${formatDuration(median_ms)}` : ""}`;
  return `Would have fired ${timesWords(total)} ${span}${lengths}; ${formatPlural(messages, "message")}${held}.`;
}

/** Beside what the saved version would have done. */
export function differenceWords(answer: Counted, saved: Counted): string {
  const more = answer.total - saved.total;
  const told = `${timesWords(saved.total)} with ${formatPlural(saved.messages, "message")}`;
  if (more === 0) return `As often as the saved version: ${told}.`;
  return `${formatCount(Math.abs(more))} ${more < 0 ? "fewer" : "more"} than the saved version, which fires ${saved.total === 0 ? "never" : told}.`;
}
