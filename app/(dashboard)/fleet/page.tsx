import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { addressOf, listKeyOf, listParamsOf, rangeKeyOf } from "@/components/fleet/address";
import { FleetView } from "@/components/fleet/fleet-view";
import { requireViewer } from "@/lib/auth/viewer";
import { FLEET_PAGE, fleetList, fleetSummary } from "@/lib/fleet/queries";
import { FleetQuery } from "@/lib/fleet/schema";
import { readFleet, readSummary } from "@/lib/fleet/service";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { Hydrated } from "../hydrated";

export const metadata: Metadata = { title: "Fleet" };

export default async function FleetPage(props: PageProps) {
  const { workspace } = await requireViewer();
  const params = await pageParams(props);
  const { kind } = addressOf(params);
  const asked = () => listParamsOf(params, Date.now());
  const query = FleetQuery.safeParse({ ...Object.fromEntries(asked()), limit: FLEET_PAGE });
  const client = new QueryClient();
  if (query.success)
    await Promise.all([
      client.prefetchInfiniteQuery({
        ...fleetList(kind, listKeyOf(params), asked),
        queryFn: () => readFleet(kind, workspace, query.data),
      }),
      client.prefetchQuery({
        ...fleetSummary(rangeKeyOf(params), asked),
        queryFn: () => readSummary(workspace, query.data),
      }),
    ]);
  return (
    <Hydrated client={client}>
      <FleetView />
    </Hydrated>
  );
}
