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
 * By which other one that is open an alert is hidden, as the settings allow. What is silenced or muted
 * hides others all the same; nothing hides itself.
 */
export function inhibitedBy<C extends Candidate>(
  settings: Inhibition,
  open: readonly C[],
): (alert: Candidate) => C | null {
  const firing = open.filter(({ status }) => status === "firing");
  const unhealthy = new Map(
    firing.filter(({ isHealth }) => isHealth).map((one) => [one.ruleId, one]),
  );
  const critical = new Map(
    firing
      .filter(({ severity }) => severity === "critical")
      .map((one) => [instanceOf(one.labels), one]),
  );
  const down = firing.find(({ labels }) => labels.platform === "down") ?? null;
  return ({ ruleId, labels, status, severity, unit, isHealth }) => {
    const ill = unhealthy.get(ruleId);
    if (settings.rule_health && status === "no_data" && !isHealth && ill) return ill;
    const instance = instanceOf(labels);
    if (settings.critical_over_warning && severity === "warning" && instance !== null) {
      const worse = critical.get(instance);
      if (worse) return worse;
    }
    const isOfAgent = unit === "ratio" && labels.agent !== undefined;
    return settings.platform_down && isOfAgent && labels.platform !== "down" ? down : null;
  };
}

/** The same, whether there is any. */
export function inhibiting(settings: Inhibition, open: readonly Candidate[]) {
  const found = inhibitedBy(settings, open);
  return (alert: Candidate): boolean => found(alert) !== null;
}
