import type { Db } from "@/lib/db/client";
import { holdNames } from "@/lib/sessions/names-store";
import { ChannelKind } from "./channel-schema";
import {
  type ChannelKey,
  type ChannelRow,
  dropQueue,
  readChannel,
  updateChannel,
} from "./channel-store";
import { requestsOf } from "./channels/send";
import { listGroup, readTold, saveContent } from "./delivery-group-store";
import {
  claimDue,
  type DeliveryRow,
  lockForSending,
  markDropped,
  readLease,
  readNextDue,
} from "./delivery-store";
import { passOn } from "./fallback-service";
import { afterSending, freeAt } from "./pace";
import { Message } from "./schema";
import { closedIds, combined, remaining } from "./telling";

/** Longer than an attempt may take: after it, whoever began one is taken for dead. */
export const LEASE_MS = 60_000;
/** Somebody looks at the channel at this very moment. */
const BUSY_MS = 1_000;

export type Claim =
  | { kind: "none" }
  /** Nothing may be sent before. */
  | { kind: "wait"; until: Date }
  /** A message was done with without being sent. */
  | { kind: "next" }
  | {
      kind: "send";
      channel: ChannelRow;
      row: DeliveryRow;
      message: Message;
      /** How often names were erased before it was read. */
      erased: number;
    };

/** What is to be done next on a channel, in the caller's transaction. One message at a time is being sent. */
export async function claimNext(db: Db, key: ChannelKey, now: Date): Promise<Claim> {
  const erased = await holdNames(db, key.workspace);
  const channel = await lockForSending(db, key);
  const later = (ms: number): Claim => ({ kind: "wait", until: new Date(ms) });
  const nextDue = await readNextDue(db, key);
  if (nextDue === null) return { kind: "none" };
  if (!channel) {
    if (await readChannel(key, db)) return later(now.getTime() + BUSY_MS);
    await dropQueue(db, key, now);
    return { kind: "none" };
  }
  const leased = await readLease(db, key, now);
  if (leased) return { kind: "wait", until: leased };
  const bucket = bucketOf(channel, now);
  const free = freeAt(bucket);
  const isOff = channel.state === "disabled";
  const startMs = Math.max(nextDue.getTime(), isOff ? 0 : free);
  if (startMs > now.getTime()) return later(startMs);
  const row = await claimDue(db, key, {
    now,
    leasedUntil: new Date(now.getTime() + LEASE_MS),
    lost: lostAt(now),
  });
  if (!row) return later(now.getTime() + BUSY_MS);
  const message = await settle(db, row, now);
  if (message === null) return { kind: "next" };
  if (!isOff) {
    const clearMs = afterSending(bucket, requestsOf(channel, message));
    await updateChannel(db, key, { clearAt: new Date(clearMs) });
  }
  return { kind: "send", channel, row, message, erased };
}

export const bucketOf = ({ kind, clearAt }: ChannelRow, now: Date) => ({
  kind: ChannelKind.parse(kind),
  clearMs: clearAt?.getTime() ?? null,
  nowMs: now.getTime(),
});

/** Of an attempt whose process died before it could say what came of it. */
const lostAt = (now: Date) => ({
  at: now.toISOString(),
  ...{ ms: 0, status: null, body: "", uncertain: true },
  error: "The process that sent it ended before there was an answer.",
});

/** What of a claimed message is to be sent once it is held against the others of its group; null for nothing. */
async function settle(db: Db, row: DeliveryRow, now: Date): Promise<Message | null> {
  const group = await listGroup(db, row);
  const newest = group.at(-1) ?? row;
  const older = group.filter(({ id }) => id !== newest.id);
  const contents = older.map(({ content }) => Message.parse(content));
  const whole = combined(contents, Message.parse(newest.content));
  if (older.length > 0) await saveContent(db, newest, whole);
  for (const one of older) await markDropped(db, one, { now, reason: "superseded" });
  if (newest.id !== row.id) return null;
  if (row.stateReason === "replayed") return whole;
  const told = await readTold(db, row, closedIds(whole));
  const message = remaining(whole, (id) => told.has(id));
  if (message !== null && message.closed.length === whole.closed.length) return message;
  await passOn(db, row, whole, now);
  if (message === null) await markDropped(db, row, { now, reason: "closed_before_opened" });
  return message;
}
