import { AuditPage, AuditQuery } from "@/lib/audit/schema";
import { listEntries } from "@/lib/audit/store";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "admin",
    summary: "Who did what, newest first",
    query: AuditQuery,
    response: AuditPage,
  },
  ({ caller, query }) => listEntries(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
