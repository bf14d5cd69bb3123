import { Prices, PricesChange } from "@/lib/costs/prices-schema";
import { readPrices, savePrices } from "@/lib/costs/prices-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "figures", summary: "The prices that hold now", response: Prices },
  ({ caller }) => readPrices(caller.workspace),
);

export const PUT = route(
  {
    auth: "admin",
    audit: "prices.changed",
    summary: "Save the workspace's own terms; what comes in from then on is priced with them",
    body: PricesChange,
    response: Prices,
  },
  ({ caller, body }) => savePrices(caller, body),
);

export const { POST, PATCH, DELETE, OPTIONS } = otherMethods("GET", "PUT");
