import { type Db, prisma } from "@/lib/db/client";
import { type LegalHold, Prisma } from "@/lib/db/generated/client";
import type { HoldItem } from "./hold-schema";
import { HoldSubject } from "./subject-schema";

/**
 * Whoever drops or erases holds this until the end of the transaction, and whoever places a hold waits for
 * it: once a hold is placed, nothing that was begun before it goes on.
 */
const lockKey = (workspace: string) => Prisma.sql`hashtextextended(${`holds:${workspace}`}, 0)`;
export const holdsShared = (workspace: string) =>
  Prisma.sql`select pg_advisory_xact_lock_shared(${lockKey(workspace)})`;

/** No hold is placed until the transaction ends. */
export async function shareHolds(db: Db, workspace: string): Promise<void> {
  await db.$executeRaw`${holdsShared(workspace)}`;
}

/** Waits until nobody drops or erases without knowing of what is to be held. */
export async function lockHolds(db: Db, workspace: string): Promise<void> {
  await db.$executeRaw`select pg_advisory_xact_lock(${lockKey(workspace)})`;
}

/** Whether a hold `h` is on a row `alias` with a session's names. What is no session has no metadata. */
const isOn = (alias: string) => {
  const of = Prisma.raw(alias);
  return Prisma.sql`h.workspace = ${of}.workspace and h.lifted_at is null and case h.kind
    when 'connection' then h.connection_id = ${of}.connection_id
    when 'sessions' then ${of}.session_id = any(h.session_ids)
      and coalesce(h.connection_id, ${of}.connection_id) = ${of}.connection_id
    else exists (select from session m where m.workspace = ${of}.workspace
        and m.session_id = ${of}.session_id and m.connection_id = ${of}.connection_id
        and m.metadata ->> h.key = h.value)
      or exists (select from held_session k where k.workspace = ${of}.workspace
        and k.session_id = ${of}.session_id and k.connection_id = ${of}.connection_id
        and k.hold_id = h.id) end`;
};

export const isHeld = (alias: string): Prisma.Sql =>
  Prisma.sql`exists (select from legal_hold h where ${isOn(alias)})`;

/** Whether all is held that came by the connection of a row `alias`. */
export const isConnectionHeld = (alias: string): Prisma.Sql => {
  const of = Prisma.raw(alias);
  return Prisma.sql`exists (select from legal_hold h where h.workspace = ${of}.workspace
    and h.lifted_at is null and h.kind = 'connection' and h.connection_id = ${of}.connection_id)`;
};

type HoldRow = LegalHold;
const MOST_LISTED = 200;

/** One by a value of metadata notes what it is on; what comes to be so later is noted as it comes in. */
export async function saveHold(
  db: Db,
  hold: Pick<HoldRow, "workspace" | "id" | "reason" | "placedBy" | "placedAt">,
  subject: HoldSubject,
): Promise<HoldRow> {
  const row = await db.legalHold.create({ data: { ...hold, ...columnsOf(subject) } });
  if (subject.by === "metadata")
    await db.$executeRaw`
      insert into held_session (workspace, session_id, connection_id, hold_id)
      select workspace, session_id, connection_id, ${hold.id} from session
      where workspace = ${hold.workspace} and metadata ->> ${subject.key}::text = ${subject.value}`;
  return row;
}

function columnsOf(subject: HoldSubject) {
  switch (subject.by) {
    case "sessions":
      return {
        ...{ kind: subject.by, connectionId: subject.connection_id },
        sessionIds: subject.session_ids,
      };
    case "metadata":
      return { kind: subject.by, key: subject.key, value: subject.value };
    case "connection":
      return { kind: subject.by, connectionId: subject.connection_id };
  }
}

function subjectOf({ kind, connectionId, sessionIds, key, value }: HoldRow): HoldSubject {
  // Of a lifted one the ids may be erased by now.
  const ids = sessionIds.length > 0 ? sessionIds : ["erased"];
  const given = { by: kind, connection_id: connectionId };
  if (kind === "sessions") return HoldSubject.parse({ ...given, session_ids: ids });
  if (kind === "metadata") return HoldSubject.parse({ by: kind, key, value });
  return HoldSubject.parse(given);
}

/** Null when there is none in force. */
export async function liftHold(
  db: Db,
  { workspace, id }: { workspace: string; id: string },
  lifted: { liftedBy: string; liftedAt: Date },
): Promise<HoldRow | null> {
  const [row] = await db.legalHold.updateManyAndReturn({
    where: { workspace, id, liftedAt: null },
    data: lifted,
  });
  await db.heldSession.deleteMany({ where: { workspace, holdId: id } });
  return row ?? null;
}

export async function listHolds(workspace: string, db: Db = prisma): Promise<HoldItem[]> {
  const rows = await db.legalHold.findMany({
    where: { workspace },
    orderBy: [{ liftedAt: { sort: "desc", nulls: "first" } }, { placedAt: "desc" }],
    take: MOST_LISTED,
  });
  const counts = await countHeld(workspace, db);
  return rows.map((row) => itemOf(row, row.liftedAt ? null : (counts.get(row.id) ?? 0)));
}

export const itemOf = (row: HoldRow, sessions: number | null): HoldItem => ({
  ...{ id: row.id, subject: subjectOf(row), reason: row.reason },
  ...{ placed_by: row.placedBy, placed_at: row.placedAt.toISOString() },
  ...{ lifted_by: row.liftedBy, lifted_at: row.liftedAt?.toISOString() ?? null },
  sessions,
});

/** Sessions by the hold that is on them. */
async function countHeld(workspace: string, db: Db): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<Array<{ id: string; n: number }>>`
    select h.id, (select count(*)::int from session s where s.workspace = ${workspace} and ${isOn("s")}) as n
    from legal_hold h where h.workspace = ${workspace} and h.lifted_at is null`;
  return new Map(rows.map(({ id, n }) => [id, n]));
}

export type HeldBy = { id: string; reason: string; sessions: number };

/** The holds on sessions `s` that fit, with how many of them each holds. */
export async function readHoldsOn(
  workspace: string,
  sessions: Prisma.Sql,
  db: Db = prisma,
): Promise<HeldBy[]> {
  return db.$queryRaw`
    select h.id, h.reason, count(*)::int as sessions
    from legal_hold h join session s on s.workspace = ${workspace} and ${sessions}
    where h.workspace = ${workspace} and ${isOn("s")} group by 1, 2 order by 3 desc, 1`;
}

export type HoldName = Pick<HoldRow, "id" | "reason">;

/** Where what came by a connection names a session. */
const NAMED_IN = ["session", "rejected_item", "deployment_run", "billed_cost"] as const;

/** A hold on a connection, or on anything that came by it; null for none. The first that was placed. */
export async function readHoldOf(
  { workspace, connectionId }: { workspace: string; connectionId: string },
  db: Db = prisma,
): Promise<HoldName | null> {
  const onRows = NAMED_IN.map(
    (table) => Prisma.sql`exists (select from ${Prisma.raw(table)} t
      where t.workspace = ${workspace} and t.connection_id = ${connectionId} and ${isOn("t")})`,
  );
  const [hold] = await db.$queryRaw<HoldName[]>`
    select h.id, h.reason from legal_hold h where h.workspace = ${workspace} and h.lifted_at is null
      and (h.kind = 'connection' and h.connection_id = ${connectionId} or ${Prisma.join(onRows, " or ")})
    order by h.placed_at, h.id limit 1`;
  return hold ?? null;
}
