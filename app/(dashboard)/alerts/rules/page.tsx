import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { RulesView } from "@/components/alerts/rules-view";
import { RULES_PAGE, rulesList } from "@/lib/alerts/queries";
import { readRules } from "@/lib/alerts/rule-service";
import { requireViewer } from "@/lib/auth/viewer";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Rules" };

export default async function RulesPage() {
  const { workspace } = await requireViewer();
  const client = new QueryClient();
  await client.prefetchQuery({
    ...rulesList(),
    queryFn: () => readRules(workspace, { limit: RULES_PAGE }),
  });
  return (
    <Hydrated client={client}>
      <RulesView />
    </Hydrated>
  );
}
