import type { RejectedFilter } from "@/lib/rejected/schema";
import { MOST_CHARS } from "@/lib/rejected/sizes";

export const FILTERS = ["reason", "kind", "source", "session"] as const;

type Params = { get(name: string): string | null };

/** The filter that stands in a page's URL; what no filter can be is none. */
export function filterOf(params: Params): RejectedFilter {
  const filter: RejectedFilter = {};
  for (const name of FILTERS) {
    const value = params.get(name) ?? "";
    if (value !== "" && value.length <= MOST_CHARS) filter[name] = value;
  }
  return filter;
}

export function isFiltered(filter: RejectedFilter): boolean {
  return Object.keys(filter).length > 0;
}
