import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { RouteOrder, RoutesPage } from "@/lib/notify/route-schema";
import { reorderRoutes } from "@/lib/notify/routes-service";

export const PUT = route(
  {
    auth: "write",
    audit: "route.ordered",
    summary: "Put routes in order",
    body: RouteOrder,
    response: RoutesPage,
  },
  ({ caller, body }) => reorderRoutes(caller.workspace, body.ids),
);

export const { GET, POST, PATCH, DELETE, OPTIONS } = otherMethods("PUT");
