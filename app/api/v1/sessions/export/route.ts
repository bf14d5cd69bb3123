import { z } from "zod";
import { shownTo } from "@/lib/auth/shown";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { ExportQuery } from "@/lib/sessions/query-schema";
import { SessionItem } from "@/lib/sessions/schema";
import { exportSessions } from "@/lib/sessions/service";

const TYPES = { csv: "text/csv", ndjson: "application/x-ndjson" } as const;

export const GET = route(
  {
    auth: "figures",
    audit: "session.exported",
    summary: "Every session a filter lets through, streamed",
    query: ExportQuery,
    produces: { "text/csv": z.string(), "application/x-ndjson": z.string() },
  },
  async ({ caller, query }) =>
    new Response(
      await exportSessions(caller.workspace, query, shownTo(caller.scopes, SessionItem)),
      {
        headers: {
          "content-type": `${TYPES[query.format]}; charset=utf-8`,
          "content-disposition": `attachment; filename="sessions.${query.format}"`,
        },
      },
    ),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
