import { isActive } from "./apply";
import { type EventEntry, type ObjectEntry, objectOf, type SessionEntry } from "./entries";
import type { Behaviour, JsonObject } from "./shapes";

/** The session as a read shows it at this moment. */
export function sessionNow(session: SessionEntry, behaviour: Behaviour): JsonObject {
  if (session.before && session.before.untilMs <= Date.now()) session.before = null;
  const data = session.before?.data ?? session.data;
  if (!behaviour.usageLag || !isActive(data)) return data;
  return { ...data, usage: laggedUsage(session.settledUsage, objectOf(data.usage)) };
}

export function showSession(session: SessionEntry, behaviour: Behaviour): string {
  const data = sessionNow(session, behaviour);
  if (behaviour.cacheReadsInInput) return JSON.stringify(withCacheReads(data));
  return data === session.data ? session.json : JSON.stringify(data);
}

export function showThread(thread: ObjectEntry, behaviour: Behaviour): string {
  return behaviour.cacheReadsInInput ? JSON.stringify(withCacheReads(thread.data)) : thread.json;
}

export function showEvent(event: EventEntry, behaviour: Behaviour): string {
  return isAltered(behaviour)
    ? JSON.stringify(alteredEvent(JSON.parse(event.json) as JsonObject, behaviour))
    : event.json;
}

/** An event as a server that imitates the API badly tells it. */
export function alteredEvent(event: JsonObject, behaviour: Behaviour): JsonObject {
  const altered = behaviour.cacheReadsInInput ? withCacheReads(event) : { ...event };
  if (behaviour.noProcessedAt) delete altered.processed_at;
  if (behaviour.noEventIds) delete altered.id;
  return altered;
}

export function isLeftOut(type: string, behaviour: Behaviour): boolean {
  return behaviour.noStatusIdle && /^session\.(thread_)?status_idle$/.test(type);
}

const isAltered = (behaviour: Behaviour) =>
  behaviour.noProcessedAt || behaviour.noEventIds || behaviour.cacheReadsInInput;

/** Only the running time moves during a turn. */
function laggedUsage(settled: JsonObject | null, usage: JsonObject): JsonObject {
  const { active_seconds } = usage;
  const tokens = settled ?? {
    input_tokens: 0,
    output_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  };
  return { ...tokens, ...(active_seconds === undefined ? {} : { active_seconds }) };
}

function withCacheReads(data: JsonObject): JsonObject {
  const altered = { ...data };
  for (const key of ["usage", "model_usage"]) {
    const usage = objectOf(data[key]);
    const [input, reads] = [usage.input_tokens, usage.cache_read_input_tokens];
    if (typeof input === "number" && typeof reads === "number")
      altered[key] = { ...usage, input_tokens: input + reads };
  }
  return altered;
}
