import { z } from "zod";
import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { invalidField } from "@/lib/http/errors";
import { RELIST_STATES } from "./drift-causes";
import { billedBeside, CAUSE, RELIST, type Sql, SYNC, settledIn } from "./reconcile-parts-store";
import {
  NO_LIST_COST_REASONS,
  type Reconcile,
  type ReconcileQuery,
  type TokenBuckets,
} from "./reconcile-schema";
import { BigInteger, GroupRow, groupOf, SumsRow, sumsOf } from "./reconcile-sums";

/** Over the sessions with a list cost among `s`. */
const LISTED = Prisma.sql`filter (where s.list_cost_cents is not null)`;
const SUMS = Prisma.sql`count(s.list_cost_cents)::text as sessions,
  coalesce(sum(s.computed_nanos) ${LISTED}, 0)::text as computed,
  (coalesce(sum(s.list_cost_cents), 0) * 10000000)::text as list,
  coalesce(sum(s.drift_nanos), 0)::text as drift,
  coalesce(sum(abs(s.drift_nanos)), 0)::text as absolute,
  (count(b.amount) ${LISTED})::text as billed_sessions,
  coalesce(sum(b.amount) ${LISTED}, 0)::text as billed`;

/**
 * The totals over all settled sessions of a range, and one page of them by cause or by agent, the
 * largest absolute drift first.
 */
export async function readReconcile(
  workspace: string,
  query: ReconcileQuery,
  db: Db = prisma,
): Promise<Reconcile> {
  const place = readCursor(query);
  const [figures, groups] = await Promise.all([
    readFigures(workspace, query, db),
    readGroups(workspace, query, place, db),
  ]);
  const data = groups.slice(0, query.limit);
  const last = groups.length > query.limit ? data.at(-1) : undefined;
  return {
    by: query.by,
    ...figures,
    data: data.map((row) => groupOf(query.by, row)),
    next_cursor: last ? encodeCursor({ b: query.by, v: last.size, k: last.key ?? "" }) : null,
  };
}

/** A place among groups: their absolute drift and the key of the last one seen. */
const GroupCursor = z.object({
  b: z.enum(["cause", "agent"]),
  v: z.string().regex(/^\d{1,30}$/),
  k: z.string().max(256),
});
type GroupCursor = z.infer<typeof GroupCursor>;

function readCursor({ cursor, by }: ReconcileQuery): GroupCursor | null {
  if (cursor === undefined) return null;
  const place = decodeCursor(GroupCursor, cursor);
  if (place.b !== by)
    throw invalidField("cursor", `it was given out by ${place.b}; start without one`);
  return place;
}

const SizedGroup = GroupRow.extend({ size: z.string() });

async function readGroups(
  workspace: string,
  query: ReconcileQuery,
  place: GroupCursor | null,
  db: Db,
): Promise<z.infer<typeof SizedGroup>[]> {
  const key = query.by === "cause" ? CAUSE : Prisma.sql`s.agent_id`;
  const beyond = place
    ? Prisma.sql`(g.size, coalesce(key, '')) < (${place.v}::numeric, ${place.k})`
    : Prisma.sql`true`;
  const rows = await db.$queryRaw<unknown[]>`
    select key, name, sessions, computed, list, drift, absolute, billed_sessions, billed,
      g.size::text from (
      select key, ${query.by === "agent" ? Prisma.sql`max(s.agent_name)` : Prisma.sql`null`} as name,
        ${SUMS}, coalesce(sum(abs(s.drift_nanos)), 0) as size
      from session s cross join lateral (select ${key} as key) k ${billedBeside(workspace)}
      where ${settledIn(workspace, query)} and s.list_cost_cents is not null
      group by key) g
    where ${beyond}
    order by g.size desc, coalesce(key, '') desc limit ${query.limit + 1}`;
  return z.array(SizedGroup).parse(rows);
}

const Figures = SumsRow.extend({
  within_cent: z.int(),
  within_percent: z.int(),
  demo: z.int(),
  own_loop: z.int(),
  no_usage: z.int(),
  not_given: z.int(),
  compared: z.int(),
  differing: z.int(),
  waiting: z.int(),
  different: z.int(),
  mended: z.int(),
  unavailable: z.int(),
}).catchall(BigInteger);
type Figures = z.infer<typeof Figures>;

/** All of it in one reading of the sessions. */
async function readFigures(workspace: string, query: ReconcileQuery, db: Db) {
  const [row] = await db.$queryRaw<unknown[]>`
    select ${SUMS}, ${TOKENS},
      ${countOf("within_cent", "abs(drift_nanos) <= 10000000")},
      ${countOf("within_percent", "abs(drift_nanos) <= list_cost_cents * 100000")},
      ${countOf("demo", "list_cost_cents is not null and source = 'demo'")},
      ${countOf("own_loop", "list_cost_cents is null and source = 'sdk'")},
      ${countOf("no_usage", "list_cost_cents is null and source <> 'sdk' and usage_at is null")},
      ${countOf("not_given", "list_cost_cents is null and source <> 'sdk' and usage_at is not null")},
      ${countOf("compared", "usage_at is not null")},
      ${countOf("differing", "usage_at is not null and token_gap > 0")},
      ${Prisma.join(RELIST_STATES.map((state) => countOf(state, `relist = '${state}'`)))}
    from (select s.*, ${RELIST} as relist from session s ${SYNC}
      where ${settledIn(workspace, query)}) s ${billedBeside(workspace)}`;
  return toldOf(Figures.parse(row));
}

const countOf = (name: string, condition: string): Sql =>
  Prisma.raw(`(count(*) filter (where ${condition}))::int as ${name}`);

/** Each bucket: the usage, and what usage and spans hold beyond each other, so that nothing cancels out. */
const TOKENS: Sql = Prisma.raw(
  [
    ["input", "input_tokens"],
    ["cache_write", "(cache_write_5m_tokens + cache_write_1h_tokens)"],
    ["cache_read", "cache_read_tokens"],
    ["output", "output_tokens"],
  ]
    .flatMap(([name, usage]) => {
      const spans = `span_${name}_tokens`;
      return [
        [usage, "usage_at is not null", `usage_${name}`],
        [`greatest(0, ${usage} - ${spans})`, "token_gap > 0", `missing_${name}`],
        [`greatest(0, ${spans} - ${usage})`, "token_gap > 0", `surplus_${name}`],
      ];
    })
    .concat([["cache_write_1h_tokens", "usage_at is not null", "write_1h"]])
    .map(
      ([value, condition, name]) =>
        `coalesce(sum(${value}) filter (where ${condition}), 0)::text as ${name}`,
    )
    .join(", "),
);

function toldOf(figures: Figures): Omit<Reconcile, "by" | "data" | "next_cursor"> {
  const { within_cent, within_percent, demo, compared, differing } = figures;
  const { waiting, different, mended, unavailable } = figures;
  const reasons = NO_LIST_COST_REASONS.map((reason) => ({ reason, sessions: figures[reason] }));
  const bucketsOf = (part: string): TokenBuckets => ({
    input_tokens: figures[`${part}_input`] ?? 0,
    cache_write_tokens: figures[`${part}_cache_write`] ?? 0,
    cache_read_tokens: figures[`${part}_cache_read`] ?? 0,
    output_tokens: figures[`${part}_output`] ?? 0,
  });
  const [usage, missing, surplus] = [
    bucketsOf("usage"),
    bucketsOf("missing"),
    bucketsOf("surplus"),
  ];
  const spansOf = (bucket: keyof TokenBuckets) => usage[bucket] - missing[bucket] + surplus[bucket];
  const write1h = figures.write_1h ?? 0;
  return {
    totals: { ...sumsOf(figures), within_cent, within_percent, demo },
    without_list_cost: {
      sessions: reasons.reduce((sum, { sessions }) => sum + sessions, 0),
      reasons: reasons.filter(({ sessions }) => sessions > 0),
    },
    tokens: {
      compared,
      differing,
      usage: {
        ...usage,
        cache_write_5m_tokens: usage.cache_write_tokens - write1h,
        cache_write_1h_tokens: write1h,
      },
      spans: {
        input_tokens: spansOf("input_tokens"),
        cache_write_tokens: spansOf("cache_write_tokens"),
        cache_read_tokens: spansOf("cache_read_tokens"),
        output_tokens: spansOf("output_tokens"),
      },
      missing,
      surplus,
    },
    relists: { waiting, different, mended, unavailable },
  };
}
