import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { NewRoute, RouteItem, RoutesPage } from "@/lib/notify/route-schema";
import { createRoute, readRoutes } from "@/lib/notify/routes-service";

export const GET = route(
  { auth: "figures", summary: "Routes, in the order they are looked at", response: RoutesPage },
  ({ caller }) => readRoutes(caller.workspace),
);

export const POST = route(
  {
    auth: "write",
    audit: "route.created",
    summary: "A new route, after the others",
    body: NewRoute,
    response: RouteItem,
    status: 201,
  },
  ({ caller, body }) => createRoute(caller.workspace, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
