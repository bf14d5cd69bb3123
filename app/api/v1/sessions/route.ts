import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { readSessions } from "@/lib/sessions/list-store";
import { SessionsQuery } from "@/lib/sessions/query-schema";
import { SessionsPage } from "@/lib/sessions/schema";

export const GET = route(
  { auth: "figures", summary: "Sessions", query: SessionsQuery, response: SessionsPage },
  ({ caller, query }) => readSessions(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
