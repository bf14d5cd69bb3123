import { type Member, newsOf } from "./news";
import type { Timing } from "./route";
import type { NoticeReason } from "./schema";
import { type GroupState, isSame, type Mark, type Said, type Spoken, type Told } from "./told";

/**
 * What became of the group's newest message: `queued` and never tried, tried in vain and waiting for
 * its next try, being sent now, arrived, or never to arrive.
 */
export type Last = "none" | "queued" | "retrying" | "leased" | "sent" | "failed";

export type Look = {
  members: readonly Member[];
  told: Told;
  /** May have been told by a message that ended without an answer. */
  maybe: ReadonlySet<string>;
  state: GroupState;
  last: Last;
  /** When a message of the group last arrived. */
  lastSentMs: number | null;
  timing: Timing;
  isEscalation: boolean;
  /** What many groups together would have said: critical ones wait for the interval as others do. */
  isDigest: boolean;
  sendsCloses: boolean;
  nowMs: number;
};

export type Send = {
  reason: NoticeReason;
  firing: string[];
  closed: string[];
  /** Tried at once, though the one it takes the place of waits for its next try. */
  isUrgent: boolean;
};

export type Decision = {
  state: GroupState;
  /** What to say now, in place of any message that waits. */
  send: Send | null;
  /** A message that waits says what need not be said any more. */
  drop: boolean;
  /** Members nothing more is to be said of. */
  done: string[];
  /** When to look again though nothing has changed; null for never. */
  atMs: number | null;
};

const SECOND_MS = 1_000;
const [SOON_MS, LATER_MS] = [10 * SECOND_MS, 60 * SECOND_MS];
/** Before a message that could not be delivered is tried anew where nothing reminds. */
const ANEW_MS = 4 * 3_600_000;

/**
 * What one channel is told of one group, and when. Closes follow openings whatever holds the rest
 * back; a message that has not arrived is replaced by what is true now.
 */
export function decide(given: Look): Decision {
  const { state, over } = settled(given);
  const look = { ...given, state, members: given.members.filter(({ id }) => !over.includes(id)) };
  const { last, nowMs } = look;
  const isWaiting = last === "queued" || last === "retrying" || last === "leased";
  const said = isWaiting ? state.said : null;
  const maybe = new Set([...look.maybe, ...Object.keys(said?.firing ?? {})]);
  const news = newsOf({ ...look, maybe, marks: state.marks });
  const words = { firing: spokenOf(news.firing), closed: news.closed };
  const done = [...news.done, ...over];
  const reminder = reminderOf(look);
  const reason = news.reason ?? (reminder && reminder.atMs <= nowMs ? "reminder" : null);
  const wait = (atMs: number | null, more: Partial<Decision> = {}): Decision => ({
    ...{ state, done, send: null, drop: false, ...more },
    atMs: last === "leased" ? nowMs + SECOND_MS : atMs,
  });
  if (reason === null) {
    const drop = isWaiting && last !== "leased";
    return wait(reminder?.atMs ?? null, drop ? { drop, state: { ...state, said: null } } : {});
  }
  const recheckMs = nowMs + between(SOON_MS, look.timing.groupIntervalMs, LATER_MS);
  if (said && isSame(said, words)) return wait(recheckMs);
  const isCritical = (spoken: { severity: string } | undefined) => spoken?.severity === "critical";
  // What is on its way is not said once more for another that came meanwhile.
  const underway = last === "leased" ? said?.firing : undefined;
  const isUrgent =
    !look.isDigest &&
    news.fresh.some(
      (member) =>
        isCritical(member) &&
        !isCritical(look.told[member.id]) &&
        !isCritical(underway?.[member.id]),
    );
  if (last === "leased" && !isUrgent) return wait(null);
  const dueMs = dueAt(look, { words, fresh: news.fresh, isUrgent, repeatMs: reminder?.repeatMs });
  if (dueMs > nowMs) return wait(isWaiting ? Math.min(dueMs, recheckMs) : dueMs);
  const send = { reason, firing: news.firing.map(({ id }) => id), closed: news.closed, isUrgent };
  // The sequence is given by whoever stores it.
  const next = { ...state, said: { sequence: 0, atMs: nowMs, ...words } };
  return { state: next, done, send, drop: false, atMs: recheckMs };
}

const between = (least: number, value: number, most: number) =>
  Math.min(most, Math.max(least, value));
const isOpen = ({ status }: Member) => status !== "closed";

function spokenOf(members: readonly Member[]): Record<string, Spoken> {
  const spoken = members.map(({ id, status, severity, flapping }) => {
    const now = status === "no_data" ? ("no_data" as const) : ("firing" as const);
    return [id, { status: now, severity, flapping }] as const;
  });
  return Object.fromEntries(spoken);
}

/** The state once it is known what came of the newest message; `over` are those whose close has arrived. */
function settled({ state, members, last, lastSentMs }: Look): {
  state: GroupState;
  over: string[];
} {
  const { said } = state;
  const arrived = said && last === "sent" ? said : null;
  const lost = said && (last === "failed" || last === "none") ? said : null;
  const over = members.flatMap((member) =>
    !isOpen(member) && arrived?.closed.includes(member.id) ? [member.id] : [],
  );
  const marks: Record<string, Mark> = {};
  for (const member of members) {
    const mark = state.marks[member.id] ?? { flapping: false, silenced: false };
    const spoken = arrived?.firing[member.id];
    const sinceMs = mark.sinceMs ?? (spoken ? (lastSentMs ?? arrived?.atMs) : undefined);
    const isHidden = isOpen(member) && member.held === "silence";
    marks[member.id] = {
      ...(sinceMs === undefined ? {} : { sinceMs }),
      flapping: spoken ? spoken.flapping : mark.flapping,
      silenced: isHidden || (mark.silenced && !spoken),
    };
  }
  const failed = lost ?? (arrived ? null : state.failed);
  return { state: { marks, said: arrived || lost ? null : said, failed }, over };
}

/** When the channel is next reminded of what it knows; null while nothing asks for it. */
function reminderOf(look: Look): { atMs: number; repeatMs: number } | null {
  const { members, told, state, lastSentMs, timing } = look;
  const repeats = members.flatMap((member) => {
    const { id, held, acknowledged, flapping, severity } = member;
    const isDamped = flapping && state.marks[id]?.flapping;
    if (!isOpen(member) || !told[id] || held || acknowledged || isDamped) return [];
    const repeatMs = severity === "critical" ? timing.repeatCriticalMs : timing.repeatMs;
    return repeatMs === 0 ? [] : [Math.max(repeatMs, timing.groupIntervalMs)];
  });
  if (lastSentMs === null || repeats.length === 0) return null;
  const repeatMs = Math.min(...repeats);
  const failedMs = state.failed?.atMs ?? Number.NEGATIVE_INFINITY;
  return { atMs: Math.max(lastSentMs, failedMs) + repeatMs, repeatMs };
}

type Due = {
  words: Pick<Said, "firing" | "closed">;
  fresh: readonly Member[];
  isUrgent: boolean;
  repeatMs: number | undefined;
};

function dueAt(look: Look, { words, fresh, isUrgent, repeatMs }: Due): number {
  const { members, told, timing, lastSentMs, state } = look;
  const { failed } = state;
  const times = [Number.NEGATIVE_INFINITY];
  if (failed && isSame(failed, words)) times.push(failed.atMs + (repeatMs ?? ANEW_MS));
  if (isUrgent) return Math.max(...times);
  const isFirst = !members.some((member) => isOpen(member) && told[member.id]);
  if (isFirst && fresh.length > 0)
    times.push(Math.min(...fresh.map(({ openedMs }) => openedMs)) + timing.groupWaitMs);
  for (const atMs of [lastSentMs, failed?.atMs ?? null])
    if (atMs !== null) times.push(atMs + timing.groupIntervalMs);
  return Math.max(...times);
}
