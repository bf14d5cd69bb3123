import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { SessionRef, TurnsPage, TurnsQuery } from "@/lib/sessions/detail-schema";
import { readTurns } from "@/lib/sessions/turns-store";

export const GET = route(
  {
    auth: "figures",
    summary: "A session's turns",
    params: SessionRef,
    query: TurnsQuery,
    response: TurnsPage,
  },
  ({ caller, params, query }) =>
    readTurns(caller.workspace, { ...params, connection: query.connection }, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
