import type { Db } from "@/lib/db/client";
import { type ChannelRow, readDefaultChannel } from "./channel-store";
import { readFallback } from "./delivery-group-store";
import { type DeliveryRow, writeDelivery } from "./delivery-store";
import { Message } from "./schema";
import { fallbackKey, isFallback } from "./telling";

/** Has the default channel tell what this one could not: once, and not of tests. */
export async function handOver(
  db: Db,
  { channel, row, now }: { channel: ChannelRow; row: DeliveryRow; now: Date },
): Promise<void> {
  if (row.groupKey === null || isFallback(row.groupKey)) return;
  const other = await readDefaultChannel(row.workspace, db);
  if (!other || other.id === channel.id || other.state === "disabled") return;
  const content = { ...Message.parse(row.content), failed_channel: channel.name };
  await writeTo(db, { row, channelId: other.id, content, now });
}

/** The closes of what another channel told of in this one's place go there as well. */
export async function passOn(db: Db, row: DeliveryRow, whole: Message, now: Date): Promise<void> {
  const { workspace, channelId, groupKey } = row;
  if (groupKey === null || isFallback(groupKey)) return;
  const other = await readFallback(db, { workspace, fallback: fallbackKey(channelId, groupKey) });
  if (other === null) return;
  await writeTo(db, { row, channelId: other, content: { ...whole, firing: [], more: 0 }, now });
}

async function writeTo(
  db: Db,
  to: { row: DeliveryRow; channelId: string; content: Message; now: Date },
): Promise<void> {
  const { row, channelId, content, now } = to;
  const { workspace, groupKey, sequence, episodeIds } = row;
  await writeDelivery(db, {
    ...{ workspace, channelId, sequence, content, episodeIds, dueAt: now },
    groupKey: fallbackKey(row.channelId, groupKey ?? ""),
    reason: content.reason,
  });
}
