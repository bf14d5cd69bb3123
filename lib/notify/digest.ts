import { type Looked, lookAt, type View } from "./dispatch";
import type { Joining, Sending } from "./group-store";
import { RANK } from "./news";
import type { NoticeRow } from "./notice-store";
import { overflowOf, STORM_KEY } from "./storm";

export type LookedAt = { look: Looked; notices: readonly NoticeRow[]; sending: Sending };

/**
 * The same without the first news of more groups than one channel is to be told of in a while: their
 * members leave them for the channel's digest. `lately` are the groups that each channel had
 * messages of.
 */
export function calmed(
  view: View,
  looked: readonly LookedAt[],
  lately: ReadonlyMap<string, ReadonlySet<string>>,
): { looked: LookedAt[]; moved: Joining[] } {
  const openings = looked.filter(isOpening);
  const over = new Set<LookedAt>();
  for (const channelId of new Set(openings.map(({ look }) => look.group.channelId))) {
    const own = openings.filter(({ look }) => look.group.channelId === channelId);
    const keys = overflowOf(own.map(rankOf), lately.get(channelId) ?? new Set());
    for (const each of own) if (keys.has(each.look.group.key)) over.add(each);
  }
  const moved = [...over].flatMap(({ look: { group, decision } }) =>
    (decision.send?.firing ?? []).map((member) => ({
      ...{ channelId: group.channelId, key: STORM_KEY, labels: {}, member },
    })),
  );
  return { looked: looked.map((each) => (over.has(each) ? without(view, each) : each)), moved };
}

/** Whether a channel would be told of a group of which it knows nothing. */
const isOpening = ({ look: { group, decision } }: LookedAt) =>
  decision.send !== null && group.key !== STORM_KEY && Object.keys(group.told).length === 0;

const rankOf = ({ look: { group }, notices }: LookedAt) => ({
  key: group.key,
  rank: Math.max(...notices.map(({ content }) => RANK[content.severity])),
});

/** The group as it is once those that it would tell of have left it. */
function without(view: View, { look, notices, sending }: LookedAt): LookedAt {
  const leaving = look.decision.send?.firing ?? [];
  const left = notices.filter(({ id }) => !leaving.includes(id));
  const group = { ...look.group, members: left.map(({ id }) => id) };
  return { look: lookAt(view, group, { notices: left, sending }), notices: left, sending };
}
