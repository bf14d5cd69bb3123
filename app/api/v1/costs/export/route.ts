import { z } from "zod";
import { ChargebackQuery } from "@/lib/chargeback/schema";
import { exportCharges } from "@/lib/chargeback/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    audit: "chargeback.exported",
    summary: "What each cost centre is to pay, day by day, streamed as CSV or FOCUS",
    query: ChargebackQuery,
    produces: { "text/csv": z.string() },
  },
  async ({ caller, query }) =>
    new Response(await exportCharges(caller.workspace, query), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${query.format === "focus" ? "focus" : "chargeback"}.csv"`,
      },
    }),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
