import * as erasure from "@/app/api/v1/erasures/[id]/route";
import * as erasurePreview from "@/app/api/v1/erasures/preview/route";
import * as erasures from "@/app/api/v1/erasures/route";
import * as hold from "@/app/api/v1/holds/[id]/route";
import * as holds from "@/app/api/v1/holds/route";
import * as retentionDue from "@/app/api/v1/retention/due/route";
import * as retention from "@/app/api/v1/retention/route";
import * as retentionRuns from "@/app/api/v1/retention/runs/route";
import type { DocumentedRoute } from "@/lib/http/openapi";

/** How long what is stored stays, what is held, and what is erased. */
export const RETENTION_ROUTES: readonly DocumentedRoute[] = [
  ["/api/v1/retention", retention],
  ["/api/v1/retention/due", retentionDue],
  ["/api/v1/retention/runs", retentionRuns],
  ["/api/v1/holds", holds],
  ["/api/v1/holds/{id}", hold],
  ["/api/v1/erasures", erasures],
  ["/api/v1/erasures/preview", erasurePreview],
  ["/api/v1/erasures/{id}", erasure],
];
