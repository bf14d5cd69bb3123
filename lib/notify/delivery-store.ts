import { newId } from "@/lib/auth/secrets";
import { type Db, prisma } from "@/lib/db/client";
import { type Delivery, Prisma } from "@/lib/db/generated/client";
import { enqueue } from "@/lib/jobs/queue";
import type { ChannelKey, ChannelRow } from "./channel-store";
import { type Attempt, DELIVER_TASK, type StateReason } from "./delivery-schema";
import type { Message, NoticeReason } from "./schema";
import { toldBy } from "./telling";

export type DeliveryRow = Delivery;
export type DeliveryKey = { workspace: string; id: string };

export type NewDelivery = {
  workspace: string;
  id?: string;
  channelId: string;
  /** Null for one that belongs to no group, as a test does. */
  groupKey: string | null;
  sequence: number;
  reason: NoticeReason;
  content: Message;
  episodeIds: string[];
  dueAt: Date;
};

/**
 * Puts a message on a channel's queue and wakes its job, in the caller's transaction. Its id, or null
 * where the group has a message with that sequence already: then nothing is written.
 */
export async function writeDelivery(db: Db, delivery: NewDelivery): Promise<string | null> {
  const { workspace, channelId, id = newId("dlv"), ...rest } = delivery;
  const { count } = await db.delivery.createMany({
    data: { ...rest, workspace, id, channelId },
    skipDuplicates: true,
  });
  if (count === 0) return null;
  await wakeChannel(db, { workspace, id: channelId });
  return id;
}

/** One that was sent outside of the queue, and of which the end is known. */
export async function saveFinished(
  db: Db,
  delivery: Required<NewDelivery> & {
    state: "sent" | "failed";
    stateReason: StateReason | null;
    attempt: Attempt;
    finishedAt: Date;
  },
): Promise<void> {
  const { attempt, ...data } = delivery;
  await db.delivery.create({ data: { ...data, attempts: [attempt], tries: 1 } });
}

const jobOf = ({ workspace, id }: ChannelKey) => ({
  task: DELIVER_TASK,
  payload: { workspace, channelId: id },
});

/** Has what is due on a channel sent, in the caller's transaction. */
export const wakeChannel = (db: Db, key: ChannelKey) =>
  enqueue(db, { ...jobOf(key), key: `deliver:${key.id}` });

/** The same at a later time. A job of its own, so that it does not put off the one that is wanted now. */
export const wakeChannelAt = (key: ChannelKey, at: Date, db: Db = prisma) =>
  enqueue(db, { ...jobOf(key), key: `deliver-later:${key.id}`, runAt: at });

/** Of all workspaces, the channels that have something to send, or to find out about after a crash. */
export async function listWaitingChannels(now: Date, db: Db = prisma): Promise<ChannelKey[]> {
  return db.$queryRaw<ChannelKey[]>`
    select distinct d.workspace, d.channel_id as id from delivery d
    where d.finished_at is null and d.due_at <= ${now}
      and (d.leased_until is null or d.leased_until <= ${now})`;
}

/** Forgets up to `limit` finished ones that were made before; how many. */
export async function deleteDeliveries(
  { before, limit }: { before: Date; limit: number },
  db: Db = prisma,
): Promise<number> {
  return db.$executeRaw`
    delete from delivery where (workspace, id) in (
      select workspace, id from delivery
      where finished_at is not null and created_at < ${before} limit ${limit})`;
}

/** For the time of a transaction this channel's messages are looked at by nobody else. Null: they are, or it is gone. */
export async function lockForSending(db: Db, key: ChannelKey): Promise<ChannelRow | null> {
  const locked = await db.$executeRaw`
    select from channel where workspace = ${key.workspace} and id = ${key.id}
    for no key update skip locked`;
  return locked === 0 ? null : db.channel.findUnique({ where: { workspace_id: key } });
}

/** Until when somebody is sending on this channel; null when nobody is. */
export async function readLease(
  db: Db,
  { workspace, id }: ChannelKey,
  now: Date,
): Promise<Date | null> {
  const { _max } = await db.delivery.aggregate({
    where: { workspace, channelId: id, finishedAt: null, leasedUntil: { gt: now } },
    _max: { leasedUntil: true },
  });
  return _max.leasedUntil;
}

/** When the next message is due; null when none waits. */
export async function readNextDue(db: Db, { workspace, id }: ChannelKey): Promise<Date | null> {
  const { _min } = await db.delivery.aggregate({
    where: { workspace, channelId: id, finishedAt: null },
    _min: { dueAt: true },
  });
  return _min.dueAt;
}

/**
 * Takes the message that has been due the longest, for as long as the lease. An attempt that was begun
 * and of which nobody knows the end, because its process died, is kept as one.
 */
export async function claimDue(
  db: Db,
  { workspace, id }: ChannelKey,
  { now, leasedUntil, lost }: { now: Date; leasedUntil: Date; lost: Attempt },
): Promise<DeliveryRow | null> {
  const [claimed] = await db.$queryRaw<{ id: string }[]>`
    update delivery set state = 'leased', leased_until = ${leasedUntil}, tries = tries + 1,
      attempts = case when leased_until is null then attempts
        else attempts || ${JSON.stringify([lost])}::jsonb end
    where workspace = ${workspace} and id = (
      select id from delivery
      where workspace = ${workspace} and channel_id = ${id} and finished_at is null
        and due_at <= ${now}
      order by due_at, created_at, sequence, id limit 1 for update skip locked)
    returning id`;
  return claimed ? readDelivery({ workspace, id: claimed.id }, db) : null;
}

export async function readDelivery(
  { workspace, id }: DeliveryKey,
  db: Db = prisma,
): Promise<DeliveryRow | null> {
  return db.delivery.findUnique({ where: { workspace_id: { workspace, id } } });
}

const appended = (attempt: Attempt | null) =>
  attempt === null
    ? Prisma.sql`attempts`
    : Prisma.sql`attempts || ${JSON.stringify([attempt])}::jsonb`;

type Finish = { attempt: Attempt | null; now: Date };

/** False when another process has finished it meanwhile. */
async function finish(
  db: Db,
  { workspace, id }: DeliveryKey,
  state: "sent" | "failed" | "dropped",
  { attempt, now, reason }: Finish & { reason: StateReason | null },
): Promise<boolean> {
  const updated = await db.$executeRaw`
    update delivery set state = ${state}, state_reason = ${reason}, attempts = ${appended(attempt)},
      leased_until = null, finished_at = ${now}
    where workspace = ${workspace} and id = ${id} and finished_at is null`;
  return updated > 0;
}

/**
 * It arrived: with that the group counts as told, unless a later message has arrived before.
 * `content` is what was sent.
 */
export async function markSent(
  db: Db,
  row: DeliveryRow,
  { attempt, now, content }: Finish & { content: Message },
): Promise<void> {
  const { workspace, channelId, groupKey, sequence, episodeIds } = row;
  if (!(await finish(db, row, "sent", { attempt, now, reason: null }))) return;
  if (groupKey === null) return;
  const { firing, closed } = toldBy(content);
  const carried = new Set([...Object.keys(firing), ...closed]);
  const uncarried = content.more > 0 ? episodeIds.filter((id) => !carried.has(id)) : [];
  await db.$executeRaw`
    update notice_group g set last_sent_at = ${now},
      told = (g.told - ${closed}::text[]) || coalesce((
        select jsonb_object_agg(n.id, jsonb_build_object('severity', n.content -> 'severity',
          'status', case n.content ->> 'status' when 'no_data' then 'no_data' else 'firing' end))
        from notice n where n.workspace = g.workspace and n.id = any(${uncarried})), '{}')
        || ${JSON.stringify(firing)}::jsonb
    where g.workspace = ${workspace} and g.channel_id = ${channelId} and g.key = ${groupKey}
      and not exists (select from delivery d where d.workspace = g.workspace
        and d.channel_id = g.channel_id and d.group_key = g.key
        and d.sequence > ${sequence} and d.state = 'sent')`;
}

/** It is tried again at `dueAt`. */
export async function markRetry(
  db: Db,
  { workspace, id }: DeliveryKey,
  { attempt, dueAt }: { attempt: Attempt | null; dueAt: Date },
): Promise<void> {
  await db.$executeRaw`
    update delivery set state = 'retrying', attempts = ${appended(attempt)}, leased_until = null,
      due_at = ${dueAt}
    where workspace = ${workspace} and id = ${id} and finished_at is null`;
}

/** It is given up. */
export async function markFailed(
  db: Db,
  key: DeliveryKey,
  how: Finish & { reason: StateReason },
): Promise<void> {
  await finish(db, key, "failed", how);
}

/** It need not be sent. */
export async function markDropped(
  db: Db,
  key: DeliveryKey,
  how: { now: Date; reason: StateReason },
): Promise<void> {
  await finish(db, key, "dropped", { ...how, attempt: null });
}

/** A finished one waits again, with all of its tries before it. */
export async function requeue(
  db: Db,
  { workspace, id, channelId }: DeliveryRow,
  now: Date,
): Promise<"queued" | "unfinished" | "no_channel"> {
  if ((await db.channel.count({ where: { workspace, id: channelId } })) === 0) return "no_channel";
  const { count } = await db.delivery.updateMany({
    where: { workspace, id, finishedAt: { not: null } },
    data: { state: "queued", stateReason: "replayed", tries: 0, dueAt: now, finishedAt: null },
  });
  return count === 0 ? "unfinished" : "queued";
}
