import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { AppError, invalidField } from "@/lib/http/errors";
import { costlySteps, type Step } from "./costly";
import type { FindQuery, Found } from "./detail-schema";
import { hasText, type Place, readPlace } from "./events-store";
import { microsOf, normalInstant } from "./instant";
import type { Named } from "./named";
import { instantOf } from "./row-store";
import { costOfSpan } from "./span-cost";
import {
  alongOrder,
  readKey,
  readPricing,
  rowsOf,
  type SessionKey,
  threadCondition,
} from "./store";
import { tokensOf } from "./trace-store";

const at = (column: string) => instantOf(Prisma.raw(column));

/** The next (or previous) event worth a look, seen from `after`; from the session's end without it. */
export async function readFound(
  workspace: string,
  named: Named,
  query: Omit<FindQuery, "connection">,
  db: Db = prisma,
): Promise<Found> {
  const key = await readKey(workspace, named, db);
  if ((query.what === "text" || query.what === "type") && !query.q)
    throw invalidField("q", `needed with what=${query.what}`);
  const from = await readStart(key, query.after, db);
  // Events without an instant stand at the end of the session's order: nothing comes after them.
  if (Array.isArray(from) && from[0] === null && query.direction === "next") return null;
  if (query.what === "costly") return findCostly(key, query, from, db);
  if (query.what === "error") return findError(key, query, from, db);
  return findEvent(key, query, from, db);
}

/** `after` as a place: that of the event, or just behind everything of the instant (before it, going back). */
async function readStart(
  key: SessionKey,
  after: string | undefined,
  db: Db,
): Promise<Place | string | null> {
  if (after === undefined) return null;
  const instant = normalInstant(after);
  if (instant !== null) return instant;
  const place = await readPlace(key, after, db);
  if (place) return place;
  throw new AppError("not_found", "after: there is no such event in this session.");
}

const timeOf = (from: Place | string | null) => (typeof from === "string" ? from : from?.[0]);

async function findEvent(
  key: SessionKey,
  { what, q = "", direction, thread }: Omit<FindQuery, "connection">,
  from: Place | string | null,
  db: Db,
): Promise<Found> {
  const sign = Prisma.raw(direction === "next" ? ">" : "<");
  const way = Prisma.raw(direction === "next" ? "asc" : "desc");
  const time = timeOf(from);
  const beyond =
    time === undefined || time === null
      ? Prisma.sql`true`
      : Array.isArray(from)
        ? Prisma.sql`(at, rank, id, thread_id) ${sign} (${time}::timestamptz, ${from[1]}::smallint, ${from[3]}::text, ${from[2]}::text)`
        : Prisma.sql`at ${sign} ${time}::timestamptz`;
  const wanted = what === "type" ? Prisma.sql`type = ${q}` : hasText(q);
  const [row] = await db.$queryRaw<{ found: Found }[]>`
    select json_build_object('event_id', id, 'span_id', null, 'at', ${at("at")},
      'session_thread_id', nullif(thread_id, ''), 'label', type) as found
    from event where ${alongOrder(key)} and at is not null and ${beyond}
      and ${threadCondition(thread)} and ${wanted}
    order by at ${way}, rank ${way}, id ${way}, thread_id ${way} limit 1`;
  return row?.found ?? null;
}

/** Where a span went wrong: at its end, which is the event to look at. */
async function findError(
  key: SessionKey,
  { direction, thread }: Omit<FindQuery, "connection">,
  from: Place | string | null,
  db: Db,
): Promise<Found> {
  const next = direction === "next";
  const way = Prisma.raw(next ? "asc" : "desc");
  const [time, id] = [timeOf(from), Array.isArray(from) ? from[3] : null];
  const place = Prisma.sql`(happened, event_id)`;
  const sign = Prisma.raw(next ? ">" : "<");
  const beyond =
    time === undefined || time === null
      ? Prisma.sql`true`
      : id === null
        ? Prisma.sql`happened ${sign} ${time}::timestamptz`
        : Prisma.sql`${place} ${sign} (${time}::timestamptz, ${id}::text)`;
  const [row] = await db.$queryRaw<{ found: Found }[]>`
    select json_build_object('event_id', event_id, 'span_id', span_id, 'at', ${at("happened")},
      'session_thread_id', nullif(thread_id, ''), 'label', label) as found
    from (select coalesce(end_event_id, start_event_id) as event_id, coalesce(ended_at, at) as happened,
        thread_id, case when kind <> 'mark' then id end as span_id,
        case when kind = 'mark' then coalesce(attributes ->> 'label', name) else kind || ' ' || name end as label
      from span where ${rowsOf(key)} and at is not null and ${threadCondition(thread)}
        and ((kind in ('tool', 'model_request') and state = 'error')
          or (kind = 'mark' and attributes ->> 'type' = 'session.error'))) e
    where event_id is not null and ${beyond}
    order by happened ${way}, event_id ${way} limit 1`;
  return row?.found ?? null;
}

type RequestRow = [
  id: string,
  event: string | null,
  thread: string,
  at: string,
  tokens: [number | null, number | null, number | null, number | null],
  speed: string | null,
];

async function findCostly(
  key: SessionKey,
  { direction, thread }: Omit<FindQuery, "connection">,
  from: Place | string | null,
  db: Db,
): Promise<Found> {
  const pricing = await readPricing(key, db);
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(json_build_array(id, coalesce(start_event_id, end_event_id), thread_id,
      ${at("at")}, json_build_array(input_tokens, cache_write_tokens, cache_read_tokens, output_tokens),
      attributes ->> 'speed') order by span.at, id)::text as rows
    from span where ${rowsOf(key)} and at is not null and kind = 'model_request'
      and ${threadCondition(thread)}`;
  const steps = (JSON.parse(row?.rows ?? "[]") as RequestRow[]).map((request): Step => {
    const [id, eventId, threadId, time, counts, speed] = request;
    const atUs = microsOf(time);
    const span = { kind: "model_request", threadId, tokens: tokensOf(counts), speed, atUs };
    return { id, eventId, threadId, at: time, nanos: costOfSpan(span, pricing)?.nanos ?? 0 };
  });
  const costly = costlySteps(steps).filter(({ eventId }) => eventId !== null);
  const time = timeOf(from) ?? null;
  const [own] = Array.isArray(from) ? [from[3]] : [null];
  const found =
    direction === "next"
      ? costly.find((step) => time === null || (step.at > time && step.eventId !== own))
      : costly.findLast((step) => time === null || (step.at < time && step.eventId !== own));
  if (!found || found.eventId === null) return null;
  return {
    event_id: found.eventId,
    span_id: found.id,
    at: found.at,
    session_thread_id: found.threadId || null,
    label: "costly model request",
  };
}
