import { ConnectionParams } from "@/lib/connections/schema";
import { DeliveriesPage, WebhooksQuery } from "@/lib/connections/webhook-schema";
import { listDeliveries } from "@/lib/connections/webhooks-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "admin",
    summary: "Webhooks that came, newest first, and what became of each",
    params: ConnectionParams,
    query: WebhooksQuery,
    response: DeliveriesPage,
  },
  ({ caller, params, query }) => listDeliveries({ workspace: caller.workspace, ...params }, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
