import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { SessionRef } from "@/lib/sessions/detail-schema";
import { TraceQuery } from "@/lib/sessions/query-schema";
import { TracePage } from "@/lib/sessions/schema";
import { readTrace } from "@/lib/sessions/trace-store";

export const GET = route(
  {
    auth: "figures",
    audit: "session.viewed",
    summary: "A session's spans, threads, states and marks",
    params: SessionRef,
    query: TraceQuery,
    response: TracePage,
  },
  ({ caller, params, query }) =>
    readTrace(caller.workspace, { ...params, connection: query.connection }, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
