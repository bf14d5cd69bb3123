import { z } from "zod";
import { AuditExportQuery } from "@/lib/audit/schema";
import { exportEntries } from "@/lib/audit/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

const TYPES = { csv: "text/csv", ndjson: "application/x-ndjson" } as const;

export const GET = route(
  {
    auth: "admin",
    audit: "audit.exported",
    summary: "Every entry of the audit log a filter lets through, streamed",
    query: AuditExportQuery,
    produces: { "text/csv": z.string(), "application/x-ndjson": z.string() },
  },
  async ({ caller, query }) =>
    new Response(await exportEntries(caller.workspace, query), {
      headers: {
        "content-type": `${TYPES[query.format]}; charset=utf-8`,
        "content-disposition": `attachment; filename="audit.${query.format}"`,
      },
    }),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
