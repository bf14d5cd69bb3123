import { type Db, prisma } from "@/lib/db/client";
import type { SessionAction } from "@/lib/db/generated/client";
import type { ActionState } from "./action";

export type ActionRow = SessionAction;
export type ActionKey = { workspace: string; episodeId: string };

type NewAction = Pick<
  ActionRow,
  "workspace" | "episodeId" | "ruleId" | "ruleVersion" | "sessionId" | "connectionId" | "createdAt"
>;

/** An episode has one action, whoever asks for it again. */
export async function insertActions(db: Db, rows: readonly NewAction[]): Promise<void> {
  await db.sessionAction.createMany({
    data: rows.map((row) => ({ ...row, dueAt: row.createdAt })),
    skipDuplicates: true,
  });
}

const where = ({ workspace, episodeId }: ActionKey) => ({
  workspace_episodeId: { workspace, episodeId },
});

export async function readAction(key: ActionKey, db: Db = prisma): Promise<ActionRow | null> {
  return db.sessionAction.findUnique({ where: where(key) });
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockAction(db: Db, key: ActionKey): Promise<ActionRow | null> {
  await db.$queryRaw`
    select 1 from session_action
    where workspace = ${key.workspace} and episode_id = ${key.episodeId} for update`;
  return readAction(key, db);
}

export async function updateAction(
  db: Db,
  key: ActionKey,
  changes: Partial<Omit<ActionRow, "workspace" | "episodeId" | "state">> & { state: ActionState },
): Promise<void> {
  await db.sessionAction.update({ where: where(key), data: changes });
}

/** Of the same rule or connection one after the other, so that each sees what the others have sent. */
export async function lockLimits(db: Db, { workspace, ruleId, connectionId }: ActionRow) {
  for (const name of [`rule ${ruleId}`, `connection ${connectionId}`])
    await db.$queryRaw`
      select pg_advisory_xact_lock(hashtextextended(${`interrupts ${workspace} ${name}`}, 0))::text`;
}

/** How many others of its rule, and of its connection, were sent since then, or may have been. */
export async function countTried(
  db: Db,
  { workspace, episodeId, ruleId, connectionId }: ActionRow,
  since: Date,
): Promise<{ byRule: number; byConnection: number }> {
  const where = { workspace, episodeId: { not: episodeId }, triedAt: { gte: since } };
  return {
    byRule: await db.sessionAction.count({ where: { ...where, ruleId } }),
    byConnection: await db.sessionAction.count({ where: { ...where, connectionId } }),
  };
}

/** Those that should have been taken up before then, by a worker that is gone. */
export async function listForgotten(
  { dueBefore, claimedBefore }: { dueBefore: Date; claimedBefore: Date },
  db: Db = prisma,
): Promise<ActionKey[]> {
  return db.sessionAction.findMany({
    where: {
      finishedAt: null,
      dueAt: { lt: dueBefore },
      OR: [{ claimedAt: null }, { claimedAt: { lt: claimedBefore } }],
    },
    select: { workspace: true, episodeId: true },
    orderBy: { dueAt: "asc" },
    take: 1_000,
  });
}

/** What became of the session; null when it is not here any more. */
export async function readOutcome(
  db: Db,
  { workspace, sessionId, connectionId }: ActionRow,
): Promise<string | null> {
  const row = await db.session.findUnique({
    where: { workspace_sessionId_connectionId: { workspace, sessionId, connectionId } },
    select: { outcome: true },
  });
  return row?.outcome ?? null;
}
