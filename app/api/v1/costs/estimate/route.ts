import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { Estimate, EstimateQuery } from "@/lib/whatif/schema";
import { readEstimate } from "@/lib/whatif/service";

export const GET = route(
  {
    auth: "figures",
    summary: "What a fleet that is not there yet would cost",
    query: EstimateQuery,
    response: Estimate,
  },
  ({ caller, query }) => readEstimate(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
