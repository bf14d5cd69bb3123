import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { NewRoute, RouteItem, RouteParams } from "@/lib/notify/route-schema";
import { removeRoute, replaceRoute } from "@/lib/notify/routes-service";

export const PUT = route(
  {
    auth: "write",
    audit: "route.changed",
    summary: "Change a route; what is open goes by it from now on",
    params: RouteParams,
    body: NewRoute,
    response: RouteItem,
  },
  ({ caller, params, body }) => replaceRoute(caller.workspace, params.id, body),
);

export const DELETE = route(
  {
    auth: "write",
    audit: "route.deleted",
    summary: "Delete a route",
    params: RouteParams,
    status: 204,
  },
  async ({ caller, params }) => {
    await removeRoute(caller.workspace, params.id);
    return undefined;
  },
);

export const { GET, POST, PATCH, OPTIONS } = otherMethods("PUT", "DELETE");
