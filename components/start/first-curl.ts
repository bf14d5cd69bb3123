type CurlParts = { origin: string; key: string; session: string; nowMs: number };

/** A command that sends one small, whole session: a question, a model request with its tokens, an answer. */
export function firstCurl({ origin, key, session, nowMs }: CurlParts): string {
  const at = (seconds: number) => new Date(nowMs + seconds * 1000).toISOString();
  const event = (id: string, seconds: number, type: string, more: object = {}) => ({
    session_id: session,
    event: { id: `${session}_${id}`, type, processed_at: at(seconds), ...more },
  });
  const text = (words: string) => ({ content: [{ type: "text", text: words }] });
  const body = {
    sessions: [
      {
        id: session,
        type: "session",
        title: "Hello, Watchkeeper",
        created_at: at(0),
        agent: { id: "agent_hello", name: "hello", version: 1, model: { id: "claude-haiku-4-5" } },
      },
    ],
    events: [
      event("1", 0, "session.status_running"),
      event("2", 0.1, "user.message", text("Are you there?")),
      event("3", 0.2, "span.model_request_start"),
      event("4", 1.9, "agent.message", text("Yes: this is the first event.")),
      event("5", 2, "span.model_request_end", {
        model_request_start_id: `${session}_3`,
        is_error: false,
        model_usage: {
          input_tokens: 812,
          output_tokens: 24,
          cache_read_input_tokens: 0,
          cache_creation_input_tokens: 0,
        },
      }),
      event("6", 2.1, "session.status_idle", { stop_reason: { type: "end_turn" } }),
    ],
  };
  return [
    `curl ${origin}/api/v1/ingest \\`,
    `  -H 'authorization: Bearer ${key}' \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '${JSON.stringify(body, null, 1).replaceAll(/\n\s*/g, " ")}'`,
  ].join("\n");
}
