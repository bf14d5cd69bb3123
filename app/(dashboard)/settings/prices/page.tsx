import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { PricesView } from "@/components/prices/prices-view";
import { requireViewer } from "@/lib/auth/viewer";
import { priceBook, priceVersions, VERSIONS_PAGE } from "@/lib/costs/prices-queries";
import { readPrices, readVersions } from "@/lib/costs/prices-service";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Prices" };

export default async function PricesPage() {
  const { workspace } = await requireViewer();
  const client = new QueryClient();
  await Promise.all([
    client.prefetchQuery({ ...priceBook(), queryFn: () => readPrices(workspace) }),
    client.prefetchInfiniteQuery({
      ...priceVersions(),
      queryFn: () => readVersions(workspace, { limit: VERSIONS_PAGE }),
    }),
  ]);
  return (
    <Hydrated client={client}>
      <PricesView />
    </Hydrated>
  );
}
