/**
 * Order of types among events of one instant (reference §14.1): what opens comes before what it
 * opens, results before the idle they lead to. Unknown types stand in the middle.
 */
const RANKS: Record<string, number> = {
  "session.thread_created": 5,
  "session.status_running": 10,
  "session.thread_status_running": 11,
  "session.updated": 12,
  "system.message": 18,
  "user.define_outcome": 19,
  "user.message": 20,
  "user.tool_confirmation": 21,
  "user.custom_tool_result": 22,
  "user.tool_result": 22,
  "agent.thread_message_received": 24,
  "user.interrupt": 25,
  "workflow_run.created": 26,
  "workflow_run.status_running": 27,
  "workflow_run.phase_started": 28,
  "span.outcome_evaluation_start": 29,
  "span.model_request_start": 30,
  "agent.thinking": 31,
  "agent.message": 32,
  "agent.tool_use": 33,
  "agent.mcp_tool_use": 33,
  "agent.custom_tool_use": 33,
  "agent.thread_message_sent": 34,
  "span.model_request_end": 40,
  "agent.tool_result": 45,
  "agent.mcp_tool_result": 45,
  "agent.thread_context_compacted": 46,
  "span.outcome_evaluation_ongoing": 47,
  "span.outcome_evaluation_end": 48,
  "workflow_run.phase_ended": 52,
  "workflow_run.error": 53,
  "workflow_run.status_idle": 54,
  "workflow_run.status_ended": 55,
  "session.error": 56,
  "session.thread_status_rescheduled": 60,
  "session.thread_status_idle": 61,
  "session.thread_status_terminated": 62,
  "session.usage": 70,
  "session.status_rescheduled": 80,
  "session.status_idle": 81,
  "session.status_terminated": 90,
  "session.deleted": 99,
};
const UNKNOWN_RANK = 50;

export function typeRank(type: string): number {
  return (Object.hasOwn(RANKS, type) ? RANKS[type] : undefined) ?? UNKNOWN_RANK;
}

/** Every type of reference §4 that is ever persisted; others are kept whole and shown plainly. */
export const KNOWN_TYPES: readonly string[] = Object.keys(RANKS);

/** Types whose order matters in every thread: they make turns, the state band, waits and what prompts and the cache hold. */
export const LIFECYCLE_TYPES: readonly string[] = [
  "session.status_running",
  "session.status_idle",
  "session.status_rescheduled",
  "session.status_terminated",
  "session.deleted",
  "session.thread_status_running",
  "session.thread_status_idle",
  "session.thread_status_rescheduled",
  "session.thread_status_terminated",
  "session.error",
  "user.interrupt",
  "span.outcome_evaluation_end",
  "span.model_request_end",
  "agent.thread_context_compacted",
  "agent.tool_use",
  "agent.mcp_tool_use",
  "agent.custom_tool_use",
  "agent.tool_result",
  "agent.mcp_tool_result",
  "user.tool_result",
  "user.custom_tool_result",
  "user.message",
  "agent.thread_message_received",
];
/** What an agent puts out beside requests. Its order matters where turns are timed: in the primary thread. */
const OUTPUT_TYPES: readonly string[] = ["agent.message"];
const PRIMARY_TYPES: readonly string[] = [...LIFECYCLE_TYPES, ...OUTPUT_TYPES];
const LIFECYCLE = new Set(LIFECYCLE_TYPES);
const PRIMARY = new Set(PRIMARY_TYPES);

/** Types whose order matters in a thread; the primary one is ''. */
export const orderedTypes = (threadId: string): readonly string[] =>
  threadId === "" ? PRIMARY_TYPES : LIFECYCLE_TYPES;

export function isOrdered({ type, threadId }: { type: string; threadId: string }): boolean {
  return (threadId === "" ? PRIMARY : LIFECYCLE).has(type);
}

/** Only ever seen on a stream (text previews); never part of a session's history. */
export const STREAM_ONLY_TYPES: readonly string[] = ["event_start", "event_delta"];
