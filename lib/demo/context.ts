import type { CachePlan } from "@/lib/demo/versions";

const MINUTE_US = 60_000_000;
const SHORT_US = 5 * MINUTE_US;
const LONG_US = 60 * MINUTE_US;
const CHARS_PER_TOKEN = 3.7;

/** Tokens of one model request, cache writes by lifetime. */
export interface RequestTokens {
  input: number;
  output: number;
  cacheRead: number;
  write5m: number;
  write1h: number;
}

export const NO_TOKENS: RequestTokens = {
  input: 0,
  output: 0,
  cacheRead: 0,
  write5m: 0,
  write1h: 0,
};

/** What a thread sends with every request, and what of it the provider has cached until when. */
export interface Context {
  plan: CachePlan;
  /** System prompt and tool definitions. */
  prefixTokens: number;
  historyTokens: number;
  /** A prompt shorter than this is not cached. */
  cacheFrom: number;
  cachedPrefix: number;
  prefixUntilUs: number;
  cachedHistory: number;
  historyUntilUs: number;
}

export function createContext(plan: CachePlan, prefixTokens: number, model: string): Context {
  return {
    plan,
    prefixTokens,
    historyTokens: 0,
    cacheFrom: model.includes("haiku") ? 4_096 : 1_024,
    cachedPrefix: 0,
    prefixUntilUs: 0,
    cachedHistory: 0,
    historyUntilUs: 0,
  };
}

export function addText(context: Context, chars: number): void {
  context.historyTokens += Math.ceil(chars / CHARS_PER_TOKEN);
}

/**
 * Sends the thread's prompt at an instant. Of a cached prompt the known part is read and the new one
 * written; after a pause longer than its lifetime everything is written again. A few tokens at the
 * end are never cached.
 */
export function sendPrompt(
  context: Context,
  request: { atUs: number; tail: number; output: number },
): RequestTokens {
  const { atUs, tail, output } = request;
  const prompt = context.prefixTokens + context.historyTokens;
  if (context.plan === "off" || prompt + tail < context.cacheFrom) {
    return { ...NO_TOKENS, input: prompt + tail, output };
  }
  const prefixRead = atUs < context.prefixUntilUs ? context.cachedPrefix : 0;
  const historyRead = prefixRead > 0 && atUs < context.historyUntilUs ? context.cachedHistory : 0;
  const prefixWrite = context.prefixTokens - prefixRead;
  const historyWrite = Math.max(0, context.historyTokens - historyRead);
  const prefixLong = context.plan !== "5m";
  const historyLong = context.plan === "1h";
  context.cachedPrefix = context.prefixTokens;
  context.cachedHistory = context.historyTokens;
  context.prefixUntilUs = atUs + (prefixLong ? LONG_US : SHORT_US);
  context.historyUntilUs = atUs + (historyLong ? LONG_US : SHORT_US);
  const long = (prefixLong ? prefixWrite : 0) + (historyLong ? historyWrite : 0);
  return {
    input: tail,
    output,
    cacheRead: prefixRead + Math.min(historyRead, context.historyTokens),
    write5m: prefixWrite + historyWrite - long,
    write1h: long,
  };
}

/** The conversation is replaced by a summary: what was cached of it is of no more use. */
export function compact(context: Context, summaryTokens: number): void {
  context.historyTokens = summaryTokens;
  context.cachedHistory = 0;
}
