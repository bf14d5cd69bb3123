import { RepricingDetail, RepricingItem, RepricingParams } from "@/lib/costs/repricing-schema";
import { readRepricingDetail, stopRepricing } from "@/lib/costs/repricing-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

const params = RepricingParams;

export const GET = route(
  {
    auth: "figures",
    summary: "A re-pricing with what it changes by day and agent",
    params,
    response: RepricingDetail,
  },
  ({ caller, params }) => readRepricingDetail({ workspace: caller.workspace, ...params }),
);

export const DELETE = route(
  {
    auth: "admin",
    audit: "repricing.stopped",
    summary: "Stop a re-pricing; what is re-priced stays so",
    params,
    response: RepricingItem,
  },
  ({ caller, params }) => stopRepricing({ workspace: caller.workspace, ...params }),
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods("GET", "DELETE");
