import type { ScopeKind } from "@/components/budgets/words";
import { type BudgetItem, NewBudget } from "@/lib/budgets/schema";
import { dollarsOfNanos, nanosOfDollars } from "@/lib/costs/dollars";

/** The form's fields as they are typed. */
export type Draft = {
  name: string;
  kind: ScopeKind;
  /** Of a metadata value. */
  key: string;
  value: string;
  period: BudgetItem["period"];
  amount: string;
};

const METADATA = "metadata.";

export function draftOf(budget: BudgetItem | null): Draft {
  if (!budget) return { name: "", kind: "all", key: "", value: "", period: "month", amount: "" };
  const { name, scope, value, period, amount_nanos } = budget;
  const isMetadata = scope.startsWith(METADATA);
  return {
    ...{ name, period, value: value ?? "", amount: dollarsOfNanos(amount_nanos) },
    kind: isMetadata ? "metadata" : (scope as ScopeKind),
    key: isMetadata ? scope.slice(METADATA.length) : "",
  };
}

export type DraftIssues = Partial<Record<keyof Draft, string>>;

/** The budget that is typed, or what is wrong with each field. `nameOf` names one that has no name. */
export function readDraft(
  draft: Draft,
  tz: string,
  nameOf: (draft: Draft) => string,
): { budget: NewBudget } | { issues: DraftIssues } {
  const issues: DraftIssues = {};
  const amount_nanos = nanosOfDollars(draft.amount);
  if (amount_nanos === null) issues.amount = "An amount in US dollars, like 250 or 1,250.50.";
  if (draft.kind === "metadata" && draft.key.trim() === "") issues.key = "The key to look at.";
  if (draft.kind !== "all" && draft.value === "") issues.value = "Which one it is for.";
  if (Object.keys(issues).length > 0) return { issues };
  const parsed = NewBudget.safeParse({
    name: draft.name.trim() || nameOf(draft),
    scope: draft.kind === "metadata" ? `${METADATA}${draft.key.trim()}` : draft.kind,
    value: draft.kind === "all" ? null : draft.value,
    ...{ period: draft.period, tz, amount_nanos },
  });
  if (parsed.success) return { budget: parsed.data };
  for (const { path, message } of parsed.error.issues) issues[fieldOf(String(path[0]))] = message;
  return { issues };
}

const fieldOf = (name: string): keyof Draft => {
  if (name === "amount_nanos") return "amount";
  if (name === "scope") return "key";
  return name === "value" || name === "period" ? name : "name";
};
