import { record } from "@/lib/audit/service";
import { listConnections } from "@/lib/connections/store";
import { prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { readDue } from "./due-store";
import { cutoffsOf, faultsOf, nextRun, policyOf } from "./policy";
import { runItem } from "./run";
import { listRuns } from "./run-store";
import type { RetentionAnswer, RetentionChange, RetentionDue, RetentionSettings } from "./schema";
import { lockSettings, readSettings, saveSettings } from "./settings-store";

export async function readRetention(workspace: string, now = new Date()): Promise<RetentionAnswer> {
  return answerOf(workspace, await readSettings(workspace), now);
}

/** Holds from the next run on. Throws `invalid` for another order, `conflict` for another revision. */
export async function changeRetention(
  workspace: string,
  { based_on, ...change }: RetentionChange,
  now = new Date(),
): Promise<RetentionAnswer> {
  const after = { ...change, revision: based_on + 1, changed_at: now.toISOString() };
  const [fault, ...others] = faultsOf(after);
  if (fault)
    throw new AppError("invalid", `${fault.path}: ${fault.message}.`, {
      issues: [fault, ...others],
    });
  await prisma.$transaction(async (tx) => {
    const before = await lockSettings(workspace, tx);
    if (before.revision !== based_on)
      throw new AppError(
        "conflict",
        `Somebody has changed retention since (revision ${before.revision}, not ${based_on}): read it again and repeat the change.`,
      );
    await saveSettings(workspace, after, tx);
    const target = { id: null, name: `revision ${after.revision}` };
    await record(tx, workspace, { action: "retention.changed", target, before, after });
  });
  return answerOf(workspace, after, now);
}

/** What a run would take now. Reads every session: asked for by itself. */
export async function readRetentionDue(workspace: string, now = new Date()): Promise<RetentionDue> {
  return readDue(workspace, cutoffsOf(await readSettings(workspace), now));
}

async function answerOf(
  workspace: string,
  settings: RetentionSettings,
  now: Date,
): Promise<RetentionAnswer> {
  const names = new Map((await listConnections(workspace)).map(({ id, name }) => [id, name]));
  const ids = [...new Set([...names.keys(), ...Object.keys(settings.connections)])];
  const { revision, changed_at, pushed } = settings;
  return {
    ...{ revision, changed_at, pushed, default: settings.default },
    connections: ids.map((id) => ({
      ...{ id, name: names.get(id) ?? null },
      own: settings.connections[id] ?? {},
      holds: policyOf(settings, id),
    })),
    next_run_at: nextRun(now).toISOString(),
    runs: (await listRuns(workspace)).map(runItem),
  };
}
