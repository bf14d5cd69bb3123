import type { Db } from "@/lib/db/client";

// What is written of sessions elsewhere, alerts and messages, may have been read before an erasure. Who
// writes it holds the names, and asks whether they are still those of the time it was read.

const KEY = "names_erased";
const lockKey = (workspace: string) => `names ${workspace}`;

/** How often names were erased, by workspace; none: never. */
export async function readErased(db: Db): Promise<Map<string, number>> {
  const rows = await db.setting.findMany({ where: { key: KEY } });
  return new Map(rows.map(({ workspace, value }) => [workspace, Number(value)]));
}

/**
 * From now to the end of the transaction no names are erased. How often they were before: what was read
 * when that was another number may hold some that are erased.
 */
export async function holdNames(db: Db, workspace: string): Promise<number> {
  await db.$executeRaw`
    select pg_advisory_xact_lock_shared(hashtextextended(${lockKey(workspace)}, 0))`;
  const row = await db.setting.findUnique({
    where: { workspace_key: { workspace, key: KEY } },
  });
  return Number(row?.value ?? 0);
}

/** Names are about to be erased: waits for whoever writes some, and has others wait until the transaction ends. */
export async function lockNames(db: Db, workspace: string): Promise<void> {
  await db.$executeRaw`
    select pg_advisory_xact_lock(hashtextextended(${lockKey(workspace)}, 0))`;
  await db.$executeRaw`
    insert into setting (workspace, key, value) values (${workspace}, ${KEY}, '1')
    on conflict (workspace, key) do update
      set value = to_jsonb((setting.value #>> '{}')::bigint + 1), updated_at = now()`;
}
