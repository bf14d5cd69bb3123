import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { SilencesView } from "@/components/notify/silences-view";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { silencesList } from "@/lib/notify/queries";
import { SilencesQuery } from "@/lib/notify/silence-schema";
import { readSilences } from "@/lib/notify/silences-service";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Silences" };

export default async function SilencesPage(props: PageProps) {
  const { workspace } = await requireViewer();
  const state = (await pageParams(props)).get("state") ?? "";
  const query = SilencesQuery.safeParse(state === "" ? {} : { state });
  const client = new QueryClient();
  if (query.success)
    await client.prefetchInfiniteQuery({
      ...silencesList(state),
      queryFn: () => readSilences(workspace, query.data),
    });
  return (
    <Hydrated client={client}>
      <SilencesView />
    </Hydrated>
  );
}
