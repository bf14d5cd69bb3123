import { Prisma } from "@/lib/db/generated/client";
import { type Asked, foldedIn, isPromoted, readsFacts } from "./asked";
import { COLUMNS, dimensionConditions, factsOf, keyConditions } from "./facts-store";
import { type Piece, piecesOf } from "./pieces";
import { NEVER, TOTAL_MINUTE } from "./rollup";
import { familiesIn } from "./told";

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
