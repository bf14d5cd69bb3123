import {
  ConnectionItem,
  ConnectionParams,
  ConnectionPatch,
  RemoveQuery,
} from "@/lib/connections/schema";
import { changeConnection, readItem } from "@/lib/connections/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { removeUnheld } from "@/lib/retention/service";

const params = ConnectionParams;

export const GET = route(
  { auth: "admin", summary: "A connection", params, response: ConnectionItem },
  ({ caller, params }) => readItem({ workspace: caller.workspace, ...params }),
);

export const PATCH = route(
  {
    ...{ auth: "admin", audit: "connection.changed", params },
    summary: "Change, pause or resume a connection",
    ...{ body: ConnectionPatch, response: ConnectionItem },
  },
  ({ caller, params, body }) => changeConnection({ workspace: caller.workspace, ...params }, body),
);

export const DELETE = route(
  {
    ...{ auth: "admin", audit: "connection.deleted", params, query: RemoveQuery, status: 204 },
    summary: "Remove a connection",
  },
  async ({ caller, params, query }) => {
    await removeUnheld({ workspace: caller.workspace, ...params }, query);
    return undefined;
  },
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
