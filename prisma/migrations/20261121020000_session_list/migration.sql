-- The session list: one index a sort order, ended by the key so that pages can be cut anywhere.
create index "session_by_started" on "session" ("workspace", "started_at", "session_id", "connection_id");
create index "session_by_settled" on "session" ("workspace", "settled_at", "session_id", "connection_id");
create index "session_by_last_event" on "session" ("workspace", "last_event_at", "session_id", "connection_id")
  include ("started_at", "settled_at", "outcome");
create index "session_by_cost" on "session" ("workspace", "computed_nanos", "session_id", "connection_id");
create index "session_by_duration" on "session" ("workspace", "duration_ms", "session_id", "connection_id");
create index "session_by_tokens" on "session" ("workspace", "total_tokens", "session_id", "connection_id");
create index "session_by_tool_errors" on "session" ("workspace", "tool_errors", "session_id", "connection_id");

-- An agent's sessions, or a version's, with all that the list sorts by: agents differ most in cost and
-- versions in time, so a walk along all sessions may pass most of them before it meets the first.
create index "session_by_agent" on "session" ("workspace", "agent_id", "agent_version", "session_id", "connection_id")
  include ("outcome", "started_at", "settled_at", "last_event_at", "computed_nanos", "duration_ms", "total_tokens", "tool_errors");

-- Every other filter, alone or together. Single values stand as arrays of one, which GIN knows
-- without an extension. New entries wait in a short list that every search reads.
create index "session_facets" on "session" using gin (
  (array["outcome"]), (array["agent_id"]), (array["agent_version"]), (array["environment_id"]),
  (array["deployment_id"]), (array["source"]), "models", "tools", "error_types",
  "metadata" jsonb_path_ops
) with (gin_pending_list_limit = 256);

-- Scans that need only an index stay so only while pages are marked as seen by all.
alter table "session" set (
  autovacuum_vacuum_scale_factor = 0.05,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.02
);
