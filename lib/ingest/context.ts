import type { TokenCounts } from "@/lib/costs/schema";
import { bytesIn } from "@/lib/masking/sizes";
import type { EventRecord, Span } from "./schema";
import { blankSpan, calledTool, copiedFrom, speedOf, tokensOf } from "./spans";
import { usedTool } from "./tool-name";

/** Of a tool, '' for what is no tool's: a number by name, in the order of names. */
type ByTool = [tool: string, number: number][];

/** What a tool put into prompts, and how what it had put there was paid for: tokens. */
export type Carried = [tool: string, put: number, read: number, written: number, input: number];

/** Requests of one price: `above` is the whole 100,000 of prompt tokens that they are above. */
export type ContextPart = { speed: string | null; above: number; tools: Carried[] };

/** What is known of a thread's prompt. Bounded by its tools and its open calls. */
export type Context = {
  /** Tokens of the last request's prompt and answer; null before the first, and after a compaction. */
  last: { prompt: number; output: number } | null;
  calls: [call: string, tool: string][];
  /** Bytes that came since the last request. */
  came: ByTool;
  /** Tokens of the last prompt that are results of tools. */
  held: ByTool;
  hour: { us: number; untilUs: number; parts: ContextPart[] } | null;
};

const NO_CONTEXT: Context = { last: null, calls: [], came: [], held: [], hour: null };

/** Calls that never end are forgotten: a result of one of them is an unnamed tool's. */
const MOST_CALLS = 200;
const HOUR_US = 3_600_000_000;
/** Prices change at no finer bound. */
const PROMPT_STEP = 100_000;

/**
 * One event of a thread, in order. By how much a request's prompt is longer than the one before with its
 * answer is what came in between, and is shared by bytes among the results of tools and what people or
 * other agents said. From then on each request carries it, until the thread is compacted; where a prompt
 * comes back shorter, what is held shrinks with it. Of each hour that is one span.
 */
export function stepContext(
  context: Context | null,
  event: EventRecord,
  at: number,
): { context: Context | null; span: Span | null } {
  if (copiedFrom(event) !== null) return { context, span: null };
  const now = context ?? NO_CONTEXT;
  const { payload } = event;
  switch (event.type) {
    case "agent.tool_use":
    case "agent.mcp_tool_use":
    case "agent.custom_tool_use":
      return {
        context: { ...now, calls: withCall(now, event.id, usedTool(event.payload)) },
        span: null,
      };
    case "agent.tool_result":
    case "agent.mcp_tool_result":
    case "user.tool_result":
    case "user.custom_tool_result":
      return { context: withResult(now, event), span: null };
    case "user.message":
    case "agent.thread_message_received":
      return {
        context: { ...now, came: add(now.came, "", bytesIn(payload, "content")) },
        span: null,
      };
    case "agent.thread_context_compacted":
      return { context: { ...now, last: null, came: [], held: [] }, span: null };
    case "span.model_request_end": {
      const tokens = payload.is_error === true ? null : tokensOf(payload.model_usage);
      if (tokens === null || promptOf(tokens) === 0) return { context, span: null };
      const next = afterRequest(now, tokens, { at, speed: speedOf(payload.model_usage) });
      return { context: next, span: contextSpan(next, event.threadId) };
    }
    default:
      return { context, span: null };
  }
}

/** The hour that is not over yet, as it is stored. */
export function contextSpan({ hour }: Context, threadId: string): Span | null {
  if (hour === null) return null;
  return {
    ...blankSpan(`${threadId}:${hour.us}:context`, "context", threadId),
    name: "context",
    startedUs: hour.us,
    endedUs: hour.untilUs,
    state: "ok",
    attributes: { parts: hour.parts },
  };
}

const withCall = ({ calls }: Context, id: string, tool: string): Context["calls"] =>
  [...calls.filter(([call]) => call !== id), [id, tool] as [string, string]].slice(-MOST_CALLS);

function withResult(context: Context, event: EventRecord): Context {
  const id = calledTool(event);
  const tool = context.calls.find(([call]) => call === id)?.[1] ?? "unnamed tool";
  return {
    ...context,
    calls: context.calls.filter(([call]) => call !== id),
    came: add(context.came, tool, bytesIn(event.payload, "content")),
  };
}

function afterRequest(
  context: Context,
  tokens: TokenCounts,
  { at, speed }: { at: number; speed: string | null },
): Context {
  const prompt = promptOf(tokens);
  const { last, came } = context;
  const shrinks = last !== null && prompt < last.prompt;
  const held = shrinks ? shares(context.held, prompt, last.prompt) : context.held;
  const grown = last === null ? prompt : Math.max(0, prompt - last.prompt - last.output);
  const all = came.reduce((sum, [, bytes]) => sum + bytes, 0);
  const put = last === null ? [] : shares(came, grown, all).filter(([tool]) => tool !== "");
  const us = Math.floor(at / HOUR_US) * HOUR_US;
  const parts = context.hour?.us === us ? context.hour.parts : [];
  const above = Math.max(0, Math.ceil(prompt / PROMPT_STEP) - 1) * PROMPT_STEP;
  const carried = carriedBy(tokens, { held, put, grown });
  return {
    ...context,
    last: { prompt, output: tokens.output },
    came: [],
    held: put.reduce((sum, [tool, number]) => add(sum, tool, number), held),
    hour: { us, untilUs: at, parts: withPart(parts, { speed, above, tools: carried }) },
  };
}

const promptOf = ({ input, cacheRead, cacheWrite }: TokenCounts) => input + cacheRead + cacheWrite;

type Prompt = { held: ByTool; put: ByTool; grown: number };

/**
 * A prompt is what was there and then what is new; it is read from the cache from its beginning, then
 * written, then neither. What is no tool's has what is left, so that all of it is the whole prompt.
 */
function carriedBy(tokens: TokenCounts, { held, put, grown }: Prompt): Carried[] {
  const old = promptOf(tokens) - grown;
  const buckets = [tokens.cacheRead, tokens.cacheWrite, tokens.input];
  let room = old;
  const split = buckets.map((bucket) => {
    const inOld = Math.min(bucket, room);
    room -= inOld;
    return { inOld, inNew: bucket - inOld };
  });
  const names = [...new Set([...held, ...put].map(([tool]) => tool))].sort(inOrder);
  const tools = names.map((tool): Carried => {
    const [was, came] = [numberOf(held, tool), numberOf(put, tool)];
    const [read = 0, written = 0, input = 0] = split.map(
      ({ inOld, inNew }) => share(inOld, was, old) + share(inNew, came, grown),
    );
    return [tool, came, read, written, input];
  });
  const rest = [grown, ...buckets].map((whole, at) =>
    tools.reduce((left, carried) => left - Number(carried[at + 1]), whole),
  );
  const [free = 0, read = 0, written = 0, input = 0] = rest;
  return [["", free, read, written, input], ...tools];
}

function withPart(parts: readonly ContextPart[], part: ContextPart): ContextPart[] {
  const isSame = ({ speed, above }: ContextPart) => speed === part.speed && above === part.above;
  const known = parts.find(isSame);
  const sum = { ...part, tools: addCarried(known?.tools ?? [], part.tools) };
  return [...parts.filter((one) => !isSame(one)), sum].sort(
    (a, b) => a.above - b.above || inOrder(a.speed ?? "", b.speed ?? ""),
  );
}

function addCarried(into: readonly Carried[], more: readonly Carried[]): Carried[] {
  const names = [...new Set([...into, ...more].map(([tool]) => tool))].sort(inOrder);
  const of = (list: readonly Carried[], tool: string) =>
    list.find(([name]) => name === tool) ?? [tool, 0, 0, 0, 0];
  return names.map((tool) => {
    const [, ...a] = of(into, tool);
    const [, ...b] = of(more, tool);
    return [tool, a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]];
  });
}

/** Whole tokens, rounded down: what is left is no tool's. */
const share = (whole: number, part: number, of: number) =>
  of === 0 ? 0 : Math.floor((whole * part) / of);

const shares = (list: ByTool, whole: number, of: number): ByTool =>
  list.flatMap(([tool, part]) => {
    const number = share(whole, part, of);
    return number === 0 ? [] : [[tool, number]];
  });

const numberOf = (list: ByTool, tool: string) => list.find(([name]) => name === tool)?.[1] ?? 0;

function add(list: ByTool, tool: string, number: number): ByTool {
  const rest = list.filter(([name]) => name !== tool);
  const sum = numberOf(list, tool) + number;
  if (sum === 0) return rest;
  return [...rest, [tool, sum] as [string, number]].sort(([a], [b]) => inOrder(a, b));
}

const inOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
