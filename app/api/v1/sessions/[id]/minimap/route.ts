import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { Minimap, MinimapQuery, SessionRef } from "@/lib/sessions/detail-schema";
import { readMinimap } from "@/lib/sessions/minimap-store";

export const GET = route(
  {
    auth: "figures",
    summary: "A session in equal buckets of time, by thread",
    params: SessionRef,
    query: MinimapQuery,
    response: Minimap,
  },
  ({ caller, params, query }) =>
    readMinimap(caller.workspace, { ...params, connection: query.connection }, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
