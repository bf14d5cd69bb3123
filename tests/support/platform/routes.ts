import type { ServerResponse } from "node:http";
import type { Platform } from "./platform";
import type { Query } from "./query";

export const AGENTS_BETA = "managed-agents-2026-04-01";
export const MEMORY_BETA = "agent-memory-2026-07-22";
export const COST_BETA = "analytics-usage-cost-2026-08-24";

export type Call = {
  platform: Platform;
  /** The path's parts in braces, in their order. */
  ids: string[];
  query: Query;
  body: string;
  /** For a stream, which writes its own answer. */
  answer: ServerResponse;
  headers: Record<string, string>;
};

export type Route = {
  method: "GET" | "POST";
  /** As `/v1/sessions/{id}/events`. */
  path: string;
  beta: string | null;
  needs: "key" | "admin_key";
  /** The JSON to answer with; null when the route answers by itself. */
  answer(call: Call): string | null;
};

export function get(
  path: string,
  answer: Route["answer"],
  special: Partial<Pick<Route, "beta" | "needs">> = {},
): Route {
  return { method: "GET", path, beta: AGENTS_BETA, needs: "key", answer, ...special };
}

/** Finds the route of a path; routes are few, and a plain comparison of parts is quick. */
export class Router {
  readonly #routes: { route: Route; parts: string[] }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, parts: route.path.split("/") }));
  }

  find(method: string, path: string): { route: Route; ids: string[] } | null {
    const asked = path.split("/");
    for (const { route, parts } of this.#routes) {
      if (route.method !== method || parts.length !== asked.length) continue;
      const ids: string[] = [];
      const fits = parts.every((part, i) => {
        const word = asked[i] ?? "";
        if (!part.startsWith("{")) return part === word;
        ids.push(decodeURIComponent(word));
        return word !== "";
      });
      if (fits) return { route, ids };
    }
    return null;
  }
}
