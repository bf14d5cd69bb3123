/** What `types[]` accepts; `session.deleted` is no filter. */
export const EVENT_TYPES: readonly string[] = [
  ...["message", "interrupt", "tool_confirmation", "custom_tool_result", "tool_result"].map(
    (name) => `user.${name}`,
  ),
  "user.define_outcome",
  "system.message",
  ...["message", "thinking", "tool_use", "tool_result", "mcp_tool_use", "mcp_tool_result"].map(
    (name) => `agent.${name}`,
  ),
  ...["custom_tool_use", "thread_message_received", "thread_message_sent"].map(
    (name) => `agent.${name}`,
  ),
  "agent.thread_context_compacted",
  ...["error", "updated", "usage", "thread_created"].map((name) => `session.${name}`),
  ...["running", "idle", "rescheduled", "terminated"].flatMap((name) => [
    `session.status_${name}`,
    `session.thread_status_${name}`,
  ]),
  ...["model_request_start", "model_request_end"].map((name) => `span.${name}`),
  ...["start", "ongoing", "end"].map((name) => `span.outcome_evaluation_${name}`),
  ...["created", "status_running", "status_idle", "status_ended", "error"].map(
    (name) => `workflow_run.${name}`,
  ),
  ...["phase_started", "phase_ended"].map((name) => `workflow_run.${name}`),
];
