import { nextStep } from "./escalate";
import { type Decision, decide, type Send } from "./group";
import type { GroupRow, Receiver, Sending } from "./group-store";
import { type Candidate, inhibitedBy } from "./inhibit";
import { type Labels, labelsOf } from "./match";
import { mutedBy, nextMinute } from "./mute";
import type { NewMuteTiming } from "./mute-schema";
import { type Held, type Member, RANK } from "./news";
import type { NoticeRow } from "./notice-store";
import { isPager, type Route, type Target, type Timing, targetsOf, timingOf } from "./route";
import type { Message, NoticeContent } from "./schema";
import type { NotifySettings } from "./settings-schema";
import { nextTurn, type Silence, silencedBy } from "./silence";
import { STORM_KEY } from "./storm";

type Open = Candidate & { ruleName: string };

/** What holds a notice back: a silence, a mute timing or the rule of another alert, by id and name. */
export type Hold = { held: Held; byId: string; byName: string };

/** What people have set up, and what is open, at one moment. */
export type Setting = {
  routes: readonly Route[];
  receivers: ReadonlyMap<string, Receiver>;
  timings: ReadonlyMap<string, NewMuteTiming & { id: string }>;
  silences: readonly Silence[];
  settings: NotifySettings;
  open: readonly Open[];
  nowMs: number;
};

/** What inhibition may have ended is looked at again so often. */
const INHIBITED_MS = 60_000;
/** Of firing ones; the others are counted. */
const MOST_CARRIED = 50;

/** The same for all episodes of one rule and label set. */
export function alertOf({ rule, labels }: Pick<NoticeContent, "rule" | "labels">): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([rule.id, ...sorted.flat()]);
}

export const candidateOf = ({ id, content }: Pick<NoticeRow, "id" | "content">): Candidate => ({
  ...{ id, ruleId: content.rule.id, labels: content.labels, unit: content.unit },
  ...{ status: content.status, severity: content.severity, isHealth: content.health !== null },
});

/** The channel that takes what nothing else does: the one chosen for it, else the oldest. */
export function defaultOf(receivers: ReadonlyMap<string, Receiver>): string | null {
  const all = [...receivers.values()];
  return (all.find(({ isDefault }) => isDefault) ?? all[0])?.id ?? null;
}

/** Where notices go and what is held back, as things are set up at this moment. */
export class View {
  readonly #silencedBy: (labels: Labels) => Silence | null;
  readonly #inhibitedBy: (alert: Candidate) => Open | null;
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #found = new Map<string, Target[]>();

  constructor(readonly setting: Setting) {
    this.#silencedBy = silencedBy(setting.silences, setting.nowMs);
    this.#inhibitedBy = inhibitedBy(setting.settings.inhibition, setting.open);
    this.#routes = new Map(setting.routes.map((route) => [route.id, route]));
  }

  targetsOf({ id, content }: NoticeRow): Target[] {
    const { routes, receivers } = this.setting;
    const known = this.#found.get(id);
    if (known) return known;
    const exists = (channelId: string) => receivers.has(channelId);
    const routing = { routes, exists, defaultChannelId: defaultOf(receivers) };
    const own = { channels: content.channels, rest: alertOf(content) };
    const targets = targetsOf(routing, labelsOf(content), own);
    this.#found.set(id, targets);
    return targets;
  }

  /** How a notice comes to a group; null when it does so no more. */
  targetIn({ channelId, key }: Pick<GroupRow, "channelId" | "key">, notice: NoticeRow) {
    const isIt = (target: Target) =>
      target.channelId === channelId &&
      (key === STORM_KEY ? target.afterMs === 0 : target.key === key);
    return this.targetsOf(notice).find(isIt) ?? null;
  }

  /** Why nothing is said of a notice there now, and by what; null where nothing holds it. */
  heldBy(notice: NoticeRow, target: Target | null): Hold | null {
    const { timings, nowMs } = this.setting;
    const isTaken = notice.acknowledgedAt !== null && (target?.afterMs ?? 0) > 0;
    if (target === null || isTaken) return { held: "left", byId: "", byName: "" };
    const silence = this.#silencedBy(labelsOf(notice.content));
    if (silence) return { held: "silence", byId: silence.id, byName: silence.reason };
    const route = this.routeOf(target);
    const timing = route && mutedBy(route, timings, nowMs);
    if (timing) return { held: "mute", byId: timing.id, byName: timing.name };
    const other = this.#inhibitedBy(candidateOf(notice));
    return other && { held: "inhibited", byId: other.ruleId, byName: other.ruleName };
  }

  routeOf({ routeId }: Pick<Target, "routeId">): Route | null {
    return routeId === null ? null : (this.#routes.get(routeId) ?? null);
  }

  timingOf(target: Target): Timing {
    const { receivers, settings } = this.setting;
    const kind = receivers.get(target.channelId)?.kind ?? "";
    return timingOf(this.routeOf(target), settings.timers, isPager(kind));
  }
}

export type Looked = {
  group: GroupRow;
  decision: Decision;
  timing: Timing;
  /** When to look again; null for never. */
  atMs: number | null;
  /** Members that the channels of a next step are to be told of, and when the first channels were. */
  waiting: { notice: NoticeRow; target: Target; toldMs: number }[];
  /** Of members that are open, what holds them back. */
  holds: (Hold & { episodeId: string })[];
};

/** One look at a group: what its channel is told now, and when to look again. */
export function lookAt(
  view: View,
  group: GroupRow,
  { notices, sending }: { notices: readonly NoticeRow[]; sending: Sending },
): Looked {
  const { nowMs, receivers, silences, settings } = view.setting;
  const receiver = receivers.get(group.channelId);
  const places = notices.map((notice) => {
    const target = view.targetIn(group, notice);
    const hold = view.heldBy(notice, target);
    return { notice, target, hold, member: memberOf(notice, hold?.held ?? null) };
  });
  const first = places.find(({ target }) => target !== null)?.target ?? null;
  const isDigest = group.key === STORM_KEY;
  const usual = first
    ? view.timingOf(first)
    : (group.timing ?? timingOf(null, settings.timers, isPager(receiver?.kind ?? "")));
  const timing = isDigest ? { ...usual, groupWaitMs: 0 } : usual;
  const decision = decide({
    ...{ told: group.told, state: group.state, lastSentMs: group.lastSentMs, timing, isDigest },
    ...{ maybe: sending.maybe, last: sending.last, nowMs },
    members: places.map(({ member }) => member),
    isEscalation: (first?.afterMs ?? 0) > 0,
    sendsCloses: receiver === undefined || receiver.sendsCloses || isPager(receiver.kind),
  });
  const open = places.filter(({ member }) => member.status !== "closed");
  const labels = open.map(({ notice }) => labelsOf(notice.content));
  const waiting = open.flatMap(({ notice, target, member }) => {
    const toldMs = decision.state.marks[notice.id]?.sinceMs;
    if (!target || target.afterMs > 0 || member.held || toldMs === undefined) return [];
    return [{ notice, target, toldMs }];
  });
  const steps = waiting.map(({ notice, target, toldMs }) => {
    const after = view.routeOf(target)?.escalate.map(({ after_ms }) => after_ms) ?? [];
    return nextStep({ toldMs, acknowledged: notice.acknowledgedAt !== null }, after, nowMs);
  });
  const isHeld = (held: Held) => open.some(({ member }) => member.held === held);
  const times = [
    ...[decision.atMs, nextTurn(silences, labels, nowMs), ...steps],
    ...[
      isHeld("mute") ? nextMinute(nowMs) : null,
      isHeld("inhibited") ? nowMs + INHIBITED_MS : null,
    ],
  ].filter((at) => at !== null);
  const holds = open.flatMap(({ notice, hold }) =>
    hold && hold.held !== "left" ? [{ ...hold, episodeId: notice.id }] : [],
  );
  const atMs = times.length === 0 ? null : Math.min(...times);
  return { group, decision, timing, atMs, waiting, holds };
}

function memberOf({ id, content, openedAt, acknowledgedAt }: NoticeRow, held: Held | null): Member {
  const { status, severity, late, flapping, health } = content;
  return {
    ...{ id, alert: alertOf(content), status, severity, openedMs: openedAt.getTime() },
    ...{ late, flapping, isHealth: health !== null, held, acknowledged: acknowledgedAt !== null },
  };
}

/** The message of a decision. The worst that fires comes first, and of equals the oldest. */
export function messageOf(
  { labels }: Pick<GroupRow, "labels">,
  { reason, firing, closed }: Send,
  notices: readonly NoticeRow[],
): Message {
  const pick = (ids: readonly string[]) => notices.filter(({ id }) => ids.includes(id));
  const open = pick(firing).sort(
    (a, b) =>
      RANK[b.content.severity] - RANK[a.content.severity] ||
      a.openedAt.getTime() - b.openedAt.getTime(),
  );
  const told = ({ id, content }: NoticeRow) => ({ id, content });
  const isAcknowledged = open.length > 0 && open.every(({ acknowledgedAt }) => acknowledgedAt);
  return {
    reason,
    group: labels,
    firing: open.slice(0, MOST_CARRIED).map(told),
    closed: pick(closed).map(told),
    more: Math.max(0, open.length - MOST_CARRIED),
    acknowledged_by: isAcknowledged ? (open[0]?.acknowledgedBy ?? null) : null,
  };
}
