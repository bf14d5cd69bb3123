import { RejectedFilter } from "@/lib/rejected/schema";

export const FILTERS = ["reason", "kind", "source", "session"] as const;

type Params = { get(name: string): string | null };

/** The filter that stands in a page's URL; what no filter can be is none. */
export function filterOf(params: Params): RejectedFilter {
  const given = FILTERS.flatMap((name) => {
    const value = params.get(name);
    return value === null ? [] : [[name, value]];
  });
  const parsed = RejectedFilter.safeParse(Object.fromEntries(given));
  return parsed.success ? parsed.data : {};
}

export function isFiltered(filter: RejectedFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
