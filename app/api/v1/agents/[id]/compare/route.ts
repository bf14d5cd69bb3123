import { AgentRef, CompareQuery, Comparison } from "@/lib/agents/schema";
import { readComparison } from "@/lib/agents/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Two versions of an agent: what differs in their configuration and in their figures",
    params: AgentRef,
    query: CompareQuery,
    response: Comparison,
  },
  ({ caller, params, query }) => readComparison(caller.workspace, params.id, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
