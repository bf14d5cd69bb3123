import { MINUTE_US } from "@/lib/demo/calendar";
import { finish } from "@/lib/demo/finish";
import { createFleet, environmentOf, type Fleet, versionAt } from "@/lib/demo/fleet";
import { messageOf } from "@/lib/demo/message-blocks";
import { readAnswer, receiveMessage } from "@/lib/demo/messages";
import { PLAIN } from "@/lib/demo/plan";
import { Random } from "@/lib/demo/random";
import { createRun, type Run } from "@/lib/demo/run";
import type { DemoSession, LongSessionOptions } from "@/lib/demo/schema";
import { agentTurn } from "@/lib/demo/turn";
import { workflowTurn } from "@/lib/demo/workflow";

const AGENT = "scanner";
/** Every so many turns one starts a workflow run, so that there are several threads to look at. */
const WORKFLOW_EVERY = 40;
const IDLE_US = MINUTE_US + 137_214;
const EVENTS_OF_USUAL_TURN = 80;
/** The session's own events around a period of its thread: running, usage, idle. */
const STATUS_EVENTS = 3;

/** One session of about `options.events` events over all its lists, idle since a minute ago. */
export function simulateLongSession(options: LongSessionOptions): DemoSession {
  const fleet = createFleet({ ...options, days: 30, sessions: 1 });
  // How long it takes is known only afterwards: it is played twice, the second time to end at "now".
  const trial = play(fleet, options, options.nowUs);
  const lengthUs = trial.primary.clockUs - trial.createdUs;
  const run = play(fleet, options, options.nowUs - IDLE_US - lengthUs);
  run.nowUs = options.nowUs;
  run.horizonUs = options.nowUs;
  return finish(run);
}

function play(fleet: Fleet, options: LongSessionOptions, createdUs: number): Run {
  const version = versionAt(fleet.versions, AGENT, fleet.calendar.toUs);
  const run = createRun({
    random: new Random(`${options.seed}/long`),
    plan: PLAIN,
    version,
    environment: environmentOf(fleet, version.agent.environment),
    deploymentId: null,
    createdUs,
    nowUs: Number.POSITIVE_INFINITY,
    title: "Full audit, all repositories",
    metadata: { demo: "true", tenant: "acme", feature: "audit", size: "large" },
    budgetCents: null,
  });
  run.primary.advance(2_000_000);
  for (let turn = 0, left = options.events; left > 0; turn += 1) {
    if (turn > 0) readAnswer(run, run.primary);
    receiveMessage(run, run.primary, messageOf(run, turn));
    run.plan = { ...PLAIN, effort: Math.min(3, left / EVENTS_OF_USUAL_TURN) };
    if (turn % WORKFLOW_EVERY === 1 && left > 1_000) workflowTurn(run);
    else agentTurn(run, { kind: "end_turn" }, []);
    left = options.events - countEvents(run);
  }
  return run;
}

function countEvents(run: Run): number {
  const listed = run.lanes.reduce((sum, lane) => sum + lane.entries.length, 0);
  return listed + run.primary.periods.length * STATUS_EVENTS;
}
