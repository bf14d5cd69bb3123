import { record } from "@/lib/audit/service";
import { newId } from "@/lib/auth/secrets";
import { PATIENT, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { enqueue } from "@/lib/jobs/queue";
import { maskingRunItem } from "./runs";
import {
  type MaskingRunItem,
  type MaskingRunsAnswer,
  type NewMaskingRun,
  REMASK_TASK,
} from "./runs-schema";
import { endRuns, type MaskingRunKey, readLastRun, readRun, saveRun } from "./runs-store";
import { DEFAULT_POLICY } from "./schema";
import { lockPolicy } from "./store";

export async function readMaskingRuns(workspace: string): Promise<MaskingRunsAnswer> {
  const last = await readLastRun(workspace);
  return { last: last && maskingRunItem(last) };
}

/** Throws `not_found`. */
export async function readMaskingRun(key: MaskingRunKey): Promise<MaskingRunItem> {
  const row = await readRun(key);
  if (!row) throw new AppError("not_found", "There is no such run.");
  return maskingRunItem(row);
}

/**
 * Has the worker begin. A preview under way gives way; throws `conflict` while a run is, and for other rules
 * than hold.
 */
export async function startMaskingRun(
  workspace: string,
  { kind, revision }: NewMaskingRun,
  { by, now = new Date() }: { by: string; now?: Date },
): Promise<MaskingRunItem> {
  const row = await prisma.$transaction(async (tx) => {
    const policy = (await lockPolicy(workspace, tx)) ?? DEFAULT_POLICY;
    if (policy.revision !== revision)
      throw new AppError(
        "conflict",
        `The rules are those of revision ${policy.revision} now, not ${revision}: look at them again.`,
      );
    const last = await readLastRun(workspace, tx);
    if (last?.kind === "run" && last.state === "working")
      throw new AppError("conflict", "What is stored is being masked already: stop that first.");
    await endRuns(tx, { workspace }, { state: "replaced", now });
    const saved = await saveRun(tx, {
      ...{ workspace, id: newId("mask"), kind, revision, askedBy: by },
      ...{ stage: "sessions", createdAt: now },
    });
    const deed = { target: { id: saved.id }, after: { kind, revision } };
    await record(tx, workspace, { action: "masking.asked", ...deed });
    await enqueue(tx, { task: REMASK_TASK, payload: {}, key: REMASK_TASK });
    return saved;
  }, PATIENT);
  return maskingRunItem(row);
}

/** What is masked so far stays masked. Throws `not_found`, `conflict` when it has ended. */
export async function stopMaskingRun(
  key: MaskingRunKey,
  now = new Date(),
): Promise<MaskingRunItem> {
  await readMaskingRun(key);
  return prisma.$transaction(async (tx) => {
    const row = await endRuns(tx, key, { state: "stopped", now });
    if (!row) throw new AppError("conflict", "This run has ended already.");
    const item = maskingRunItem(row);
    const after = { kind: item.kind, done: item.done, ...item.counts };
    await record(tx, key.workspace, { action: "masking.stopped", target: { id: key.id }, after });
    return item;
  }, PATIENT);
}
