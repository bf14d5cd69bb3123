import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { MaskingRunItem, MaskingRunsAnswer, NewMaskingRun } from "./runs-schema";
import type { MaskingAnswer, MaskingChange, MaskingTest, MaskingTestAnswer } from "./schema";

const PATH = "/api/v1/masking";

export function maskingRules() {
  return queryOptions({
    queryKey: ["masking", "rules"],
    queryFn: ({ signal }) => api<MaskingAnswer>(PATH, { signal }),
    staleTime: 10_000,
  });
}

/** What rules would do to a text, as one types either. */
export function maskingTest(test: MaskingTest) {
  return queryOptions({
    queryKey: ["masking", "test", test],
    queryFn: ({ signal }) =>
      api<MaskingTestAnswer>(`${PATH}/test`, { method: "POST", body: test, signal }),
    enabled: test.text !== "",
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
}

export const changeMasking = (change: MaskingChange) =>
  api<MaskingAnswer>(PATH, { method: "PUT", body: change });

/** How masking what is stored went last, or how far it is. */
export function maskingRuns() {
  return queryOptions({
    queryKey: ["masking", "runs"],
    queryFn: ({ signal }) => api<MaskingRunsAnswer>(`${PATH}/runs`, { signal }),
    staleTime: 1_000,
  });
}

export const startMaskingRun = (run: NewMaskingRun) =>
  api<MaskingRunItem>(`${PATH}/runs`, { method: "POST", body: run });

export const stopMaskingRun = (id: string) =>
  api<MaskingRunItem>(`${PATH}/runs/${id}`, { method: "DELETE" });
