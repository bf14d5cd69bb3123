import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import type { RawItem } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { enqueue } from "@/lib/jobs/queue";
import { removeSessions } from "@/lib/retention/service";
import type { DemoSession } from "./schema";
import { simulateFleet } from "./simulate";
import { type DemoRequest, type DemoState, FILL_TASK, REMOVE_TASK } from "./state";
import {
  countDemoSessions,
  deleteDemoObjects,
  readDemoNames,
  readDemoState,
  saveDemoState,
} from "./store";

/** Items a batch: large enough to be quick, small enough that progress moves. */
const BATCH = 2_000;

export type Progress = (state: DemoState) => Promise<void> | void;

export function readDemo(workspace: string): Promise<DemoState> {
  return readDemoState(prisma, workspace);
}

/** Asks the worker for a demo fleet; returns at once. */
export async function requestDemo(workspace: string, request: DemoRequest): Promise<DemoState> {
  const state: DemoState = {
    state: "waiting",
    done: 0,
    total: request.sessions,
    events: 0,
    message: null,
  };
  await prisma.$transaction(async (tx) => {
    await enqueue(tx, { task: FILL_TASK, payload: { workspace, ...request }, key: "demo" });
    await saveDemoState(tx, workspace, state);
    await record(tx, workspace, { action: "demo.requested", after: request });
  });
  return state;
}

/** Asks the worker to remove the demo; returns at once. Nothing else of the workspace is touched. */
export async function requestRemoval(workspace: string): Promise<DemoState> {
  const total = await countDemoSessions(prisma, workspace);
  const state: DemoState = { state: "removing", done: 0, total, events: 0, message: null };
  await prisma.$transaction(async (tx) => {
    await enqueue(tx, { task: REMOVE_TASK, payload: { workspace }, key: "demo" });
    await saveDemoState(tx, workspace, state);
    await record(tx, workspace, { action: "demo.removed", before: { sessions: total } });
  });
  return state;
}

/** For the command, which does at once what is asked of the worker above: `null` is a removal. */
export async function recordCommand(workspace: string, request: DemoRequest | null): Promise<void> {
  const deed = request
    ? ({ action: "demo.requested", after: request } as const)
    : ({ action: "demo.removed" } as const);
  await record(prisma, workspace, deed);
}

/**
 * Simulates a fleet and hands it to ingest like any source would. Running it again adds nothing that
 * is there already. `nowUs` is the fleet's present.
 */
export async function fillDemo(
  workspace: string,
  request: DemoRequest,
  nowUs: number,
  progress: Progress = () => {},
): Promise<DemoState> {
  const state: DemoState = {
    state: "filling",
    done: 0,
    total: request.sessions,
    events: 0,
    message: null,
  };
  let batch: RawItem[] = [];
  const flush = async () => {
    const events = batch.filter((item) => item.kind === "event").length;
    const answer = await acceptItems(
      { workspace, connectionId: "", source: "demo" },
      batch,
      [],
      new Date(),
    );
    const fault = answer.rejected[0];
    if (fault) throw new Error(`the demo made an item that ingest refused: ${fault.message}`);
    state.events += events;
    batch = [];
    await progress({ ...state });
  };
  for (const session of simulateFleet({ ...request, nowUs })) {
    addItems(batch, session);
    state.done++;
    if (batch.length >= BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  state.state = "ready";
  state.total = state.done;
  await progress({ ...state });
  return state;
}

export async function removeDemo(
  workspace: string,
  progress: Progress = () => {},
): Promise<number> {
  const names = await readDemoNames(prisma, workspace);
  const total = await countDemoSessions(prisma, workspace);
  const done = await removeSessions({ workspace, source: "demo" }, (removed) =>
    progress({ state: "removing", done: removed, total, events: 0, message: null }),
  );
  await deleteDemoObjects(prisma, workspace, names);
  await progress({ state: "none", done: 0, total: 0, events: 0, message: null });
  return done;
}

export function saveProgress(workspace: string): Progress {
  return (state) => saveDemoState(prisma, workspace, state);
}

function addItems(batch: RawItem[], demo: DemoSession): void {
  const add = (kind: RawItem["kind"], sessionId: unknown, threadId: unknown, data: unknown) =>
    batch.push({ index: batch.length, kind, sessionId, threadId, data });
  for (const agent of demo.agents ?? []) add("agent", null, null, agent);
  for (const environment of demo.environments ?? []) add("environment", null, null, environment);
  for (const deployment of demo.deployments ?? []) add("deployment", null, null, deployment);
  for (const run of demo.deployment_runs ?? []) add("deployment_run", null, null, run);
  for (const vault of demo.vaults ?? []) add("vault", null, null, vault);
  for (const store of demo.memory_stores ?? []) add("memory_store", null, null, store);
  add("session", demo.session.id, null, demo.session);
  for (const thread of demo.threads) add("thread", thread.session_id, null, thread);
  for (const { session_id, session_thread_id, event } of demo.events)
    add("event", session_id, session_thread_id, event);
}
