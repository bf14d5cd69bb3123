import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { ERROR_STATUS, type ErrorCode } from "./errors";
import type { RouteHandler, RouteSpec } from "./route";

/** A path as in the document, `/api/v1/keys/{id}`, with the exports of its route file. */
export type DocumentedRoute = readonly [path: string, handlers: Record<string, unknown>];

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const JSON_TYPE = "application/json";

const ErrorBody = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]),
      message: z.string(),
      issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    }),
    requestId: z.string(),
  })
  .meta({ id: "Error" });

/** The OpenAPI 3.1 document of these routes, from the very schemas they parse and answer with. */
export function openApiDocument(routes: readonly DocumentedRoute[], version: string) {
  const registry = new OpenAPIRegistry();
  const bearer = registry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "An API key, `wk_…`",
  });
  for (const [path, handlers] of routes)
    for (const method of METHODS) {
      const handler = handlers[method];
      if (isDocumented(handler))
        addOperation(registry, { path, method, spec: handler.spec }, bearer.name);
    }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "Watchkeeper",
      version,
      description:
        "Times are RFC 3339 in UTC, durations integer milliseconds (`_ms`), money integer nano-dollars (`_nanos`).",
    },
  });
}

/** Bodies that a handler reads by itself are. */
function isRequired(body: RouteSpec["body"]): boolean {
  return !body?.safeParse(undefined).success;
}

/** A handler of the file's own, not one of `otherMethods`. */
function isDocumented(handler: unknown): handler is RouteHandler {
  return typeof handler === "function" && "spec" in handler && !("refuses" in handler);
}

function addOperation(
  registry: OpenAPIRegistry,
  { path, method, spec }: { path: string; method: (typeof METHODS)[number]; spec: RouteSpec },
  bearer: string,
): void {
  const accepts = spec.body ? { [JSON_TYPE]: spec.body } : spec.accepts;
  registry.registerPath({
    path,
    method: method.toLowerCase() as Lowercase<typeof method>,
    summary: spec.summary,
    ...(spec.auth === "open"
      ? {}
      : { description: `Scope \`${spec.auth}\`.`, security: [{ [bearer]: [] }] }),
    request: {
      ...(spec.query ? { query: spec.query } : {}),
      ...(spec.params ? { params: spec.params } : {}),
      ...(accepts
        ? { body: { content: contentOf(accepts), required: isRequired(spec.body) } }
        : {}),
    },
    responses: {
      [spec.status ?? 200]: {
        description: "Done",
        ...(spec.status === 204 ? {} : { content: contentOf(answersOf(spec)) }),
      },
      default: { description: "An error", content: contentOf({ [JSON_TYPE]: ErrorBody }) },
    },
  });
}

function answersOf({ response, produces }: RouteSpec): Record<string, z.ZodType> {
  return { ...(response ? { [JSON_TYPE]: response } : {}), ...produces };
}

function contentOf(types: Record<string, z.ZodType>) {
  return Object.fromEntries(Object.entries(types).map(([type, schema]) => [type, { schema }]));
}
