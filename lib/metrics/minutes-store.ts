import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { Asked } from "./asked";
import { type Term, termsOf } from "./metric";
import type { StoredMinutes } from "./minutes";
import { labelOf } from "./query-store";
import { sourceOf } from "./source-store";

/** What the metric's terms sum to minute by minute, by labels. The range's buckets are its minutes. */
export async function readStoredMinutes(asked: Asked, db: Db = prisma): Promise<StoredMinutes[]> {
  const { metric, groups } = asked;
  const terms = termsOf(metric);
  const names = (prefix: string, of: readonly unknown[]) => of.map((_, at) => `${prefix}${at}`);
  const [labels, sums] = [names("l", groups), names("t", terms)];
  const list = (parts: readonly string[]) => Prisma.raw(parts.join(", "));
  const byMinute = (column: string) => `json_agg(${column} order by minute) as ${column}`;
  const histograms =
    metric.kind === "distribution"
      ? Prisma.sql`json_agg(encode(c.histogram, 'base64')) filter (where c.histogram is not null) as h,
          json_agg(c.observations) filter (where c.observations <> '{}') as o`
      : Prisma.sql`null::json as h, null::json as o`;
  const columns = [
    ...groups.map((group, at) => Prisma.sql`${labelOf(metric, group)} as ${list([`l${at}`])}`),
    ...terms.map(sumOf),
  ];
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(json_build_array(${list(labels)}), minute,
      json_build_array(${list(sums)}), h, o))::text as rows
    from (
      select ${list([...labels, ...["minute", ...sums, "h", "o"].map(byMinute)])}
      from (select c.minute, ${Prisma.join(columns)}, ${histograms} from (${sourceOf(asked)}) c
        group by ${list(["minute", ...labels])}) m
      ${labels.length > 0 ? Prisma.sql`group by ${list(labels)}` : Prisma.empty}) r`;
  return (JSON.parse(row?.rows ?? "[]") as MinutesJson[]).map(([named, minutes, of, h, o]) => ({
    labels: named.map((label) => label ?? ""),
    minutes: minutes ?? [],
    sums: of.map((sums) => sums ?? []),
    ...{ packed: h ?? [], observations: o ?? [] },
  }));
}

/** A term of the metric as a column `t` of that number. */
function sumOf({ measure, family, keys }: Term, at: number): Prisma.Sql {
  const named = keys ? Prisma.sql` and c.key = any(${[...keys]}::text[])` : Prisma.empty;
  return Prisma.sql`sum(c.${Prisma.raw(measure)}) filter (where c.family = ${family}${named})
    as ${Prisma.raw(`t${at}`)}`;
}

/** Without groups there is one, which may have nothing. */
type MinutesJson = [
  labels: Array<string | null>,
  minutes: number[] | null,
  sums: Array<number[] | null>,
  packed: Array<string[] | null> | null,
  observations: Array<number[][] | null> | null,
];
