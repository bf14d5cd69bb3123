import { AgentsPage, AgentsQuery } from "@/lib/agents/schema";
import { readCatalogue } from "@/lib/agents/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Agents with what their sessions came to",
    query: AgentsQuery,
    response: AgentsPage,
  },
  ({ caller, query }) => readCatalogue(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
