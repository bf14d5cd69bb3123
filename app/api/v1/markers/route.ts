import { Markers, MarkersQuery } from "@/lib/agents/schema";
import { readMarkers } from "@/lib/agents/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "When new versions of agents were first used",
    query: MarkersQuery,
    response: Markers,
  },
  ({ caller, query }) => readMarkers(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
