import { type Db, prisma } from "@/lib/db/client";
import type { WebhooksAt } from "./past-webhooks";
import type { Labels, Status } from "./schema";
import type { WebhookCount } from "./webhooks";

/** Start of the first session there is; null without any. */
export async function readFirstSession(workspace: string, db: Db = prisma): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    select min(started_at) as at from session where workspace = ${workspace}`;
  return row?.at ?? null;
}

/** When a heartbeat last came, as far as was known at an instant; null for never. */
export async function readBeat(
  workspace: string,
  name: string,
  at: Date,
  db: Db = prisma,
): Promise<Date | null> {
  const row = await db.heartbeat.findUnique({ where: { workspace_name: { workspace, name } } });
  if (!row || row.firstAt > at) return null;
  // What came since belongs to later ticks, and it was there at this one too.
  return row.lastAt > at ? at : row.lastAt;
}

type Webhooks = { from: Date; to: Date; types: readonly string[] };

/** Webhooks that came, by type and connection; without types all of them. */
export async function readWebhookCounts(
  workspace: string,
  { from, to, types }: Webhooks,
  db: Db = prisma,
): Promise<WebhookCount[]> {
  return db.$queryRaw`
    select type, connection_id as connection, count(*)::int as count from webhook_delivery
    where workspace = ${workspace} and received_at >= ${from} and received_at < ${to}
      and (${[...types]}::text[] = '{}' or type = any(${[...types]}::text[]))
    group by 1, 2 order by 1, 2 limit 2000`;
}

/** The same by the second in which they came, oldest first, at most so many. */
export async function readWebhookSeconds(
  workspace: string,
  { from, to, types }: Webhooks,
  most: number,
  db: Db = prisma,
): Promise<WebhooksAt[]> {
  return db.$queryRaw`
    select (extract(epoch from date_trunc('second', received_at)) * 1000)::float8 as "atMs", type,
      connection_id as connection, count(*)::int as count
    from webhook_delivery
    where workspace = ${workspace} and received_at >= ${from} and received_at < ${to}
      and (${[...types]}::text[] = '{}' or type = any(${[...types]}::text[]))
    group by 1, 2, 3 order by 1, 2, 3 limit ${most}`;
}

/** How the alerts of these rules stand, and what they are grouped by where a rule says so. */
export async function readParts(
  workspace: string,
  rules: readonly string[],
  db: Db = prisma,
): Promise<
  {
    ruleId: string;
    groupBy: string[] | null;
    alerts: { labels: Labels; status: Status; fingerprint: string }[];
  }[]
> {
  return db.$queryRaw`
    select r.id as "ruleId", r.body -> 'group_by' as "groupBy",
      coalesce(json_agg(json_build_object('labels', i.labels, 'status', i.status,
        'fingerprint', i.fingerprint)
        order by i.fingerprint) filter (where i.fingerprint is not null), '[]') as alerts
    from alert_rule r left join alert_instance i on i.workspace = r.workspace and i.rule_id = r.id
    where r.workspace = ${workspace} and r.id = any(${[...rules]}::text[])
    group by r.id, r.body order by r.id`;
}
