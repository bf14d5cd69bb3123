import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { apiParams, listKey, listParams } from "@/components/sessions/filter";
import { SessionsView } from "@/components/sessions/sessions-view";
import { requireViewer } from "@/lib/auth/viewer";
import { pageParams } from "@/lib/http/page-params";
import { readQuery } from "@/lib/http/query";
import { LIST_PAGE, sessionsList } from "@/lib/sessions/list-queries";
import { readSessions } from "@/lib/sessions/list-store";
import { SessionsQuery } from "@/lib/sessions/schema";
import { parseScope, resolveRange } from "@/lib/time/range";

export const metadata: Metadata = { title: "Sessions" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SessionsPage({ searchParams }: Props) {
  const { workspace } = await requireViewer();
  const params = pageParams(await searchParams);
  const { range } = parseScope((name) => params.get(name));
  const asked = apiParams(
    listParams(params),
    resolveRange(range, Date.now()),
    range.kind === "preset",
  );
  const query = SessionsQuery.safeParse({
    ...readQuery(`http://page/?${asked}`),
    limit: LIST_PAGE,
  });
  const client = new QueryClient();
  if (query.success)
    await client.prefetchInfiniteQuery({
      ...sessionsList(listKey(params), () => asked),
      queryFn: () => readSessions(workspace, query.data),
    });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <SessionsView />
    </HydrationBoundary>
  );
}
