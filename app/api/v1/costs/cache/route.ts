import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { Savings, SavingsQuery } from "@/lib/savings/schema";
import { readSavings } from "@/lib/savings/service";

export const GET = route(
  {
    auth: "figures",
    summary: "What the prompt cache saved, cost and lost",
    query: SavingsQuery,
    response: Savings,
  },
  ({ caller, query }) => readSavings(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
