import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { instantFromJson, microsOf } from "./instant";
import { utcOf } from "./row-store";
import { rowsOf, type SessionKey } from "./store";
import type { Placed } from "./trace";

/** What finding parents needs of a span; instants in the form of `normalInstant`. */
export type PlacedRow = {
  id: string;
  kind: string;
  thread: string;
  at: string;
  ended: string | null;
};

export function placeOf({ id, kind, thread, at, ended }: PlacedRow): Placed {
  const endUs = ended === null ? null : microsOf(ended);
  return { id, kind, threadId: thread, startUs: microsOf(at), endUs };
}

/** Turns and model requests among the spans of a sub-query `f`. */
async function readPlaced(spans: Prisma.Sql, db: Db): Promise<Placed[]> {
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(f.id, f.kind, f.thread_id, ${utcOf("f.at")}, ${utcOf("f.ended_at")}))::text as rows
    from ${spans} f where f.kind in ('turn', 'model_request')`;
  type PlacedJson = [id: string, kind: string, thread: string, at: string, ended: string | null];
  return (JSON.parse(row?.rows ?? "[]") as PlacedJson[]).map(([id, kind, thread, at, ended]) =>
    placeOf({ id, kind, thread, at: instantFromJson(at), ended: ended && instantFromJson(ended) }),
  );
}

/** Those that began between two instants. */
export function readWithin(key: SessionKey, from: string, to: string, db: Db): Promise<Placed[]> {
  const spans = Prisma.sql`(select * from span where ${rowsOf(key)}
    and span.at between ${from}::timestamptz and ${to}::timestamptz)`;
  return readPlaced(spans, db);
}

/** Beyond so many places, looking at everything once is quicker than looking back from each. */
const MOST_PLACES = 10;

/**
 * Those that began before the rows and may hold some of them: looking back from where each thread's
 * rows inside the window begin, and from each row that reaches in from before.
 */
export function readBegun(
  key: SessionKey,
  rows: readonly PlacedRow[],
  inside: readonly PlacedRow[],
  db: Db,
): Promise<Placed[]> {
  const begins = new Map([...inside].reverse().map((row) => [row.thread, row]));
  const places = [...rows.slice(0, rows.length - inside.length), ...begins.values()];
  const [first, last] = [rows[0]?.at ?? "", rows.at(-1)?.at ?? ""];
  if (places.length > MOST_PLACES)
    return readPlaced(
      Prisma.sql`(select * from span where ${rowsOf(key)} and span.at <= ${last}::timestamptz
        and (ended_at >= ${first}::timestamptz or ended_at is null))`,
      db,
    );
  const threads = places.map(({ thread }) => thread);
  const instants = places.map(({ at }) => at);
  const lookBack = Prisma.sql`(
    select found.* from unnest(${threads}::text[], ${instants}::timestamptz[]) p(thread, at)
    cross join unnest(array['turn', 'model_request']) k(kind)
    cross join lateral (select * from span
      where ${rowsOf(key)} and span.at <= p.at and span.kind = k.kind and span.thread_id = p.thread
      order by span.at desc, span.id desc limit 2) found)`;
  return readPlaced(lookBack, db);
}
