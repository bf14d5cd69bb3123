import type { Db } from "@/lib/db/client";
import { goneHash, keysTable, type SessionName } from "@/lib/ingest/seal-store";
import { tellChanged } from "@/lib/live/store";
import { deleteSessionRows } from "./store";

/**
 * Removes locked sessions whose cells are taken care of, with all that is theirs, and remembers them by a
 * hash, so that they do not come back: by the sync, by an import, or late.
 */
export async function forgetSessions(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
  { now, erasureId }: { now: Date; erasureId: string | null },
): Promise<void> {
  if (sessions.length === 0) return;
  await db.$executeRaw`
    insert into gone_session as g (workspace, hash, gone_at, erasure_id)
    select ${workspace}, ${goneHash("k")}, ${now}, ${erasureId}
    from (select ${workspace}::text as workspace, k.* from ${keysTable(sessions)}) k
    on conflict (workspace, hash) do update set gone_at = excluded.gone_at,
      erasure_id = coalesce(g.erasure_id, excluded.erasure_id)`;
  await deleteSessionRows(db, workspace, sessions);
  await db.$executeRaw`
    delete from sync_session y using ${keysTable(sessions)} where y.workspace = ${workspace}
      and y.session_id = k.session_id and y.connection_id = k.connection_id`;
  await tellChanged(
    db,
    { workspace },
    sessions.map(({ sessionId }) => sessionId),
  );
}
