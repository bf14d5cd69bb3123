import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { readDeliveryItem } from "@/lib/notify/deliveries-service";
import { DeliveryItem, DeliveryParams } from "@/lib/notify/delivery-schema";

export const GET = route(
  {
    auth: "figures",
    summary: "A message with all attempts at it",
    params: DeliveryParams,
    response: DeliveryItem,
  },
  ({ caller, params }) => readDeliveryItem({ workspace: caller.workspace, ...params }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
