import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { groupParams, reconcileKey } from "@/components/costs/prepare";
import { ReconcileView } from "@/components/costs/reconcile-view";
import { requireViewer } from "@/lib/auth/viewer";
import { reconcile } from "@/lib/costs/queries";
import { ReconcileQuery } from "@/lib/costs/reconcile-schema";
import { readReconcile } from "@/lib/costs/reconcile-store";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { parseScope } from "@/lib/time/range";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Reconcile" };

export default async function ReconcilePage(props: PageProps) {
  const { workspace } = await requireViewer();
  const params = await pageParams(props);
  const scope = parseScope((name) => params.get(name));
  const asked = groupParams(scope, "cause", Date.now());
  const query = ReconcileQuery.safeParse(Object.fromEntries(asked));
  const client = new QueryClient();
  if (query.success)
    await client.prefetchQuery({
      ...reconcile(reconcileKey(scope, "cause"), () => asked),
      queryFn: () => readReconcile(workspace, query.data),
    });
  return (
    <Hydrated client={client}>
      <ReconcileView />
    </Hydrated>
  );
}
