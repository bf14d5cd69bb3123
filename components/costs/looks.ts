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
import { METER_LOOKS } from "@/components/overview/prepare";
import type { Answers } from "@/lib/metrics/queries";

export const BUCKET_LOOKS: Record<string, { label: string; color: string }> = {
  input: { label: "Input, not cached", color: METER_LOOKS.input.color },
  cache_write_5m: { label: "Cache writes, 5 min", color: METER_LOOKS.cache_write.color },
  cache_write_1h: { label: "Cache writes, 1 h", color: "var(--series-6)" },
  cache_read: { label: "Cache reads", color: METER_LOOKS.cache_read.color },
  output: { label: "Output", color: METER_LOOKS.output.color },
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
