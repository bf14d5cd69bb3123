import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { FindQuery, Found, SessionRef } from "@/lib/sessions/detail-schema";
import { readFound } from "@/lib/sessions/find-store";

export const GET = route(
  {
    auth: "read",
    audit: "session.viewed",
    summary: "The next error, costly step, text or event type",
    params: SessionRef,
    query: FindQuery,
    response: Found,
  },
  ({ caller, params, query }) =>
    readFound(caller.workspace, { ...params, connection: query.connection }, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
