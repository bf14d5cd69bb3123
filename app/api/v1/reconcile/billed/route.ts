import { readBilled } from "@/lib/costs/billed-days-store";
import { Billed, BilledQuery } from "@/lib/costs/billed-schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "What the provider billed, day by day, and what of it belongs to known sessions",
    query: BilledQuery,
    response: Billed,
  },
  ({ caller, query }) => readBilled(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
