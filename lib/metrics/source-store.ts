import { Prisma } from "@/lib/db/generated/client";
import { type Asked, foldedIn, isPromoted, metadataKeys, readsFacts } from "./asked";
import { COLUMNS, dimensionConditions, factsOf, keyConditions } from "./facts-store";
import { NEVER, TOTAL_MINUTE } from "./rollup";
import { DIMENSIONS } from "./schema";
import { familiesIn } from "./told";

const HOUR = 60;

type Sql = Prisma.Sql;
const raw = Prisma.raw;
const join = (parts: readonly Sql[], separator = ", ") => Prisma.join([...parts], separator);

/** Where it is read: rollups and what is still to be added to them, or the sessions' own cells. */
export function sourceOf(asked: Asked): Sql {
  return readsFacts(asked) ? factsOf(asked) : rollupsOf(asked);
}

function rollupsOf(asked: Asked): Sql {
  const { workspace, metric, filter, buckets } = asked;
  const isGauge = metric.kind === "gauge";
  const key = isPromoted(asked) ? asked.promoted : null;
  const conditions = [
    Prisma.sql`workspace = ${workspace} and family = any(${familiesIn(metric)}::text[])`,
    ...keyConditions(asked),
    ...dimensionConditions(filter, raw),
    ...(key && filter.metadata
      ? [Prisma.sql`not folded and value = any(${[filter.metadata[key.key] ?? []].flat()}::text[])`]
      : []),
  ];
  const columns = key ? Prisma.sql`${COLUMNS}, value, folded` : COLUMNS;
  const to = isGauge ? NEVER : buckets.to;
  const within = (piece: Piece) => Prisma.sql`
    select minute, ${columns}, histogram, '{}'::smallint[] as observations from rollup
    where ${join(conditions, " and ")} and promotion = ${key?.id ?? 0} and grain = ${piece.grain}
      and minute >= ${piece.from} and minute < ${piece.to}`;
  // What a gauge stands at is told by all there ever was, also by what is not added up yet.
  const waiting = (minute: Sql, from: number) => Prisma.sql`
    select ${minute} as minute, ${columns}, null::bytea, observations
    from ${key ? saidOf(asked, key.id) : raw("rollup_delta")}
    where ${join(conditions, " and ")} and minute >= ${from} and minute < ${to}`;
  return join(
    [
      ...piecesOf(asked).map(within),
      waiting(raw("minute"), buckets.from),
      ...(isGauge
        ? [
            within({ grain: "total", from: TOTAL_MINUTE, to: 0 }),
            waiting(raw(`${TOTAL_MINUTE}`), 0),
          ]
        : []),
    ],
    " union all ",
  );
}

/** What is still to be added up, with what it says of a promoted key: a value, or that its day folds it. */
function saidOf(asked: Asked, id: number): Sql {
  const folded = foldedIn(asked);
  const days = folded.map(({ day }) => day);
  const lasts = folded.map(({ last }) => last);
  return Prisma.sql`(
    select d.*, case when folded then '' else said end as value
    from (
      select r.*, r.promoted ->> ${`${id}`} as said,
        r.promoted ->> ${`${id}`} is null
          or coalesce((r.promoted ->> ${`${id}`}) collate "C" > b.last, false) as folded
      from rollup_delta r
      left join unnest(${days}::int[], ${lasts}::text[]) as b(day, last) on b.day = r.minute / 1440
      where r.promoted ? ${`${id}`}) d) said`;
}

export type Piece = { grain: string; from: number; to: number };

/** As fine as the steps ask for; before minutes are surely kept, by the hour. */
function piecesOf(asked: Asked): Piece[] {
  const { metric, groups, filter, buckets, firstMinute } = asked;
  const { from, to, starts } = buckets;
  if (to === NEVER)
    return metric.kind === "gauge" ? [] : [{ grain: "total", from: TOTAL_MINUTE, to: 0 }];
  const named = [...groups, ...DIMENSIONS.filter((name) => filter[name]?.length)];
  const others = DIMENSIONS.filter((name) => name !== "agent") as readonly string[];
  const isFine = named.some((name) => others.includes(name)) || metadataKeys(asked).length > 0;
  const grain = isFine ? "hour" : "agent_hour";
  const after = metric.kind === "gauge" ? byTheHour(grain, to, NEVER) : [];
  const isHourly = starts.every((start, at) => at === 0 || start % HOUR === 0);
  const fine = (first: number): Piece[] =>
    isHourly ? byTheHour(grain, first, to) : [{ grain: "minute", from: first, to }];
  if (from >= firstMinute) return [...fine(from), ...after];
  const kept = Math.min(hourAfter(firstMinute), hourAfter(to));
  const old = { grain, from: Math.floor(from / HOUR) * HOUR, to: kept };
  return [old, ...(kept < to ? fine(kept) : []), ...after];
}

export const hourAfter = (minute: number) => Math.ceil(minute / HOUR) * HOUR;

/** Whole hours by the hour, the rest by the minute. */
export function byTheHour(grain: string, from: number, to: number): Piece[] {
  const first = hourAfter(from);
  const last = to === NEVER ? NEVER : Math.floor(to / HOUR) * HOUR;
  if (last <= first) return [{ grain: "minute", from, to }];
  return [
    { grain: "minute", from, to: first },
    { grain, from: first, to: last },
    { grain: "minute", from: last, to },
  ].filter((piece) => piece.from < piece.to);
}
