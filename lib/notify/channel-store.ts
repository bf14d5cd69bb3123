import { type Db, prisma } from "@/lib/db/client";
import type { Channel, Prisma } from "@/lib/db/generated/client";
import { MOST_CHANNELS } from "./channel-schema";

export type ChannelRow = Channel;
export type ChannelKey = { workspace: string; id: string };
/** Objects that were parsed and are stored as they are. */
type Parts = { settings: object; secrets: object };
export type NewChannelRow = Omit<Prisma.ChannelCreateManyInput, keyof Parts> & Parts;
export type ChannelChanges = Partial<Omit<ChannelRow, "workspace" | "id" | keyof Parts> & Parts>;

const where = ({ workspace, id }: ChannelKey) => ({ workspace_id: { workspace, id } });

export async function readChannel(key: ChannelKey, db: Db = prisma): Promise<ChannelRow | null> {
  return db.channel.findUnique({ where: where(key) });
}

/** Reads it and keeps others from changing it until the transaction ends. */
export async function lockChannel(db: Db, key: ChannelKey): Promise<ChannelRow | null> {
  const locked = await db.$executeRaw`
    select from channel where workspace = ${key.workspace} and id = ${key.id} for update`;
  return locked === 0 ? null : readChannel(key, db);
}

/** Oldest first. */
export async function listChannels(workspace: string, db: Db = prisma): Promise<ChannelRow[]> {
  return db.channel.findMany({
    where: { workspace },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: MOST_CHANNELS,
  });
}

/** What takes what no other channel does; null when none was chosen. */
export async function readDefaultChannel(
  workspace: string,
  db: Db = prisma,
): Promise<ChannelRow | null> {
  return db.channel.findFirst({ where: { workspace, isDefault: true }, orderBy: { id: "asc" } });
}

export async function countChannels(workspace: string, db: Db = prisma): Promise<number> {
  return db.channel.count({ where: { workspace } });
}

/** Of those channels, how many messages each has that are not delivered yet. */
export async function countWaiting(
  workspace: string,
  ids: readonly string[],
  db: Db = prisma,
): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ id: string; count: number }[]>`
    select channel_id as id, count(*)::int as count from delivery
    where workspace = ${workspace} and channel_id = any(${[...ids]}) and finished_at is null
    group by channel_id`;
  return new Map(rows.map(({ id, count }) => [id, count]));
}

export async function saveChannel(db: Db, row: NewChannelRow): Promise<ChannelRow> {
  return db.channel.create({ data: row as Prisma.ChannelCreateInput });
}

/** Null when it is not there any more. */
export async function updateChannel(
  db: Db,
  key: ChannelKey,
  changes: ChannelChanges,
): Promise<ChannelRow | null> {
  const [row] = await db.channel.updateManyAndReturn({
    where: key,
    data: changes as Prisma.ChannelUpdateManyMutationInput,
  });
  return row ?? null;
}

/** At most one is the default: every other one is so no more. */
export async function clearDefault(db: Db, { workspace, id }: ChannelKey): Promise<void> {
  await db.channel.updateMany({
    where: { workspace, isDefault: true, id: { not: id } },
    data: { isDefault: false },
  });
}

/** The one whose server also carries links that let people in; null when none was chosen. */
export async function readLinkCarrier(
  workspace: string,
  db: Db = prisma,
): Promise<ChannelRow | null> {
  return db.channel.findFirst({ where: { workspace, carriesLinks: true } });
}

/** One at a time chooses who carries links, until the transaction ends. */
export async function lockLinkCarrier(db: Db, workspace: string): Promise<void> {
  await db.$executeRaw`
    select pg_advisory_xact_lock(hashtextextended('watchkeeper/links/' || ${workspace}, 0))`;
}

/** At most one carries links: every other one does so no more. */
export async function clearLinkCarrier(db: Db, { workspace, id }: ChannelKey): Promise<void> {
  await db.channel.updateMany({
    where: { workspace, carriesLinks: true, id: { not: id } },
    data: { carriesLinks: false },
  });
}

/** With its secrets and its groups; what was delivered stays to be read. False when there is none. */
export async function deleteChannel(db: Db, key: ChannelKey, now: Date): Promise<boolean> {
  const { count } = await db.channel.deleteMany({ where: key });
  await db.noticeGroup.deleteMany({ where: { workspace: key.workspace, channelId: key.id } });
  await dropQueue(db, key, now);
  return count > 0;
}

/** What waits for a channel that is gone is not sent. */
export async function dropQueue(db: Db, { workspace, id }: ChannelKey, now: Date): Promise<void> {
  await db.delivery.updateMany({
    where: { workspace, channelId: id, finishedAt: null },
    data: { state: "dropped", stateReason: "channel_removed", finishedAt: now, leasedUntil: null },
  });
}
