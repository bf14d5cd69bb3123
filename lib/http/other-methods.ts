import { errorResponse } from "./answer";
import { AppError } from "./errors";
import { type RouteHandler, route } from "./route";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];

/**
 * The handlers a route file exports beside its own, so that every method gets an answer in our form:
 * `export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");`
 */
export function otherMethods<M extends Method>(
  ...own: M[]
): Record<Exclude<Method, M> | "OPTIONS", RouteHandler> {
  const allow = [...own, ...(own.some((method) => method === "GET") ? ["HEAD"] : []), "OPTIONS"];
  const refuse = route({ auth: "open", summary: "Not allowed here" }, ({ request, requestId }) => {
    const message = `${request.method} is not possible here; possible: ${allow.join(", ")}.`;
    const response = errorResponse(new AppError("method_not_allowed", message), requestId);
    response.headers.set("allow", allow.join(", "));
    return response;
  });
  const options = route(
    { auth: "open", summary: "Methods" },
    () => new Response(null, { status: 204, headers: { allow: allow.join(", ") } }),
  );
  const others = METHODS.filter((method) => !own.some((mine) => mine === method));
  // The OpenAPI document leaves these out.
  const refusal = Object.assign(refuse, { refuses: true });
  return Object.fromEntries([
    ...others.map((method) => [method, refusal]),
    ["OPTIONS", options],
  ]) as Record<Exclude<Method, M> | "OPTIONS", RouteHandler>;
}
