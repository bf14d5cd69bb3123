import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { MaskingView } from "@/components/masking/masking-view";
import { requireViewer } from "@/lib/auth/viewer";
import { maskingRules } from "@/lib/masking/queries";
import { readMasking } from "@/lib/masking/service";

export const metadata: Metadata = { title: "Masking" };

export default async function MaskingPage() {
  const { workspace } = await requireViewer();
  const client = new QueryClient();
  await client.prefetchQuery({ ...maskingRules(), queryFn: () => readMasking(workspace) });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <MaskingView />
    </HydrationBoundary>
  );
}
