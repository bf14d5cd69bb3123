import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { listKeyOf, listParamsOf } from "@/components/agents/address";
import { AgentsView } from "@/components/agents/agents-view";
import { AGENTS_PAGE, agentsList } from "@/lib/agents/queries";
import { AgentsQuery } from "@/lib/agents/schema";
import { readCatalogue } from "@/lib/agents/service";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { Hydrated } from "../hydrated";

export const metadata: Metadata = { title: "Agents" };

export default async function AgentsPage(props: PageProps) {
  const { workspace } = await requireViewer();
  const params = await pageParams(props);
  const asked = () => listParamsOf(params, Date.now());
  const query = AgentsQuery.safeParse({ ...Object.fromEntries(asked()), limit: AGENTS_PAGE });
  const client = new QueryClient();
  if (query.success)
    await client.prefetchInfiniteQuery({
      ...agentsList(listKeyOf(params), asked),
      queryFn: () => readCatalogue(workspace, query.data),
    });
  return (
    <Hydrated client={client}>
      <AgentsView />
    </Hydrated>
  );
}
