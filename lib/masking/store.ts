import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { Hits } from "./masker";
import { MaskingMode, MaskingPolicy } from "./schema";

const KEY = "masking";

/** Null while nobody has changed anything. */
export async function readPolicy(
  workspace: string,
  db: Db = prisma,
): Promise<MaskingPolicy | null> {
  const row = await db.setting.findUnique({ where: { workspace_key: { workspace, key: KEY } } });
  return row && MaskingPolicy.parse(row.value);
}

const lockKey = (workspace: string) => Prisma.sql`hashtextextended(${`masking:${workspace}`}, 0)`;

/**
 * Whoever stores what the rules have masked holds this until the end of the transaction, and whoever changes
 * the rules waits for it: once a change has answered, nothing is stored that rules before it have masked.
 * Before the rules are read: a statement that has waited sees what was there before the wait.
 */
export const rulesHeld = (workspace: string) =>
  Prisma.sql`select pg_advisory_xact_lock_shared(${lockKey(workspace)})`;

export async function holdRules(db: Db, workspace: string): Promise<void> {
  await db.$executeRaw`${rulesHeld(workspace)}`;
}

/** Makes saves wait for each other, and for what is being stored, until the transaction ends. */
export async function lockPolicy(workspace: string, db: Db): Promise<MaskingPolicy | null> {
  await db.$executeRaw`select pg_advisory_xact_lock(${lockKey(workspace)})`;
  return readPolicy(workspace, db);
}

export async function savePolicy(workspace: string, value: MaskingPolicy, db: Db): Promise<void> {
  await db.setting.upsert({
    where: { workspace_key: { workspace, key: KEY } },
    create: { workspace, key: KEY, value },
    update: { value },
  });
}

/** What holds for items of a connection, '' for those that are pushed: one read for a batch. */
export async function readPolicyFor(
  { workspace, connectionId }: { workspace: string; connectionId: string },
  db: Db = prisma,
): Promise<{ policy: unknown; mode: MaskingMode | null }> {
  const [row] = await db.$queryRaw<{ policy: unknown; mode: string | null }[]>`
    select s.value as policy, c.content_mode as mode
    from (select) one
      left join setting s on s.workspace = ${workspace} and s.key = ${KEY}
      left join connection c on c.workspace = ${workspace} and c.id = ${connectionId}`;
  return {
    policy: row?.policy ?? null,
    mode: row?.mode == null ? null : MaskingMode.parse(row.mode),
  };
}

/** Last in a transaction, and in one order: whoever counts the same rules waits only for its end. */
export async function addMasked(db: Db, workspace: string, hits: Hits, at: string): Promise<void> {
  if (hits.size === 0) return;
  const rules = [...hits.keys()].sort();
  const fields = rules.map((rule) => hits.get(rule) ?? 0);
  await db.$executeRaw`
    insert into masked_count (workspace, rule, fields, last_at)
    select ${workspace}, r.rule, r.fields, ${at}::timestamptz
    from unnest(${rules}::text[], ${fields}::bigint[]) as r(rule, fields)
    on conflict (workspace, rule) do update set fields = masked_count.fields + excluded.fields,
      last_at = greatest(masked_count.last_at, excluded.last_at)`;
}

export async function listMasked(workspace: string, db: Db = prisma) {
  const rows = await db.maskedCount.findMany({ where: { workspace }, orderBy: { rule: "asc" } });
  return rows.map(({ rule, fields, lastAt }) => ({
    ...{ rule, fields: Number(fields), last_at: lastAt.toISOString() },
  }));
}

/** Results that wait for their call: versions of one are one. */
export async function countWithheld(workspace: string, db: Db = prisma) {
  const [row] = await db.$queryRaw<Array<{ results: number; oldest: Date | null }>>`
    select count(distinct (session_id, connection_id, thread_id, event_id))::int as results,
      min(received_at) as oldest
    from withheld_result where workspace = ${workspace}`;
  return { results: row?.results ?? 0, oldest_at: row?.oldest?.toISOString() ?? null };
}
