import { isoFromMicros } from "@/lib/time/micros";
import type { SoupItem } from "./event-soup";

export const LONG = "sesn_long";
export const LONG_START_US = Date.UTC(2026, 10, 20, 10, 0, 0) * 1000;
const SECOND = 1_000_000;
/** One turn and the pause after it. */
export const TURN_US = 60 * SECOND;

type Json = Record<string, unknown>;
const event = (id: string, type: string, us: number | null, more: Json = {}): SoupItem => ({
  kind: "event",
  threadId: null,
  data: { id, type, processed_at: us === null ? null : isoFromMicros(us), ...more },
});

/** A model request of 10 s; the fifth of every ten is twenty times as dear. */
function request(name: string, us: number, turn: number): SoupItem[] {
  const start = `${name}_s`;
  return [
    event(start, "span.model_request_start", us),
    event(`${name}_e`, "span.model_request_end", us + 10 * SECOND, {
      model_request_start_id: start,
      is_error: turn % 7 === 3,
      model_usage: {
        input_tokens: turn % 10 === 5 ? 20_000 : 1000,
        output_tokens: 100,
        cache_read_input_tokens: 0,
        cache_creation_input_tokens: 200,
      },
    }),
  ];
}

/** 20 s: message, request, a call of `bash` (5 s, failing every fourth turn), answer. */
function turnOf(turn: number): SoupItem[] {
  const us = LONG_START_US + turn * TURN_US;
  const name = `sevt_${String(turn).padStart(4, "0")}`;
  return [
    event(`${name}_a`, "user.message", us, { content: [{ type: "text", text: `ask ${turn}` }] }),
    event(`${name}_b`, "session.status_running", us),
    ...request(`${name}_c`, us + SECOND, turn),
    event(`${name}_d`, "agent.tool_use", us + 11 * SECOND, {
      name: "bash",
      input: { command: `echo "${turn}"` },
    }),
    event(`${name}_f`, "agent.tool_result", us + 16 * SECOND, {
      tool_use_id: `${name}_d`,
      is_error: turn % 4 === 1,
      content: [{ type: "text", text: "ok" }],
    }),
    event(`${name}_g`, "agent.message", us + 17 * SECOND, {
      content: [{ type: "text", text: turn === 7 ? 'the needle, "here" 100%' : "done" }],
    }),
    event(`${name}_h`, "session.status_idle", us + 20 * SECOND, {
      stop_reason: { type: "end_turn" },
    }),
  ];
}

export const EVENTS_A_TURN = 8;

/** A session of that many alike turns, a minute each, and one message not taken in yet. */
export function longSession(turns: number): SoupItem[] {
  const object = {
    id: LONG,
    type: "session",
    status: "idle",
    title: "Long",
    created_at: isoFromMicros(LONG_START_US),
    updated_at: isoFromMicros(LONG_START_US),
    archived_at: null,
    metadata: {},
    agent: { id: "agent_l", name: "long", version: 2, model: { id: "claude-sonnet-5" } },
    environment_id: "env_l",
    usage: {},
    stats: {},
  };
  return [
    { kind: "session", threadId: null, data: object },
    ...Array.from({ length: turns }, (_, turn) => turnOf(turn)).flat(),
    event("sevt_queued", "user.message", null, { content: [{ type: "text", text: "queued" }] }),
  ];
}
