import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { MaskingView } from "@/components/masking/masking-view";
import { requireViewer } from "@/lib/auth/viewer";
import { maskingRules, maskingRuns } from "@/lib/masking/queries";
import { readMaskingRuns } from "@/lib/masking/runs-service";
import { readMasking } from "@/lib/masking/service";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Masking" };

export default async function MaskingPage() {
  const { workspace } = await requireViewer("read");
  const client = new QueryClient();
  await Promise.all([
    client.prefetchQuery({ ...maskingRules(), queryFn: () => readMasking(workspace) }),
    client.prefetchQuery({ ...maskingRuns(), queryFn: () => readMaskingRuns(workspace) }),
  ]);
  return (
    <Hydrated client={client}>
      <MaskingView />
    </Hydrated>
  );
}
