import { pricesHeld } from "@/lib/costs/prices-store";
import { type Db, prisma } from "@/lib/db/client";
import { Prisma, type RetentionRun } from "@/lib/db/generated/client";
import type { SessionName } from "@/lib/ingest/seal-store";
import { promotionsHeld } from "@/lib/metrics/promoted-store";
import { FOLD_VERSION } from "@/lib/sessions/fold-version";
import { holdsShared, isHeld } from "./hold-store";
import type { AllCutoffs } from "./policy";
import type { Kind, RunCounts } from "./schema";

export type RunKey = { workspace: string; id: string };
export type RunRow = RetentionRun;

const LAST_RUNS = 10;

export async function listRuns(workspace: string, db: Db = prisma): Promise<RunRow[]> {
  return db.retentionRun.findMany({
    where: { workspace },
    orderBy: [{ startedAt: "desc" }, { id: "desc" }],
    take: LAST_RUNS,
  });
}

/** One at a time for a workspace: false when one is at work. */
export async function saveRun(
  db: Db,
  run: Pick<RunRow, "workspace" | "id" | "askedBy" | "startedAt" | "stage"> & {
    cutoffs: AllCutoffs;
  },
): Promise<boolean> {
  await db.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`retention run:${run.workspace}`}, 0))`;
  const { workspace } = run;
  if (await db.retentionRun.findFirst({ where: { workspace, state: "working" } })) return false;
  await db.retentionRun.create({ data: { ...run, state: "working" } });
  return true;
}

/** Of any workspace, the oldest that is not done. */
export async function readWorking(db: Db = prisma): Promise<RunKey | null> {
  return db.retentionRun.findFirst({
    where: { state: "working" },
    orderBy: { startedAt: "asc" },
    select: { workspace: true, id: true },
  });
}

/**
 * Locks it until the transaction ends; null when another process is at it, or it is done. Prices, promoted
 * keys and holds are held first, as by all who then lock sessions, so that nobody waits in a circle.
 */
export async function claimRun(db: Db, key: RunKey): Promise<RunRow | null> {
  await db.$executeRaw`${pricesHeld(key.workspace)}`;
  await db.$executeRaw`${promotionsHeld(key.workspace)}`;
  await db.$executeRaw`${holdsShared(key.workspace)}`;
  const claimed = await db.$queryRaw<unknown[]>`
    select 1 from retention_run where workspace = ${key.workspace} and id = ${key.id}
      and state = 'working' for update skip locked`;
  return claimed.length === 0 ? null : db.retentionRun.findUnique({ where: { workspace_id: key } });
}

export type Progress = Partial<
  Pick<RunRow, "stage" | "afterSession" | "afterConnection" | "state" | "finishedAt" | "partitions">
> & { counts?: RunCounts };

export async function updateRun(db: Db, { workspace, id }: RunKey, data: Progress): Promise<void> {
  await db.retentionRun.update({ where: { workspace_id: { workspace, id } }, data });
}

/** When a session `s` was last heard of. */
export const HEARD = Prisma.sql`coalesce(s.last_event_at, s.started_at, s.day::timestamptz)`;

/** Up to when a kind is due for what `connection` names. */
export const cutoffFor = (cutoffs: AllCutoffs, kind: Kind, connection: Prisma.Sql) => {
  const json = Prisma.sql`${JSON.stringify(cutoffs)}::jsonb`;
  return Prisma.sql`coalesce(${json} -> ${connection} ->> ${kind}::text,
    ${json} -> '*' ->> ${kind}::text)::timestamptz`;
};

/** Whether a kind of a session `s`, with its seal `x`, is due and still here. */
export function dueOf(cutoffs: AllCutoffs, kind: Kind): Prisma.Sql {
  const isOld = Prisma.sql`${HEARD} < ${cutoffFor(cutoffs, kind, Prisma.sql`s.connection_id`)}`;
  const isHere = {
    content: Prisma.sql`x.content_at is null and x.events_at is null`,
    events: Prisma.sql`x.events_at is null`,
    spans: Prisma.sql`x.spans_at is null`,
    sessions: Prisma.sql`true`,
  }[kind];
  return Prisma.sql`${isOld} and ${isHere}`;
}

type Asked = { cutoffs: AllCutoffs; kind: Kind; limit: number };

/**
 * The next sessions after the place that was reached of which a kind is due, locked until the transaction
 * ends. One that is being written to is left for the next run, and so is one of an earlier fold: its
 * cells are about to change, and what it is derived from must not go before.
 */
export async function lockDue(
  db: Db,
  { workspace, afterSession, afterConnection }: RunRow,
  { cutoffs, kind, limit }: Asked,
): Promise<SessionName[]> {
  return db.$queryRaw`
    select s.session_id as "sessionId", s.connection_id as "connectionId"
    from session s left join session_seal x using (workspace, session_id, connection_id)
    where s.workspace = ${workspace}
      and (s.session_id, s.connection_id) > (${afterSession}, ${afterConnection})
      and ${dueOf(cutoffs, kind)} and not ${isHeld("s")}
      and (x.events_at is not null or x.base_version is not null or exists (select from session_state st
        where st.workspace = s.workspace and st.session_id = s.session_id
          and st.connection_id = s.connection_id and st.fold_version = ${FOLD_VERSION}))
    order by s.session_id, s.connection_id limit ${limit} for update of s skip locked`;
}

/** Rejected items that are due: those past their events go, of those past their content the body does. */
export async function dropRejected(
  db: Db,
  workspace: string,
  cutoffs: AllCutoffs,
  limit: number,
): Promise<number> {
  const connection = Prisma.sql`r.connection_id`;
  const held = isHeld("r");
  const gone = await db.$executeRaw`
    delete from rejected_item where workspace = ${workspace} and id in (
      select id from rejected_item r where workspace = ${workspace}
        and received_at < ${cutoffFor(cutoffs, "events", connection)} and not ${held} limit ${limit})`;
  const emptied = await db.$executeRaw`
    update rejected_item set body = '', original = null where workspace = ${workspace} and id in (
      select id from rejected_item r where workspace = ${workspace} and body <> ''
        and received_at < ${cutoffFor(cutoffs, "content", connection)} and not ${held} limit ${limit})`;
  return gone + emptied;
}
