import { z } from "zod";
import { isActive } from "./apply";
import { textOf } from "./entries";
import { ApiFault, invalid } from "./errors";
import type { Platform } from "./platform";
import { AGENTS_BETA, type Call, type Route } from "./routes";
import { sessionOf, threadOf } from "./routes-sessions";

const Interrupts = z.object({
  events: z.array(z.object({ type: z.string(), session_thread_id: z.string().nullish() })).min(1),
});

/** The one write that is done: interrupts. Every other is recorded and refused. */
export const sendRoutes: Route[] = [
  {
    method: "POST",
    path: "/v1/sessions/{id}/events",
    beta: AGENTS_BETA,
    needs: "key",
    answer: sendEvents,
  },
];

function sendEvents({ platform, ids, query, body }: Call): string {
  query.only();
  const session = sessionOf(platform, ids[0]);
  const { events } = parsed(body);
  if (session.data.archived_at) throw invalid("The session is archived.");
  if (events.some(({ type }) => type !== "user.interrupt"))
    throw new ApiFault(405, "invalid_request_error", "Only user.interrupt is accepted here.");
  const sent = events.map(({ session_thread_id }) => {
    const thread = session_thread_id ? threadOf(session, session_thread_id).id : null;
    const id = platform.newId("sevt");
    return { id, type: "user.interrupt", processed_at: null, session_thread_id: thread };
  });
  for (const event of sent) {
    platform.appendEvent(session.id, null, event);
    setImmediate(() => interrupt(platform, session.id, event));
  }
  return JSON.stringify({ data: sent });
}

function parsed(body: string): z.infer<typeof Interrupts> {
  try {
    return Interrupts.parse(JSON.parse(body));
  } catch (cause) {
    throw invalid(`The body is not what was expected: ${String(cause).slice(0, 200)}`);
  }
}

/** The interrupt is taken off the queue, and the turn it fell into ends. */
function interrupt(
  platform: Platform,
  sessionId: string,
  event: { session_thread_id: string | null },
): void {
  const session = platform.sessions.get(sessionId);
  if (!session) return;
  const append = (fields: object) =>
    platform.appendEvent(sessionId, null, {
      id: platform.newId("sevt"),
      processed_at: platform.now(),
      ...fields,
    });
  append({ ...event, processed_at: platform.now() });
  if (!isActive(session.data)) return;
  const named = event.session_thread_id;
  const ended = session.threads.items.filter(
    ({ id, data }) => isActive(data) && (named === null || named === id),
  );
  const stop = { stop_reason: { type: "end_turn" }, stop_details: null };
  for (const { id, data } of ended)
    append({
      type: "session.thread_status_idle",
      session_thread_id: id,
      agent_name: textOf((data.agent as { name?: unknown } | undefined)?.name) ?? "",
      ...stop,
    });
  const isStillRunning = session.threads.items.some(({ data }) => isActive(data));
  if (named !== null && isStillRunning) return;
  append({ type: "session.usage", usage: session.data.usage });
  append({ type: "session.status_idle", ...stop });
}
