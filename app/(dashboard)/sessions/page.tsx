import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { apiParams, listKey, listParams } from "@/components/sessions/filter";
import { SessionsView } from "@/components/sessions/sessions-view";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { readQuery } from "@/lib/http/query";
import { LIST_PAGE, sessionsList } from "@/lib/sessions/list-queries";
import { readSessions } from "@/lib/sessions/list-store";
import { SessionsQuery } from "@/lib/sessions/query-schema";
import { parseScope, resolveRange } from "@/lib/time/range";
import { Hydrated } from "../hydrated";

export const metadata: Metadata = { title: "Sessions" };

export default async function SessionsPage(props: PageProps) {
  const { workspace } = await requireViewer();
  const params = await pageParams(props);
  const { range } = parseScope((name) => params.get(name));
  const span = resolveRange(range, Date.now());
  const asked = apiParams(listParams(params), span, range.kind === "preset");
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
    <Hydrated client={client}>
      <SessionsView />
    </Hydrated>
  );
}
