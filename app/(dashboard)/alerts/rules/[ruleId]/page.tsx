import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { cache } from "react";
import { orNotFound } from "@/app/(dashboard)/or-not-found";
import { RuleView } from "@/components/alerts/rule-view";
import { ruleDetail } from "@/lib/alerts/queries";
import { readRuleItem } from "@/lib/alerts/rule-service";
import { requireViewer } from "@/lib/auth/viewer";
import { plain } from "@/lib/format";
import { Hydrated } from "../../../hydrated";

type Props = { params: Promise<{ ruleId: string }> };

const readItem = cache(async (id: string) => {
  const { workspace } = await requireViewer();
  return orNotFound(readRuleItem(workspace, id));
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: plain((await readItem((await params).ruleId)).name) };
}

export default async function RulePage({ params }: Props) {
  const { ruleId: id } = await params;
  const client = new QueryClient();
  client.setQueryData(ruleDetail(id).queryKey, await readItem(id));
  return (
    <Hydrated client={client}>
      <RuleView key={id} id={id} />
    </Hydrated>
  );
}
