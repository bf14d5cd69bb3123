import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { replayDelivery } from "@/lib/notify/deliveries-service";
import { DeliveryItem, DeliveryParams } from "@/lib/notify/delivery-schema";

export const POST = route(
  {
    auth: "write",
    audit: "delivery.replayed",
    summary: "Send a finished message once more, under the same id",
    params: DeliveryParams,
    response: DeliveryItem,
  },
  ({ caller, params }) => replayDelivery({ workspace: caller.workspace, ...params }),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
