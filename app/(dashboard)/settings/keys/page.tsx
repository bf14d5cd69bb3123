import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { KeysView } from "@/components/keys/keys-view";
import { listKeys } from "@/lib/auth/keys-store";
import { keysList } from "@/lib/auth/queries";
import { requireViewer } from "@/lib/auth/viewer";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "API keys" };

export default async function KeysPage() {
  const { workspace } = await requireViewer("admin");
  const client = new QueryClient();
  const read = async () => ({ data: await listKeys(workspace, new Date()), next_cursor: null });
  await client.prefetchQuery({ ...keysList(), queryFn: read });
  return (
    <Hydrated client={client}>
      <KeysView />
    </Hydrated>
  );
}
