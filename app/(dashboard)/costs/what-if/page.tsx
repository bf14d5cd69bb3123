import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { WhatIfView } from "@/components/whatif/whatif-view";
import { requireViewer } from "@/lib/auth/viewer";
import { priceBook } from "@/lib/costs/prices-queries";
import { readPrices } from "@/lib/costs/prices-service";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "What if" };

export default async function WhatIfPage() {
  const { workspace } = await requireViewer();
  const client = new QueryClient();
  await client.prefetchQuery({ ...priceBook(), queryFn: () => readPrices(workspace) });
  return (
    <Hydrated client={client}>
      <WhatIfView />
    </Hydrated>
  );
}
