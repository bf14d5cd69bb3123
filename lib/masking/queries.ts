import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
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
