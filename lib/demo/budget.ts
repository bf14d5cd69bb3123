import { runtimeNanos, webSearchNanos } from "@/lib/costs/pricing";
import { HOUR_US, MILLI_US, SECOND_US } from "@/lib/demo/calendar";
import { chooseCalls } from "@/lib/demo/calls";
import type { Lane } from "@/lib/demo/lane";
import { finalAnswer } from "@/lib/demo/phrases";
import type { Run } from "@/lib/demo/run";
import { finishTurn, step, work } from "@/lib/demo/work";

const NANOS_PER_CENT = 10_000_000;

/** What a session of one thread has cost by now, exactly, in whole cents. */
function centsSpent(run: Run): number {
  const tokens = run.charges.reduce((sum, charge) => sum + charge.nanos, 0);
  const activeUs = run.primary.periods.reduce(
    (sum, period) => sum + (period.to?.atUs ?? run.primary.clockUs) - period.from.atUs,
    0,
  );
  const runtime = runtimeNanos(Math.round(activeUs / MILLI_US));
  return Math.floor((tokens + runtime + webSearchNanos(run.searches.length)) / NANOS_PER_CENT);
}

/**
 * Works on until a request crosses a whole cent and makes that cent the budget: the request that
 * crosses it is the last, as on the platform.
 */
export function reachBudget(run: Run, lane: Lane): void {
  const before = centsSpent(run);
  for (let i = 0; i < 300 && centsSpent(run) === before; i += 1) {
    step(run, lane, chooseCalls(run, run.version.spec.tools, {}));
  }
  run.budgetCents = Math.max(1, centsSpent(run));
  lane.advance(run.random.int(60_000, 130_000));
  lane.stop({ kind: "idle", reason: { type: "budget_reached" }, details: null });
}

/** Somebody raises the budget; the session goes on by itself and ends its turn. */
export function raiseBudget(run: Run, lane: Lane): void {
  const { random } = run;
  lane.advance(random.logNormal(0.4 * HOUR_US, 0.9));
  const budgetCents = Math.ceil((run.budgetCents ?? 1) / 100) * 100 + 300;
  run.changes.push({ atUs: lane.clockUs, budgetCents });
  lane.advance(random.int(200_000, 900_000) + SECOND_US);
  lane.start();
  const answer = finalAnswer(run);
  work(run, { lane, tools: run.version.spec.tools, requests: 3, answer, wishes: [] });
  finishTurn(run, lane);
}
