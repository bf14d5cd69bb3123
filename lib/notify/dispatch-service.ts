import { type Db, prisma } from "@/lib/db/client";
import { holdNames } from "@/lib/sessions/names-store";
import { KEPT_DELIVERY_DAYS } from "./delivery-schema";
import { writeDelivery } from "./delivery-store";
import { calmed, type LookedAt } from "./digest";
import { lookAt, messageOf, View } from "./dispatch";
import { isOverdue } from "./escalate";
import {
  dropWaiting,
  type GroupRow,
  type Joining,
  joinGroups,
  joinPresent,
  listReceivers,
  lockDue,
  lockWorkspace,
  readLately,
  readMembers,
  readNextFlush,
  readSendings,
  saveGroups,
  wakeGroups,
} from "./group-store";
import { saveHolds } from "./hold-store";
import { listTimings } from "./mute-store";
import {
  deleteNotices,
  listAlerts,
  listToDispatch,
  lockChanged,
  markRouted,
  type NoticeRow,
  readNotices,
  wakeDispatchAt,
} from "./notice-store";
import type { Target } from "./route";
import { listRoutes } from "./route-store";
import { readSettings } from "./settings-store";
import { endSilences } from "./silence-end-service";
import { listStanding } from "./silence-store";
import { STORM_KEY, STORM_MS } from "./storm";

/** Of notices and of groups, in one transaction. */
const BATCH = 200;
const MOST_BATCHES = 200;
const DAY_MS = 86_400_000;
const PATIENT = { timeout: 60_000, maxWait: 30_000 };

/**
 * Finds the groups of what has changed and says what is due to be told: each step of it is one
 * transaction, which leaves deliveries for the channels' jobs and a job for the next time.
 */
export async function dispatchNotices(workspace: string, now = new Date()): Promise<void> {
  for (let batch = 0; batch < MOST_BATCHES; batch++)
    if (!(await prisma.$transaction((tx) => dispatchSome(tx, workspace, now), PATIENT))) return;
}

/** The same of all workspaces that have something to tell; asked for by the clock, should a job be lost. */
export async function dispatchAll(now = new Date()): Promise<void> {
  for (const workspace of await listToDispatch(now)) await dispatchNotices(workspace, now);
}

/** What was told of it is kept as long as its deliveries are. */
export async function forgetNotices(now = new Date()): Promise<number> {
  return deleteNotices(new Date(now.getTime() - KEPT_DELIVERY_DAYS * DAY_MS));
}

/** Whether more is to be done. */
async function dispatchSome(db: Db, workspace: string, now: Date): Promise<boolean> {
  await lockWorkspace(db, workspace);
  // An erasure that has begun is waited for, and one that comes finds what is written here.
  await holdNames(db, workspace);
  const changed = await lockChanged(db, workspace, BATCH);
  const view = await readView(db, workspace, now);
  await joinChanged(db, workspace, { changed, view, now });
  const groups = await lockDue(db, workspace, now, BATCH);
  const lately = await readLately(db, workspace, new Date(now.getTime() - STORM_MS));
  const seen = await lookAtAll(db, workspace, { groups, view });
  const { looked, moved } = calmed(view, seen, lately);
  for (const each of looked) await tell(db, workspace, { ...each, now });
  await saveGroups(db, workspace, looked.map(changeOf));
  await saveHolds(db, workspace, looked.map(heldOf), now);
  await joinGroups(db, workspace, [...moved, ...overdue(view, looked)], now);
  const next = await readNextFlush(db, workspace);
  if (next) await wakeDispatchAt(db, workspace, next);
  return changed.length === BATCH || (next !== null && next <= now);
}

async function readView(db: Db, workspace: string, now: Date): Promise<View> {
  const silences = await listStanding(workspace, now, db);
  const since = silences.filter(
    ({ end_when_closed, end_when_idle }) => end_when_closed || end_when_idle,
  );
  const first = since.length === 0 ? null : Math.min(...since.map(({ startsMs }) => startsMs));
  const alerts = await listAlerts(workspace, first === null ? null : new Date(first), db);
  const receivers = await listReceivers(workspace, db);
  const timings = await listTimings(workspace, db);
  return new View({
    routes: await listRoutes(workspace, db),
    receivers: new Map(receivers.map((receiver) => [receiver.id, receiver])),
    timings: new Map(timings.map((timing) => [timing.id, timing])),
    silences: await endSilences(db, workspace, { silences, alerts, now }),
    settings: await readSettings(workspace, db),
    open: alerts.filter(({ closedAt }) => closedAt === null),
    nowMs: now.getTime(),
  });
}

type Changed = { changed: readonly NoticeRow[]; view: View; now: Date };

/** What is new comes into its groups, unless its channel is told of it in the digest of a storm. */
async function joinChanged(db: Db, workspace: string, { changed, view, now }: Changed) {
  if (changed.length === 0) return;
  const digests = await readMembers(db, workspace, STORM_KEY);
  const joining = changed.flatMap((notice) =>
    view
      .targetsOf(notice)
      .filter(
        ({ afterMs, channelId }) => afterMs === 0 && !digests.get(channelId)?.includes(notice.id),
      )
      .map((target) => ({ notice, joining: joiningOf(target, notice) })),
  );
  const of = (isOpen: boolean) =>
    joining.filter(({ notice }) => (notice.closedAt === null) === isOpen).map((one) => one.joining);
  await joinGroups(db, workspace, of(true), now);
  await joinPresent(db, workspace, of(false), now);
  const ids = changed.map(({ id }) => id);
  await wakeGroups(db, workspace, now, ids);
  await markRouted(db, workspace, ids, now);
}

async function lookAtAll(
  db: Db,
  workspace: string,
  { groups, view }: { groups: readonly GroupRow[]; view: View },
): Promise<LookedAt[]> {
  const ids = new Set(groups.flatMap(({ members }) => members));
  const rows = await readNotices(db, workspace, [...ids]);
  const known = new Map(rows.map((row) => [row.id, row]));
  const sendings = groups.length === 0 ? [] : await readSendings(db, workspace, groups);
  return groups.flatMap((group, index) => {
    const sending = sendings[index];
    if (!sending) return [];
    const notices = group.members.flatMap((id) => known.get(id) ?? []);
    return [{ look: lookAt(view, group, { notices, sending }), notices, sending }];
  });
}

/** Whoever is told next of what nobody has acknowledged for so long. */
function overdue(view: View, looked: readonly LookedAt[]): Joining[] {
  const { nowMs } = view.setting;
  const waiting = looked.flatMap(({ look }) => look.waiting);
  return waiting.flatMap(({ notice, target, toldMs }) => {
    const acknowledged = notice.acknowledgedAt !== null;
    return view
      .targetsOf(notice)
      .filter(({ routeId, afterMs }) => routeId === target.routeId && afterMs > 0)
      .filter(({ afterMs }) => isOverdue({ toldMs, acknowledged }, afterMs, nowMs))
      .map((next) => joiningOf(next, notice));
  });
}

const joiningOf = ({ channelId, key, group: labels }: Target, { id: member }: NoticeRow) => ({
  ...{ channelId, key, labels, member },
});

async function tell(
  db: Db,
  workspace: string,
  { look, notices, sending, now }: LookedAt & { now: Date },
) {
  const { group, decision } = look;
  const { channelId, key } = group;
  if (decision.drop) await dropWaiting(db, workspace, group, now);
  const { send } = decision;
  if (!send) return;
  const waits = sending.last === "retrying" && !send.isUrgent ? sending.dueAt : null;
  await writeDelivery(db, {
    ...{ workspace, channelId, groupKey: key, sequence: group.sequence + 1, reason: send.reason },
    content: messageOf(group, send, notices),
    episodeIds: [...send.firing, ...send.closed],
    dueAt: waits ?? now,
  });
}

const heldOf = ({ look: { group, holds } }: LookedAt) => ({
  ...{ channelId: group.channelId, members: group.members, holds },
});

function changeOf({ look: { group, decision, timing, atMs }, notices }: LookedAt) {
  const { channelId, key } = group;
  const sequence = group.sequence + (decision.send ? 1 : 0);
  const { said } = decision.state;
  const present = new Set(notices.map(({ id }) => id));
  const isOver = (id: string) => decision.done.includes(id) || !present.has(id);
  return {
    ...{ channelId, key, sequence, timing },
    members: group.members.filter((id) => !isOver(id)),
    state: { ...decision.state, said: said && decision.send ? { ...said, sequence } : said },
    flushAt: atMs === null ? null : new Date(atMs),
    forgotten: Object.keys(group.told).filter(isOver),
  };
}
