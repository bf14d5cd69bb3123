import { AgentsPage, FleetQuery } from "@/lib/fleet/schema";
import { readAgents } from "@/lib/fleet/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Agents with their versions, use and advice; those made for one run each as one row",
    query: FleetQuery,
    response: AgentsPage,
  },
  ({ caller, query }) => readAgents(caller.workspace, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
