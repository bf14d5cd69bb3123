import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { ConnectionQuery, RetainedAnswer, SessionRef } from "@/lib/sessions/detail-schema";
import { readRetainedParts } from "@/lib/sessions/retained-store";

export const GET = route(
  {
    auth: "figures",
    summary: "What retention has dropped of a session",
    params: SessionRef,
    query: ConnectionQuery,
    response: RetainedAnswer,
  },
  ({ caller, params, query }) =>
    readRetainedParts(caller.workspace, { ...params, connection: query.connection }),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
