import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { instantFromJson, microsOf } from "./instant";
import { utcOf } from "./row-store";
import { isLong, lookBack } from "./spans-store";
import { alongOrder, type SessionKey } from "./store";
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

/** Turns and model requests among the spans of a query. */
async function readPlaced(spans: Prisma.Sql, db: Db): Promise<Placed[]> {
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(f.id, f.kind, f.thread_id, ${utcOf("f.at")}, ${utcOf("f.ended_at")}))::text as rows
    from (${spans}) f where f.kind in ('turn', 'model_request')`;
  type PlacedJson = [id: string, kind: string, thread: string, at: string, ended: string | null];
  return (JSON.parse(row?.rows ?? "[]") as PlacedJson[]).map(([id, kind, thread, at, ended]) =>
    placeOf({ id, kind, thread, at: instantFromJson(at), ended: ended && instantFromJson(ended) }),
  );
}

/** Those that began between two instants. */
export function readWithin(key: SessionKey, from: string, to: string, db: Db): Promise<Placed[]> {
  const spans = Prisma.sql`select * from span where ${alongOrder(key)}
    and span.at between ${from}::timestamptz and ${to}::timestamptz`;
  return readPlaced(spans, db);
}

type Page = {
  /** In their order; those before `from` reach into the window. */
  rows: readonly PlacedRow[];
  from: string | undefined;
  /** The first row of the page after. */
  next: PlacedRow | undefined;
};

/**
 * Those outside a page's rows that may hold some of them: for each row that reaches in, and for the
 * first of each thread inside that has none of its thread before it, the last that began.
 */
export async function readBegun(key: SessionKey, page: Page, db: Db): Promise<Placed[]> {
  const turns = placesOf(page, "turn", (kind) => kind !== "turn" && kind !== "approval");
  const requests = placesOf(page, "model_request", (kind) => kind === "tool");
  const parts = [
    ...(turns.length > 0 ? [lastTurns(key, turns)] : []),
    ...(requests.length > 0 ? [lastRequests(key, requests)] : []),
  ];
  const last = page.rows.at(-1);
  // Spans that begin in the same instant may stand on the two sides of a page's end.
  if (last && page.next?.at === last.at)
    parts.push(
      Prisma.sql`select * from span where ${alongOrder(key)} and span.at = ${last.at}::timestamptz`,
    );
  return parts.length === 0 ? [] : readPlaced(Prisma.join(parts, " union all "), db);
}

function placesOf(
  { rows, from }: Page,
  holder: string,
  isHeld: (kind: string) => boolean,
): PlacedRow[] {
  const known = new Set<string>();
  const holders = new Map<string, string>();
  return rows.filter((row) => {
    // One that begins in the very instant is not yet its holder: that may be one which ends in it.
    const began = holders.get(row.thread);
    if (known.has(row.thread) || (began !== undefined && began < row.at)) return false;
    const held = isHeld(row.kind);
    const isInside = from === undefined || row.at >= from;
    if (isInside && held) known.add(row.thread);
    if (isInside && row.kind === holder && began === undefined) holders.set(row.thread, row.at);
    return held;
  });
}

const unnested = (places: readonly PlacedRow[]) => Prisma.sql`unnest(
  ${places.map(({ thread }) => thread)}::text[], ${places.map(({ at }) => at)}::timestamptz[]) p(thread, at)`;
const newest = Prisma.sql`order by span.at desc, span.id desc`;

function lastTurns(key: SessionKey, places: readonly PlacedRow[]): Prisma.Sql {
  return Prisma.sql`
    select f.* from ${unnested(places)} cross join lateral (
      select * from span where ${alongOrder(key)} and kind = 'turn' and thread_id = p.thread
        and span.at <= p.at ${newest} limit 1) f`;
}

/**
 * Mostly one began shortly before. Two, as one that ends as the next begins goes before it. Of those
 * that began earlier, only one that lasts until the place matters, and what began after it.
 */
function lastRequests(key: SessionKey, places: readonly PlacedRow[]): Prisma.Sql {
  const requests = Prisma.sql`select * from span where ${alongOrder(key)}
    and kind = 'model_request' and thread_id = p.thread`;
  const shortly = lookBack(Prisma.sql`p.at`);
  return Prisma.sql`
    select f.* from ${unnested(places)} cross join lateral (
      (${requests} and span.at <= p.at and span.at > ${shortly} ${newest} limit 2)
      union all
      (select later.* from (${requests} and span.at <= ${shortly} and ${isLong}
          and (ended_at >= p.at or ended_at is null) ${newest} limit 1) lasting
        cross join lateral (${requests} and span.at <= ${shortly} and span.at >= lasting.at
          ${newest} limit 1) later)) f`;
}
