import type { Metadata } from "next";
import { FailuresView } from "@/components/failures/failures-view";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams, readerZone } from "@/lib/http/page-params";
import { parseScope } from "@/lib/time/range";
import { Hydrated } from "../hydrated";
import { prefetchFailures } from "./prefetch";

export const metadata: Metadata = { title: "Failures" };

export default async function FailuresPage(props: PageProps) {
  const { workspace } = await requireViewer();
  const params = await pageParams(props);
  const scope = parseScope((name) => params.get(name));
  const tz = scope.tz ?? (await readerZone()) ?? "UTC";
  const client = await prefetchFailures(workspace, { params, scope, tz });
  return (
    <Hydrated client={client}>
      <FailuresView />
    </Hydrated>
  );
}
