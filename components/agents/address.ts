import { rangeParams } from "@/components/fleet/address";
import { AGENT_SORTS, type AgentSort } from "@/lib/agents/names";
import { parseScope } from "@/lib/time/range";

/** What the catalogue's URL says beside the range. What makes no sense is left out, so that no link is broken. */
export type AgentsAddress = { q: string; sort: AgentSort; order: "asc" | "desc" };

const USUAL: AgentSort = "sessions";

export function addressOf(params: URLSearchParams): AgentsAddress {
  return {
    q: params.get("q") ?? "",
    sort: AGENT_SORTS.find((sort) => sort === params.get("sort")) ?? USUAL,
    order: params.get("order") === "asc" ? "asc" : "desc",
  };
}

/** Names the list that the URL asks for; equal for equal lists. */
export function listKeyOf(params: URLSearchParams): string {
  const { q, sort, order } = addressOf(params);
  return JSON.stringify([q, sort, order, parseScope((name) => params.get(name)).range]);
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
export const sortingUrl = (sort: AgentSort, order: "asc" | "desc") => ({
  sort: sort === USUAL ? null : sort,
  order: order === "desc" ? null : order,
});
