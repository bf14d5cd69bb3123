import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { RetentionView } from "@/components/retention/retention-view";
import { requireViewer } from "@/lib/auth/viewer";
import { readErasures } from "@/lib/retention/erasure-service";
import { readHolds } from "@/lib/retention/hold-service";
import { erasuresList, holdsList, retentionSettings } from "@/lib/retention/queries";
import { readRetention } from "@/lib/retention/settings-service";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Retention" };

export default async function RetentionPage() {
  const { workspace } = await requireViewer("admin");
  const client = new QueryClient();
  await Promise.all([
    client.prefetchQuery({ ...retentionSettings(), queryFn: () => readRetention(workspace) }),
    client.prefetchQuery({ ...holdsList(), queryFn: () => readHolds(workspace) }),
    client.prefetchQuery({ ...erasuresList(), queryFn: () => readErasures(workspace) }),
  ]);
  return (
    <Hydrated client={client}>
      <RetentionView />
    </Hydrated>
  );
}
