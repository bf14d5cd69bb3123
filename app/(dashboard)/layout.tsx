import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Providers } from "@/components/shell/providers";
import { Shell } from "@/components/shell/shell";
import { requireViewer } from "@/lib/auth/viewer";
import { demoState } from "@/lib/demo/queries";
import { readDemo } from "@/lib/demo/service";
import { readerZone } from "@/lib/http/page-params";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { workspace } = await requireViewer();
  const client = new QueryClient();
  await client.prefetchQuery({ ...demoState(), queryFn: () => readDemo(workspace) });
  return (
    <Providers tz={await readerZone()} nowMs={Date.now()}>
      <HydrationBoundary state={dehydrate(client)}>
        <Shell>{children}</Shell>
      </HydrationBoundary>
    </Providers>
  );
}
