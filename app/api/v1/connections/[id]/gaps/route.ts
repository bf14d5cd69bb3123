import { ConnectionParams } from "@/lib/connections/schema";
import { Gaps, GapsQuery } from "@/lib/connections/webhook-schema";
import { readGaps } from "@/lib/connections/webhooks-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "admin",
    summary: "Webhooks that did not come, by what polling has seen",
    params: ConnectionParams,
    query: GapsQuery,
    response: Gaps,
  },
  ({ caller, params, query }) => readGaps({ workspace: caller.workspace, ...params }, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
