import { z } from "zod";
import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { dayState, daysOf, type Reach } from "./billed";
import type { Billed, BilledDay, BilledQuery } from "./billed-schema";
import { BigInteger } from "./reconcile-sums";

const DAY_MS = 86_400_000;
/** No report reaches further back. */
const MOST_DAYS = 366;

/** The bill of the UTC days that a range touches; what was never asked for at its beginning is left out. */
export async function readBilled(
  workspace: string,
  query: BilledQuery,
  { now = new Date(), db = prisma as Db } = {},
): Promise<Billed> {
  const connections = await readConnections(workspace, db);
  const first = await readFirstDay(workspace, db);
  const toMs = Math.min(now.getTime(), query.to === undefined ? Infinity : Date.parse(query.to));
  const askedMs = query.from === undefined ? 0 : Date.parse(query.from);
  const fromMs = Math.max(askedMs, first?.getTime() ?? toMs, toMs - (MOST_DAYS - 1) * DAY_MS);
  const days = first === null ? [] : daysOf({ fromMs, toMs });
  const range = { from: textOf(days.at(-1) ?? toMs), to: textOf(days[0] ?? toMs) };
  const sums = new Map((await readSums(workspace, range, db)).map((row) => [row.day, row]));
  const reaches = connections.map(reachOf);
  const dayOf = (dayMs: number): BilledDay => {
    const day = textOf(dayMs);
    const row = sums.get(day);
    // Days of a connection whose key is gone are known by their rows alone.
    const state = reaches.length === 0 ? "reported" : dayState(dayMs, reaches);
    const isKnown = row !== undefined || state === "reported" || state === "partly";
    return { day, state, sums: isKnown ? sumsOf(row) : null };
  };
  return { connections, totals: sumsOf(sums.get(null)), days: days.map(dayOf) };
}

const textOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

function reachOf({ since, reported_until }: Billed["connections"][number]): Reach {
  if (since === null || reported_until === null) return null;
  return { sinceMs: Date.parse(since), untilMs: Date.parse(reported_until) };
}

async function readConnections(workspace: string, db: Db): Promise<Billed["connections"]> {
  const rows = await db.connection.findMany({
    where: { workspace, adminKeySealed: { not: null } },
    select: { id: true, name: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const reports = await db.billedReport.findMany({ where: { workspace } });
  const byId = new Map(reports.map((report) => [report.connectionId, report]));
  return rows.map(({ id, name }) => {
    const report = byId.get(id);
    return {
      id,
      name,
      since: report?.since?.toISOString().slice(0, 10) ?? null,
      reported_until: report?.reportedUntil?.toISOString() ?? null,
      read_at: report?.readAt?.toISOString() ?? null,
      error: report?.error ?? null,
    };
  });
}

/** The first day of which anything was asked for or is known. */
async function readFirstDay(workspace: string, db: Db): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ first: Date | null }[]>`
    select least((select min(since) from billed_report where workspace = ${workspace}),
      (select min(day) from billed_cost where workspace = ${workspace})) as first`;
  return row?.first ?? null;
}

const Row = z.object({
  /** Null for the sum over all days. */
  day: z.string().nullable(),
  billed: BigInteger,
  list: BigInteger,
  attributed: BigInteger,
  no_session: BigInteger,
  sessions: z.int(),
  unknown: z.int(),
});
type Row = z.infer<typeof Row>;

async function readSums(
  workspace: string,
  { from, to }: { from: string; to: string },
  db: Db,
): Promise<Row[]> {
  const rows = await db.$queryRaw<unknown[]>`
    select to_char(b.day, 'YYYY-MM-DD') as day, coalesce(sum(b.amount_nanos), 0)::text as billed,
      coalesce(sum(b.list_nanos), 0)::text as list,
      coalesce(sum(b.amount_nanos) filter (where s.session_id is not null), 0)::text as attributed,
      coalesce(sum(b.amount_nanos) filter (where b.session_id = ''), 0)::text as no_session,
      count(distinct (s.session_id, s.connection_id)) filter (where s.session_id is not null)::int
        as sessions,
      count(distinct (b.session_id, b.connection_id))
        filter (where s.session_id is null and b.session_id <> '')::int as unknown
    from billed_cost b left join session s on s.workspace = b.workspace
      and s.session_id = b.session_id and s.connection_id = b.connection_id
    where b.workspace = ${workspace} and b.day between ${from}::date and ${to}::date
    group by grouping sets ((), (b.day))`;
  return z.array(Row).parse(rows);
}

function sumsOf(row: Row | undefined): Billed["totals"] {
  const { billed = 0, list = 0, attributed = 0, no_session = 0 } = row ?? {};
  return {
    billed_nanos: billed,
    list_nanos: list,
    attributed_nanos: attributed,
    unattributed_nanos: billed - attributed,
    sessions: row?.sessions ?? 0,
    unknown_sessions: row?.unknown ?? 0,
    no_session_nanos: no_session,
  };
}
