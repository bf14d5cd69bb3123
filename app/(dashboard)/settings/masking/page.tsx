import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { MaskingView } from "@/components/masking/masking-view";
import { requireViewer } from "@/lib/auth/viewer";
import { maskingRules } from "@/lib/masking/queries";
import { readMasking } from "@/lib/masking/service";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Masking" };

export default async function MaskingPage() {
  const { workspace } = await requireViewer("read");
  const client = new QueryClient();
  await client.prefetchQuery({ ...maskingRules(), queryFn: () => readMasking(workspace) });
  return (
    <Hydrated client={client}>
      <MaskingView />
    </Hydrated>
  );
}
