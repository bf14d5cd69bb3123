import type { Labels } from "./match";
import type { NoticeContent } from "./schema";
import type { Inhibition } from "./settings-schema";

/** An open alert as far as others are hidden by it, or it by others. */
export type Candidate = {
  id: string;
  ruleId: string;
  /** Its own and its rule's. */
  labels: Labels;
  status: NoticeContent["status"];
  severity: NoticeContent["severity"];
  unit: string;
  isHealth: boolean;
};

const instanceOf = (labels: Labels): string | null => {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? null : JSON.stringify(sorted);
};

/**
 * Which alerts are hidden by others that are open, as the settings allow. What is silenced or muted
 * hides others all the same; nothing hides itself.
 */
export function inhibiting(
  settings: Inhibition,
  open: readonly Candidate[],
): (alert: Candidate) => boolean {
  const firing = open.filter(({ status }) => status === "firing");
  const unhealthy = new Set(firing.filter(({ isHealth }) => isHealth).map(({ ruleId }) => ruleId));
  const critical = new Set(
    firing
      .filter(({ severity }) => severity === "critical")
      .map(({ labels }) => instanceOf(labels)),
  );
  const isDown = firing.some(({ labels }) => labels.platform === "down");
  return ({ ruleId, labels, status, severity, unit, isHealth }) => {
    if (settings.rule_health && status === "no_data" && !isHealth && unhealthy.has(ruleId))
      return true;
    const instance = instanceOf(labels);
    if (settings.critical_over_warning && severity === "warning" && instance !== null)
      if (critical.has(instance)) return true;
    const isOfAgent = unit === "ratio" && labels.agent !== undefined;
    return settings.platform_down && isDown && isOfAgent && labels.platform !== "down";
  };
}
