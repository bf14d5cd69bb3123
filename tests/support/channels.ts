import { POST } from "@/app/api/v1/channels/route";
import { prisma } from "@/lib/db/client";
import type { ChannelItem } from "@/lib/notify/channel-schema";
import { readChannel } from "@/lib/notify/channel-store";
import { type NewDelivery, readDelivery, writeDelivery } from "@/lib/notify/delivery-store";
import type { Message } from "@/lib/notify/schema";
import { call } from "./call";

/** A channel, made by the API. */
export async function makeChannel(
  headers: Record<string, string>,
  json: object,
): Promise<ChannelItem> {
  const wish = { name: "test", ...json };
  const answer = await call(POST, "/x", { method: "POST", headers, json: wish });
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body as ChannelItem;
}

/** Puts a message on its queue, as a group that is already there would. */
export async function send(
  channelId: string,
  content: Message,
  more: Partial<NewDelivery> = {},
): Promise<string> {
  const { groupKey = "group", sequence = 1, dueAt = new Date() } = more;
  const id = await prisma.$transaction(async (tx) => {
    if (groupKey !== null)
      await tx.noticeGroup.createMany({
        data: { workspace: "default", channelId, key: groupKey, labels: {}, timing: {} },
        skipDuplicates: true,
      });
    return writeDelivery(tx, {
      ...{ workspace: "default", channelId, groupKey, sequence, content, dueAt },
      reason: content.reason,
      episodeIds: [...content.firing, ...content.closed].map((member) => member.id),
      ...more,
    });
  });
  if (id === null) throw new Error("there is one with that sequence already");
  return id;
}

export async function deliveryOf(id: string) {
  const row = await readDelivery({ workspace: "default", id });
  if (!row) throw new Error(`${id} is not there`);
  return row;
}

export async function channelOf(id: string) {
  const row = await readChannel({ workspace: "default", id });
  if (!row) throw new Error(`${id} is not there`);
  return row;
}

export async function toldOf(channelId: string, key = "group") {
  return prisma.noticeGroup.findUniqueOrThrow({
    where: { workspace_channelId_key: { workspace: "default", channelId, key } },
  });
}
