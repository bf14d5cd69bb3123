import { QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Providers } from "@/components/shell/providers";
import { Shell } from "@/components/shell/shell";
import { AlertsQuery } from "@/lib/alerts/episode-schema";
import { readAlerts } from "@/lib/alerts/episode-service";
import { alertsFiring, FIRING_SHOWN } from "@/lib/alerts/queries";
import { requireViewer } from "@/lib/auth/viewer";
import { demoState } from "@/lib/demo/queries";
import { readDemo } from "@/lib/demo/service";
import { readerZone } from "@/lib/http/page-params";
import { Hydrated } from "./hydrated";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { workspace, person, scopes, breakGlass } = await requireViewer();
  const client = new QueryClient();
  const firing = AlertsQuery.parse({ state: ["firing", "recovering"], limit: FIRING_SHOWN });
  await Promise.all([
    client.prefetchQuery({ ...demoState(), queryFn: () => readDemo(workspace) }),
    client.prefetchQuery({
      ...alertsFiring(),
      queryFn: () => readAlerts({ workspace, scopes }, firing),
    }),
  ]);
  return (
    <Providers tz={await readerZone()} nowMs={Date.now()} viewer={{ person, scopes, breakGlass }}>
      <Hydrated client={client}>
        <Shell>{children}</Shell>
      </Hydrated>
    </Providers>
  );
}
