import { findMetric } from "@/lib/metrics/catalogue";
import type { Aggregate } from "@/lib/metrics/metric";
import type { WindowQuestion } from "@/lib/metrics/window-schema";
import type { Judged } from "./rule";

const HOUR_MS = 3_600_000;
const SEASONS = { hour_of_day: 24 * HOUR_MS, hour_of_week: 168 * HOUR_MS } as const;

/**
 * What a rule asks the metrics at a tick, in a fixed order: the window itself first. None for rules
 * that look at something else.
 */
export function questionsOf(rule: Judged, tickMs: number): WindowQuestion[] {
  const toMs = tickMs - rule.delayMs;
  const over = (lengthMs: number, backMs = 0) => ({
    fromMs: toMs - backMs - lengthMs,
    toMs: toMs - backMs,
  });
  switch (rule.kind) {
    case "threshold":
    case "ratio":
      return [
        { ...askedOf(rule), ...over(rule.windowMs) },
        ...(asksVolume(rule)
          ? [{ ...askedOf({ ...rule, agg: "count" }), ...over(rule.windowMs) }]
          : []),
      ];
    case "change":
      return [0, rule.offsetMs].map((back) => ({ ...askedOf(rule), ...over(rule.windowMs, back) }));
    case "anomaly": {
      const season = SEASONS[rule.anomaly.season];
      return Array.from({ length: rule.anomaly.seasons + 1 }, (_, back) => ({
        ...askedOf(rule),
        ...over(rule.windowMs, back * season),
      }));
    }
    case "burn_rate":
      return [rule.windowMs, rule.shortWindowMs].map((length) => ({
        ...askedOf({ ...rule, agg: "p50" }),
        ...over(length),
      }));
    case "absence":
      return rule.metric === undefined
        ? []
        : [
            {
              ...askedOf({ ...rule, metric: rule.metric, agg: "count" }),
              ...over(rule.windowMs),
            },
          ];
    case "event":
      if (rule.source !== "session_error") return [];
      return [
        {
          ...askedOf({ ...rule, metric: "final_errors", agg: "count" }),
          ...(rule.types.length > 0
            ? { filters: { ...rule.filters, error_type: rule.types } }
            : {}),
          ...over(rule.windowMs),
        },
      ];
    case "budget":
    case "composite":
    case "session":
    case "self":
      return [];
  }
}

/** A ratio tells its volume itself; how many durations there were is another question. */
const asksVolume = ({
  metric,
  agg,
  min_volume,
}: {
  metric: string;
  agg: string;
  min_volume: number;
}) => min_volume > 0 && agg !== "count" && findMetric(metric)?.kind === "distribution";

type Asking = {
  metric: string;
  agg: Aggregate;
  filters: Record<string, string[]>;
  group_by: string[];
};
const askedOf = ({ metric, agg, filters, group_by }: Asking) => ({
  ...{ metric, agg, filters, groupBy: group_by },
});
