import type { Db } from "@/lib/db/client";
import type { DeliveryRow } from "./delivery-store";
import type { Message } from "./schema";

/** Unfinished ones of the same group, oldest first; what a person has asked for again stands for itself. */
export async function listGroup(db: Db, row: DeliveryRow): Promise<DeliveryRow[]> {
  const { workspace, channelId, groupKey } = row;
  if (groupKey === null || row.stateReason === "replayed") return [row];
  return db.delivery.findMany({
    where: {
      ...{ workspace, channelId, groupKey, finishedAt: null },
      OR: [{ stateReason: null }, { stateReason: { not: "replayed" } }],
    },
    orderBy: { sequence: "asc" },
  });
}

/**
 * Which of these episodes the group has been told of, or may have been: by messages that arrived and by
 * those that ended without an answer, unless a later one that arrived has told of the close.
 */
export async function readTold(
  db: Db,
  { workspace, channelId, groupKey }: DeliveryRow,
  episodeIds: readonly string[],
): Promise<Set<string>> {
  const ids = [...episodeIds];
  if (groupKey === null || ids.length === 0) return new Set(ids);
  const rows = await db.$queryRaw<{ id: string }[]>`
    select told.id from notice_group g, jsonb_object_keys(g.told) told(id)
    where g.workspace = ${workspace} and g.channel_id = ${channelId} and g.key = ${groupKey}
      and told.id = any(${ids})
    union
    select member ->> 'id' from delivery d, jsonb_array_elements(d.content -> 'firing') member
    where d.workspace = ${workspace} and d.channel_id = ${channelId} and d.group_key = ${groupKey}
      and (d.state = 'sent' or d.attempts @> '[{"uncertain": true}]')
      and member ->> 'id' = any(${ids})
      and not exists (select from delivery c where c.workspace = d.workspace
        and c.channel_id = d.channel_id and c.group_key = d.group_key and c.state = 'sent'
        and c.sequence > d.sequence
        and c.content -> 'closed' @> jsonb_build_array(jsonb_build_object('id', member -> 'id')))`;
  return new Set(rows.map(({ id }) => id));
}

/** The channel that took this group's messages when this one failed; null when none did. */
export async function readFallback(
  db: Db,
  { workspace, fallback }: { workspace: string; fallback: string },
): Promise<string | null> {
  const [row] = await db.$queryRaw<{ id: string }[]>`
    select d.channel_id as id from channel c
    join delivery d on d.workspace = c.workspace and d.channel_id = c.id and d.group_key = ${fallback}
    where c.workspace = ${workspace} order by d.sequence desc limit 1`;
  return row?.id ?? null;
}

/** A message in another form, before it is sent. */
export async function saveContent(db: Db, row: DeliveryRow, content: Message): Promise<void> {
  const { workspace, id } = row;
  await db.delivery.updateMany({ where: { workspace, id }, data: { content } });
}
