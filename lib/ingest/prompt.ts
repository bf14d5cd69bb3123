import { type Cached, stepCache } from "./cache-expiry";
import { type Context, stepContext } from "./context";
import type { EventRecord, Span } from "./schema";

/** What the cache and the prompts of a thread hold: one event, in order. */
export function stepPrompt(
  life: { cached: Cached | null; context: Context | null },
  event: EventRecord,
  at: number,
  emit: (span: Span) => void,
): void {
  const { cached, expiry } = stepCache(life.cached, event, at);
  life.cached = cached;
  if (expiry) emit(expiry);
  const { context, span } = stepContext(life.context, event, at);
  life.context = context;
  if (span) emit(span);
}
