import { type EventEntry, EventList, type SessionEntry } from "./entries";
import { invalid, notFound } from "./errors";
import { EVENT_TYPES } from "./event-types";
import { isAmong } from "./faults";
import type { Platform } from "./platform";
import { CREATED, type Query } from "./query";
import { isLeftOut, showEvent } from "./render";
import { type Call, get, type Route } from "./routes";
import { sessionOf, threadOf } from "./routes-sessions";
import { primaryOf } from "./truth";

export const eventRoutes: Route[] = [
  get("/v1/sessions/{id}/events", listEvents),
  get("/v1/sessions/{id}/events/stream", (call) => openStream(call, null)),
  get("/v1/sessions/{id}/threads/{tid}/events", listThreadEvents),
  get("/v1/sessions/{id}/threads/{tid}/stream", (call) => {
    const thread = threadOf(sessionOf(call.platform, call.ids[0]), call.ids[1]);
    return openStream(call, thread.id);
  }),
];

/** Times are compared with `processed_at`; what has none is left out as soon as a bound is given. */
function listEvents({ platform, ids, query }: Call): string {
  query.only("types[]", "order", "limit", "page", ...CREATED);
  const session = sessionOf(platform, ids[0]);
  const types = new Set(query.all("types", EVENT_TYPES));
  const bounds = query.bounds();
  const isShown = shownNow(platform);
  return platform.lists.answer({
    list: `events ${session.id}`,
    kind: "events",
    entries: listOf(session, "").entries,
    order: query.one("order", ["asc", "desc"]) ?? "asc",
    query,
    bounds: bounds.text,
    accepts: (event) =>
      bounds.includes(event.us) && (types.size === 0 || types.has(event.type)) && isShown(event),
    show: (event) => showEvent(event, platform.behaviour),
  });
}

function listThreadEvents({ platform, ids, query }: Call): string {
  query.only("limit", "page");
  const session = sessionOf(platform, ids[0]);
  const { id } = threadOf(session, ids[1]);
  const isPrimary = id === primaryOf(session);
  const isShown = shownNow(platform);
  return platform.lists.answer({
    list: `events ${session.id} ${id}`,
    kind: "thread_events",
    entries: listOf(session, isPrimary ? "" : id).entries,
    order: "asc",
    query,
    // The session's list is the primary's with copies of its children's events.
    accepts: (event) =>
      (!isPrimary || event.about === null || event.about === id) && isShown(event),
    show: (event) => showEvent(event, platform.behaviour),
  });
}

const listOf = (session: SessionEntry, key: string) => session.lists.get(key) ?? new EventList();

function shownNow({ faults, behaviour }: Platform): (event: EventEntry) => boolean {
  const hiddenSince = Date.now() - faults.hiddenMs;
  return ({ id, type, arrivedMs }) =>
    !isLeftOut(type, behaviour) &&
    !(arrivedMs > hiddenSince && isAmong(id, faults.hidden, faults.seed));
}

function openStream({ platform, ids, query, answer, headers }: Call, threadId: string | null) {
  checkDeltas(query);
  if (platform.behaviour.noStreams) throw notFound("/stream");
  const { id } = sessionOf(platform, ids[0]);
  platform.streams.add({ answer, sessionId: id, threadId }, headers);
  return null;
}

/** Previews may be asked for; none are ever sent, which the API allows. */
function checkDeltas(query: Query): void {
  query.only("event_deltas[]");
  const wanted = query.all("event_deltas", ["agent.message", "agent.thinking"]);
  if (wanted.length > 100) throw invalid("event_deltas: at most 100 values");
}
