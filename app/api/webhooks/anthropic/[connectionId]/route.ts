import { WebhookAnswer, WebhookParams } from "@/lib/anthropic/schema";
import { acceptWebhook } from "@/lib/anthropic/webhook-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

/** Open: the signature says who sends. */
export const POST = route(
  {
    auth: "open",
    summary: "A webhook of the platform",
    params: WebhookParams,
    response: WebhookAnswer,
  },
  ({ request, params }) => acceptWebhook(params.connectionId, request),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
