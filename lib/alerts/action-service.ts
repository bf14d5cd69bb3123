import { findInterrupt, type Sent, sendInterrupt } from "@/lib/anthropic/interrupt-service";
import type { Action as Recorded } from "@/lib/audit/actions";
import { record } from "@/lib/audit/service";
import { type ConnectionRow, readConnection } from "@/lib/connections/store";
import { type Db, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { noteInterrupt } from "@/lib/ingest/interrupt-service";
import { enqueue } from "@/lib/jobs/queue";
import { type ActionState, MOST_ATTEMPTS, type Verdict, verdictOf, waitAfter } from "./action";
import {
  type ActionKey,
  type ActionRow,
  countTried,
  insertActions,
  listForgotten,
  lockAction,
  lockLimits,
  readOutcome,
  updateAction,
} from "./action-store";
import { readEpisode } from "./episode-store";
import { readRule, readRulesNamed } from "./rule-store";
import type { Run } from "./run";
import { ACT_TASK } from "./tasks";

const HOUR_MS = 3_600_000;
/** Nobody waits for an answer as long; one that is claimed for longer belongs to a worker that is gone. */
const LEASE_MS = 120_000;
/** Clocks of two machines are not farther apart than that. */
const SKEW_MS = 60_000;
const PATIENT = { maxWait: 20_000, timeout: 60_000 };

/** Has what rules do to sessions done, in the transaction that opens the episodes. */
export async function putActions(db: Db, runs: readonly Run[], now: Date): Promise<void> {
  const rows = runs.flatMap(({ row, opened }) =>
    row.rule.kind !== "session" || row.rule.action === undefined
      ? []
      : [...opened.values()].map(({ id, labels }) => ({
          ...{ workspace: row.workspace, episodeId: id, ruleId: row.id },
          ...{ ruleVersion: row.version, createdAt: now },
          ...{ sessionId: labels.session ?? "", connectionId: labels.connection ?? "" },
        })),
  );
  if (rows.length === 0) return;
  await insertActions(db, rows);
  for (const row of rows) await enqueueAction(db, row);
}

const enqueueAction = (db: Db, { workspace, episodeId }: ActionKey, runAt?: Date) =>
  enqueue(db, {
    ...{ task: ACT_TASK, payload: { workspace, episodeId }, key: `act_${episodeId}` },
    ...(runAt && { runAt }),
  });

/** By the clock: what a worker left when it died is taken up again. */
export async function wakeActions(now: Date): Promise<void> {
  const before = (ms: number) => new Date(now.getTime() - ms);
  const found = await listForgotten({ dueBefore: before(30_000), claimedBefore: before(LEASE_MS) });
  for (const key of found) await enqueueAction(prisma, key);
}

/**
 * Does what a rule does to a session, once: whoever claims it has it alone for two minutes. A worker that dies
 * after sending and before writing the answer leaves it unknown, as an answer that does not come does; whoever
 * is next looks for the interrupt at the platform before it sends another, which would do no harm.
 */
export async function takeAction(key: ActionKey, now: () => Date = () => new Date()) {
  const claimed = await prisma.$transaction((tx) => claim(tx, key, now()), PATIENT);
  if (!claimed) return;
  const { row, connection } = claimed;
  if (row.triedAt !== null && connection) {
    const since = row.triedAt.getTime() - SKEW_MS;
    const earlier = await findInterrupt(connection, row.sessionId, since);
    if (earlier) return settle(row, earlier, now());
  }
  const isGo = await prisma.$transaction((tx) => decideOn(tx, key, connection, now()), PATIENT);
  if (isGo && connection) await settle(row, await sendInterrupt(connection, row.sessionId), now());
}

type Claimed = { row: ActionRow; connection: ConnectionRow | null };

async function claim(tx: Db, key: ActionKey, now: Date): Promise<Claimed | null> {
  const row = await lockAction(tx, key);
  if (!row || row.finishedAt || row.dueAt > now) return null;
  const isHeld = row.claimedAt !== null && now.getTime() - row.claimedAt.getTime() < LEASE_MS;
  if (isHeld) return null;
  // Whoever looks for what an earlier one sent has tried as well.
  const attempts = row.attempts + (row.triedAt === null ? 0 : 1);
  await updateAction(tx, key, { state: "sending", attempts, claimedAt: now });
  const { workspace, connectionId: id } = row;
  return { row, connection: id === "" ? null : await readConnection({ workspace, id }, tx) };
}

/** Whether it is to be sent now, which is recorded before it is. */
async function decideOn(
  tx: Db,
  key: ActionKey,
  connection: ConnectionRow | null,
  now: Date,
): Promise<boolean> {
  const row = await lockAction(tx, key);
  if (!row || row.finishedAt) return false;
  await lockLimits(tx, row);
  const verdict = await judgeAction(tx, row, connection, now);
  if (verdict.kind === "send") {
    const attempts = Math.max(1, row.attempts);
    await updateAction(tx, key, { state: "sending", attempts, triedAt: now, claimedAt: now });
    await recordAction(tx, row, "session.interrupt_tried", { after: { attempt: attempts } });
    return true;
  }
  const isNote = verdict.kind === "note";
  const reason = isNote ? null : verdict.reason;
  await finish(tx, row, { state: isNote ? "noted" : "withheld", reason, now });
  const action = isNote ? "session.interrupt_noted" : "session.interrupt_withheld";
  await recordAction(tx, row, action, { reason });
  return false;
}

async function judgeAction(
  tx: Db,
  row: ActionRow,
  connection: ConnectionRow | null,
  now: Date,
): Promise<Verdict> {
  const { workspace, episodeId, ruleId } = row;
  const rule = await readRule(workspace, ruleId, tx).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  const written = rule && !rule.paused ? rule.rule : null;
  return verdictOf({
    rule: written && {
      action: written.kind === "session" ? (written.action ?? null) : null,
      dryRun: written.dry_run,
    },
    isEpisodeOpen: (await readEpisode(workspace, episodeId, tx)).closedAt === null,
    outcome: await readOutcome(tx, row),
    connection: connection && {
      ...{ interrupts: connection.interrupts, perHour: connection.interruptsPerHour },
    },
    lately: await countTried(tx, row, new Date(now.getTime() - HOUR_MS)),
  });
}

/** Writes down what the platform answered; what may pass is tried again later. */
async function settle(before: ActionRow, answer: Sent, now: Date): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const row = await lockAction(tx, before);
    if (!row || row.finishedAt) return;
    if (answer.kind === "sent") {
      const { eventId } = answer;
      await finish(tx, row, { state: "sent", reason: null, eventId, now });
      await recordAction(tx, row, "session.interrupted", { after: { event_id: eventId } });
      const rule = { id: row.ruleId, name: await ruleName(tx, row) };
      await noteInterrupt(tx, row, { eventId, rule }, now);
      return;
    }
    const isLast = answer.kind === "refused" || row.attempts >= MOST_ATTEMPTS;
    const reason = answer.error;
    await recordAction(tx, row, "session.interrupt_failed", { reason });
    if (isLast) return finish(tx, row, { state: "failed", reason, now });
    const dueAt = new Date(now.getTime() + waitAfter(row.attempts, answer.waitMs));
    await updateAction(tx, row, { state: "waiting", reason, dueAt, claimedAt: null });
    await enqueueAction(tx, row, dueAt);
  }, PATIENT);
}

type Finish = { state: ActionState; reason: string | null; eventId?: string; now: Date };

const finish = (tx: Db, row: ActionRow, { now, ...rest }: Finish) =>
  updateAction(tx, row, { ...rest, finishedAt: now });

const ruleName = async (tx: Db, { workspace, ruleId }: ActionRow) =>
  (await readRulesNamed(workspace, [ruleId], tx)).get(ruleId)?.name ?? ruleId;

/** The rule is who acts; why, its episode says. */
async function recordAction(
  tx: Db,
  row: ActionRow,
  action: Recorded,
  more: { after?: object; reason?: string | null },
): Promise<void> {
  await record(tx, row.workspace, {
    ...{ action, target: { id: row.sessionId } },
    actor: { kind: "rule", id: row.ruleId, label: await ruleName(tx, row) },
    after: { ...more.after, episode: row.episodeId, connection: row.connectionId },
    reason: more.reason ?? null,
  });
}
