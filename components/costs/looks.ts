import type { By } from "@/components/costs/questions";
import { groupSeries } from "@/components/metrics/answers";
import {
  groupLooks,
  keyOf,
  type Labels,
  type Look,
  type NameOf,
  OTHER_COLOR,
} from "@/components/metrics/looks";
import type { Answers } from "@/lib/metrics/queries";

/** A meter has its colour wherever cost is drawn. */
export const METER_LOOKS = {
  tokens: { label: "Tokens", color: "var(--series-1)" },
  runtime: { label: "Runtime", color: "var(--series-3)" },
  web_search: { label: "Web searches", color: "var(--series-4)" },
};

export const BUCKET_LOOKS: Record<string, { label: string; color: string }> = {
  input: { label: "Input, not cached", color: "var(--series-1)" },
  cache_write_5m: { label: "Cache writes, 5 min", color: "var(--series-2)" },
  cache_write_1h: { label: "Cache writes, 1 h", color: "var(--series-6)" },
  cache_read: { label: "Cache reads", color: "var(--series-7)" },
  output: { label: "Output", color: "var(--series-5)" },
};

/** How each group is called, coloured and filtered for; colours are given to those that are drawn. */
export function looksOf(by: By, answers: Answers, nameOf: NameOf) {
  const drawn = (answers.trend ?? []).flatMap(groupSeries).filter(({ isOther }) => !isOther);
  const looks = groupLooks(
    by,
    drawn.map(({ labels }) => labels),
    nameOf,
  );
  return (labels: Labels, isOther: boolean): Look => {
    if (by !== "bucket" || isOther) return looks(labels, isOther);
    const { bucket = "" } = labels;
    const { label, color } = BUCKET_LOOKS[bucket] ?? { label: bucket, color: OTHER_COLOR };
    return { key: keyOf(labels, false), name: label, color, filter: {}, kind: "group" };
  };
}
