<<<<<<< HEAD
import type { Db } from "@/lib/db/client";
import { enqueue } from "@/lib/jobs/queue";
import type { Notice } from "./schema";

export const DISPATCH_TASK = "dispatch_notices";

/**
 * What is said of episodes from now on, in the transaction that makes it so. Putting the same again
 * changes nothing.
=======
import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { enqueue } from "@/lib/jobs/queue";
import { type Notice, NoticeContent } from "./schema";

/** Payload: `{workspace}`; without one, every workspace that has something to tell. */
export const DISPATCH_TASK = "dispatch_notices";

export type NoticeRow = {
  id: string;
  content: NoticeContent;
  openedAt: Date;
  closedAt: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
};

const rank = (content: "excluded.content" | "old.content") =>
  Prisma.raw(
    `array_position(array['info', 'warning', 'high', 'critical'], ${content} ->> 'severity')`,
  );
const worsens = Prisma.sql`${rank("excluded.content")} > ${rank("old.content")}`;

/**
 * Says what is to be told of these episodes from now on, in the caller's transaction, and has it
 * dispatched. Putting the same again changes nothing. What worsens is acknowledged no more.
>>>>>>> 816e5d6 (Notify: notices come into groups, and what is due becomes deliveries)
 */
export async function putNotices(
  db: Db,
  workspace: string,
  notices: readonly Notice[],
  now: Date,
): Promise<void> {
<<<<<<< HEAD
  const rows = notices.map(({ id, content }) => ({
    ...{ id, content, rule: content.rule.id },
    ...{ opened: content.opened_at, closed: content.closed_at },
  }));
  await db.$executeRaw`
    insert into notice as o (workspace, id, rule_id, content, opened_at, closed_at, changed_at)
    select ${workspace}, id, rule, content, opened, closed, ${now}
    from json_to_recordset(${JSON.stringify(rows)}::json) as n(id text, rule text, content jsonb,
      opened timestamptz, closed timestamptz)
    on conflict (workspace, id) do update set content = excluded.content,
      closed_at = excluded.closed_at, changed_at = excluded.changed_at
    where o.content <> excluded.content`;
  await enqueue(db, {
    ...{ task: DISPATCH_TASK, payload: { workspace } },
    key: `${DISPATCH_TASK}:${workspace}`,
  });
}

/** Somebody has seen to it: no reminders until it closes or worsens. */
export async function acknowledgeNotice(
  db: Db,
  workspace: string,
  id: string,
  by: string,
  now: Date,
): Promise<void> {
  await saveAcknowledgement(db, workspace, id, { by, at: now, now });
}

export async function unacknowledgeNotice(
  db: Db,
  workspace: string,
  id: string,
  now: Date,
): Promise<void> {
  await saveAcknowledgement(db, workspace, id, { by: null, at: null, now });
}

type Acknowledgement = { by: string | null; at: Date | null; now: Date };

async function saveAcknowledgement(
  db: Db,
  workspace: string,
  id: string,
  { by, at, now }: Acknowledgement,
): Promise<void> {
  const { count } = await db.notice.updateMany({
    where: { workspace, id },
    data: { acknowledgedBy: by, acknowledgedAt: at, changedAt: now },
  });
  if (count === 0) return;
  await enqueue(db, {
    ...{ task: DISPATCH_TASK, payload: { workspace } },
    key: `${DISPATCH_TASK}:${workspace}`,
  });
=======
  const newest = new Map(notices.map(({ id, content }) => [id, { id, content }]));
  if (newest.size === 0) return;
  const changed = await db.$executeRaw`
    insert into notice as old (workspace, id, rule_id, content, opened_at, closed_at, changed_at)
    select ${workspace}, id, content -> 'rule' ->> 'id', content, (content ->> 'opened_at')::timestamptz,
      (content ->> 'closed_at')::timestamptz, ${now}
    from json_to_recordset(${JSON.stringify([...newest.values()])}::json) as n(id text, content jsonb)
    order by id
    on conflict (workspace, id) do update set content = excluded.content,
      opened_at = excluded.opened_at, closed_at = excluded.closed_at,
      changed_at = excluded.changed_at, routed_at = null,
      acknowledged_at = case when ${worsens} then null else old.acknowledged_at end,
      acknowledged_by = case when ${worsens} then null else old.acknowledged_by end
    where old.content <> excluded.content`;
  if (changed > 0) await wakeDispatch(db, workspace);
}

const PROMPT = -10;

/** Has what is new or due told, in the caller's transaction, before other jobs. */
export const wakeDispatch = (db: Db, workspace: string) =>
  enqueue(db, {
    ...{ task: DISPATCH_TASK, payload: { workspace }, priority: PROMPT },
    key: `dispatch:${workspace}`,
  });

/** The same at a later time. A job of its own, so that it does not put off the one that is wanted now. */
export const wakeDispatchAt = (db: Db, workspace: string, runAt: Date) =>
  enqueue(db, {
    ...{ task: DISPATCH_TASK, payload: { workspace }, priority: PROMPT, runAt },
    key: `dispatch-later:${workspace}`,
  });

const parsed = (row: Omit<NoticeRow, "content"> & { content: unknown }): NoticeRow => ({
  ...row,
  content: NoticeContent.parse(row.content),
});

const COLUMNS = {
  ...{ id: true, content: true, openedAt: true, closedAt: true },
  ...{ acknowledgedAt: true, acknowledgedBy: true },
};

/** Those whose groups are to be found, oldest first; they stay as they are until the transaction ends. */
export async function lockChanged(db: Db, workspace: string, limit: number): Promise<NoticeRow[]> {
  const locked = await db.$queryRaw<{ id: string }[]>`
    select id from notice where workspace = ${workspace} and routed_at is null
    order by changed_at, id limit ${limit} for update`;
  return readNotices(
    db,
    workspace,
    locked.map(({ id }) => id),
  );
}

export async function readNotices(
  db: Db,
  workspace: string,
  ids: readonly string[],
): Promise<NoticeRow[]> {
  if (ids.length === 0) return [];
  const rows = await db.notice.findMany({
    where: { workspace, id: { in: [...ids] } },
    select: COLUMNS,
    orderBy: { id: "asc" },
  });
  return rows.map(parsed);
}

export async function markRouted(
  db: Db,
  workspace: string,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await db.notice.updateMany({
    where: { workspace, id: { in: [...ids] } },
    data: { routedAt: now },
  });
}

/** Has the groups of all that is open found anew: routes or what they refer to have changed. */
export async function rerouteOpen(db: Db, workspace: string): Promise<void> {
  await db.notice.updateMany({ where: { workspace, closedAt: null }, data: { routedAt: null } });
}

export type AlertRow = {
  id: string;
  ruleId: string;
  ruleName: string;
  labels: Record<string, string>;
  status: NoticeContent["status"];
  severity: NoticeContent["severity"];
  unit: string;
  isHealth: boolean;
  openedAt: Date;
  closedAt: Date | null;
};

/** What is open, and what has been since an instant, without what messages say of it. Newest first. */
export async function listAlerts(
  workspace: string,
  since: Date | null,
  db: Db = prisma,
): Promise<AlertRow[]> {
  return db.$queryRaw<AlertRow[]>`
    select id, rule_id as "ruleId", content -> 'rule' ->> 'name' as "ruleName",
      content -> 'labels' as labels, content ->> 'status' as status,
      content ->> 'severity' as severity, content ->> 'unit' as unit,
      content ->> 'health' is not null as "isHealth", opened_at as "openedAt", closed_at as "closedAt"
    from notice where workspace = ${workspace} and (closed_at is null or closed_at >= ${since})
    order by opened_at desc, id`;
}

export type Acknowledging = { id: string; by: string | null; now: Date };

/** False when it is not open, or was acknowledged before; `by` null takes an acknowledgement back. */
export async function saveAcknowledged(
  db: Db,
  workspace: string,
  { id, by, now }: Acknowledging,
): Promise<boolean> {
  const { count } = await db.notice.updateMany({
    where: {
      ...{ workspace, id, closedAt: null },
      acknowledgedAt: by === null ? { not: null } : null,
    },
    data: { acknowledgedAt: by === null ? null : now, acknowledgedBy: by },
  });
  return count > 0;
}

/** Workspaces with something new, or with a group that is due. */
export async function listToDispatch(now: Date, db: Db = prisma): Promise<string[]> {
  const rows = await db.$queryRaw<{ workspace: string }[]>`
    select workspace from notice where routed_at is null
    union select workspace from notice_group where flush_at <= ${now}`;
  return rows.map(({ workspace }) => workspace);
>>>>>>> 816e5d6 (Notify: notices come into groups, and what is due becomes deliveries)
}
