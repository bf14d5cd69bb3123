import type { Db } from "@/lib/db/client";
import { openGoneKey, readGoneState } from "./gone-key-store";
import { possibleHashes } from "./gone-names";
import type { Origin } from "./schema";

/** A session that is not to come back: under which hash it is known, and why. */
export type Gone = { at: string; hash: string; how: "dropped" | "erased" };

/**
 * Of sessions, those that are gone for good. Of sessions that are locked it is certain: who makes one
 * gone holds the lock.
 */
export async function readGone(
  db: Db,
  { workspace, connectionId }: Omit<Origin, "source">,
  ids: readonly string[],
): Promise<Map<string, Gone>> {
  const gone = new Map<string, Gone>();
  const { sealed, isAny } = await readGoneState(db, workspace);
  if (!isAny || ids.length === 0) return gone;
  const key = sealed === null ? null : await openGoneKey(workspace, sealed);
  const byHash = new Map<string, string>();
  for (const sessionId of ids)
    for (const hash of possibleHashes(key, { workspace, connectionId, sessionId }))
      byHash.set(hash, sessionId);
  const rows = await db.$queryRaw<Array<{ hash: string; at: string; erased: boolean }>>`
    select hash, gone_at::text as at, erasure_id is not null as erased from gone_session
    where workspace = ${workspace} and hash = any(${[...byHash.keys()]}::text[])`;
  for (const { hash, at, erased } of rows)
    gone.set(byHash.get(hash) ?? "", { hash, at, how: erased ? "erased" : "dropped" });
  return gone;
}

/** Counts items that came for sessions that are gone. */
export async function countGoneLate(
  db: Db,
  workspace: string,
  late: ReadonlyMap<string, number>,
  now: string,
): Promise<void> {
  if (late.size === 0) return;
  const hashes = [...late.keys()].sort();
  const counts = hashes.map((hash) => late.get(hash) ?? 0);
  await db.$executeRaw`
    update gone_session g set late = g.late + k.n, late_at = ${now}::timestamptz
    from unnest(${hashes}::text[], ${counts}::int[]) as k(hash, n)
    where g.workspace = ${workspace} and g.hash = k.hash`;
}
