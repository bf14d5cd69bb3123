import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { RejectedPage, RejectedQuery } from "@/lib/sessions/detail-schema";
import { readRejected } from "@/lib/sessions/rejected-store";

export const GET = route(
  {
    auth: "read",
    summary: "Items that could not be taken, and why",
    query: RejectedQuery,
    response: RejectedPage,
  },
  ({ caller, query }) => readRejected(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
