import { EnvironmentsPage, FleetQuery } from "@/lib/fleet/schema";
import { readEnvironments } from "@/lib/fleet/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Environments with network limits, queue, use and advice",
    query: FleetQuery,
    response: EnvironmentsPage,
  },
  ({ caller, query }) => readEnvironments(caller.workspace, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
