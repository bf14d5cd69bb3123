import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { ChannelsView } from "@/components/notify/channels-view";
import { requireViewer } from "@/lib/auth/viewer";
import { listItems } from "@/lib/notify/channel-service";
import { channelsList } from "@/lib/notify/queries";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Channels" };

export default async function ChannelsPage() {
  const { workspace } = await requireViewer();
  const client = new QueryClient();
  await client.prefetchQuery({ ...channelsList(), queryFn: () => listItems(workspace) });
  return (
    <Hydrated client={client}>
      <ChannelsView />
    </Hydrated>
  );
}
