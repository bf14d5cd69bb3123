import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { valuesOf } from "@/app/(dashboard)/prefetch-metrics";
import { filterParams } from "@/components/audit/audit-filter";
import { AuditView } from "@/components/audit/audit-view";
import { auditList, auditParams } from "@/lib/audit/queries";
import { AuditQuery } from "@/lib/audit/schema";
import { listEntries } from "@/lib/audit/store";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { parseScope } from "@/lib/time/range";
import { Hydrated } from "../../hydrated";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditLogPage(props: PageProps) {
  const { workspace } = await requireViewer("admin");
  const params = await pageParams(props);
  const filter = filterParams(params);
  const { range } = parseScope((name) => params.get(name));
  const query = AuditQuery.safeParse(valuesOf(auditParams(filter, range, Date.now())));
  const client = new QueryClient();
  if (query.success)
    await client.prefetchInfiniteQuery({
      ...auditList(filter, range),
      queryFn: () => listEntries(workspace, query.data),
    });
  return (
    <Hydrated client={client}>
      <AuditView />
    </Hydrated>
  );
}
