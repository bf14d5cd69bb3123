import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { isoFromMicros } from "@/lib/time/micros";
import type { Minimap, MinimapQuery } from "./detail-schema";
import { fillBuckets, type MapSpan } from "./minimap";
import type { Named } from "./named";
import type { SpanState } from "./schema";
import { costOfSpan, type Pricing } from "./span-cost";
import { partsOf, readKey, readPricing, rowsOf, type SessionKey } from "./store";
import { shownState } from "./trace";
import { tokensOf } from "./trace-store";

/** The whole session in equal buckets, for the strip above the timeline. Throws `not_found`. */
export async function readMinimap(
  workspace: string,
  named: Named,
  query: Pick<MinimapQuery, "buckets">,
  { now = new Date(), db = prisma as Db } = {},
): Promise<Minimap> {
  const key = await readKey(workspace, named, db);
  const [pricing, all, threads] = await Promise.all([
    readPricing(key, db),
    readRows(key, db),
    readThreads(key, db),
  ]);
  const rows = all.map((row) => closed(row, key, threads.get(row[1])?.newestTurnUs ?? null));
  const [fromUs, toUs] = extentOf(rows, now.getTime() * 1000);
  if (fromUs === null || toUs === null) return { from: null, to: null, bucket_ms: 0, lanes: [] };
  const spans = rows.flatMap((row) => spanOf(row, pricing) ?? []);
  const lanes = fillBuckets({ spans, fromUs, toUs, count: query.buckets });
  return {
    from: isoFromMicros(fromUs),
    to: isoFromMicros(toUs),
    bucket_ms: (toUs - fromUs) / query.buckets / 1000,
    lanes: lanes
      .sort((a, b) => (a.threadId < b.threadId ? -1 : 1))
      .map(({ threadId, buckets }) => ({
        thread_id: threadId || null,
        label: threads.get(threadId)?.label ?? (threadId || "main"),
        buckets,
      })),
  };
}

type MapRow = [
  kind: MapSpan["kind"] | "turn",
  thread: string,
  startUs: number,
  endUs: number | null,
  state: string,
  tokens: [number | null, number | null, number | null, number | null] | null,
  speed: string | null,
];

const micros = (column: string) => Prisma.raw(`(extract(epoch from ${column}) * 1000000)::bigint`);

async function readRows(key: SessionKey, db: Db): Promise<MapRow[]> {
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(case when kind = 'mark' then 'error' else kind end, thread_id,
      ${micros("at")}, ${micros("ended_at")}, state,
      case when input_tokens is not null or output_tokens is not null then json_build_array(
        input_tokens, cache_write_tokens, cache_read_tokens, output_tokens) end,
      attributes ->> 'speed'))::text as rows
    from span where ${rowsOf(key)} and at is not null and (
      kind in ('turn', 'model_request', 'tool', 'wait')
      or (kind = 'mark' and attributes ->> 'type' = 'session.error'))`;
  return JSON.parse(row?.rows ?? "[]");
}

/** A span that stayed open and cannot end any more has no length. */
function closed(row: MapRow, key: SessionKey, newestTurnUs: number | null): MapRow {
  const [kind, thread, startUs, endUs, state, tokens, speed] = row;
  const shown = { state: state as SpanState, startUs, newestTurnUs, sessionEnded: key.ended };
  if (endUs !== null || shownState(shown) === "open") return row;
  return [kind, thread, startUs, startUs, state, tokens, speed];
}

function extentOf(rows: MapRow[], nowUs: number): [number | null, number | null] {
  let fromUs: number | null = null;
  let toUs: number | null = null;
  for (const [, , startUs, endUs] of rows) {
    const lastUs = endUs ?? Math.max(startUs, nowUs);
    if (fromUs === null || startUs < fromUs) fromUs = startUs;
    if (toUs === null || lastUs > toUs) toUs = lastUs;
  }
  return [fromUs, toUs];
}

/** Null for a turn, which only says how far the session reaches. */
function spanOf(row: MapRow, pricing: Pricing): MapSpan | null {
  const [kind, threadId, startUs, endUs, state, tokens, speed] = row;
  if (kind === "turn") return null;
  const counts = tokens && tokensOf(tokens);
  const atUs = endUs ?? startUs;
  const cost = costOfSpan({ kind, threadId, tokens: counts, speed, atUs }, pricing);
  return {
    kind,
    threadId,
    startUs,
    endUs,
    failed: state === "error" || kind === "error",
    costNanos: cost?.nanos ?? 0,
  };
}

async function readThreads(key: SessionKey, db: Db) {
  const rows = await db.$queryRaw<{ id: string; label: string | null; newest: string | null }[]>`
    select coalesce(t.thread_id, n.thread_id) as id, t.agent_name as label, n.newest
    from (select thread_id, agent_name from thread where ${partsOf(key)}) t
    full join (select thread_id, ${micros("max(at)")}::text as newest from span
      where ${rowsOf(key)} and kind = 'turn' group by thread_id) n on n.thread_id = t.thread_id`;
  return new Map(
    rows.map(({ id, label, newest }) => [
      id,
      { label, newestTurnUs: newest === null ? null : Number(newest) },
    ]),
  );
}
