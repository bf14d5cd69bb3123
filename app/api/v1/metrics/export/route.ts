import { z } from "zod";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { MetricsExportQuery } from "@/lib/metrics/query-schema";
import { exportMetrics } from "@/lib/metrics/query-service";

const TYPES = { csv: "text/csv", ndjson: "application/x-ndjson" } as const;

export const GET = route(
  {
    auth: "figures",
    audit: "metrics.exported",
    summary: "Metrics as a file, streamed",
    query: MetricsExportQuery,
    produces: { "text/csv": z.string(), "application/x-ndjson": z.string() },
  },
  async ({ caller, query }) =>
    new Response(await exportMetrics(caller.workspace, query), {
      headers: {
        "content-type": `${TYPES[query.format]}; charset=utf-8`,
        "content-disposition": `attachment; filename="metrics.${query.format}"`,
      },
    }),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
