import { NewRepricing, RepricingItem, RepricingsAnswer } from "@/lib/costs/repricing-schema";
import { readRepricings, startRepricing } from "@/lib/costs/repricing-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "How much of history has other prices, and how the last re-pricing went",
    response: RepricingsAnswer,
  },
  ({ caller }) => readRepricings(caller.workspace),
);

export const POST = route(
  {
    auth: "admin",
    audit: "repricing.started",
    summary: "Price history anew with the prices that hold, or find out what that would change",
    body: NewRepricing,
    response: RepricingItem,
    status: 201,
  },
  ({ caller, body }) => startRepricing(caller.workspace, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
