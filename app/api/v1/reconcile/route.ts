import { Reconcile, ReconcileQuery } from "@/lib/costs/reconcile-schema";
import { readReconcile } from "@/lib/costs/reconcile-store";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Computed cost against list cost, and spans against usage, of settled sessions",
    query: ReconcileQuery,
    response: Reconcile,
  },
  ({ caller, query }) => readReconcile(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
