import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { OverviewView } from "@/components/overview/overview-view";
import { overviewKey, overviewParams } from "@/components/overview/prepare";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams, readerZone } from "@/lib/http/page-params";
import { overview } from "@/lib/overview/queries";
import { OverviewQuery } from "@/lib/overview/schema";
import { readOverview } from "@/lib/overview/service";
import { parseScope } from "@/lib/time/range";
import { Hydrated } from "./hydrated";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage(props: PageProps) {
  const { workspace } = await requireViewer();
  const params = await pageParams(props);
  const scope = parseScope((name) => params.get(name));
  const tz = scope.tz ?? (await readerZone()) ?? "UTC";
  const asked = overviewParams(scope, tz, Date.now());
  const query = OverviewQuery.safeParse(Object.fromEntries(asked));
  const client = new QueryClient();
  if (query.success)
    await client.prefetchQuery({
      ...overview(overviewKey(scope, tz), () => asked),
      queryFn: () => readOverview(workspace, query.data),
    });
  return (
    <Hydrated client={client}>
      <OverviewView />
    </Hydrated>
  );
}
