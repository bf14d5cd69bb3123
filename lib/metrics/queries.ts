import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { MetricResult, MetricsAnswer } from "./query-schema";

/** Questions about metrics that belong together, by names of the page's own. */
export type Questions = Record<string, URLSearchParams>;
/** What was answered, under the questions' names. */
export type Answers = Record<string, MetricResult[]>;

/**
 * Several questions asked at one moment, so that their answers fit together. `key` names them;
 * `ask` gives the API's parameters at the moment of asking: a range may move with the clock.
 */
export function metricAnswers(key: string, ask: () => Promise<Questions>) {
  return queryOptions({
    queryKey: ["metrics", "answers", key],
    queryFn: async ({ signal }): Promise<Answers> => {
      const answers = Object.entries(await ask()).map(async ([name, params]) => {
        const { results } = await api<MetricsAnswer>(`/api/v1/metrics?${params}`, { signal });
        return [name, results] as const;
      });
      return Object.fromEntries(await Promise.all(answers));
    },
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}
