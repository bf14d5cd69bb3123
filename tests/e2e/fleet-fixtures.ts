import { type APIRequestContext, expect } from "@playwright/test";

type Json = Record<string, unknown>;

const HOUR = 3_600_000;
const FLEET = ["mara", "ines", "otto"];
/** Sessions of the small fleet below; every third failed, every seventh waits. */
export const FLEET_SIZE = 240;

function sessionOf(index: number, nowMs: number): { session: Json; events: Json[] } {
  const id = `sesn_fleet${String(index).padStart(4, "0")}`;
  const startMs = nowMs - 20 * HOUR + index * 60_000;
  const at = (ms: number) => new Date(startMs + ms).toISOString();
  const agent = FLEET[index % FLEET.length] ?? "";
  const event = (name: string, ms: number, type: string, more: Json = {}) => ({
    session_id: id,
    event: { id: `${id}-${name}`, type, processed_at: at(ms), ...more },
  });
  const failed = index % 3 === 0;
  const waits = !failed && index % 7 === 0;
  const stop = failed
    ? { type: "retries_exhausted" }
    : waits
      ? { type: "requires_action", event_ids: [`${id}-use`] }
      : { type: "end_turn" };
  return {
    session: {
      id,
      type: "session",
      title: `Fleet task ${index}`,
      created_at: at(0),
      agent: { id: `agent_${agent}`, name: agent, version: 2, model: { id: "claude-haiku-4-5" } },
      metadata: { tenant: index % 2 === 0 ? "acme" : "globex" },
    },
    events: [
      event("run", 0, "session.status_running"),
      event("ask", 1, "user.message", { content: [{ type: "text", text: `Task ${index}` }] }),
      event("start", 10, "span.model_request_start"),
      event("use", 1500, "agent.tool_use", {
        name: "bash",
        input: { command: "ls" },
        evaluated_permission: waits ? "ask" : "allow",
      }),
      event("end", 1501, "span.model_request_end", {
        model_request_start_id: `${id}-start`,
        is_error: false,
        model_usage: {
          input_tokens: 1000 * (index + 1),
          output_tokens: 50,
          cache_read_input_tokens: 0,
          cache_creation_input_tokens: 0,
        },
      }),
      ...(waits
        ? []
        : [
            event("result", 1600, "agent.tool_result", {
              tool_use_id: `${id}-use`,
              is_error: failed,
            }),
          ]),
      event("idle", 2000 + index * 10, "session.status_idle", { stop_reason: stop }),
    ],
  };
}

/** A small fleet of the last day, sent as a loop would send it. */
export async function sendFleet(request: APIRequestContext, origin: string): Promise<void> {
  const nowMs = Date.now();
  const fleet = Array.from({ length: FLEET_SIZE }, (_, index) => sessionOf(index, nowMs));
  const answer = await request.post("/api/v1/ingest", {
    // A change made with a cookie must come from one of our own pages.
    headers: { origin },
    data: {
      sessions: fleet.map((item) => item.session),
      events: fleet.flatMap((item) => item.events),
    },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  expect((await answer.json()).rejected).toEqual([]);
}
