import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { DimensionsView } from "@/components/dimensions/dimensions-view";
import { requireViewer } from "@/lib/auth/viewer";
import { dimensionsList } from "@/lib/metrics/promoted-queries";
import { readDimensions } from "@/lib/metrics/promoted-service";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Dimensions" };

export default async function DimensionsPage() {
  const { workspace } = await requireViewer();
  const client = new QueryClient();
  await client.prefetchQuery({
    ...dimensionsList(),
    queryFn: () => readDimensions(workspace),
  });
  return (
    <Hydrated client={client}>
      <DimensionsView />
    </Hydrated>
  );
}
