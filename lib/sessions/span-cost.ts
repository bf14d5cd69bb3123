import type { WriteSplit } from "@/lib/costs/apportion";
import { priceRequest } from "@/lib/costs/pricing";
import type { PriceBook, TokenCounts } from "@/lib/costs/schema";

type ModelPricing = { model: string | null; geo: string | null; speed: string | null };

/** What decides the price of a session's requests. A thread with a model has speed and geography of its own. */
export type Pricing = {
  split: WriteSplit | null;
  session: ModelPricing;
  threads: ReadonlyMap<string, ModelPricing>;
  book: PriceBook;
};

export type PricedSpan = {
  kind: string;
  threadId: string;
  tokens: TokenCounts | null;
  /** Of the whole request, where `tokens` are a part of it. */
  promptTokens?: number;
  /** As the request reported it. */
  speed: string | null;
  /** End, else start. */
  atUs: number | null;
};

/**
 * A span's own cost in nano-dollars and its tokens without a price; null where it used none.
 * A grader's model is not told: like in the session's sum, its thread's stands in for it.
 */
export function costOfSpan(
  span: PricedSpan,
  pricing: Pricing,
): { nanos: number; unpricedTokens: number } | null {
  const { tokens } = span;
  if (tokens === null || !(span.kind === "model_request" || span.kind === "outcome_evaluation"))
    return null;
  const thread = pricing.threads.get(span.threadId);
  const agent = thread && thread.model !== null ? thread : pricing.session;
  return priceRequest(
    {
      model: agent.model,
      geo: agent.geo,
      speed: span.speed ?? agent.speed,
      ...{ tokens, promptTokens: span.promptTokens },
      split: pricing.split,
      atUs: span.atUs,
    },
    pricing.book,
  );
}

/** As a thread's or a session's row has it: its model, and its agent's as the API tells it. */
export function modelPricing({
  model = null,
  agent_model,
}: {
  model?: string | null;
  agent_model?: unknown;
}): ModelPricing {
  const { inference_geo, speed } = Object(agent_model) as Record<string, unknown>;
  return {
    model,
    geo: typeof inference_geo === "string" ? inference_geo : null,
    speed: typeof speed === "string" ? speed : null,
  };
}
