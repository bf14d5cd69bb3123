import { ConnectionParams } from "@/lib/connections/schema";
import { FailuresPage, WebhooksQuery } from "@/lib/connections/webhook-schema";
import { listFailures } from "@/lib/connections/webhooks-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "admin",
    summary: "Webhooks that were refused, newest first, and why",
    params: ConnectionParams,
    query: WebhooksQuery,
    response: FailuresPage,
  },
  ({ caller, params, query }) => listFailures({ workspace: caller.workspace, ...params }, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
