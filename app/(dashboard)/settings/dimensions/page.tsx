import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { DimensionsView } from "@/components/dimensions/dimensions-view";
import { requireViewer } from "@/lib/auth/viewer";
import { dimensionsList } from "@/lib/metrics/promoted-queries";
import { readDimensions } from "@/lib/metrics/promoted-service";

export const metadata: Metadata = { title: "Dimensions" };

export default async function DimensionsPage() {
  const { workspace } = await requireViewer();
  const client = new QueryClient();
  await client.prefetchQuery({
    ...dimensionsList(),
    queryFn: () => readDimensions(workspace),
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <DimensionsView />
    </HydrationBoundary>
  );
}
