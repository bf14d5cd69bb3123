import type { Metadata } from "next";
import { CostsView } from "@/components/costs/costs-view";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams, readerZone } from "@/lib/http/page-params";
import { parseScope } from "@/lib/time/range";
import { Hydrated } from "../hydrated";
import { prefetchCosts } from "./prefetch";

export const metadata: Metadata = { title: "Costs" };

export default async function CostsPage(props: PageProps) {
  const { workspace } = await requireViewer();
  const params = await pageParams(props);
  const scope = parseScope((name) => params.get(name));
  const tz = scope.tz ?? (await readerZone()) ?? "UTC";
  const client = await prefetchCosts(workspace, { params, scope, tz });
  return (
    <Hydrated client={client}>
      <CostsView />
    </Hydrated>
  );
}
