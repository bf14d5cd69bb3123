import { randomUUID } from "node:crypto";
import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { KEPT_FAILURES } from "./kept";

export type WebhookDelivery = {
  workspace: string;
  connectionId: string;
  webhookId: string;
  receivedAt: Date;
  /** RFC 3339, kept to the microsecond. */
  createdAt: string | null;
  type: string;
  resourceId: string;
  threadId: string | null;
};

export type WebhookFailure = {
  workspace: string;
  connectionId: string;
  receivedAt: Date;
  reason: string;
  remote: string | null;
};

/** Stores a delivery once by its id; how often it had come before. */
export async function saveDelivery(db: Db, delivery: WebhookDelivery): Promise<number> {
  const rows = await db.$queryRaw<Array<{ repeats: number }>>`
    insert into webhook_delivery (workspace, connection_id, webhook_id, received_at, created_at,
      type, resource_id, thread_id)
    values (${delivery.workspace}, ${delivery.connectionId}, ${delivery.webhookId},
      ${delivery.receivedAt}, ${delivery.createdAt}::timestamptz, ${delivery.type},
      ${delivery.resourceId}, ${delivery.threadId})
    on conflict (workspace, connection_id, webhook_id)
      do update set repeats = webhook_delivery.repeats + 1
    returning repeats`;
  return rows[0]?.repeats ?? 0;
}

/** When the platform deleted a session, RFC 3339, if a delivery told so. */
export async function readDeletion(
  session: { workspace: string; connectionId: string; sessionId: string },
  db: Db = prisma,
): Promise<string | null> {
  const rows = await db.$queryRaw<Array<{ at: string | null }>>`
    select to_char(min(created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from webhook_delivery
    where workspace = ${session.workspace} and connection_id = ${session.connectionId}
      and resource_id = ${session.sessionId} and type = 'session.deleted'`;
  return rows[0]?.at ?? null;
}

/** Stores a refused delivery and forgets the oldest beyond those that are kept. */
export async function saveFailure(failure: WebhookFailure, db: Db = prisma): Promise<void> {
  const { workspace, connectionId } = failure;
  await db.webhookFailure.create({ data: { ...failure, id: randomUUID() } });
  await db.$executeRaw`
    delete from webhook_failure f using (
      select id from webhook_failure
      where workspace = ${workspace} and connection_id = ${connectionId}
      order by received_at desc, id desc offset ${KEPT_FAILURES}) old
    where f.workspace = ${workspace} and f.connection_id = ${connectionId} and f.id = old.id`;
}

/** Forgets up to `limit` deliveries and refusals of a connection that are older; how many went. */
export async function deleteWebhooks(
  { workspace, connectionId }: { workspace: string; connectionId: string },
  { before, limit }: { before: Date; limit: number },
  db: Db = prisma,
): Promise<number> {
  const deliveries = await db.$executeRaw`
    delete from webhook_delivery d using (
      select webhook_id as id from webhook_delivery
      where workspace = ${workspace} and connection_id = ${connectionId} and received_at < ${before}
      order by received_at limit ${limit}) old
    where d.workspace = ${workspace} and d.connection_id = ${connectionId} and d.webhook_id = old.id`;
  const failures = await db.webhookFailure.deleteMany({
    where: { workspace, connectionId, receivedAt: { lt: before } },
  });
  return deliveries + failures.count;
}
