import type { SessionItem, SessionsPage } from "@/lib/sessions/schema";

/** Sessions of two connections may share an id, so a row is named by both. */
export function rowKey(session: SessionItem): string {
  return `${session.id} ${session.connection_id ?? ""}`;
}

/** The rows in their order, each once, with the newest known values. */
export function mergeRows(
  rows: readonly SessionItem[],
  newer: readonly (SessionsPage | undefined)[],
): SessionItem[] {
  const fresh = newer.flatMap((page) => page?.data ?? []).map((row) => [rowKey(row), row] as const);
  const newest = new Map(fresh);
  const once = new Map(rows.map((row) => [rowKey(row), newest.get(rowKey(row)) ?? row]));
  return [...once.values()];
}

/**
 * How many sessions stand in the newest first page and not among the rows. While the list is not
 * loaded to its end, what comes after the last known row may be old and not loaded yet: it does not count.
 */
export function countNew(
  rows: readonly SessionItem[],
  head: SessionsPage | undefined,
  hasMore: boolean,
): number {
  if (!head) return 0;
  const known = new Set(rows.map(rowKey));
  const lastKnown = head.data.findLastIndex((row) => known.has(rowKey(row)));
  const counted = hasMore && lastKnown >= 0 ? head.data.slice(0, lastKnown) : head.data;
  return counted.filter((row) => !known.has(rowKey(row))).length;
}

/** Rows that stand between rows of a page asked again, but are in none of these pages any more: they match no longer. */
export function goneRows(
  rows: readonly SessionItem[],
  pages: readonly (SessionsPage | undefined)[],
): ReadonlySet<string> {
  const there = new Set(pages.flatMap((page) => page?.data ?? []).map(rowKey));
  const gone = new Set<string>();
  for (const page of pages) {
    const keys = new Set(page?.data.map(rowKey));
    const first = rows.findIndex((row) => keys.has(rowKey(row)));
    const last = rows.findLastIndex((row) => keys.has(rowKey(row)));
    for (const row of first < 0 ? [] : rows.slice(first, last))
      if (!there.has(rowKey(row))) gone.add(rowKey(row));
  }
  return gone;
}
