import { reachBudget } from "@/lib/demo/budget";
import { type CallWish, chooseCalls } from "@/lib/demo/calls";
import type { Lane } from "@/lib/demo/lane";
import { finalAnswer } from "@/lib/demo/phrases";
import type { Ending } from "@/lib/demo/plan";
import { isOver, type Run } from "@/lib/demo/run";
import { die, exhaust, interrupt, refuse } from "@/lib/demo/trouble";
import { compactIfFull, finishTurn, step, work } from "@/lib/demo/work";

/** A turn of one agent: works, then ends as told. */
export function agentTurn(run: Run, ending: Ending, wishes: readonly CallWish[]): void {
  const { random, primary, version } = run;
  const { spec } = version;
  const wanted = random.logNormal(spec.requests, 0.45) * run.plan.effort;
  const requests = Math.max(1 + wishes.length, Math.min(900, Math.round(wanted)));
  const answer = finalAnswer(run);
  const full = { lane: primary, tools: spec.tools, requests, answer, wishes };
  if (ending.kind === "end_turn") {
    work(run, full);
    finishTurn(run, primary);
    return;
  }
  const done = random.int(Math.min(1, requests - 1), Math.max(1, requests - 1));
  for (let i = 0; i < done && !isOver(run, primary); i += 1) {
    step(run, primary, chooseCalls(run, spec.tools, wishes[i] ?? {}));
    compactIfFull(run, primary);
  }
  primary.advance(random.int(40_000, 110_000));
  endBadly(run, primary, ending);
}

export function endBadly(run: Run, lane: Lane, ending: Ending): void {
  switch (ending.kind) {
    case "retries_exhausted":
      exhaust(run, lane, ending.error);
      break;
    case "terminated":
      die(run, lane, ending.error);
      break;
    case "refused":
      refuse(run, lane, ending.category);
      break;
    case "interrupted":
      interrupt(run, lane);
      break;
    case "budget_reached":
      reachBudget(run, lane);
      break;
    case "end_turn":
      finishTurn(run, lane);
      break;
  }
}
