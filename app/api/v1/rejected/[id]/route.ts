import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { RejectedItem, RejectedParams } from "@/lib/rejected/schema";
import { removeItem } from "@/lib/rejected/service";
import { readRejected } from "@/lib/rejected/store";

export const GET = route(
  {
    auth: "read",
    summary: "A rejected item, whole",
    params: RejectedParams,
    response: RejectedItem,
  },
  ({ caller, params }) => readRejected(caller.workspace, params.id),
);

export const DELETE = route(
  {
    auth: "write",
    audit: "rejected.deleted",
    summary: "Delete a rejected item that is not held",
    params: RejectedParams,
    status: 204,
  },
  async ({ caller, params }) => {
    await removeItem(caller.workspace, params.id);
    return undefined;
  },
);
export const { POST, PUT, PATCH, OPTIONS } = otherMethods("GET", "DELETE");
