import { randomUUID } from "node:crypto";
import { type Db, prisma } from "@/lib/db/client";
import { logger } from "@/lib/http/logger";
import { enqueue } from "@/lib/jobs/queue";
import { putNotices } from "@/lib/notify/notice-store";
import { sendPulses } from "@/lib/notify/pulse-service";
import type { Notice } from "@/lib/notify/schema";
import { holdNames, readErased } from "@/lib/sessions/names-store";
import { putActions } from "./action-service";
import { ensureBuiltin } from "./builtin-service";
import { forgetEvaluations, saveDecisions } from "./decision-store";
import { saveEvidence } from "./episode-store";
import { type DueRule, lockUnchanged, postpone, readDue, readNextDue } from "./evaluation-store";
import { fail, judge } from "./judge";
import { afterGap } from "./machine";
import { healthOf, noticesOf } from "./notices-service";
import { type Look, observeAll } from "./observe-service";
import { decidedOf, type Run, runOf } from "./run";
import { EVALUATE_TASK } from "./tasks";
import { nextTick, ticksDue } from "./ticks";

/** Rules that are judged and written together. */
const BATCH = 100;
/** A run that finds no end, since rules are due again by then, makes room for others. */
const MOST_BATCHES = 100;
const RAW_MS = 172_800_000;
const PATIENT = { maxWait: 20_000, timeout: 60_000 };

const newEpisodeId = () => `epis_${randomUUID().replaceAll("-", "")}`;

/**
 * Judges every rule whose tick has come, missed ticks in their order. What a rule's ticks come to is
 * written in one transaction with its cursor; where another worker was faster, or somebody has changed the
 * rule meanwhile, nothing is written. Returns when the next tick comes; null without rules.
 */
export async function evaluateDue(now: Date, db: Db = prisma): Promise<Date | null> {
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const erased = await readErased(db);
    const due = await readDue(now, BATCH, db);
    if (due.length === 0) break;
    for (const [workspace, rules] of byWorkspace(due))
      await evaluateTogether(rules, { now, erased: erased.get(workspace) ?? 0 });
    if (due.length < BATCH) break;
  }
  return readNextDue(db);
}

/** The same as a job, which sees to it that there is another at the next tick. */
export async function evaluateAndWait(now = new Date()): Promise<void> {
  await ensureBuiltin(now);
  const next = await evaluateDue(now);
  await sendPulses(now);
  if (next !== null)
    await enqueue(prisma, { task: EVALUATE_TASK, payload: {}, key: EVALUATE_TASK, runAt: next });
}

/** Ticks at which nothing changed are kept for two days, the others for good. */
export async function forgetOld(now: Date): Promise<void> {
  await forgetEvaluations(new Date(now.getTime() - RAW_MS));
}

function byWorkspace(due: readonly DueRule[]): Map<string, DueRule[]> {
  const found = new Map<string, DueRule[]>();
  for (const rule of due) {
    const list = found.get(rule.workspace) ?? [];
    found.set(rule.workspace, list);
    list.push(rule);
  }
  return found;
}

/** `erased` is how often names were erased before these were read. */
type Reading = { now: Date; erased: number };

async function evaluateTogether(rows: readonly DueRule[], reading: Reading): Promise<void> {
  const { now } = reading;
  const [first] = rows;
  if (!first) return;
  const { workspace } = first;
  const nowMs = now.getTime();
  const plans = rows.map((row) => {
    const { everyMs, offsetMs, cursor } = row;
    const due = ticksDue({ cursorMs: cursor?.getTime() ?? null, nowMs, everyMs, offsetMs });
    const run = runOf(row, due.ticks.length > 1);
    if (due.skipped > 0) passOver(run, due.ticks[0] ?? nowMs);
    return { run, ticks: due.ticks };
  });
  const most = Math.max(...plans.map(({ ticks }) => ticks.length));
  for (let at = 0; at < most; at++) {
    const looks = plans.flatMap(({ run, ticks }): (Look & { run: Run })[] => {
      const tickMs = ticks[at];
      return tickMs === undefined
        ? []
        : [{ run, row: run.row, rule: run.rule, tickMs, lives: [...run.lives.values()] }];
    });
    const found = await observeAll(workspace, looks, { now, db: prisma });
    for (const [index, { run, tickMs }] of looks.entries()) {
      const one = found[index];
      if (!one || "error" in one) fail(run, tickMs, one?.error ?? "nothing was answered");
      else judge(run, tickMs, one.observed, newEpisodeId);
    }
  }
  // A clock that was set back, or another pace, may leave one due at no tick.
  for (const { run, ticks } of plans)
    if (ticks.length === 0) await postpone(prisma, run.row, { now });
  await saveRuns(
    workspace,
    plans.filter(({ ticks }) => ticks.length > 0).map(({ run }) => run),
    reading,
  );
}

/** Ticks that are not made up for: what was pending begins again. */
function passOver(run: Run, tickMs: number): void {
  for (const live of run.lives.values())
    if (live.instance !== null) live.instance = afterGap(live.instance, tickMs);
}

async function saveRuns(
  workspace: string,
  runs: readonly Run[],
  { now, erased }: Reading,
): Promise<void> {
  const told = await noticesOf(workspace, runs, prisma);
  await prisma.$transaction(async (tx) => {
    if ((await holdNames(tx, workspace)) !== erased) {
      // What was found may name sessions that are erased by now: the rules stay due, and look again.
      logger.info({ rules: runs.length }, "rules were judged while sessions were erased");
      return;
    }
    const unchanged = await lockUnchanged(
      tx,
      runs.map(({ row }) => row),
    );
    const own = runs.filter(({ row }) => unchanged.has(`${workspace}/${row.id}`));
    if (own.length < runs.length)
      logger.info({ rules: runs.length - own.length }, "rules were judged or changed elsewhere");
    const notices: Notice[] = [];
    const decided = own.map((run) => {
      const { health, notice } = healthOf(run);
      if (notice !== null && !run.row.rule.dry_run) notices.push(notice);
      const { everyMs, offsetMs } = run.row;
      const dueMs = nextTick(run.tickMs, everyMs, offsetMs);
      return decidedOf(run, { dueMs, nowMs: now.getTime(), health });
    });
    await saveDecisions(tx, decided, now);
    await putActions(tx, own, now);
    const evidence = own.flatMap(({ row }) => told.get(row.id)?.evidence ?? []);
    await saveEvidence(tx, evidence);
    notices.push(...own.flatMap(({ row }) => told.get(row.id)?.notices ?? []));
    if (notices.length > 0) await putNotices(tx, workspace, notices, now);
  }, PATIENT);
}
