import { consultAdvisor } from "@/lib/demo/advisor";
import { raiseBudget } from "@/lib/demo/budget";
import { DAY_US, HOUR_US, MILLI_US, MINUTE_US, SECOND_US } from "@/lib/demo/calendar";
import type { CallWish } from "@/lib/demo/calls";
import { coordinatorTurn } from "@/lib/demo/children";
import { outcomeTurn } from "@/lib/demo/evaluation";
import { finish } from "@/lib/demo/finish";
import type { Fleet } from "@/lib/demo/fleet";
import { messageOf } from "@/lib/demo/message-blocks";
import { queueMessage, readAnswer, receiveMessage } from "@/lib/demo/messages";
import type { Ending } from "@/lib/demo/plan";
import { createRun, isOver, type Run, type RunSpec } from "@/lib/demo/run";
import type { DemoSession } from "@/lib/demo/schema";
import { agentTurn } from "@/lib/demo/turn";
import { workflowTurn } from "@/lib/demo/workflow";

/** Simulates one session from its creation to the horizon. */
export function simulateSession(fleet: Fleet, spec: RunSpec): DemoSession {
  const run = createRun(spec);
  if (run.plan.shape === "empty") nameOnly(run);
  else {
    play(run, fleet);
    afterwards(run);
  }
  return finish(run);
}

/** Created and given a title; nobody has asked anything of it yet. */
function nameOnly(run: Run): void {
  run.primary.advance(run.random.int(2_000_000, 20_000_000));
  run.changes.push({ atUs: run.primary.clockUs, title: run.title });
  run.title = "New session";
}

function play(run: Run, fleet: Fleet): void {
  const { primary, random, plan } = run;
  primary.advance(random.logNormal(1.6 * SECOND_US, 0.6) + 600 * MILLI_US);
  const special = plan.shape !== "chat";
  // Only the first turn is of a special shape; a bad end of such a session is a turn of its own.
  const ownEnd =
    special && plan.ending.kind !== "end_turn" && plan.evaluations.at(-1) !== "interrupted";
  const turns = Math.max(plan.turns, ownEnd ? 2 : 1);
  for (let turn = 0; turn < turns && !isOver(run, primary); turn += 1) {
    const ending: Ending = turn === turns - 1 ? plan.ending : { kind: "end_turn" };
    if (turn > 0) between(run, turn);
    if (special && turn === 0) specialTurn(run, fleet);
    else chatTurn(run, turn, ending);
  }
  if (plan.flags.has("queued") && isOver(run, primary)) {
    queueMessage(run, primary, messageOf(run, 1));
  }
  if (plan.ending.kind === "budget_reached" && plan.ending.raised && !isOver(run, primary)) {
    raiseBudget(run, primary);
  }
}

function specialTurn(run: Run, fleet: Fleet): void {
  const { plan, primary, version } = run;
  if (plan.shape === "outcome") {
    outcomeTurn(run, primary, version.spec.tools);
    return;
  }
  receiveMessage(run, primary, messageOf(run, 0));
  if (plan.flags.has("advisor")) consult(run);
  if (plan.shape === "coordinator") coordinatorTurn(run, fleet);
  else workflowTurn(run);
}

function chatTurn(run: Run, turn: number, ending: Ending): void {
  const { plan, primary } = run;
  receiveMessage(run, primary, messageOf(run, turn));
  if (turn === 0 && plan.flags.has("advisor")) consult(run);
  agentTurn(run, ending, turn === 0 ? wishesOf(run) : []);
}

function consult(run: Run): void {
  const model = run.version.agent.advisor;
  if (model !== null) consultAdvisor(run, model);
}

function wishesOf(run: Run): CallWish[] {
  const { flags } = run.plan;
  const wishes: CallWish[] = [];
  if (flags.has("asks") || flags.has("denied") || flags.has("stuck_ask"))
    wishes.push({ asks: true });
  if (flags.has("auto_denied")) wishes.push({ autoDenied: true });
  if (flags.has("stuck_custom")) wishes.push({ custom: true });
  return wishes;
}

/** Between two turns the session is idle: somebody reads, renames it or takes a tool away. */
function between(run: Run, turn: number): void {
  const { primary, plan, random } = run;
  const idleUs = primary.clockUs;
  readAnswer(run, primary);
  if (turn > 1) return;
  const atUs = idleUs + Math.round((primary.clockUs - idleUs) * random.next());
  if (plan.flags.has("title")) run.changes.push({ atUs, title: `${run.title} (checked)` });
  if (plan.flags.has("tools_update")) {
    const agent = run.version.sessionAgent;
    run.changes.push({ atUs, agent: { ...agent, tools: agent.tools.slice(0, -1) } });
  }
}

/** What happens to a session after its last turn. */
function afterwards(run: Run): void {
  const { primary, plan, random } = run;
  const endUs = primary.clockUs;
  if (plan.flags.has("future_event")) {
    const atUs = run.createdUs + Math.round((endUs - run.createdUs) * (0.3 + 0.6 * random.next()));
    primary.put(
      {
        id: primary.id(),
        memory_store_id: run.ids.id("memstore"),
        paths: ["/preferences.md", "/glossary.md"],
        processed_at: "",
        type: "agent.memory_recalled",
      },
      atUs,
    );
  }
  if (plan.flags.has("title") && run.changes.length === 0) {
    run.changes.push({
      atUs: endUs + random.int(5, 400) * SECOND_US,
      metadata: { ...run.metadata, reviewed: "true" },
      title: `${run.title} (done)`,
    });
  }
  if (plan.flags.has("archived_dead")) run.archivedUs = endUs + random.int(1, 3) * DAY_US;
  else if (plan.flags.has("archived")) {
    run.archivedUs = endUs + Math.round(random.logNormal(0.7 * HOUR_US, 1));
  }
  if (plan.flags.has("deleted")) {
    run.archivedUs = null;
    const atUs = endUs + random.int(10, 200) * MINUTE_US;
    primary.put({ id: primary.id(), processed_at: "", type: "session.deleted" }, atUs);
    primary.clockUs = atUs;
  }
}
