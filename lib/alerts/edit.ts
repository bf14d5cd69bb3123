import { partsOf } from "./budget";
import type { NewRule } from "./rule-schema";
import type { Instance, Labels } from "./schema";

/** What of a rule may change while an alert's clocks run on: what it is called, who hears of it, how long it waits. */
const KEPT = new Set<string>([
  ...["name", "severity", "labels", "annotations", "runbook_url", "owner", "channels", "paused"],
  ...["dry_run", "every", "delay", "for", "keep_firing_for", "no_data", "no_data_for"],
  ...["low_volume_hold", "error_for", "new_group_delay", "max_instances", "missing_evals"],
  ...["max_staleness", "action"],
]);

/** Whether an edit asks another question or compares with another bound, so that the next tick judges anew. */
export function asksAnew(before: NewRule, after: NewRule): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const text = (rule: NewRule, name: string) =>
    JSON.stringify((rule as Record<string, unknown>)[name] ?? null);
  return [...names].some((name) => !KEPT.has(name) && text(before, name) !== text(after, name));
}

/** Whether a rule as it is now can have an alert with these labels. */
export function canHave(rule: NewRule, labels: Labels): boolean {
  switch (rule.kind) {
    case "composite":
    case "self":
      return true;
    case "budget":
      return partsOf(rule).some((part) => part.labels.tier === labels.tier);
    case "session":
      return passes(rule.filters, labels);
    default:
      return isGroupedBy(rule.group_by, labels) && passes(rule.filters, labels);
  }
}

const isGroupedBy = (groups: readonly string[], labels: Labels): boolean =>
  groups.length === Object.keys(labels).length && groups.every((name) => name in labels);

const passes = (filters: Record<string, string[]>, labels: Labels): boolean =>
  Object.entries(filters).every(([name, values]) => {
    const label = labels[name];
    return label === undefined || values.includes(label);
  });

/**
 * What an edit makes of one alert. Null: it is to be closed with the reason `rule_changed`. Open ones stay open
 * and are judged by the new rule at its next tick; what was pending waits anew when the question is another.
 * A longer `for` takes nothing back.
 */
export function afterEdit(
  { before, after }: { before: NewRule; after: NewRule },
  { labels, instance }: { labels: Labels; instance: Instance },
): Instance | null {
  if (before.kind !== after.kind || !canHave(after, labels)) return null;
  if (instance.status !== "pending" || !asksAnew(before, after)) return instance;
  return { ...instance, status: "inactive" };
}
