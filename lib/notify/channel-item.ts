import { ChannelItem } from "./channel-schema";
import type { ChannelRow } from "./channel-store";
import { SealedSecrets } from "./sealed";

/** A channel as the API tells it; `waiting` is how many messages are not delivered yet. */
export function channelItem(row: ChannelRow, waiting: number): ChannelItem {
  const secrets = Object.entries(SealedSecrets.parse(row.secrets));
  return ChannelItem.parse({
    kind: row.kind,
    id: row.id,
    name: row.name,
    settings: row.settings,
    secrets: secrets.flatMap(([name, all]) =>
      all.map(({ hint, at }) => ({ name, hint, added_at: at })),
    ),
    sends_closes: row.sendsCloses,
    is_default: row.isDefault,
    carries_links: row.carriesLinks,
    state: row.state,
    state_reason: row.stateReason,
    failures: row.failures,
    waiting,
    last_sent_at: row.lastSentAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  });
}
