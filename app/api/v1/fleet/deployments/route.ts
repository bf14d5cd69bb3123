import { DeploymentsPage, FleetQuery } from "@/lib/fleet/schema";
import { readDeployments } from "@/lib/fleet/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Deployments with schedule, runs, use and advice",
    query: FleetQuery,
    response: DeploymentsPage,
  },
  ({ caller, query }) => readDeployments(caller.workspace, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
