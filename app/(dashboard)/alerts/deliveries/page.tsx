import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { valuesOf } from "@/app/(dashboard)/prefetch-metrics";
import { DeliveriesView } from "@/components/notify/deliveries-view";
import { deliveryParams } from "@/components/notify/delivery-filter";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { listDeliveries } from "@/lib/notify/delivery-list-store";
import { DeliveriesQuery } from "@/lib/notify/delivery-schema";
import { deliveriesList } from "@/lib/notify/queries";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Deliveries" };

export default async function DeliveriesPage(props: PageProps) {
  const { workspace } = await requireViewer();
  const filter = deliveryParams(await pageParams(props));
  const query = DeliveriesQuery.safeParse(valuesOf(new URLSearchParams(filter)));
  const client = new QueryClient();
  if (query.success)
    await client.prefetchInfiniteQuery({
      ...deliveriesList(filter),
      queryFn: () => listDeliveries(workspace, query.data),
    });
  return (
    <Hydrated client={client}>
      <DeliveriesView />
    </Hydrated>
  );
}
