import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { BudgetItem, BudgetsPage, Coverage, Forecast, NewBudget } from "./schema";

export const BUDGETS = ["budgets"] as const;
const PATH = "/api/v1/budgets";

export function budgets() {
  return queryOptions({
    queryKey: [...BUDGETS, "list"],
    queryFn: ({ signal }) => api<BudgetsPage>(PATH, { signal }),
    staleTime: 10_000,
  });
}

/** `params` are the API's: filters, period and zone. */
export function costForecast(params: URLSearchParams) {
  return queryOptions({
    queryKey: [...BUDGETS, "forecast", `${params}`],
    queryFn: ({ signal }) => api<Forecast>(`/api/v1/costs/forecast?${params}`, { signal }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}

/** `key` names range and filter; `ask` gives the API's parameters at the moment of asking. */
export function budgetCoverage(key: string, ask: () => Promise<URLSearchParams>) {
  return queryOptions({
    queryKey: [...BUDGETS, "coverage", key],
    queryFn: async ({ signal }) => api<Coverage>(`${PATH}/coverage?${await ask()}`, { signal }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}

/** Makes a budget, or gives one other terms. */
export const saveBudget = (id: string | null, budget: NewBudget): Promise<BudgetItem> =>
  id === null
    ? api(PATH, { method: "POST", body: budget })
    : api(`${PATH}/${encodeURIComponent(id)}`, { method: "PUT", body: budget });

export const deleteBudget = (id: string): Promise<void> =>
  api(`${PATH}/${encodeURIComponent(id)}`, { method: "DELETE" });
