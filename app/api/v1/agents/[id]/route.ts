import { AgentDetail, AgentRef } from "@/lib/agents/schema";
import { readAgent } from "@/lib/agents/service";
import { FleetRange } from "@/lib/fleet/schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "An agent and its versions with what each came to, sessions with overrides apart",
    params: AgentRef,
    query: FleetRange,
    response: AgentDetail,
  },
  ({ caller, params, query }) => readAgent(caller.workspace, params.id, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
