import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { listDeliveries } from "@/lib/notify/delivery-list-store";
import { DeliveriesPage, DeliveriesQuery } from "@/lib/notify/delivery-schema";

export const GET = route(
  {
    auth: "figures",
    summary: "Messages to channels, newest first, and what became of each",
    query: DeliveriesQuery,
    response: DeliveriesPage,
  },
  ({ caller, query }) => listDeliveries(caller.workspace, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
