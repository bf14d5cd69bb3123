import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { Overview, OverviewQuery } from "@/lib/overview/schema";
import { readOverview } from "@/lib/overview/service";

export const GET = route(
  {
    auth: "figures",
    summary: "What needs attention, and the fleet's figures over a range",
    query: OverviewQuery,
    response: Overview,
  },
  ({ caller, query }) => readOverview(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
