import { SECOND_US } from "@/lib/demo/calendar";
import { NO_TOKENS, type RequestTokens } from "@/lib/demo/context";
import { END_TURN, type Lane } from "@/lib/demo/lane";
import { messageOf } from "@/lib/demo/message-blocks";
import { receiveMessage } from "@/lib/demo/messages";
import { modelRequest, spanUsage } from "@/lib/demo/model";
import { finalAnswer } from "@/lib/demo/phrases";
import type { EvaluationResult } from "@/lib/demo/plan";
import { charge, type OutcomeState, type Run } from "@/lib/demo/run";
import { fill } from "@/lib/demo/text";
import { finishTurn, work } from "@/lib/demo/work";
import { isoFromMicros } from "@/lib/time/micros";

const DESCRIPTION =
  "A report on {metric} in {region} with figures, change against last week and the query.";
const RUBRIC =
  "- Every figure comes from {table} and can be repeated with the query shown\n- The change against last week is given in per cent\n- Late rows are named\n- At most 300 words";
const VERDICTS: Record<EvaluationResult, string> = {
  needs_revision: "The query is missing for the second table, and late rows are not named.",
  satisfied: "All criteria are met: the figures repeat, the change and the late rows are given.",
  failed: "The deliverable is about another metric; the rubric does not apply to it.",
  max_iterations_reached: "The query still returns other totals than the text.",
  interrupted: "",
};

/** A turn that has to satisfy a rubric: works, is graded, revises, until a verdict stands. */
export function outcomeTurn(run: Run, lane: Lane, tools: readonly string[]): void {
  const { random, facts, version } = run;
  const outcomeId = run.ids.id("outc");
  const description = fill(DESCRIPTION, random, facts);
  const results = run.plan.evaluations;
  const maxIterations = results.includes("max_iterations_reached") ? results.length : 3;
  const state = (members: Partial<OutcomeState>) =>
    run.outcomes.push({
      atUs: lane.clockUs,
      state: {
        completed_at: null,
        description,
        explanation: null,
        iteration: 0,
        outcome_id: outcomeId,
        result: "running",
        type: "outcome_evaluation",
        ...members,
      },
    });
  receiveMessage(run, lane, messageOf(run, 0));
  lane.emit({
    description,
    id: lane.id(),
    max_iterations: maxIterations,
    outcome_id: outcomeId,
    processed_at: "",
    rubric: { content: fill(RUBRIC, random, facts), type: "text" },
    type: "user.define_outcome",
  });
  state({});
  for (const [iteration, result] of results.entries()) {
    const usual = iteration === 0 ? version.spec.requests : 2;
    const requests = Math.max(2, Math.round(random.logNormal(usual, 0.4) * run.plan.effort));
    const answer = finalAnswer(run);
    work(run, { lane, tools, requests, answer, wishes: [] });
    state({ iteration, result: "evaluating" });
    const explanation = evaluate(run, lane, { outcomeId, iteration, result });
    if (result === "needs_revision") state({ iteration, explanation });
    else state({ iteration, result, explanation, completed_at: isoFromMicros(lane.clockUs) });
  }
  const last = results[results.length - 1];
  if (last === "max_iterations_reached") {
    lane.advance(random.int(40_000, 110_000));
    modelRequest(run, lane, {
      text: VERDICTS.max_iterations_reached,
      callChars: 0,
      emitCalls: () => {},
    });
  }
  if (last === "interrupted") lane.stop(END_TURN);
  else finishTurn(run, lane);
}

/** One cycle of the grader; its tokens stand on the end event and in no model request. */
function evaluate(
  run: Run,
  lane: Lane,
  cycle: { outcomeId: string; iteration: number; result: EvaluationResult },
): string {
  const { random } = run;
  const { iteration, result } = cycle;
  const named = { iteration, outcome_id: cycle.outcomeId, processed_at: "" };
  const interruptedEarly = result === "interrupted" && run.plan.flags.has("interrupted_early");
  lane.advance(random.int(60_000, 200_000));
  let startId = "";
  if (!interruptedEarly) {
    startId = lane.id();
    lane.emit({ ...named, id: startId, type: "span.outcome_evaluation_start" });
    for (let beats = random.int(0, 2); beats > 0; beats -= 1) {
      lane.advance(5 * SECOND_US + random.int(0, 400_000));
      lane.emit({ ...named, id: lane.id(), type: "span.outcome_evaluation_ongoing" });
    }
  }
  lane.advance(random.logNormal(4 * SECOND_US, 0.4));
  if (result === "interrupted") {
    const interrupt = { id: lane.id(), processed_at: "", session_thread_id: null } as const;
    lane.emit({ ...interrupt, type: "user.interrupt" }, { sentUs: lane.clockUs });
    lane.advance(random.int(20_000, 60_000));
  }
  const tokens: RequestTokens =
    result === "interrupted"
      ? NO_TOKENS
      : {
          ...NO_TOKENS,
          input: random.int(1_800, 6_500),
          output: random.int(120, 480),
          cacheRead: iteration > 0 ? random.int(2_000, 4_000) : 0,
          write5m: iteration === 0 ? random.int(2_000, 4_000) : 0,
        };
  const explanation = VERDICTS[result];
  const end = lane.emit({
    ...named,
    explanation,
    id: lane.id(),
    outcome_evaluation_start_id: startId,
    result,
    type: "span.outcome_evaluation_end",
    usage: spanUsage(tokens, run.primary.spec.model.speed ?? null),
  });
  charge(run, end, null, tokens);
  lane.advance(random.int(20_000, 60_000));
  return explanation;
}
