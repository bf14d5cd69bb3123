import { pricesHeld } from "@/lib/costs/prices-store";
import { type Db, prisma } from "@/lib/db/client";
import { type Erasure, Prisma } from "@/lib/db/generated/client";
import { keysTable, type SessionName } from "@/lib/ingest/seal-store";
import { promotionsHeld } from "@/lib/metrics/promoted-store";
import type { Rolled } from "@/lib/metrics/schema";
import type { ErasurePreview, ErasureReport } from "./erasure-schema";
import { holdsShared, isHeld, readHoldsOn } from "./hold-store";
import type { ErasureSubject } from "./subject-schema";

export type ErasureKey = { workspace: string; id: string };
export type ErasureRow = Erasure;

const MOST_LISTED = 100;

/** Whether a session `s` is asked for. */
export const isAsked = (subject: ErasureSubject): Prisma.Sql =>
  subject.by === "sessions"
    ? Prisma.sql`s.session_id = any(${subject.session_ids}::text[])
        and s.connection_id = coalesce(${subject.connection_id}, s.connection_id)`
    : Prisma.sql`s.metadata ->> ${subject.key}::text = ${subject.value}`;

export async function readPreview(
  workspace: string,
  subject: ErasureSubject,
  db: Db = prisma,
): Promise<ErasurePreview> {
  type Row = {
    sessions: number;
    events: number;
    spans: number;
    from: Date | null;
    to: Date | null;
  };
  const [row] = await db.$queryRaw<Row[]>`
    with s as materialized (select * from session s where s.workspace = ${workspace} and ${isAsked(subject)})
    select count(*)::int as sessions, coalesce(sum(s.events), 0)::int as events,
      (select count(*)::int from span p join s using (workspace, session_id, connection_id, day)) as spans,
      min(s.started_at) as "from", max(s.last_event_at) as "to" from s`;
  return {
    ...{ sessions: row?.sessions ?? 0, events: row?.events ?? 0, spans: row?.spans ?? 0 },
    from: row?.from?.toISOString() ?? null,
    to: row?.to?.toISOString() ?? null,
    holds: await readHoldsOn(workspace, isAsked(subject), db),
  };
}

export async function saveErasure(
  db: Db,
  row: Pick<
    Erasure,
    "workspace" | "id" | "about" | "reason" | "askedBy" | "sessions" | "createdAt"
  >,
  subject: ErasureSubject,
): Promise<ErasureRow> {
  return db.erasure.create({ data: { ...row, subject, state: "working" } });
}

export async function listErasures(workspace: string, db: Db = prisma): Promise<ErasureRow[]> {
  return db.erasure.findMany({
    where: { workspace },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: MOST_LISTED,
  });
}

export async function readErasure(key: ErasureKey, db: Db = prisma): Promise<ErasureRow | null> {
  return db.erasure.findUnique({ where: { workspace_id: key } });
}

const UNDER_WAY = ["working", "settling"];

/** Of any workspace, the oldest under way of those that have failed least often; `passed` have had their turn. */
export async function readErasing(
  passed: readonly string[] = [],
  db: Db = prisma,
): Promise<ErasureKey | null> {
  return db.erasure.findFirst({
    where: { state: { in: UNDER_WAY }, id: { notIn: [...passed] } },
    orderBy: [{ tries: "asc" }, { createdAt: "asc" }],
    select: { workspace: true, id: true },
  });
}

/** Locks it until the transaction ends; null when another process is at it. Held is what `claimRun` holds. */
export async function claimErasure(db: Db, key: ErasureKey): Promise<ErasureRow | null> {
  await db.$executeRaw`${pricesHeld(key.workspace)}`;
  await db.$executeRaw`${promotionsHeld(key.workspace)}`;
  await db.$executeRaw`${holdsShared(key.workspace)}`;
  const claimed = await db.$queryRaw<unknown[]>`
    select 1 from erasure where workspace = ${key.workspace} and id = ${key.id}
      and state = any(${UNDER_WAY}) for update skip locked`;
  return claimed.length === 0 ? null : readErasure(key, db);
}

export async function updateErasure(
  db: Db,
  { workspace, id }: ErasureKey,
  data: {
    report?: ErasureReport;
    state?: string;
    finishedAt?: Date;
    tries?: number;
    problem?: string | null;
    words?: string[];
    isOver?: boolean;
  },
): Promise<void> {
  const { isOver, ...rest } = data;
  // What it was about is forgotten as soon as it is not needed.
  const forgotten = isOver ? { subject: Prisma.DbNull, words: [] } : {};
  await db.erasure.update({
    where: { workspace_id: { workspace, id } },
    data: { ...rest, ...forgotten },
  });
}

/** Some of those that are asked for and not held, locked until the transaction ends. */
export async function lockAsked(
  db: Db,
  workspace: string,
  subject: ErasureSubject,
  limit: number,
): Promise<SessionName[]> {
  return db.$queryRaw`
    select s.session_id as "sessionId", s.connection_id as "connectionId" from session s
    where s.workspace = ${workspace} and ${isAsked(subject)} and not ${isHeld("s")}
    order by s.session_id, s.connection_id limit ${limit} for update`;
}

/** What the rollups have locked sessions under; those that they have nothing of are left out. */
export async function readRolled(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<Array<SessionName & { rolled: Rolled }>> {
  const rows = await db.$queryRaw<Array<{ found: string }>>`
    select json_build_object('sessionId', st.session_id, 'connectionId', st.connection_id,
      'rolled', st.rolled)::text as found
    from session_state st join ${keysTable(sessions)} using (session_id, connection_id)
    where st.workspace = ${workspace} and st.rolled is not null`;
  return rows.map(({ found }) => JSON.parse(found));
}

const COUNTED = { events: "event", spans: "span", threads: "thread", rejected: "rejected_item" };

/** How much is stored of sessions. */
export async function countRows(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<Record<keyof typeof COUNTED, number>> {
  const counts = { events: 0, spans: 0, threads: 0, rejected: 0 };
  for (const name of Object.keys(COUNTED) as (keyof typeof COUNTED)[]) {
    const [row] = await db.$queryRaw<Array<{ n: number }>>`
      select count(*)::int as n from ${Prisma.raw(COUNTED[name])} t
      join ${keysTable(sessions)} using (session_id, connection_id) where t.workspace = ${workspace}`;
    counts[name] = row?.n ?? 0;
  }
  return counts;
}
