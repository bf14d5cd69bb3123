import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import type { ToolsAnswer } from "./detail-schema";
import type { Named } from "./named";
import { readKey, rowsOf } from "./store";

/**
 * A session's tools, most called first. How long a call took leaves out the wait for its approval:
 * it begins at the call, or when the call was allowed.
 */
export async function readTools(
  workspace: string,
  named: Named,
  db: Db = prisma,
): Promise<ToolsAnswer> {
  const key = await readKey(workspace, named, db);
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    with approvals as (
      select attributes ->> 'tool_use_id' as call, max(ended_at) as allowed_at
      from span where ${rowsOf(key)} and kind = 'approval' and ended_at is not null group by 1),
    calls as (
      select name, state, attributes,
        case when state in ('ok', 'error') and started_at is not null and ended_at is not null
          then greatest(0, extract(epoch from ended_at - greatest(started_at, allowed_at)) * 1000) end as ms
      from span left join approvals on approvals.call = span.id
      where ${rowsOf(key)} and kind = 'tool' and at is not null and start_event_id is not null)
    select json_agg(t order by t.calls desc, t.name, t.mcp_server)::text as rows from (
      select name, attributes ->> 'tool_kind' as tool_kind, attributes ->> 'mcp_server' as mcp_server,
        count(*) as calls, count(*) filter (where state = 'error') as errors,
        count(*) filter (where state = 'denied') as denials,
        count(*) filter (where state in ('open', 'unknown')) as open,
        round(percentile_cont(0.5) within group (order by ms)) as p50_ms,
        round(percentile_cont(0.95) within group (order by ms)) as p95_ms,
        coalesce(round(sum(ms)), 0) as total_ms,
        coalesce(sum((attributes ->> 'result_bytes')::bigint), 0) as result_bytes
      from calls group by 1, 2, 3) t`;
  return { data: JSON.parse(row?.rows ?? "[]"), next_cursor: null };
}
