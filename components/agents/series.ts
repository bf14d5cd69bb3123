import { coloursOf } from "@/components/charts/colours";
import { groupSeries, resultOf, stepsOf, valuesOf } from "@/components/metrics/answers";
import { OTHER_COLOR } from "@/components/metrics/looks";
import { versionWords } from "@/lib/agents/words";
import type { Answers } from "@/lib/metrics/queries";
import type { Marker, TimeSeries } from "@/lib/series";

/** One line for each version; the others have none, since their figures do not follow from each other. */
export function versionSeries(
  answers: Answers,
  { name, metric, markers }: { name: string; metric: string; markers: readonly Marker[] },
): TimeSeries {
  const result = resultOf(answers[name], metric);
  const told = (result ? groupSeries(result) : []).filter(
    ({ isOther, total }) => !isOther && total !== null,
  );
  const keys = told.map(({ labels }) => labels.agent_version ?? "");
  const colours = coloursOf(keys);
  const series = told.map((one, at) => {
    const key = keys[at] ?? "";
    return {
      ...{ key, label: versionWords(key), color: colours.get(key) ?? OTHER_COLOR },
      ...{ values: valuesOf(one), total: one.total },
    };
  });
  return { ...stepsOf(answers[name]), series, markers };
}
