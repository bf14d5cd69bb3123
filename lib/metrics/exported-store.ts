import { type Db, prisma } from "@/lib/db/client";
import type { Marks } from "./families";

/** The most that each counter of a workspace was ever told as. */
export async function readMarks(workspace: string, db: Db = prisma): Promise<Marks> {
  const [row] = await db.$queryRaw<{ marks: string | null }[]>`
    select json_agg(json_build_array(series, value) order by series)::text as marks
    from exported_counter where workspace = ${workspace}`;
  return new Map(JSON.parse(row?.marks ?? "[]") as Array<[string, number]>);
}

/** Raises marks, whoever else does so at the same time. */
export async function raiseMarks(
  workspace: string,
  values: ReadonlyMap<string, number>,
  db: Db = prisma,
): Promise<void> {
  if (values.size === 0) return;
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  await db.$executeRaw`
    insert into exported_counter as c (workspace, series, value)
    select ${workspace}, r.series, r.value
    from unnest(${sorted.map(([series]) => series)}::text[],
      ${sorted.map(([, value]) => value)}::float8[]) as r(series, value)
    on conflict (workspace, series) do update set value = greatest(c.value, excluded.value)`;
}
