import { FleetQuery, ResourcesPage } from "@/lib/fleet/schema";
import { readResources } from "@/lib/fleet/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Vaults and memory stores with who uses them, and advice",
    query: FleetQuery,
    response: ResourcesPage,
  },
  ({ caller, query }) => readResources(caller.workspace, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
