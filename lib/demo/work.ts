import { settleCalls } from "@/lib/demo/answers";
import { type Call, type CallWish, chooseCalls, emitUse } from "@/lib/demo/calls";
import { compact } from "@/lib/demo/context";
import { END_TURN, type Lane } from "@/lib/demo/lane";
import { modelRequest } from "@/lib/demo/model";
import { passingNote } from "@/lib/demo/phrases";
import { isOver, type Run } from "@/lib/demo/run";

/** Prompts from which on the platform summarises the conversation; lower than real, to see it happen. */
const COMPACT_AT = 90_000;
const COMPACT_AT_EAGER = 24_000;

export interface Work {
  lane: Lane;
  tools: readonly string[];
  /** Model requests, the last of which only answers. */
  requests: number;
  answer: string;
  wishes: readonly CallWish[];
}

/** Thinks, calls tools and answers; the thread still runs afterwards. */
export function work(run: Run, spec: Work): void {
  const { lane, tools } = spec;
  for (let i = 0; i < spec.requests - 1; i += 1) {
    if (isOver(run, lane)) return;
    step(run, lane, chooseCalls(run, tools, spec.wishes[i] ?? {}));
    compactIfFull(run, lane);
  }
  lane.advance(run.random.int(40_000, 110_000));
  modelRequest(run, lane, { text: spec.answer, callChars: 0, emitCalls: () => {} });
}

/** One request that calls tools, and their answers. */
export function step(run: Run, lane: Lane, calls: readonly Call[]): void {
  const { random } = run;
  lane.advance(random.int(40_000, 110_000));
  const speaks = random.chance(0.45) && run.topic.notes.length > 0;
  modelRequest(run, lane, {
    text: speaks ? passingNote(run) : null,
    callChars: calls.reduce((sum, call) => sum + JSON.stringify(call.input).length + 30, 0),
    emitCalls: () => {
      for (const call of calls) emitUse(lane, call);
    },
  });
  settleCalls(run, lane, calls);
}

export function compactIfFull(run: Run, lane: Lane): void {
  const { context } = lane.spec;
  const limit = run.plan.flags.has("compacts") ? COMPACT_AT_EAGER : COMPACT_AT;
  if (context.prefixTokens + context.historyTokens < limit) return;
  lane.advance(run.random.int(40_000, 110_000));
  modelRequest(run, lane, undefined, run.random.int(900, 2_400));
  compact(context, run.random.int(2_500, 6_000));
  lane.emit({ id: lane.id(), processed_at: "", type: "agent.thread_context_compacted" });
}

export function finishTurn(run: Run, lane: Lane): void {
  lane.advance(run.random.int(60_000, 140_000));
  lane.stop(END_TURN);
}
