import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type {
  DeleteManyAnswer,
  RejectedCounts,
  RejectedFilter,
  RejectedItem,
  RejectedPage,
  RetryAnswer,
  RetryManyAnswer,
} from "./schema";

const PATH = "/api/v1/rejected";
export const REJECTED_PAGE = 50;

function search(params: Record<string, string | number | null | undefined>): string {
  const given = Object.entries(params).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

export function rejectedList(filter: RejectedFilter) {
  return infiniteQueryOptions({
    queryKey: ["rejected", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      api<RejectedPage>(
        `${PATH}${search({ ...filter, limit: REJECTED_PAGE, cursor: pageParam })}`,
        {
          signal,
        },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    // Rows stay where they are while they are read; what is new is counted and asked for.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function rejectedCounts(filter: RejectedFilter) {
  return queryOptions({
    queryKey: ["rejected", "counts", filter],
    queryFn: ({ signal }) => api<RejectedCounts>(`${PATH}/counts${search(filter)}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

/** One item with its whole body. */
export function rejectedItem(id: string) {
  return queryOptions({
    queryKey: ["rejected", "item", id],
    queryFn: ({ signal }) => api<RejectedItem>(pathOf(id), { signal }),
    staleTime: 60_000,
  });
}

export function retryRejected({ id, body }: { id: string; body?: string }): Promise<RetryAnswer> {
  return api<RetryAnswer>(`${pathOf(id)}/retry`, {
    method: "POST",
    body: body === undefined ? undefined : { body },
  });
}

export function deleteRejected(id: string): Promise<void> {
  return api<void>(pathOf(id), { method: "DELETE" });
}

export function retryMatching(
  filter: RejectedFilter,
  cursor: string | null,
): Promise<RetryManyAnswer> {
  return api<RetryManyAnswer>(`${PATH}/retry${search({ ...filter, cursor })}`, { method: "POST" });
}

export function deleteMatching(filter: RejectedFilter, until: string): Promise<DeleteManyAnswer> {
  return api<DeleteManyAnswer>(`${PATH}${search({ ...filter, until })}`, { method: "DELETE" });
}
