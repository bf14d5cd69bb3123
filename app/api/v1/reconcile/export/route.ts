import { z } from "zod";
import { shownTo } from "@/lib/auth/shown";
import { ReconcileExportQuery, ReconcileSession } from "@/lib/costs/reconcile-schema";
import { exportReconcile } from "@/lib/costs/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

const TYPES = { csv: "text/csv", ndjson: "application/x-ndjson" } as const;

export const GET = route(
  {
    auth: "figures",
    audit: "reconcile.exported",
    summary: "All sessions behind the reconciled figures, streamed",
    query: ReconcileExportQuery,
    produces: { "text/csv": z.string(), "application/x-ndjson": z.string() },
  },
  async ({ caller, query }) =>
    new Response(
      await exportReconcile(caller.workspace, query, shownTo(caller.scopes, ReconcileSession)),
      {
        headers: {
          "content-type": `${TYPES[query.format]}; charset=utf-8`,
          "content-disposition": `attachment; filename="reconcile.${query.format}"`,
        },
      },
    ),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
