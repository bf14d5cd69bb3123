import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { SessionRef } from "@/lib/sessions/detail-schema";
import { readEvents } from "@/lib/sessions/events-store";
import { EventsQuery } from "@/lib/sessions/query-schema";
import { EventsPage } from "@/lib/sessions/schema";

export const GET = route(
  {
    auth: "read",
    audit: "session.viewed",
    summary: "A session's events in its order",
    params: SessionRef,
    query: EventsQuery,
    response: EventsPage,
  },
  ({ caller, params, query }) =>
    readEvents(caller.workspace, { ...params, connection: query.connection }, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
