import { record } from "@/lib/audit/service";
import { type Db, PATIENT, prisma } from "@/lib/db/client";
import {
  type How,
  type Part as ObjectsPart,
  remaskNames,
  remaskObjects,
  remaskRejected,
  remaskVersions,
} from "@/lib/ingest/remask-objects-service";
import { remaskSessions } from "@/lib/ingest/remask-service";
import { enqueue } from "@/lib/jobs/queue";
import { add, type Hits } from "@/lib/masking/masker";
import {
  countsIn,
  type Stage,
  stageAfter,
  stageOf,
  withCounts,
  withFields,
} from "@/lib/masking/runs";
import { type MaskingRunCounts, REMASK_TASK } from "@/lib/masking/runs-schema";
import {
  type MaskingRunKey,
  type MaskingRunRow,
  type RunProgress,
  readWorkingRun,
  updateRun,
} from "@/lib/masking/runs-store";
import { readMasker } from "@/lib/masking/service";
import { readPolicy } from "@/lib/masking/store";
import { settleStaleDay } from "@/lib/metrics/promoted-rollup-service";
import { addUp, firstMinute } from "@/lib/metrics/rollup-service";
import { isHeld } from "./hold-store";
import {
  claimMasking,
  countSessions,
  readHeldConnections,
  readNextSessions,
} from "./masking-store";
import { deleteEmptySums } from "./sums-store";

const FOR_MS = 20_000;
/** Sessions of one transaction: what comes in for them waits meanwhile. */
const AT_ONCE = 10;

/**
 * Goes on with masking what is stored, some time long, and asks to be called again. Each part is one
 * transaction that also says how far it is: a process that dies in the middle leaves whole sessions behind,
 * and whoever comes next goes on from there. What comes in meanwhile is masked by the same rules.
 */
export async function maskStored(now: () => Date = () => new Date()): Promise<void> {
  const untilMs = performance.now() + FOR_MS;
  for (;;) {
    const key = await readWorkingRun();
    if (!key) return;
    const went = await prisma.$transaction((tx) => doPart(tx, key, now()), PATIENT);
    // Another process is at it.
    if (went === "busy") return;
    if (went === "sums") await settleSums(key, now());
    if (performance.now() > untilMs) break;
  }
  await enqueue(prisma, { task: REMASK_TASK, payload: {}, key: REMASK_TASK });
}

/** How far a part has come: `next` where its stage is through. */
type Part = Partial<
  Pick<MaskingRunRow, "afterSession" | "afterConnection" | "sessions" | "done">
> & {
  next: boolean;
  counted: Partial<MaskingRunCounts>;
  hits: Hits;
};

/** One part of a run. Nothing that it adds up to is lost when it is cut off. */
export async function doPart(
  tx: Db,
  key: MaskingRunKey,
  now: Date,
): Promise<"busy" | "went" | "sums"> {
  const run = await claimMasking(tx, key);
  if (!run) return "busy";
  const policy = await readPolicy(run.workspace, tx);
  if ((policy?.revision ?? 0) !== run.revision) {
    await updateRun(tx, run, { state: "replaced", finishedAt: now });
    return "went";
  }
  const stage = stageOf(run.stage);
  if (stage === "sums" && run.kind === "preview") {
    await updateRun(tx, run, { state: "done", finishedAt: now });
    return "went";
  }
  if (stage === "sums") return "sums";
  const { next, counted, hits, ...reached } = await partOf(tx, run, stage, now);
  const progress: RunProgress = {
    ...{ ...reached, counts: withCounts(run, counted), fields: withFields(run, hits) },
  };
  if (next)
    Object.assign(progress, { afterSession: "", afterConnection: "", stage: stageAfter(stage) });
  await updateRun(tx, run, progress);
  return "went";
}

async function partOf(
  tx: Db,
  run: MaskingRunRow,
  stage: Exclude<Stage, "sums">,
  now: Date,
): Promise<Part> {
  if (stage === "sessions") return maskSessions(tx, run, now);
  const how = await howOf(tx, run);
  const place = { afterConnection: run.afterConnection, afterId: run.afterSession };
  switch (stage) {
    case "rejected items": {
      const part = await remaskRejected(tx, how, { place, isLeft: isHeld("r") });
      return reachedBy(part, { rejected: part.changed });
    }
    case "agent_version":
      return ofObjects(await remaskVersions(tx, how, place));
    case "agent_release":
    case "resource":
      return ofObjects(await remaskNames(tx, stage, how, place));
    default:
      return ofObjects(await remaskObjects(tx, stage, how, place));
  }
}

const ofObjects = (part: ObjectsPart): Part => reachedBy(part, { objects: part.changed });

const reachedBy = (
  { afterId, afterConnection, next, hits }: ObjectsPart,
  counted: Partial<MaskingRunCounts>,
): Part => ({ afterSession: afterId, afterConnection, next, hits, counted });

async function howOf(tx: Db, { workspace, kind }: MaskingRunRow): Promise<How> {
  const held = await readHeldConnections(tx, workspace);
  return {
    ...{ workspace, isPreview: kind === "preview" },
    maskerOf: async (connectionId) =>
      held.has(connectionId) ? null : readMasker({ workspace, connectionId }, tx),
  };
}

async function maskSessions(tx: Db, run: MaskingRunRow, now: Date): Promise<Part> {
  const { workspace, kind } = run;
  const found = await readNextSessions(tx, run, AT_ONCE);
  const free = found.filter(({ held, sealed }) => !held && !sealed);
  const hits: Hits = new Map();
  const held = found.filter((one) => one.held).length;
  const counted = {
    held,
    sealed: found.length - held - free.length,
    sessions: 0,
    events: 0,
    kept: 0,
  };
  for (const connectionId of new Set(free.map((one) => one.connectionId))) {
    const masker = await readMasker({ workspace, connectionId }, tx);
    if (masker.mode === "full") continue;
    const ids = free.filter((one) => one.connectionId === connectionId);
    const told = await remaskSessions(
      tx,
      { workspace, connectionId, source: "push" },
      ids.map((one) => one.sessionId),
      { masker, now, isPreview: kind === "preview" },
    );
    counted.sessions += told.sessions;
    counted.events += told.events;
    counted.kept += told.kept;
    for (const [rule, count] of told.hits) add(hits, rule, count);
  }
  const last = found.at(-1);
  return {
    ...(last ? { afterSession: last.sessionId, afterConnection: last.connectionId } : {}),
    sessions: run.sessions ?? (await countSessions(tx, workspace)),
    done: run.done + found.length,
    ...{ next: found.length < AT_ONCE, counted, hits },
  };
}

/** Sums that are still called by what was masked go once the differences are added up. */
async function settleSums(key: MaskingRunKey, now: Date): Promise<void> {
  while ((await addUp(now)) > 0);
  while (await settleStaleDay(firstMinute(now)));
  await prisma.$transaction(async (tx) => {
    const run = await claimMasking(tx, key);
    if (!run || stageOf(run.stage) !== "sums") return;
    await deleteEmptySums(tx, key.workspace);
    await updateRun(tx, run, { state: "done", finishedAt: now });
    const { revision, sessions, done, fields } = run;
    await record(tx, key.workspace, {
      ...{ action: "masking.applied", target: { id: run.id, name: `revision ${revision}` } },
      ...{ before: { sessions, looked_at: done }, after: { ...countsIn(run), fields } },
    });
  }, PATIENT);
}
