import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { ConnectionQuery, SessionRef, ToolsAnswer } from "@/lib/sessions/detail-schema";
import { readTools } from "@/lib/sessions/tools-store";

export const GET = route(
  {
    auth: "figures",
    summary: "A session's tools",
    params: SessionRef,
    query: ConnectionQuery,
    response: ToolsAnswer,
  },
  ({ caller, params, query }) =>
    readTools(caller.workspace, { ...params, connection: query.connection }),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
