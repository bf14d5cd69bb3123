import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { ConnectionQuery, SessionRef } from "@/lib/sessions/detail-schema";
import { SessionDetail } from "@/lib/sessions/schema";
import { readSession } from "@/lib/sessions/store";

export const GET = route(
  {
    auth: "figures",
    summary: "One session",
    params: SessionRef,
    query: ConnectionQuery,
    response: SessionDetail,
  },
  ({ caller, params, query }) => readSession(caller.workspace, { ...params, ...query }),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
