import { AffectedAnswer, AffectedQuery } from "@/lib/failures/schema";
import { readAffectedBy } from "@/lib/failures/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "How many sessions failing tools and MCP servers have touched",
    query: AffectedQuery,
    response: AffectedAnswer,
  },
  ({ caller, query }) => readAffectedBy(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
