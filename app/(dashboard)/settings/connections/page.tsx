import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { ConnectionsView } from "@/components/connections/connections-view";
import { allows } from "@/lib/auth/scopes";
import { requireViewer } from "@/lib/auth/viewer";
import { connectionsList } from "@/lib/connections/queries";
import { listItems } from "@/lib/connections/service";

export const metadata: Metadata = { title: "Connections" };

export default async function ConnectionsPage() {
  const { workspace, scopes } = await requireViewer();
  const client = new QueryClient();
  if (allows(scopes, "admin"))
    await client.prefetchQuery({ ...connectionsList(), queryFn: () => listItems(workspace) });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ConnectionsView />
    </HydrationBoundary>
  );
}
