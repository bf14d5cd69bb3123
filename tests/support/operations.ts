import { ROUTES } from "@/app/api/v1/openapi.json/operations";
import { GET as openapi } from "@/app/api/v1/openapi.json/route";
import type { RouteHandler } from "@/lib/http/route";

export type Operation = { path: string; method: string; handler: RouteHandler };

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Every operation of the OpenAPI document, and the document. */
export const OPERATIONS: Operation[] = [
  ...ROUTES,
  ["/api/v1/openapi.json", { GET: openapi }] as const,
].flatMap(([path, handlers]) =>
  METHODS.flatMap((method) => {
    const handler = (handlers as Record<string, unknown>)[method];
    if (typeof handler !== "function" || "refuses" in handler) return [];
    return [{ path, method, handler: handler as RouteHandler }];
  }),
);
