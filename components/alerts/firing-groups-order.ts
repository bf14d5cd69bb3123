import type { AlertItem } from "@/lib/alerts/episode-schema";
import type { Severity } from "@/lib/alerts/schema";

/** Alerts of one rule, with how many there are of each severity, the worst first; or some that are alone in theirs. */
export type FiringGroup =
  | { kind: "singles"; alerts: AlertItem[] }
  | {
      kind: "rule";
      id: string;
      name: string;
      alerts: AlertItem[];
      counts: [Severity, number][];
    };

/** In the order of each rule's first alert; those that are alone and follow each other are together. */
export function groupsOf(alerts: readonly AlertItem[]): FiringGroup[] {
  const byRule = new Map<string, AlertItem[]>();
  for (const alert of alerts) {
    const same = byRule.get(alert.rule_id);
    if (same) same.push(alert);
    else byRule.set(alert.rule_id, [alert]);
  }
  const groups: FiringGroup[] = [];
  for (const [id, own] of byRule) {
    const [first, second] = own;
    const last = groups.at(-1);
    if (first && second)
      groups.push({ kind: "rule", id, name: first.rule_name, alerts: own, counts: countsOf(own) });
    else if (last?.kind === "singles") last.alerts.push(...own);
    else groups.push({ kind: "singles", alerts: own });
  }
  return groups;
}

/** The worst come first, as the alerts do. */
function countsOf(alerts: readonly AlertItem[]): [Severity, number][] {
  const counts = new Map<Severity, number>();
  for (const { severity } of alerts) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  return [...counts];
}
