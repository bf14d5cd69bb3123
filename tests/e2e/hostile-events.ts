import { everything, named, said } from "./hostile-corpus";

type Json = Record<string, unknown>;

const blocks = (...texts: string[]) => texts.map((text) => ({ type: "text", text }));

/** What a tool gave back, in every form that a result may have. */
const resultOf = (at: number) => [
  ...blocks(
    said("tool output", at),
    everything("long tool output"),
    `<svg xmlns="http://www.w3.org/2000/svg" onload="owned()"><script>owned()</script></svg>`,
    JSON.stringify({ [said("key of an output", at)]: [said("value of an output", at)] }),
  ),
  { type: "image", source: { type: "url", url: `javascript:owned("${at}")` } },
  {
    type: "image",
    source: { type: "base64", media_type: "image/svg+xml", data: btoa("<svg onload=owned()>") },
  },
  {
    ...{ type: "document", title: said("title of a document", at) },
    source: { type: "text", data: said("document", at) },
  },
  {
    ...{ type: "search_result", title: said("search result", at), source: "javascript:owned()" },
    content: blocks(said("found text", at)),
  },
  { type: said("type of a block", at), value: said("unknown block", at) },
];

const CALLS = [
  { type: "agent.tool_use", result: "agent.tool_result", key: "tool_use_id" },
  { type: "agent.mcp_tool_use", result: "agent.mcp_tool_result", key: "mcp_tool_use_id" },
  { type: "agent.custom_tool_use", result: "user.custom_tool_result", key: "custom_tool_use_id" },
];

const callsOf = (at: number, id: string) =>
  CALLS.flatMap(({ type, result, key }, nth): [number, string, Json][] => [
    [
      4 + nth,
      type,
      {
        ...{ id: `${id}-use${nth}`, name: said(`tool ${nth}`, at), evaluated_permission: "allow" },
        mcp_server_name: said("server of a call", at),
        input: {
          command: said("tool input", at),
          [said("key of an input", at)]: { [said("inner key of an input", at)]: ["x".repeat(900)] },
          all: everything("long tool input"),
        },
      },
    ],
    [
      4.5 + nth,
      result,
      { [key]: `${id}-use${nth}`, is_error: nth === 0, content: resultOf(at + nth) },
    ],
  ]);

/** A session's events, of all types that hold text; it ends in a failure or a refusal. */
export function eventsOf(at: number, id: string, startMs: number): Json[] {
  const error = (retry: string, type: string) => ({
    error: { type, message: said("error message", at), retry_status: { type: retry } },
  });
  const events: [number, string, Json][] = [
    [0, "session.status_running", {}],
    [0.3, "user.define_outcome", { description: said("wanted outcome", at) }],
    [0.5, "user.message", { content: blocks(said("user message", at), everything("question")) }],
    [1, "span.model_request_start", { id: `${id}-request` }],
    [2, "agent.thinking", { content: blocks(said("thought", at)) }],
    [2.5, "agent.message", { content: blocks(said("agent message", at), everything("answer")) }],
    [
      3,
      "span.model_request_end",
      {
        ...{ model_request_start_id: `${id}-request`, is_error: false },
        model_usage: {
          ...{ input_tokens: 400_000, output_tokens: 5_000 },
          ...{ cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
        },
      },
    ],
    ...callsOf(at, id),
    [
      7,
      "session.thread_created",
      { session_thread_id: `sthr_${at}`, agent_name: said("thread", at) },
    ],
    [7.2, "span.outcome_evaluation_start", { id: `${id}-judge`, outcome_id: "o", iteration: 0 }],
    [
      7.4,
      "span.outcome_evaluation_end",
      {
        ...{ outcome_evaluation_start_id: `${id}-judge`, outcome_id: "o", iteration: 0 },
        ...{ result: "needs_revision", explanation: said("explanation", at) },
      },
    ],
    [8, named("event type", at), { content: blocks(said("text of an unknown event", at)) }],
    [9, "session.error", error("retrying", "model_overloaded_error")],
    [10, "session.error", error("exhausted", said("error type", at))],
    [
      11,
      "workflow_run.error",
      { error: { type: said("workflow error", at), message: said("workflow message", at) } },
    ],
    [
      12,
      "agent.thread_message_sent",
      {
        ...{ to_session_thread_id: `sthr_${at}`, to_agent_name: said("addressee", at) },
        content: blocks(said("message between threads", at)),
      },
    ],
    [
      13,
      "session.status_idle",
      {
        stop_reason: { type: at % 2 === 0 ? "retries_exhausted" : "refusal" },
        stop_details: {
          ...{ type: "refusal", category: said("category of a refusal", at) },
          explanation: said("refusal", at),
        },
      },
    ],
  ];
  return events.map(([seconds, type, fields], nth) => ({
    ...{ id: `${id}-${nth}`, type, ...fields },
    processed_at: new Date(startMs + seconds * 1_000).toISOString(),
  }));
}
