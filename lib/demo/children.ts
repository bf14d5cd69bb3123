import { addText, createContext } from "@/lib/demo/context";
import type { Fleet } from "@/lib/demo/fleet";
import { type FleetVersion, versionAt } from "@/lib/demo/fleet";
import { END_TURN, type Lane } from "@/lib/demo/lane";
import { modelRequest } from "@/lib/demo/model";
import { finalAnswer, passingNote } from "@/lib/demo/phrases";
import { addLane, isOver, type Run } from "@/lib/demo/run";
import { fill } from "@/lib/demo/text";
import { wakeForAnswers } from "@/lib/demo/wake";
import { finishTurn, work } from "@/lib/demo/work";

const TASKS = [
  "Collect what changed in {repo} since the last release and write it up for {customer}. Report back in under 200 words.",
  "Run the tests of {repo} on {branch} and say what failed and why.",
  "List open bugs that mention {service}, worst first, with their tickets.",
  "Try the rollback of the migration on {table} and report how long it takes.",
];

/** A child's report as it left the child. */
interface Report {
  lane: Lane;
  text: string;
  sentUs: number;
}

/** A coordinator hands out work, waits, and puts the answers together. Its thread runs at the start. */
export function coordinatorTurn(run: Run, fleet: Fleet): void {
  const { random, primary, version } = run;
  const count = random.weighted([
    [1, 20],
    [2, 35],
    [3, 30],
    [4, 15],
  ] as const);
  primary.advance(random.int(40_000, 110_000));
  modelRequest(run, primary);
  primary.advance(random.int(150_000, 300_000));
  const reports: Report[] = [];
  for (let i = 0; i < count; i += 1) {
    const key = version.agent.roster[i % version.agent.roster.length] ?? version.agent.key;
    reports.push(handOut(run, versionAt(fleet.versions, key, primary.clockUs), i));
  }
  primary.advance(random.int(50_000, 90_000));
  modelRequest(run, primary, {
    text: passingNote(run),
    callChars: 0,
    emitCalls: () => {},
  });
  finishTurn(run, primary);
  reports.sort((a, b) => a.sentUs - b.sentUs);
  gather(run, reports);
  if (random.chance(0.6)) wakeForAnswers(run);
}

function handOut(run: Run, version: FleetVersion, index: number): Report {
  const { random, primary, ids } = run;
  const threadId = ids.id("sthr");
  const { agent, spec } = version;
  const task = fill(TASKS[index % TASKS.length] ?? "", random, run.facts);
  primary.emit({
    agent_name: agent.name,
    id: primary.id(),
    processed_at: "",
    session_thread_id: threadId,
    type: "session.thread_created",
    workflow_run_id: null,
  });
  const createdUs = primary.clockUs;
  primary.emit({
    content: [{ text: task, type: "text" }],
    id: primary.id(),
    processed_at: "",
    to_agent_name: agent.name,
    to_session_thread_id: threadId,
    type: "agent.thread_message_sent",
  });
  addText(primary.spec.context, task.length);
  const lane = addLane(run, {
    threadId,
    name: agent.name,
    agent: version.threadAgent,
    model: spec.model,
    kind: "child",
    workflowRunId: null,
    createdUs,
    context: createContext(spec.cache, spec.prefixTokens, spec.model.id),
  });
  lane.advance(random.int(180_000, 320_000));
  lane.start();
  lane.advance(random.int(120_000, 220_000));
  lane.emit({
    content: [{ text: task, type: "text" }],
    from_agent_name: primary.spec.name,
    from_session_thread_id: primary.spec.threadId,
    id: lane.id(),
    processed_at: "",
    type: "agent.thread_message_received",
  });
  addText(lane.spec.context, task.length);
  return report(run, lane, spec.tools, Math.round(random.logNormal(spec.requests, 0.4)));
}

/** The child works and sends its answer up, then has nothing more to say. */
function report(run: Run, lane: Lane, tools: readonly string[], requests: number): Report {
  const { random, primary } = run;
  const wishes =
    run.plan.flags.has("asks") || run.plan.flags.has("stuck_ask") ? [{ asks: true }] : [];
  const text = finalAnswer(run);
  work(run, { lane, tools, requests: Math.max(2, requests), answer: text, wishes });
  lane.advance(random.int(90_000, 160_000));
  const sent = lane.emit({
    content: [{ text, type: "text" }],
    id: lane.id(),
    processed_at: "",
    to_session_thread_id: primary.spec.threadId,
    type: "agent.thread_message_sent",
  });
  lane.advance(random.int(50_000, 90_000));
  modelRequest(run, lane, undefined, 2);
  lane.advance(random.int(40_000, 80_000));
  lane.stop(END_TURN);
  return { lane, text, sentUs: sent.atUs };
}

/** The coordinator wakes for every report; what arrives while it thinks is taken in together. */
function gather(run: Run, reports: readonly Report[]): void {
  const { random, primary } = run;
  let next = 0;
  while (next < reports.length && !isOver(run, primary)) {
    const first = reports[next];
    if (first === undefined) return;
    primary.clockUs = Math.max(primary.clockUs, first.sentUs);
    primary.advance(random.int(150_000, 260_000));
    primary.start();
    primary.advance(random.int(50_000, 80_000));
    for (; next < reports.length; next += 1) {
      const report = reports[next];
      if (report === undefined || report.sentUs > primary.clockUs) break;
      receive(run, report);
    }
    const complete = next === reports.length;
    const text = complete ? finalAnswer(run) : passingNote(run);
    modelRequest(run, primary, { text, callChars: 0, emitCalls: () => {} });
    finishTurn(run, primary);
  }
}

function receive(run: Run, report: Report): void {
  const { primary } = run;
  const redacted = run.plan.flags.has("redacted");
  primary.emit({
    content: [redacted ? { type: "redacted" } : { text: report.text, type: "text" }],
    from_agent_name: report.lane.spec.name,
    from_session_thread_id: report.lane.spec.threadId,
    id: primary.id(),
    processed_at: "",
    type: "agent.thread_message_received",
  });
  addText(primary.spec.context, report.text.length);
}
