import type { NoticeContent, NoticeReason } from "./schema";
import type { GroupState, Told } from "./told";

export const RANK = { info: 0, warning: 1, high: 2, critical: 3 } as const;

/** Why nothing is said of an open one: a silence, a mute timing, another alert, or no route leads here any more. */
export type Held = "silence" | "mute" | "inhibited" | "left";

/** An episode as its group sees it. Times in milliseconds. */
export type Member = {
  id: string;
  /** The same for all episodes of one rule and label set. */
  alert: string;
  status: NoticeContent["status"];
  severity: NoticeContent["severity"];
  openedMs: number;
  late: boolean;
  flapping: boolean;
  isHealth: boolean;
  held: Held | null;
  acknowledged: boolean;
};

export type Seen = {
  members: readonly Member[];
  told: Told;
  /** May have been told: a message that says so is on its way, or has ended without an answer. */
  maybe: ReadonlySet<string>;
  marks: GroupState["marks"];
  /** The channel is told only of what nobody acknowledged. */
  isEscalation: boolean;
  /** False: what has closed is forgotten, not told. */
  sendsCloses: boolean;
};

export type News = {
  reason: NoticeReason | null;
  /** Open ones that a message would carry, whether new or not. */
  firing: Member[];
  closed: string[];
  /** Of `firing`, those that the channel does not know yet as they are. */
  fresh: Member[];
  /** Closed, and nothing need be said of them. */
  done: string[];
};

const ORDER = [
  ...(["escalated", "opened", "more_opened", "silence_ended", "no_data"] as const),
  ...(["flapping", "flapping_ended", "health", "late"] as const),
] as const satisfies readonly NoticeReason[];

/** What a channel does not know yet of a group. */
export function newsOf(seen: Seen): News {
  const { members, told, maybe, marks, sendsCloses } = seen;
  const isKnown = (id: string) => told[id] !== undefined || maybe.has(id);
  const open = members.filter((member) => isOpen(member) && member.held === null);
  const calm = new Set(members.filter(({ flapping }) => !flapping).map(({ alert }) => alert));
  const damped = new Set(
    members.filter(({ id, flapping }) => flapping && marks[id]?.flapping).map(({ alert }) => alert),
  );
  const firing = open.filter(({ flapping, alert }) => !flapping || !damped.has(alert));
  const toldOpen = members.filter((member) => isOpen(member) && told[member.id]);
  const reasons = new Map<Member, NoticeReason>();
  for (const member of firing) {
    const reason = reasonOf(member, { ...seen, damped, isAlone: toldOpen.length === 0 });
    if (reason) reasons.set(member, reason);
  }
  const over = members.filter(({ status }) => status === "closed");
  // What is damped is told as closed once its alert has come to rest, in this or a later episode.
  const resting = over.filter(
    ({ id, flapping, alert }) => !(flapping && marks[id]?.flapping) || calm.has(alert),
  );
  const closing = resting.filter(({ id }) => isKnown(id));
  const closed = sendsCloses ? closing.map(({ id }) => id) : [];
  const isEnding = closing.some(({ id }) => marks[id]?.flapping);
  const reason =
    ORDER.find((each) => [...reasons.values()].includes(each)) ??
    (closed.length === 0
      ? null
      : closeReason({ isEnding, isLeft: firing.length + toldOpen.length > 0 }));
  // What has come to rest is needed until that was told of what was damped before it.
  const done = resting.filter(
    ({ id, alert }) => !sendsCloses || !(isKnown(id) || damped.has(alert)),
  );
  return { reason, firing, closed, fresh: [...reasons.keys()], done: done.map(({ id }) => id) };
}

const isOpen = ({ status }: Member) => status !== "closed";

function closeReason({ isEnding, isLeft }: { isEnding: boolean; isLeft: boolean }): NoticeReason {
  if (isEnding) return "flapping_ended";
  return isLeft ? "some_closed" : "closed";
}

type Around = Seen & { damped: Set<string>; isAlone: boolean };

/** Why a member is news; null when its channel knows it as it is. */
function reasonOf(member: Member, around: Around): NoticeReason | null {
  const { id, status, severity, flapping, alert } = member;
  const known = around.told[id];
  const mark = around.marks[id];
  if (!known) return openingOf(member, around);
  if (flapping !== (mark?.flapping ?? false)) return flapping ? "flapping" : "flapping_ended";
  if (!flapping && around.damped.has(alert)) return "flapping_ended";
  if (RANK[severity] > RANK[known.severity]) return "escalated";
  if (mark?.silenced) return "silence_ended";
  if (status === known.status) return null;
  return status === "no_data" ? "no_data" : "more_opened";
}

function openingOf(member: Member, { marks, damped, isEscalation, isAlone }: Around): NoticeReason {
  if (member.flapping) return "flapping";
  if (damped.has(member.alert)) return "flapping_ended";
  if (isEscalation) return "escalated";
  if (marks[member.id]?.silenced) return "silence_ended";
  if (member.isHealth) return "health";
  if (member.status === "no_data") return "no_data";
  if (member.late) return "late";
  return isAlone ? "opened" : "more_opened";
}
