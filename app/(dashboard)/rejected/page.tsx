import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { filterOf } from "@/components/rejected/filter";
import { RejectedView } from "@/components/rejected/rejected-view";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { REJECTED_PAGE, rejectedCounts, rejectedList } from "@/lib/rejected/queries";
import { countRejected, listRejected } from "@/lib/rejected/store";
import { Hydrated } from "../hydrated";

export const metadata: Metadata = { title: "Rejected items" };

export default async function RejectedItemsPage(props: PageProps) {
  const { workspace } = await requireViewer("read");
  const filter = filterOf(await pageParams(props));
  const client = new QueryClient();
  await Promise.all([
    client.prefetchInfiniteQuery({
      ...rejectedList(filter),
      queryFn: () => listRejected(workspace, { ...filter, limit: REJECTED_PAGE }),
    }),
    client.prefetchQuery({
      ...rejectedCounts(filter),
      queryFn: () => countRejected(workspace, filter),
    }),
  ]);
  return (
    <Hydrated client={client}>
      <RejectedView />
    </Hydrated>
  );
}
