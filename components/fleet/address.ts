import { FLEET_KINDS, FLEET_SORTS, type FleetKind, type FleetSort } from "@/lib/fleet/words";
import { parseScope, resolveRange } from "@/lib/time/range";

/** What the page's URL says beside the range. What makes no sense is left out, so that no link is broken. */
export type FleetAddress = {
  kind: FleetKind;
  q: string;
  sort: FleetSort;
  order: "asc" | "desc";
};

export function addressOf(params: URLSearchParams): FleetAddress {
  return {
    kind: FLEET_KINDS.find((kind) => kind === params.get("kind")) ?? "agents",
    q: params.get("q") ?? "",
    sort: FLEET_SORTS.find((sort) => sort === params.get("sort")) ?? "advice",
    order: params.get("order") === "asc" ? "asc" : "desc",
  };
}

/** Names the list that the URL asks for; equal for equal lists. */
export function listKeyOf(params: URLSearchParams): string {
  const { q, sort, order } = addressOf(params);
  return JSON.stringify([q, sort, order, parseScope((name) => params.get(name)).range]);
}

export function rangeKeyOf(params: URLSearchParams): string {
  return JSON.stringify(parseScope((name) => params.get(name)).range);
}

/** The API's range. One that ends now stays open for what comes. */
export function rangeParams(params: URLSearchParams, nowMs: number): URLSearchParams {
  const { range } = parseScope((name) => params.get(name));
  const span = resolveRange(range, nowMs);
  const asked = new URLSearchParams();
  if (span) asked.set("from", new Date(span.fromMs).toISOString());
  if (span && range.kind === "fixed") asked.set("to", new Date(span.toMs).toISOString());
  return asked;
}

export function listParamsOf(params: URLSearchParams, nowMs: number): URLSearchParams {
  const { q, sort, order } = addressOf(params);
  const asked = rangeParams(params, nowMs);
  if (q !== "") asked.set("q", q);
  asked.set("sort", sort);
  asked.set("order", order);
  return asked;
}

/** The URL changes for an order of the rows; the usual one stands in no URL. */
export const sortingUrl = (sort: FleetSort, order: "asc" | "desc") => ({
  sort: sort === "advice" ? null : sort,
  order: order === "desc" ? null : order,
});

/** What choosing a column means: names go from A, all else from the greatest; once more turns it round. */
export function sortedBy(sort: FleetSort, now: Pick<FleetAddress, "sort" | "order">) {
  const first = sort === "name" ? "asc" : "desc";
  const turned = now.order === "asc" ? "desc" : "asc";
  return sortingUrl(sort, now.sort === sort ? turned : first);
}

export const rowKey = ({ id, connection_id }: { id: string; connection_id: string | null }) =>
  connection_id === null ? id : `${id}@${connection_id}`;
