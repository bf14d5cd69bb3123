import { Coverage, CoverageQuery } from "@/lib/budgets/schema";
import { readUncapped } from "@/lib/budgets/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Sessions and deployments without a budget of the platform's own",
    query: CoverageQuery,
    response: Coverage,
  },
  ({ caller, query }) => readUncapped(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
