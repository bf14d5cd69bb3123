import type { Db } from "@/lib/db/client";
import { enqueue } from "@/lib/jobs/queue";
import type { Notice } from "./schema";

export const DISPATCH_TASK = "dispatch_notices";

/**
 * What is said of episodes from now on, in the transaction that makes it so. Putting the same again
 * changes nothing.
 */
export async function putNotices(
  db: Db,
  workspace: string,
  notices: readonly Notice[],
  now: Date,
): Promise<void> {
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
}
