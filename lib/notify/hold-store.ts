import { type Db, prisma } from "@/lib/db/client";
import type { Hold } from "./dispatch";

type Looked = {
  channelId: string;
  members: readonly string[];
  holds: readonly (Hold & { episodeId: string })[];
};

/** Keeps what holds the members of these groups back from now on, and that what held them before does so no more. */
export async function saveHolds(
  db: Db,
  workspace: string,
  looked: readonly Looked[],
  now: Date,
): Promise<void> {
  const members = looked.flatMap(({ channelId, members }) =>
    members.map((episode) => ({ channel: channelId, episode })),
  );
  if (members.length === 0) return;
  const holds = looked.flatMap(({ channelId, holds }) =>
    holds.map(({ episodeId, held, byId, byName }) => ({
      ...{ channel: channelId, episode: episodeId, kind: held, by_id: byId, by_name: byName },
    })),
  );
  await db.$executeRaw`
    with held as (select * from json_to_recordset(${JSON.stringify(holds)}::json)
      as h(channel text, episode text, kind text, by_id text, by_name text)),
    over as (update notice_hold h set until_at = ${now}
      from json_to_recordset(${JSON.stringify(members)}::json) as m(channel text, episode text)
      where h.workspace = ${workspace} and h.episode_id = m.episode and h.channel_id = m.channel
        and h.until_at is null and not exists (select from held where held.episode = h.episode_id
          and held.channel = h.channel_id and held.kind = h.kind and held.by_id = h.by_id))
    insert into notice_hold (workspace, episode_id, channel_id, kind, by_id, by_name, from_at)
    select distinct on (episode, channel, kind, by_id) ${workspace}, episode, channel, kind, by_id,
      by_name, ${now}::timestamptz from held
    where not exists (select from notice_hold h where h.workspace = ${workspace}
      and h.episode_id = held.episode and h.channel_id = held.channel and h.kind = held.kind
      and h.by_id = held.by_id and h.until_at is null)
    on conflict do nothing`;
}

export type HoldRow = {
  kind: "silence" | "mute" | "inhibited";
  byId: string;
  byName: string;
  channel: string | null;
  from: Date;
  until: Date | null;
};

/** What has held messages of an episode back, oldest first. */
export function listHolds(
  workspace: string,
  episodeId: string,
  db: Db = prisma,
): Promise<HoldRow[]> {
  return db.$queryRaw<HoldRow[]>`
    select h.kind, h.by_id as "byId", h.by_name as "byName", c.name as channel,
      h.from_at as from, h.until_at as until
    from notice_hold h left join channel c on c.workspace = h.workspace and c.id = h.channel_id
    where h.workspace = ${workspace} and h.episode_id = ${episodeId}
    order by h.from_at, h.channel_id, h.kind, h.by_id limit 500`;
}
