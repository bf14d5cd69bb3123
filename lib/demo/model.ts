import { addText, NO_TOKENS, type RequestTokens, sendPrompt } from "@/lib/demo/context";
import type { Entry, Lane } from "@/lib/demo/lane";
import { charge, type Run } from "@/lib/demo/run";

const SECOND_US = 1_000_000;

export interface Reply {
  /** Markdown of the agent's message; null says nothing. */
  text: string | null;
  /** Characters of tool inputs in the reply, which are output tokens too. */
  callChars: number;
  /** Puts the reply's tool calls into the list, between message and end. */
  emitCalls: () => void;
}

const SILENT: Reply = { text: null, callChars: 0, emitCalls: () => {} };

/** One model request of a thread: start, now and then a thinking mark, what it says and calls, end. */
export function modelRequest(run: Run, lane: Lane, reply: Reply = SILENT, output?: number): Entry {
  const { random } = run;
  const { context, model } = lane.spec;
  const start = startRequest(lane);
  const usual = run.version.spec.outputTokens;
  const spoken = Math.ceil(((reply.text?.length ?? 0) + reply.callChars) / 3.4);
  const thinks = output === undefined && random.chance(0.45);
  const thought = thinks ? Math.round(random.logNormal(usual * 0.6, 0.7)) : 0;
  const tokens = sendPrompt(context, {
    atUs: lane.clockUs,
    tail: random.int(3, 40),
    output: output ?? spoken + thought + random.int(2, 30),
  });
  lane.advance(random.logNormal(firstTokenUs(model.id), 0.35));
  if (thinks) {
    lane.advance(thought * tokenUs(model.id, model.speed ?? null));
    lane.emit({ id: lane.id(), processed_at: "", type: "agent.thinking" });
  }
  lane.advance((tokens.output - thought) * tokenUs(model.id, model.speed ?? null) + 1_000);
  if (reply.text !== null) {
    const block = { text: reply.text, type: "text" } as const;
    lane.emit({ content: [block], id: lane.id(), processed_at: "", type: "agent.message" });
  }
  reply.emitCalls();
  const end = endRequest(lane, start, { tokens, failed: false });
  charge(run, end, lane, tokens);
  addText(context, tokens.output * 3.7);
  return end;
}

/** A request the provider did not answer: it costs nothing. */
export function failedRequest(run: Run, lane: Lane): void {
  const start = startRequest(lane);
  lane.advance(run.random.logNormal(2.4 * SECOND_US, 0.8));
  const unknown = run.random.chance(0.15);
  endRequest(lane, start, { tokens: NO_TOKENS, failed: unknown ? null : true });
}

export function startRequest(lane: Lane): Entry {
  return lane.emit({ id: lane.id(), processed_at: "", type: "span.model_request_start" });
}

function endRequest(
  lane: Lane,
  start: Entry,
  result: { tokens: RequestTokens; failed: boolean | null },
): Entry {
  return lane.emit({
    id: lane.id(),
    is_error: result.failed,
    model_request_start_id: start.event.id,
    model_usage: spanUsage(result.tokens, lane.spec.model.speed ?? null),
    processed_at: "",
    type: "span.model_request_end",
  });
}

/** Usage as spans show it: cache writes are not split by lifetime. */
export function spanUsage(tokens: RequestTokens, speed: "standard" | "fast" | null) {
  return {
    cache_creation_input_tokens: tokens.write5m + tokens.write1h,
    cache_read_input_tokens: tokens.cacheRead,
    input_tokens: tokens.input,
    output_tokens: tokens.output,
    speed,
  };
}

function firstTokenUs(model: string): number {
  if (model.includes("haiku")) return 0.45 * SECOND_US;
  return model.includes("sonnet") ? 0.9 * SECOND_US : 1.4 * SECOND_US;
}

function tokenUs(model: string, speed: string | null): number {
  if (model.includes("haiku")) return 6_500;
  if (model.includes("sonnet")) return 12_500;
  return speed === "fast" ? 8_500 : 18_000;
}
