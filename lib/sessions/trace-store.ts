import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { SpansCursor } from "./cursor";
import { microsOf } from "./instant";
import type { Named } from "./named";
import { placeOf, readBegun, readWithin } from "./parents-store";
import { TraceQuery } from "./query-schema";
import { instantOf } from "./row-store";
import type { SpanItem, TracePage } from "./schema";
import { costOfSpan, type Pricing } from "./span-cost";
import { readSpans, type SpanRow, type TokenColumns } from "./spans-store";
import { alongOrder, readKey, readPricing, type SessionKey } from "./store";
import { parentFinder, publicAttributes, shownState } from "./trace";
import { readBand, readMarks, readThreads } from "./trace-parts-store";

/** One page of a session's spans, earliest first; the first page brings threads and state band. */
export async function readTrace(
  workspace: string,
  named: Named,
  query: TraceQuery = TraceQuery.parse({}),
  db: Db = prisma,
): Promise<TracePage> {
  const key = await readKey(workspace, named, db);
  const cursor = query.cursor === undefined ? null : decodeCursor(SpansCursor, query.cursor);
  // What takes longest goes first, and beside it all that waits for nothing.
  const [found, pricing, threads, band] = await Promise.all([
    readSpans(key, query, cursor, db),
    readPricing(key, db),
    cursor ? undefined : readThreads(key, db),
    cursor ? undefined : readBand(key, query, db),
  ]);
  const rows = found.slice(0, query.limit);
  const last = found.length > query.limit ? rows.at(-1) : undefined;
  const part = {
    after: cursor?.k[0] ?? null,
    from: query.from,
    to: query.to,
    until: last?.at ?? null,
    thread: query.thread,
  };
  const [data, marks] = await Promise.all([
    itemsOf(key, { rows, next: found[query.limit], query, pricing }, db),
    readMarks(key, part, db),
  ]);
  return {
    data,
    next_cursor: last ? encodeCursor({ k: [last.at, last.id], o: "asc" }) : null,
    marks,
    ...(threads ? { threads } : {}),
    ...(band ? { state_band: band } : {}),
  };
}

/** The rows of a page and the one after it. */
type Page = { rows: SpanRow[]; next: SpanRow | undefined; query: TraceQuery; pricing: Pricing };

async function itemsOf(
  key: SessionKey,
  { rows, next, query, pricing }: Page,
  db: Db,
): Promise<SpanItem[]> {
  const last = rows.at(-1);
  if (!last) return [];
  // Rows that begin in the window are all there are of it, if all kinds were asked for.
  const first = rows.find(({ at }) => query.from === undefined || at >= query.from);
  const [before, within, newest] = await Promise.all([
    readBegun(key, { rows, from: query.from, next }, db),
    query.kinds?.length && first ? readWithin(key, first.at, last.at, db) : [],
    readNewestTurns(key, rows, db),
  ]);
  const places = rows.map(placeOf);
  const parentOf = parentFinder([...before, ...within, ...places]);
  return rows.map((row, index) => {
    const place = places[index] ?? placeOf(row);
    const { startUs, endUs } = place;
    const { tool_use_id, speed } = row.attributes;
    const tokens = tokensOf(row.tokens);
    const cost = costOfSpan(
      {
        kind: row.kind,
        threadId: row.thread,
        tokens,
        speed: typeof speed === "string" ? speed : null,
        atUs: endUs ?? startUs,
      },
      pricing,
    );
    const length = row.started === null || endUs === null ? null : endUs - startUs;
    return {
      id: row.id,
      parent_id: parentOf(place, typeof tool_use_id === "string" ? tool_use_id : null),
      thread_id: row.thread || null,
      kind: row.kind,
      name: row.name,
      started_at: row.started,
      ended_at: row.ended,
      duration_ms: length === null ? null : Math.max(0, Math.floor(length / 1000)),
      state: shownState({
        state: row.state,
        startUs,
        newestTurnUs: newest.get(row.thread) ?? null,
        sessionEnded: key.ended,
      }),
      usage: tokens && {
        input_tokens: tokens.input,
        cache_write_tokens: tokens.cacheWrite,
        cache_read_tokens: tokens.cacheRead,
        output_tokens: tokens.output,
      },
      cost_nanos: cost && cost.unpricedTokens === 0 ? cost.nanos : null,
      start_event_id: row.startEvent,
      end_event_id: row.endEvent,
      attributes: publicAttributes(row.attributes),
    };
  });
}

export function tokensOf(tokens: TokenColumns) {
  if (tokens.every((count) => count === null)) return null;
  const [input, cacheWrite, cacheRead, output] = tokens;
  return {
    input: input ?? 0,
    cacheWrite: cacheWrite ?? 0,
    cacheRead: cacheRead ?? 0,
    output: output ?? 0,
  };
}

/** By thread, when its newest turn began; asked only for threads with an open span among the rows. */
async function readNewestTurns(
  key: SessionKey,
  rows: SpanRow[],
  db: Db,
): Promise<Map<string, number>> {
  const open = rows.filter(({ state }) => state === "open");
  const [first] = open;
  if (!first || key.ended) return new Map();
  const threads = [...new Set(open.map(({ thread }) => thread))];
  const newest = await db.$queryRaw<{ thread_id: string; at: string }[]>`
    select thread_id, ${instantOf(Prisma.raw("max(at)"))} as at from span
    where ${alongOrder(key)} and kind = 'turn' and thread_id = any(${threads}::text[])
      and at >= ${first.at}::timestamptz
    group by thread_id`;
  return new Map(newest.map((row) => [row.thread_id, microsOf(row.at)]));
}
