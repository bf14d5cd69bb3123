import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AgentView } from "@/components/agents/agent-view";
import { rangeKeyOf, rangeParams } from "@/components/fleet/address";
import { agentDetail } from "@/lib/agents/queries";
import { findAgent } from "@/lib/agents/service";
import { requireViewer } from "@/lib/auth/viewer";
import { FleetRange } from "@/lib/fleet/schema";
import { plain } from "@/lib/format";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { readAgentNames } from "@/lib/metrics/names-store";
import { Hydrated } from "../../hydrated";

type Props = PageProps & { params: Promise<{ agentId: string }> };

const idOf = async ({ params }: Props) => decodeURIComponent((await params).agentId);

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { workspace } = await requireViewer();
  const id = await idOf(props);
  return { title: plain((await readAgentNames(workspace, [id])).get(id) ?? id) };
}

export default async function AgentPage(props: Props) {
  const { workspace } = await requireViewer();
  const [id, params] = [await idOf(props), await pageParams(props)];
  const asked = rangeParams(params, Date.now());
  const agent = await findAgent(workspace, id, FleetRange.parse(Object.fromEntries(asked)));
  if (!agent) notFound();
  const client = new QueryClient();
  client.setQueryData(agentDetail(id, rangeKeyOf(params), () => asked).queryKey, agent);
  return (
    <Hydrated client={client}>
      <AgentView key={id} id={id} />
    </Hydrated>
  );
}
