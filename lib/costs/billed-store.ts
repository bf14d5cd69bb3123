import { type Db, prisma } from "@/lib/db/client";

export type BilledOf = { workspace: string; connectionId: string };
export type BilledRow = {
  /** UTC, `2026-11-20`. */
  day: string;
  /** '' for what is of no session. */
  sessionId: string;
  amountNanos: bigint;
  listNanos: bigint;
};

export async function readBilledReport(of: BilledOf, db: Db = prisma) {
  return db.billedReport.findUnique({ where: { workspace_connectionId: of } });
}

/** When the connection's first session started; null while there is none. */
export async function readFirstStart(of: BilledOf, db: Db = prisma): Promise<Date | null> {
  const found = await db.session.aggregate({ where: of, _min: { startedAt: true } });
  return found._min.startedAt;
}

/** Stores rows of the report; those of the same day and session are replaced. */
export async function saveBilledRows(
  { workspace, connectionId }: BilledOf,
  rows: readonly BilledRow[],
  readAt: Date,
  db: Db = prisma,
): Promise<void> {
  if (rows.length === 0) return;
  const json = JSON.stringify(
    rows.map(({ day, sessionId, amountNanos, listNanos }) => ({
      day,
      session: sessionId,
      amount: String(amountNanos),
      list: String(listNanos),
    })),
  );
  await db.$executeRaw`
    insert into billed_cost (workspace, connection_id, day, session_id, amount_nanos, list_nanos,
      read_at)
    select ${workspace}, ${connectionId}, day, session, sum(amount), sum(list), ${readAt}
    from json_to_recordset(${json}::json) as r(day date, session text, amount bigint, list bigint)
    group by day, session
    on conflict (workspace, connection_id, day, session_id) do update set
      amount_nanos = excluded.amount_nanos, list_nanos = excluded.list_nanos,
      read_at = excluded.read_at`;
}

/**
 * A stretch of days has been read to its end, as far as `reportedUntil`: what an earlier reading had
 * of them and this one has not is gone from the bill.
 */
export async function finishStretch(
  { workspace, connectionId }: BilledOf,
  read: { fromDay: string; toDay: string; reportedUntil: Date; readAt: Date },
): Promise<void> {
  const { fromDay, toDay, reportedUntil, readAt } = read;
  await prisma.$transaction(async (tx) => {
    await tx.$executeRaw`
      delete from billed_cost where workspace = ${workspace} and connection_id = ${connectionId}
        and day >= ${fromDay}::date and day < ${toDay}::date and read_at < ${readAt}::timestamptz`;
    await tx.$executeRaw`
      insert into billed_report as b (workspace, connection_id, since, reported_until, read_at)
      values (${workspace}, ${connectionId}, ${fromDay}::date, ${reportedUntil}, ${readAt})
      on conflict (workspace, connection_id) do update set
        since = least(b.since, excluded.since),
        reported_until = greatest(b.reported_until, excluded.reported_until),
        read_at = excluded.read_at, error = null`;
  });
}

export async function saveBilledError(of: BilledOf, error: string): Promise<void> {
  await prisma.billedReport.upsert({
    where: { workspace_connectionId: of },
    create: { ...of, error },
    update: { error },
  });
}
