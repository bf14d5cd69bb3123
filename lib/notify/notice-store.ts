import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { enqueue } from "@/lib/jobs/queue";
import { wakeGroups } from "./group-store";
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
 */
export async function putNotices(
  db: Db,
  workspace: string,
  notices: readonly Notice[],
  now: Date,
): Promise<void> {
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

/** What was last said of a rule's newest episode; null before the first. */
export async function readNewestNotice(
  workspace: string,
  ruleId: string,
  db: Db = prisma,
): Promise<NoticeContent | null> {
  const rows = await db.$queryRaw<{ content: unknown }[]>`
    select content from notice where workspace = ${workspace} and rule_id = ${ruleId}
      and content ->> 'health' is null
    order by opened_at desc, id limit 1`;
  return rows[0] ? NoticeContent.parse(rows[0].content) : null;
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

/** Somebody has seen to it: no reminders and nobody else is told, until it closes or worsens. */
export const acknowledgeNotice = (
  db: Db,
  workspace: string,
  id: string,
  by: string,
  now: Date,
): Promise<void> => saveAcknowledged(db, workspace, { id, by, now });

/** Takes that back. */
export const unacknowledgeNotice = (
  db: Db,
  workspace: string,
  id: string,
  now: Date,
): Promise<void> => saveAcknowledged(db, workspace, { id, by: null, now });

type Acknowledging = { id: string; by: string | null; now: Date };

async function saveAcknowledged(db: Db, workspace: string, { id, by, now }: Acknowledging) {
  const { count } = await db.notice.updateMany({
    where: { workspace, id },
    data: { acknowledgedAt: by === null ? null : now, acknowledgedBy: by },
  });
  if (count === 0) return;
  await wakeGroups(db, workspace, now, [id]);
  await wakeDispatch(db, workspace);
}

/** Workspaces with something new, a group that is due, or a silence that may have nothing left to hide. */
export async function listToDispatch(now: Date, db: Db = prisma): Promise<string[]> {
  const rows = await db.$queryRaw<{ workspace: string }[]>`
    select workspace from notice where routed_at is null
    union select workspace from notice_group where flush_at <= ${now}
    union select workspace from silence where starts_at <= ${now} and ends_at > ${now}
      and (body ->> 'end_when_idle')::boolean`;
  return rows.map(({ workspace }) => workspace);
}

/** What people have set up is different now: all that is open is looked at anew. */
export async function reconsider(db: Db, workspace: string, now: Date): Promise<void> {
  const open = { workspace, closedAt: null };
  const { count } = await db.notice.updateMany({ where: open, data: { routedAt: null } });
  if (count === 0) return;
  await wakeGroups(db, workspace, now);
  await wakeDispatch(db, workspace);
}

/** Of what closed before an instant, and of groups that have been idle since then: how many are gone. */
export async function deleteNotices(before: Date, db: Db = prisma): Promise<number> {
  const groups = await db.$executeRaw`
    delete from notice_group where cardinality(members) = 0
      and coalesce(last_sent_at, created_at) < ${before}`;
  await db.$executeRaw`delete from notice_hold where from_at < ${before}`;
  const notices = await db.$executeRaw`
    delete from notice n where closed_at < ${before} and not exists (
      select from notice_group g where g.workspace = n.workspace and n.id = any(g.members))`;
  return groups + notices;
}
