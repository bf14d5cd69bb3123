import type { Db } from "@/lib/db/client";

/** Sums of nothing that are still called after something: what an erased session failed with, and said of itself. */
export async function deleteEmptySums(db: Db, workspace: string): Promise<number> {
  return db.$executeRaw`
    delete from rollup where workspace = ${workspace} and (family = 'fault' or promotion <> 0)
      and (count, failed, denied, ms, nanos, input_tokens, cache_write_5m_tokens,
        cache_write_1h_tokens, cache_read_tokens, output_tokens, unpriced_tokens)
        = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) and coalesce(length(histogram), 0) = 0`;
}

/** Of groups of errors, those that nobody is counted under any more. */
export async function listUnsaid(
  db: Db,
  workspace: string,
  groups: readonly string[],
): Promise<string[]> {
  if (groups.length === 0) return [];
  const rows = await db.$queryRaw<Array<{ key: string }>>`
    select g as key from unnest(${[...groups]}::text[]) g where not exists (
      select from rollup r where r.workspace = ${workspace} and r.promotion = 0
        and r.family = 'fault' and r.key = g)`;
  return rows.map(({ key }) => key);
}
