import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { invalidField } from "@/lib/http/errors";
import { comparedSpan, isTimeZone, type Span } from "@/lib/time/range";
import { readTopAgents } from "./agents-store";
import { readAttention } from "./attention-store";
import { type Buckets, bucketsOf } from "./buckets";
import { normalInstant } from "./instant";
import type { Overview, OverviewQuery } from "./overview-schema";
import { sessionItemOf, sessionJson } from "./row-store";
import { FAILED_OUTCOMES, type Outcome, type SessionItem } from "./schema";

const RUNNING_SHOWN = 10;
const iso = (ms: number) => new Date(ms).toISOString();
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/**
 * The fleet over a range. Sessions, their cost and running time count in the bucket in which the
 * session started, outcomes in that in which it settled.
 */
export async function readOverview(
  workspace: string,
  query: OverviewQuery,
  { now = new Date(), db = prisma as Db } = {},
): Promise<Overview> {
  if (!isTimeZone(query.tz)) throw invalidField("tz", "expected a time zone like Europe/Berlin");
  const first = await readFirst(workspace, db);
  const span = rangeOf(query, first, now);
  const buckets = bucketsOf(span, query.tz);
  const compared = comparedSpan(span, query.compare);
  const [started, settled, before, attention, agents, running] = await Promise.all([
    readStarted(workspace, span, buckets, db),
    readSettled(workspace, span, buckets, db),
    compared ? readTotals(workspace, compared, db) : null,
    readAttention(workspace, span, now, db),
    readTopAgents(workspace, span, db),
    readRunning(workspace, now, db),
  ]);
  const column = (name: keyof Started) => started.map((bucket) => bucket[name]);
  const failed = settledOf(settled, FAILED_OUTCOMES);
  const counted = settledOf(settled, [...FAILED_OUTCOMES, "completed"]);
  const figure = (name: "sessions" | "cost" | "running") => ({
    value: sum(column(name)),
    previous: before && before.sessions > 0 ? before[name] : null,
    points: column(name),
  });
  return {
    any: first !== null,
    from: iso(span.fromMs),
    to: iso(span.toMs),
    compared: compared && { from: iso(compared.fromMs), to: iso(compared.toMs) },
    step_ms: buckets.stepMs,
    times: buckets.startsMs.map(iso),
    attention,
    figures: {
      sessions: figure("sessions"),
      failure_rate: {
        value: ratio(sum(failed), sum(counted)),
        previous: before && ratio(before.failed, before.settled),
        failed: sum(failed),
        settled: sum(counted),
        points: failed.map((count, index) => ratio(count, counted[index] ?? 0)),
      },
      cost_nanos: { ...figure("cost"), unpriced_tokens: sum(column("unpriced")) },
      running_ms: figure("running"),
    },
    outcomes: [...settled].map(([outcome, values]) => ({ outcome, values })),
    cost: (["tokens", "runtime", "web_search"] as const)
      .map((meter) => ({ meter, values: column(meter) }))
      .filter(({ values }) => values.some((value) => value > 0)),
    ...agents,
    ...running,
  };
}

const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);

async function readFirst(workspace: string, db: Db): Promise<number | null> {
  const [row] = await db.$queryRaw<{ any: boolean; first: Date | null }[]>`
    select exists (select 1 from session where workspace = ${workspace}) as any,
      (select started_at from session where workspace = ${workspace} and started_at is not null
        order by started_at limit 1) as first`;
  return row?.any ? (row.first?.getTime() ?? 0) : null;
}

function rangeOf(query: OverviewQuery, first: number | null, now: Date): Span {
  const instant = (name: "from" | "to") => {
    const text = query[name];
    if (text === undefined) return null;
    const normal = normalInstant(text);
    if (normal === null) throw invalidField(name, "expected an instant from 1900 to 2200");
    return Date.parse(normal);
  };
  const toMs = instant("to") ?? now.getTime();
  const fromMs = instant("from") ?? Math.min(first ?? toMs, toMs - 1);
  if (fromMs >= toMs) throw invalidField("from", "expected an instant before `to`");
  return { fromMs, toMs };
}

const within = (
  column: string,
  span: Span,
) => Prisma.sql`${Prisma.raw(column)} >= ${iso(span.fromMs)}::timestamptz
  and ${Prisma.raw(column)} < ${iso(span.toMs)}::timestamptz`;

/** Index of the bucket an instant falls into, from 1. */
const bucketOf = (column: string, { startsMs }: Buckets) =>
  Prisma.sql`width_bucket(${Prisma.raw(column)}, ${startsMs.map(iso)}::timestamptz[])`;

type Started = Record<
  "sessions" | "cost" | "tokens" | "runtime" | "web_search" | "unpriced" | "running",
  number
>;

async function readStarted(
  workspace: string,
  span: Span,
  buckets: Buckets,
  db: Db,
): Promise<Started[]> {
  const [row] = await db.$queryRaw<{ rows: string | null }[]>`
    select json_agg(b)::text as rows from (
      select ${bucketOf("started_at", buckets)} as bucket, count(*) as sessions,
        sum(computed_nanos) as cost, sum(tokens_nanos) as tokens, sum(runtime_nanos) as runtime,
        sum(web_search_nanos) as web_search, sum(unpriced_tokens) as unpriced,
        coalesce(sum(active_ms), 0) as running
      from session where workspace = ${workspace} and ${within("started_at", span)} group by 1) b`;
  const rows = JSON.parse(row?.rows ?? "[]") as (Started & { bucket: number })[];
  const none: Started = {
    sessions: 0,
    cost: 0,
    tokens: 0,
    runtime: 0,
    web_search: 0,
    unpriced: 0,
    running: 0,
  };
  const found = new Map(rows.map((entry) => [entry.bucket, entry]));
  return buckets.startsMs.map((_, index) => found.get(index + 1) ?? none);
}

type Settled = Map<Outcome, number[]>;

async function readSettled(
  workspace: string,
  span: Span,
  buckets: Buckets,
  db: Db,
): Promise<Settled> {
  const rows = await db.$queryRaw<{ bucket: number; outcome: Outcome; n: number }[]>`
    select ${bucketOf("settled_at", buckets)} as bucket, outcome, count(*)::int as n
    from session where workspace = ${workspace} and ${within("settled_at", span)}
    group by 1, 2 order by 2`;
  const settled: Settled = new Map();
  for (const { bucket, outcome, n } of rows) {
    const values = settled.get(outcome) ?? buckets.startsMs.map(() => 0);
    values[bucket - 1] = n;
    settled.set(outcome, values);
  }
  return settled;
}

function settledOf(settled: Settled, outcomes: readonly Outcome[]): number[] {
  const [any] = settled.values();
  return (any ?? []).map((_, index) =>
    sum(outcomes.map((outcome) => settled.get(outcome)?.[index] ?? 0)),
  );
}

async function readTotals(workspace: string, span: Span, db: Db) {
  const [row] = await db.$queryRaw<{ totals: string }[]>`
    select json_build_object('sessions', s.sessions, 'cost', s.cost, 'running', s.running,
      'failed', o.failed, 'settled', o.settled)::text as totals
    from (select count(*) as sessions, coalesce(sum(computed_nanos), 0) as cost,
        coalesce(sum(active_ms), 0) as running
      from session where workspace = ${workspace} and ${within("started_at", span)}) s,
    (select count(*) filter (where failed) as failed,
        count(*) filter (where failed or outcome = 'completed') as settled
      from session where workspace = ${workspace} and ${within("settled_at", span)}) o`;
  type Totals = Record<"sessions" | "cost" | "running" | "failed" | "settled", number>;
  return JSON.parse(row?.totals ?? "{}") as Totals;
}

async function readRunning(workspace: string, now: Date, db: Db) {
  const [row] = await db.$queryRaw<{ items: string | null; running: number; waiting: number }[]>`
    with running as materialized (select session_id, connection_id, last_event_at from session
      where workspace = ${workspace} and array[outcome] && array['running'])
    select (select count(*)::int from running) as running,
      (select count(*)::int from session where workspace = ${workspace}
        and array[outcome] && array['waiting']) as waiting,
      (select json_agg(${sessionJson(now)} order by s.last_event_at desc nulls last, s.session_id)
        from (select * from running order by last_event_at desc nulls last, session_id limit ${RUNNING_SHOWN}) r
        join session s on s.workspace = ${workspace} and s.session_id = r.session_id
          and s.connection_id = r.connection_id)::text as items`;
  const items = JSON.parse(row?.items ?? "[]") as Parameters<typeof sessionItemOf>[0][];
  return {
    running: items.map(sessionItemOf) as SessionItem[],
    running_total: row?.running ?? 0,
    waiting_total: row?.waiting ?? 0,
  };
}
