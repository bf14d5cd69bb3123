import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { ConnectionsView } from "@/components/connections/connections-view";
import { requireViewer } from "@/lib/auth/viewer";
import { connectionsList } from "@/lib/connections/queries";
import { listItems } from "@/lib/connections/service";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Connections" };

export default async function ConnectionsPage() {
  const { workspace } = await requireViewer("admin");
  const client = new QueryClient();
  await client.prefetchQuery({ ...connectionsList(), queryFn: () => listItems(workspace) });
  return (
    <Hydrated client={client}>
      <ConnectionsView />
    </Hydrated>
  );
}
