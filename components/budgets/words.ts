import type { Shape, Tone } from "@/components/ui/mark";
import type { BudgetItem } from "@/lib/budgets/schema";
import { formatNanos, plain } from "@/lib/format";

const METADATA = "metadata.";

/** What a budget can be for, as the form offers it. */
export const SCOPE_LABELS = {
  all: "Everything",
  agent: "An agent",
  environment: "An environment",
  deployment: "A deployment",
  source: "A source",
  metadata: "A metadata value",
} as const;
export type ScopeKind = keyof typeof SCOPE_LABELS;

export function scopeWords(
  { scope, value }: Pick<BudgetItem, "scope" | "value">,
  nameOf: (facet: string, value: string) => string,
): string {
  if (value === null) return "everything";
  if (scope.startsWith(METADATA)) return plain(`${scope.slice(METADATA.length)} = ${value}`);
  return plain(`${scope} ${nameOf(scope, value)}`);
}

export const PERIOD_WORDS = { day: "a day", week: "a week", month: "a month" } as const;
const THIS = { day: "today", week: "this week", month: "this month" } as const;

/** "26 Nov" of a day like "2026-11-26". */
const dayWords = (date: string): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).format(
    Date.parse(`${date}T00:00:00Z`),
  );

export type StateWords = { shape: Shape; tone: Tone; text: string };

/** Whether a budget lasts, in words. */
export function stateWords({ state, exhausted_on, period, course }: BudgetItem): StateWords {
  const { outlook, wanted_days } = course;
  const expected = outlook ? formatNanos(outlook.expected_nanos) : "";
  const on =
    exhausted_on === null || period === "day" ? THIS[period] : `on ${dayWords(exhausted_on)}`;
  switch (state) {
    case "over":
      return { shape: "cross", tone: "fail", text: `used up ${on}` };
    case "will_exceed":
      return { shape: "rise", tone: "wait", text: `expected to be used up ${on}` };
    case "may_exceed":
      return {
        shape: "rise",
        tone: "wait",
        text: `may be used up: ${expected} expected, up to ${formatNanos(outlook?.high_nanos ?? 0)}`,
      };
    case "within":
      return { shape: "check", tone: "ok", text: `${expected} expected by its end` };
    case "unknown":
      return {
        shape: "ring",
        tone: "quiet",
        text: `not used up; a forecast needs ${wanted_days === 1 ? "one more day" : `${wanted_days} more days`}`,
      };
  }
}

/** Shares of the bar's width; it ends with the amount, or with what may be spent. */
export function burnOf({ amount_nanos, course }: Pick<BudgetItem, "amount_nanos" | "course">) {
  const { spent_nanos: spent, outlook } = course;
  const end = Math.max(amount_nanos, spent, outlook?.high_nanos ?? 0);
  return {
    spent: spent / end,
    expected: (outlook?.expected_nanos ?? spent) / end,
    high: (outlook?.high_nanos ?? spent) / end,
    amount: amount_nanos / end,
  };
}
