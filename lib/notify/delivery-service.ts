import { setTimeout as sleep } from "node:timers/promises";
import { type Db, prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { holdNames } from "@/lib/sessions/names-store";
import { nextTry, pauseOf } from "./backoff";
import { type ChannelChanges, type ChannelKey, updateChannel } from "./channel-store";
import { sendTo } from "./channels/send";
import { bucketOf, type Claim, claimNext } from "./claim-service";
import { type Attempt, KEPT_DELIVERY_DAYS, type StateReason } from "./delivery-schema";
import {
  type DeliveryRow,
  deleteDeliveries,
  listWaitingChannels,
  markFailed,
  markRetry,
  markSent,
  readDelivery,
  wakeChannel,
  wakeChannelAt,
} from "./delivery-store";
import { handOver } from "./fallback-service";
import { attemptOf, type Outcome } from "./outcome";
import { closedUntil } from "./pace";

/** After that the job makes room for other channels and comes again. */
const TURN_MS = 5_000;
/** A wait that is not worth a job of its own. */
const SHORT_MS = 1_200;

/** Whatever a receiver asks for: longer than that only the message itself waits. */
const LONGEST_PAUSE_MS = 5 * 60_000;
/** Many channels wait for few connections to the database. */
const PATIENT = { maxWait: 20_000, timeout: 30_000 };

const DAY_MS = 86_400_000;
const FORGOTTEN_AT_ONCE = 5_000;

type Sending = Extract<Claim, { kind: "send" }>;

/** Where links in messages lead. */
export const publicBase = () => env.WATCHKEEPER_PUBLIC_URL ?? `http://localhost:${env.PORT}`;

/**
 * Sends what is due on a channel, one message after the other, in its receiver's pace. What remains has
 * a job by its end. Several at once share a channel's messages, of which one at a time is being sent.
 */
export async function deliverDue(workspace: string, channelId: string, now: Date): Promise<void> {
  const key = { workspace, id: channelId };
  const startedMs = performance.now();
  const turnMs = () => performance.now() - startedMs;
  const clock = () => new Date(now.getTime() + Math.floor(turnMs()));
  for (;;) {
    const claim = await prisma.$transaction((tx) => claimNext(tx, key, clock()), PATIENT);
    if (claim.kind === "none") return;
    if (claim.kind === "send") await deliver(key, claim, clock);
    if (claim.kind === "wait") {
      const waitMs = claim.until.getTime() - clock().getTime();
      if (waitMs > SHORT_MS || turnMs() > TURN_MS)
        return wakeChannelAt(key, new Date(Date.now() + Math.max(0, waitMs)));
      await sleep(Math.max(0, waitMs));
    }
    if (turnMs() > TURN_MS) return wakeChannel(prisma, key);
  }
}

async function deliver(key: ChannelKey, claim: Sending, clock: () => Date): Promise<void> {
  const at = clock();
  const { channel, row, message } = claim;
  if (channel.state === "disabled") return giveUp(key, claim, { reason: "channel_disabled", at });
  const outcome = await sendTo(channel, {
    id: row.id,
    message,
    groupKey: row.groupKey ?? row.id,
    at,
    base: publicBase(),
  });
  const attempt = attemptOf(outcome, at.getTime());
  const now = clock();
  if (outcome.verdict === "sent")
    return prisma.$transaction(async (tx) => {
      const left = await nameless(tx, claim, attempt);
      await markSent(tx, left.row, { attempt: left.attempt, now, content: message });
      const isBack = channel.state === "failing" ? { state: "ok", stateReason: null } : {};
      await updateChannel(tx, key, { failures: 0, lastSentAt: now, ...isBack });
    }, PATIENT);
  const nextMs = nextOf(outcome, row.tries, now);
  if (nextMs === null) {
    const reason = REASONS[outcome.verdict];
    return giveUp(key, claim, { reason, at: now, outcome, attempt });
  }
  await prisma.$transaction(async (tx) => {
    const left = await nameless(tx, claim, attempt);
    await markRetry(tx, left.row, { attempt: left.attempt, dueAt: new Date(nextMs) });
    await updateChannel(tx, key, afterFailure(claim, outcome, now));
  }, PATIENT);
}

/**
 * A message that was claimed, as it is now: names may have been erased since. What its receiver answered may
 * repeat them, and is not kept then.
 */
async function nameless<A extends Attempt | null>(
  db: Db,
  { row, erased }: Sending,
  attempt: A,
): Promise<{ row: DeliveryRow; attempt: A }> {
  if ((await holdNames(db, row.workspace)) === erased) return { row, attempt };
  const newest = await readDelivery(row, db);
  return { row: newest ?? row, attempt: attempt && { ...attempt, body: "" } };
}

const REASONS: Record<Exclude<Outcome["verdict"], "sent">, StateReason> = {
  retry: "gave_up",
  failed: "refused",
  gone: "gone",
};

function nextOf({ verdict, retryAfterMs }: Outcome, tries: number, now: Date): number | null {
  if (verdict !== "retry") return null;
  return nextTry({ tries, retryAfterMs, nowMs: now.getTime(), random: Math.random() });
}

/** One more in a row; a receiver that cannot be reached, or asks for it, is left alone for a while. */
function afterFailure({ channel }: Sending, outcome: Outcome, now: Date): ChannelChanges {
  const failures = channel.failures + 1;
  if (!outcome.unreachable) return { failures };
  const pauseMs = Math.min(outcome.retryAfterMs ?? pauseOf(failures), LONGEST_PAUSE_MS);
  const clearMs = closedUntil(bucketOf(channel, now), now.getTime() + pauseMs);
  return { failures, clearAt: new Date(clearMs) };
}

type End = {
  reason: StateReason;
  at: Date;
  outcome?: Outcome;
  attempt?: Attempt;
};

/** The channel is known to fail from then on, and the default one tells it in its place. */
async function giveUp(key: ChannelKey, claim: Sending, end: End): Promise<void> {
  const { channel } = claim;
  const { reason, at: now, outcome, attempt = null } = end;
  await prisma.$transaction(async (tx) => {
    const left = await nameless(tx, claim, attempt);
    await markFailed(tx, left.row, { attempt: left.attempt, now, reason });
    if (outcome) {
      const state = outcome.verdict === "gone" ? "disabled" : "failing";
      const changes = { ...afterFailure(claim, outcome, now), state, stateReason: outcome.error };
      await updateChannel(tx, key, changes);
    }
    await handOver(tx, { channel, row: left.row, now });
  }, PATIENT);
}

/** By the clock and at every start: what a killed process was at goes on. */
export async function wakeDeliveries(now: Date): Promise<void> {
  for (const key of await listWaitingChannels(now)) await wakeChannel(prisma, key);
}

/** By the clock: forgets deliveries that ended long ago; how many. */
export async function forgetDeliveries(now: Date, atOnce = FORGOTTEN_AT_ONCE): Promise<number> {
  const before = new Date(now.getTime() - KEPT_DELIVERY_DAYS * DAY_MS);
  let done = 0;
  for (;;) {
    const gone = await deleteDeliveries({ before, limit: atOnce });
    if (gone === 0) return done;
    done += gone;
  }
}
