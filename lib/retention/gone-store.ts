import type { Db } from "@/lib/db/client";
import { makeGoneKey } from "@/lib/ingest/gone-key-store";
import { erasedName, goneHash, isKeyed, keyedHash } from "@/lib/ingest/gone-names";
import { keysTable, type SessionName } from "@/lib/ingest/seal-store";
import { tellChanged } from "@/lib/live/store";
import { deleteSessionRows } from "./store";

/**
 * Removes locked sessions whose cells are taken care of, with all that is theirs, and remembers them by a
 * keyed hash, so that they do not come back: by the sync, by an import, or late.
 */
export async function forgetSessions(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
  { now, erasureId }: { now: Date; erasureId: string | null },
): Promise<void> {
  if (sessions.length === 0) return;
  const hashes = (await hashesOf(db, workspace, sessions)).map(({ hash }) => hash);
  await db.$executeRaw`
    insert into gone_session as g (workspace, hash, gone_at, erasure_id)
    select ${workspace}, h, ${now}, ${erasureId} from unnest(${hashes}::text[]) h
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

/** What sessions are known by once they are gone. */
export async function hashesOf(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<Array<SessionName & { hash: string }>> {
  const key = await makeGoneKey(db, workspace);
  return sessions.map((one) => ({ ...one, hash: goneHash(key, { workspace, ...one }) }));
}

const KEYED_AT_ONCE = 1_000;

/** Some hashes that an earlier version stored without a key are keyed; how many. */
export async function keySome(db: Db, workspace: string): Promise<number> {
  const rows = await db.$queryRaw<Array<{ hash: string }>>`
    select hash from gone_session where workspace = ${workspace} and length(hash) = 64
    limit ${KEYED_AT_ONCE} for update skip locked`;
  const plain = rows.map(({ hash }) => hash).filter((hash) => !isKeyed(hash));
  if (plain.length === 0) return 0;
  const key = await makeGoneKey(db, workspace);
  const keyed = plain.map((hash) => keyedHash(key, hash));
  await db.$executeRaw`
    update gone_session g set hash = k.keyed
    from unnest(${plain}::text[], ${keyed}::text[]) as k(plain, keyed)
    where g.workspace = ${workspace} and g.hash = k.plain`;
  await db.$executeRaw`
    update billed_cost b set session_id = k.keyed
    from unnest(${plain.map(erasedName)}::text[], ${keyed.map(erasedName)}::text[]) as k(plain, keyed)
    where b.workspace = ${workspace} and b.session_id = k.plain`;
  return plain.length;
}
