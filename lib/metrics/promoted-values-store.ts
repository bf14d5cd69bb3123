import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { linesOf } from "@/lib/db/lines";
import type { Bound } from "./promoted";
import type { Sums } from "./rollup";
import { sumJson, sumsFrom } from "./rollup-store";

const DAY_MINUTES = 1440;

/** A promoted key's day. */
export type PromotedDay = { workspace: string; promotion: number; day: number };
export type PromotedDayState = PromotedDay & {
  kept: string[];
  bound: Bound | undefined;
  /** Something was taken back there, and who has sums of their own is still to be settled. */
  stale: boolean;
};

/** Which values of these days have sums of their own, and where that stops. */
export async function readDays(db: Db, days: readonly PromotedDay[]): Promise<PromotedDayState[]> {
  if (days.length === 0) return [];
  const rows = await db.$queryRaw<
    Array<Omit<PromotedDayState, "bound"> & { folded: boolean; last: string | null }>
  >`
    select r.w as workspace, r.p::int as promotion, r.d::int as day, f.day is not null as folded, f.last,
      coalesce(f.stale, false) as stale, array(select value from promoted_value v where v.workspace = r.w and v.promotion = r.p::int
        and v.day = r.d::int) as kept
    from ${linesOf(days, [(day) => day.workspace, (day) => day.promotion, (day) => day.day])}
      as r(w, p, d, n)
    left join promoted_day f on f.workspace = r.w and f.promotion = r.p::int and f.day = r.d::int
    where r.n > 1`;
  return rows.map(({ folded, last, ...day }) => ({
    ...day,
    bound: folded ? { last } : undefined,
  }));
}

export async function addValues(db: Db, of: PromotedDay, values: readonly string[]): Promise<void> {
  if (values.length === 0) return;
  await db.promotedValue.createMany({
    data: values.map((value) => ({ ...of, value })),
    skipDuplicates: true,
  });
}

export async function deleteValues(
  db: Db,
  of: PromotedDay,
  values: readonly string[],
): Promise<void> {
  if (values.length === 0) return;
  await db.promotedValue.deleteMany({ where: { ...of, value: { in: [...values] } } });
}

export async function saveBound(db: Db, of: PromotedDay, { last }: Bound): Promise<void> {
  await db.promotedDay.upsert({
    where: { workspace_promotion_day: of },
    create: { ...of, last },
    update: { last },
  });
}

export async function markStale(db: Db, of: PromotedDay): Promise<void> {
  await db.promotedDay.updateMany({ where: of, data: { stale: true } });
}

const sumsOf = ({ workspace, promotion, day }: PromotedDay, grains: readonly string[]) =>
  Prisma.sql`workspace = ${workspace} and promotion = ${promotion} and grain = any(${[...grains]}::text[])
    and minute >= ${day * DAY_MINUTES} and minute < ${(day + 1) * DAY_MINUTES}`;

/** Takes the sums of some values out of a day and returns them. */
export async function takeSums(db: Db, of: PromotedDay, values: readonly string[]): Promise<Sums> {
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    with gone as (
      delete from rollup where ${sumsOf(of, ["minute", "hour"])} and not folded
        and value = any(${[...values]}::text[])
      returning *)
    select json_agg(${sumJson})::text as rows from gone`;
  return sumsFrom(of.workspace, row?.rows);
}

/** Those of the values of which something is left on that day. */
export async function readPresent(
  db: Db,
  of: PromotedDay,
  values: readonly string[],
): Promise<string[]> {
  const rows = await db.$queryRaw<{ value: string }[]>`
    select distinct value from rollup where ${sumsOf(of, ["hour"])} and not folded
      and value = any(${[...values]}::text[])
      and not (count = 0 and failed = 0 and denied = 0 and ms = 0 and nanos = 0 and input_tokens = 0
        and cache_write_5m_tokens = 0 and cache_write_1h_tokens = 0 and cache_read_tokens = 0
        and output_tokens = 0 and unpriced_tokens = 0 and coalesce(octet_length(histogram), 0) = 0)`;
  return rows.map(({ value }) => value);
}

/** What stands at nothing: as many come and go as there are values. */
export async function deleteEmptyTotals(
  db: Db,
  { workspace, promotion }: { workspace: string; promotion: number },
): Promise<void> {
  await db.$executeRaw`
    delete from rollup where workspace = ${workspace} and promotion = ${promotion}
      and grain = 'total' and count = 0`;
}

/** The oldest day that may hold values folded that need not be. */
export async function readStaleDay(db: Db): Promise<PromotedDay | null> {
  return db.promotedDay.findFirst({
    where: { stale: true },
    orderBy: { day: "asc" },
    select: { workspace: true, promotion: true, day: true },
  });
}

/** Forgets a day whole. */
export async function deleteDay(db: Db, of: PromotedDay): Promise<void> {
  await db.$executeRaw`delete from rollup where ${sumsOf(of, ["minute", "hour"])}`;
  await db.promotedValue.deleteMany({ where: of });
  await db.promotedDay.deleteMany({ where: of });
}
