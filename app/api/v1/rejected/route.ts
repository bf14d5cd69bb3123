import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import {
  DeleteManyAnswer,
  DeleteManyQuery,
  RejectedPage,
  RejectedQuery,
} from "@/lib/rejected/schema";
import { removeMatching } from "@/lib/rejected/service";
import { listRejected } from "@/lib/rejected/store";

export const GET = route(
  {
    auth: "read",
    summary: "Items that could not be taken, and why",
    query: RejectedQuery,
    response: RejectedPage,
  },
  ({ caller, query }) => listRejected(caller.workspace, query),
);

export const DELETE = route(
  {
    auth: "write",
    audit: "rejected.deleted",
    summary: "Delete the rejected items that match and are not held, in parts",
    query: DeleteManyQuery,
    response: DeleteManyAnswer,
  },
  ({ caller, query }) => removeMatching(caller.workspace, query),
);
export const { POST, PUT, PATCH, OPTIONS } = otherMethods("GET", "DELETE");
