import { USAGE } from "@/lib/costs/reconcile-parts-store";
import { prisma } from "@/lib/db/client";
import type { Reader } from "./budget-store";

/** Sessions that wait to be read whole again at one time, so that those at work never wait for many. */
const WAITING_AT_ONCE = 20;

/**
 * Settled sessions whose spans do not add up to the platform's usage: all their lists are due once
 * more, once for each usage, when no other look at them is planned. Returns how many were marked.
 */
export async function markDiffering({ workspace, connectionId }: Reader): Promise<number> {
  return prisma.$executeRaw`
    update sync_session y set relist_usage = d.usage, relisted_at = null, due_at = now()
    from (
      select s.session_id, ${USAGE} as usage
      from session s join sync_session k on k.workspace = s.workspace
        and k.connection_id = s.connection_id and k.session_id = s.session_id
      where s.workspace = ${workspace} and s.connection_id = ${connectionId} and s.token_gap > 0
        and k.due_at is null and k.claimed_until is null and k.gone_at is null
        and k.relist_usage is distinct from ${USAGE}
      order by s.session_id
      limit greatest(0, ${WAITING_AT_ONCE}::int - (
        select count(*) from sync_session w where w.workspace = ${workspace}
          and w.connection_id = ${connectionId} and w.due_at is not null
          and w.relist_usage is not null and w.relisted_at is null))) d
    where y.workspace = ${workspace} and y.connection_id = ${connectionId}
      and y.session_id = d.session_id and y.due_at is null and y.claimed_until is null`;
}
