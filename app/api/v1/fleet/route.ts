import { FleetRange, FleetSummary } from "@/lib/fleet/schema";
import { readSummary } from "@/lib/fleet/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "How much the fleet holds of each kind, and how much of it needs advice",
    query: FleetRange,
    response: FleetSummary,
  },
  ({ caller, query }) => readSummary(caller.workspace, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
