import type { EventRecord, Span } from "./schema";
import { blankSpan, copiedFrom, speedOf, tokensOf } from "./spans";

/** What the prompt cache held after a thread's last request, and when that ended. */
export type Cached = { us: number; tokens: number; eventId: string };

/** The shortest time for which the platform keeps what was written; a use of it begins it anew. */
const KEPT_US = 5 * 60_000_000;

/**
 * One event of a thread, in order. Where a request comes later than the cache keeps things and writes
 * again what it held, that is a span over the gap, with what was written again as its cache writes
 * and the speed that the request reports. A compaction makes the thread's prompt another: what is
 * written after it has not expired.
 */
export function stepCache(
  cached: Cached | null,
  event: EventRecord,
  at: number,
): { cached: Cached | null; expiry: Span | null } {
  if (event.type === "agent.thread_context_compacted") return { cached: null, expiry: null };
  const isRequest = event.type === "span.model_request_end" && copiedFrom(event) === null;
  const tokens = isRequest ? tokensOf(event.payload.model_usage) : null;
  if (tokens === null || event.payload.is_error === true) return { cached, expiry: null };
  const { cacheRead, cacheWrite } = tokens;
  const held = cacheRead + cacheWrite;
  const next = held === 0 ? null : { us: at, tokens: held, eventId: event.id };
  if (cached === null || at - cached.us <= KEPT_US) return { cached: next, expiry: null };
  const again = Math.min(cacheWrite, cached.tokens - cacheRead);
  return { cached: next, expiry: again > 0 ? expirySpan(cached, event, again) : null };
}

function expirySpan(cached: Cached, event: EventRecord, again: number): Span {
  const { threadId, id, atUs, payload } = event;
  const speed = speedOf(payload.model_usage);
  return {
    ...blankSpan(`${threadId}:${id}:expiry`, "expiry", threadId),
    name: "cache expired",
    startedUs: cached.us,
    endedUs: atUs,
    state: "ok",
    tokens: { input: 0, cacheWrite: again, cacheRead: 0, output: 0 },
    startEventId: cached.eventId,
    endEventId: id,
    ...(speed === null ? {} : { attributes: { speed } }),
  };
}
