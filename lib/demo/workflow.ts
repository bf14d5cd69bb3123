import { SECOND_US } from "@/lib/demo/calendar";
import { addText, createContext } from "@/lib/demo/context";
import { END_TURN, type Lane } from "@/lib/demo/lane";
import { modelRequest } from "@/lib/demo/model";
import { finalAnswer, passingNote } from "@/lib/demo/phrases";
import { addLane, type Run } from "@/lib/demo/run";
import type { DemoEvent } from "@/lib/demo/schema";
import { fill } from "@/lib/demo/text";
import { finishTurn, work } from "@/lib/demo/work";

type Ended = Extract<DemoEvent, { type: "workflow_run.status_ended" }>["result"];

const PHASES: readonly (readonly [string, string])[] = [
  ["collect", "List what has to be looked at"],
  ["inspect", "Look at every part on its own"],
  ["verify", "Try to refute each finding"],
];
const INSPECTION =
  "Look at {path} of {repo}: can outside input reach `{symbol}`? Answer with the path.";

/** A turn that starts a workflow run: phases of threads in parallel, then a summary. */
export function workflowTurn(run: Run): void {
  const { random, primary, ids } = run;
  const { flags } = run.plan;
  const runId = ids.id("wrun");
  primary.advance(random.int(40_000, 110_000));
  modelRequest(run, primary, {
    text: passingNote(run),
    callChars: 180,
    emitCalls: () => {},
  });
  primary.advance(random.int(90_000, 220_000));
  const fromUs = primary.clockUs;
  const phases = PHASES.map(([name, description]) => ({ description, id: ids.id("wrph"), name }));
  primary.emit({
    description: "Inspect every entry point of the repository",
    id: primary.id(),
    name: "inspect-repository",
    phases,
    processed_at: "",
    type: "workflow_run.created",
    workflow_run_id: runId,
  });
  const status = (type: "workflow_run.status_running" | "workflow_run.status_idle") =>
    primary.emit({ id: primary.id(), processed_at: "", type, workflow_run_id: runId });
  status("workflow_run.status_running");
  primary.advance(random.int(60_000, 120_000));
  primary.stop(END_TURN);
  const broken = flags.has("workflow_error") || flags.has("workflow_stopped");
  const lanes: Lane[] = [];
  for (const phase of phases.slice(0, broken ? 2 : phases.length)) {
    lanes.push(...runPhase(run, runId, phase.id));
    if (flags.has("workflow_pauses") && phase === phases[0]) {
      status("workflow_run.status_idle");
      primary.advance(random.logNormal(20 * SECOND_US, 0.5));
      status("workflow_run.status_running");
    }
  }
  endRun(run, runId, endOf(run));
  run.workflows.push({ fromUs, toUs: primary.clockUs });
  if (random.chance(0.6)) putAway(run, lanes);
  primary.start();
  primary.advance(random.int(60_000, 110_000));
  modelRequest(run, primary, {
    text: finalAnswer(run),
    callChars: 0,
    emitCalls: () => {},
  });
  finishTurn(run, primary);
}

function endOf(run: Run): Ended {
  const { flags } = run.plan;
  if (flags.has("workflow_stopped")) return { type: "stopped" };
  if (!flags.has("workflow_error")) return { type: "completed" };
  const message = "TypeError: cannot read properties of undefined (reading 'path')";
  return { error: { message, type: "program_error" }, type: "error" };
}

function endRun(run: Run, runId: string, result: Ended): void {
  const { primary } = run;
  primary.advance(run.random.int(80_000, 240_000));
  if (result.type === "error") {
    primary.emit({
      error: result.error,
      id: primary.id(),
      processed_at: "",
      type: "workflow_run.error",
      workflow_run_id: runId,
    });
  }
  primary.emit({
    id: primary.id(),
    processed_at: "",
    result,
    type: "workflow_run.status_ended",
    workflow_run_id: runId,
  });
  primary.advance(run.random.int(40_000, 120_000));
}

function runPhase(run: Run, runId: string, phaseId: string): Lane[] {
  const { random, primary } = run;
  primary.advance(random.int(30_000, 90_000));
  const started = primary.emit({
    id: primary.id(),
    processed_at: "",
    type: "workflow_run.phase_started",
    workflow_run_id: runId,
    workflow_run_phase_id: phaseId,
  });
  const lanes = Array.from({ length: random.int(2, 6) }, () => runThread(run, runId));
  primary.clockUs = Math.max(primary.clockUs, ...lanes.map((lane) => lane.clockUs));
  primary.advance(random.int(30_000, 120_000));
  primary.emit({
    id: primary.id(),
    phase_started_id: started.event.id,
    processed_at: "",
    type: "workflow_run.phase_ended",
    workflow_run_id: runId,
    workflow_run_phase_id: phaseId,
  });
  return lanes;
}

/** One thread of a run; what it is told and answers stands in its own list only. */
function runThread(run: Run, runId: string): Lane {
  const { random, primary, version } = run;
  const { id, version: number, type, ...shared } = version.threadAgent;
  const threadId = run.ids.id("sthr");
  const name = `inspector-${random.int(1, 99)}`;
  primary.emit({
    agent_name: name,
    id: primary.id(),
    processed_at: "",
    session_thread_id: threadId,
    type: "session.thread_created",
    workflow_run_id: runId,
  });
  const lane = addLane(run, {
    threadId,
    name,
    agent: { ...shared, name, type: "inline" },
    model: version.spec.model,
    kind: "workflow",
    workflowRunId: runId,
    createdUs: primary.clockUs,
    context: createContext("5m", 2_400, version.spec.model.id),
  });
  lane.advance(random.int(60_000, 400_000));
  lane.start();
  lane.advance(random.int(30_000, 90_000));
  const task = fill(INSPECTION, random, {});
  const message = { content: [{ text: task, type: "text" as const }], id: lane.id() };
  lane.emit({ ...message, processed_at: "", type: "user.message" }, { sentUs: lane.clockUs });
  addText(lane.spec.context, task.length);
  work(run, {
    lane,
    tools: ["read", "grep"],
    requests: Math.max(2, Math.round(random.logNormal(3, 0.5) * run.plan.effort)),
    answer: fill("No path to `{symbol}` in {path}: the only caller is a test.", random, {}),
    wishes: [],
  });
  lane.advance(random.int(40_000, 110_000));
  lane.stop(END_TURN);
  return lane;
}

/** Threads of a run that ended are archived. */
function putAway(run: Run, lanes: readonly Lane[]): void {
  for (const lane of lanes) {
    lane.clockUs = run.primary.clockUs + run.random.int(200_000, 900_000);
    lane.archivedUs = lane.clockUs;
    lane.terminate();
  }
}
