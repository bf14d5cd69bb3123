import { ReconcileSessionsPage, ReconcileSessionsQuery } from "@/lib/costs/reconcile-schema";
import { readReconcileSessions } from "@/lib/costs/reconcile-sessions-store";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "The settled sessions that are farthest from the provider's figures",
    query: ReconcileSessionsQuery,
    response: ReconcileSessionsPage,
  },
  ({ caller, query }) => readReconcileSessions(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
