import { figureText } from "@/lib/metrics/figure";
import type { Notice, NoticeContent } from "@/lib/notify/schema";
import type { NewRule } from "./rule-schema";
import type { CloseReason, Instance, Labels, Severity } from "./schema";
import { conditionWords, filled, unitOf } from "./words";

type Told = {
  rule: { id: string; version: number; written: NewRule };
  episode: {
    id: string;
    openedMs: number;
    closedMs: number | null;
    closeReason: CloseReason | null;
  };
  labels: Labels;
  names: Record<string, string>;
  instance: Pick<Instance, "status" | "severity" | "flappingMs">;
  figures: { value: number | null; numerator: number | null; denominator: number | null };
  atMs: number;
  late: boolean;
  sessions: NoticeContent["sessions"];
  sessionCount: number;
  course: NoticeContent["course"];
};

/** What is said of an episode now. */
export function noticeOf(told: Told): Notice {
  const { rule, episode, labels, names, instance, figures, atMs, late } = told;
  const { written } = rule;
  const { severity } = instance;
  const unit = unitOf(written);
  const threshold = thresholdOf(written, severity);
  const given = {
    labels: Object.fromEntries(Object.entries(labels).map(([name, id]) => [name, names[id] ?? id])),
    value: figureText(figures.value, unit),
    threshold: figureText(threshold, unit),
    severity,
  };
  const { summary, description } = written.annotations;
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    id: episode.id,
    content: {
      rule: { id: rule.id, name: written.name, kind: written.kind, version: rule.version },
      labels: { ...written.labels, ...labels },
      ...{ names, severity, ...figures, unit, threshold, late },
      status:
        episode.closedMs !== null ? "closed" : instance.status === "no_data" ? "no_data" : "firing",
      close_reason: episode.closeReason,
      opened_at: iso(episode.openedMs),
      closed_at: episode.closedMs === null ? null : iso(episode.closedMs),
      at: iso(atMs),
      condition: conditionWords(written),
      summary: summary === undefined ? null : filled(summary, given),
      description: description === undefined ? null : filled(description, given),
      runbook_url: written.runbook_url ?? null,
      sessions: told.sessions,
      session_count: told.sessionCount,
      course: told.course,
      flapping: instance.flappingMs !== null,
      health: null,
      channels: written.channels,
    },
  };
}

/** The bound that a severity stands for; null where there are two, or none. */
export function thresholdOf(rule: NewRule, severity: Severity): number | null {
  if (rule.kind === "burn_rate") return rule.factor;
  if (!("fire" in rule)) return null;
  const { fire, warn, tiers, severity: own } = rule;
  const tier = tiers.find((one) => one.severity === severity);
  const bound = tier ? tier.fire : severity === own || warn === undefined ? fire : warn;
  return typeof bound === "number" ? bound : null;
}

/** What its owner is told of a rule that cannot be judged, or has more label sets than it may. */
export function healthNotice(
  rule: { id: string; version: number; written: NewRule },
  { text, sinceMs, atMs, over }: { text: string; sinceMs: number; atMs: number; over: boolean },
): Notice {
  const { written } = rule;
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    id: `health_${rule.id}_${sinceMs}`,
    content: {
      rule: { id: rule.id, name: written.name, kind: written.kind, version: rule.version },
      labels: {
        ...written.labels,
        rule_health: "failing",
        ...(written.owner ? { owner: written.owner } : {}),
      },
      names: {},
      severity: "warning",
      status: over ? "closed" : "firing",
      close_reason: over ? "recovered" : null,
      opened_at: iso(sinceMs),
      closed_at: over ? iso(atMs) : null,
      at: iso(atMs),
      ...{ value: null, numerator: null, denominator: null, unit: "count", threshold: null },
      condition: conditionWords(written),
      ...{ summary: null, description: null, runbook_url: written.runbook_url ?? null },
      ...{ sessions: [], session_count: 0, course: [], flapping: false, late: false },
      health: text,
      channels: written.channels,
    },
  };
}
