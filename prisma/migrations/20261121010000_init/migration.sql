create table "workspace" (
  "id" text primary key,
  "name" text not null,
  "created_at" timestamptz(6) not null default current_timestamp
);
insert into "workspace" ("id", "name") values ('default', 'Default');

create table "api_key" (
  "id" text primary key,
  "workspace" text not null,
  "name" text not null,
  "prefix" text not null,
  "hash" text not null,
  "scopes" text[],
  "created_at" timestamptz(6) not null default current_timestamp,
  "last_used_at" timestamptz(6),
  "revoked_at" timestamptz(6)
);
create unique index "api_key_hash_key" on "api_key" ("hash");
create index "api_key_workspace_idx" on "api_key" ("workspace");

create table "browser_session" (
  "hash" text primary key,
  "workspace" text not null,
  "role" text not null,
  "created_at" timestamptz(6) not null default current_timestamp,
  "expires_at" timestamptz(6) not null
);

create table "setting" (
  "workspace" text not null,
  "key" text not null,
  "value" jsonb not null,
  "updated_at" timestamptz(6) not null default current_timestamp,
  primary key ("workspace", "key")
);

create table "saved_view" (
  "workspace" text not null,
  "id" text not null,
  "room" text not null,
  "name" text not null,
  "query" text not null,
  "created_at" timestamptz(6) not null default current_timestamp,
  primary key ("workspace", "id")
);
create index "saved_view_workspace_room_name_idx" on "saved_view" ("workspace", "room", "name");

create table "session" (
  "workspace" text not null,
  "session_id" text not null,
  "connection_id" text not null default '',
  "day" date not null,
  "source" text not null,
  "title" text,
  "agent_id" text,
  "agent_name" text,
  "agent_version" text,
  "environment_id" text,
  "deployment_id" text,
  "model" text,
  "status" text,
  "outcome" text not null default 'unknown',
  "outcome_detail" jsonb,
  "failed" boolean not null default false,
  "started_at" timestamptz(6),
  "settled_at" timestamptz(6),
  "last_event_at" timestamptz(6),
  "archived_at" timestamptz(6),
  "deleted_at" timestamptz(6),
  "duration_ms" bigint,
  "active_ms" bigint,
  "waiting_ms" bigint not null default 0,
  "turns" integer not null default 0,
  "threads" integer not null default 1,
  "events" integer not null default 0,
  "model_requests" integer not null default 0,
  "tool_calls" integer not null default 0,
  "tool_errors" integer not null default 0,
  "tool_denials" integer not null default 0,
  "errors" jsonb not null default '[]',
  "input_tokens" bigint not null default 0,
  "cache_write_5m_tokens" bigint not null default 0,
  "cache_write_1h_tokens" bigint not null default 0,
  "cache_read_tokens" bigint not null default 0,
  "output_tokens" bigint not null default 0,
  "total_tokens" bigint not null default 0,
  "web_searches" integer not null default 0,
  "computed_nanos" bigint not null default 0,
  "tokens_nanos" bigint not null default 0,
  "runtime_nanos" bigint not null default 0,
  "web_search_nanos" bigint not null default 0,
  "unpriced_tokens" bigint not null default 0,
  "missing_thread_tokens" bigint not null default 0,
  "list_cost_cents" bigint,
  "drift_nanos" bigint,
  "drift_causes" text[] default '{}',
  "price_book" text not null default '',
  "budget_cents" bigint,
  "metadata" jsonb not null default '{}',
  "models" text[] default '{}',
  "tools" text[] default '{}',
  "error_types" text[] default '{}',
  primary key ("workspace", "session_id", "connection_id")
);

create table "session_state" (
  "workspace" text not null,
  "session_id" text not null,
  "connection_id" text not null default '',
  "object" json,
  "fold" json not null,
  primary key ("workspace", "session_id", "connection_id")
);

create table "thread" (
  "workspace" text not null,
  "session_id" text not null,
  "connection_id" text not null default '',
  "thread_id" text not null,
  "parent_thread_id" text,
  "agent_id" text,
  "agent_name" text,
  "agent_version" text,
  "model" text,
  "workflow_run_id" text,
  "status" text,
  "created_at" timestamptz(6),
  "archived_at" timestamptz(6),
  "object" json,
  "fold" json not null,
  primary key ("workspace", "session_id", "connection_id", "thread_id")
);

-- Prisma has no word for partitions. Days are made as they are needed; dropping one is retention.
create table "event" (
  "workspace" text not null,
  "session_id" text not null,
  "connection_id" text not null default '',
  "thread_id" text not null default '',
  "id" text not null,
  "day" date not null,
  "type" text not null,
  "at" timestamptz(6),
  "rank" smallint not null,
  "source" text not null,
  "received_at" timestamptz(6) not null,
  "hash" uuid not null,
  "payload" json not null,
  primary key ("workspace", "session_id", "connection_id", "thread_id", "id", "day")
) partition by range ("day");
-- Without the key's first column, so that the planner never takes it for the key: on a partition
-- without statistics it would walk a whole session for each event it looks up.
create index "event_order" on "event" ("session_id", "at", "rank", "id");

create table "span" (
  "workspace" text not null,
  "session_id" text not null,
  "connection_id" text not null default '',
  "id" text not null,
  "day" date not null,
  "kind" text not null,
  "thread_id" text not null default '',
  "name" text not null,
  "at" timestamptz(6),
  "started_at" timestamptz(6),
  "ended_at" timestamptz(6),
  "state" text not null,
  "input_tokens" bigint,
  "cache_write_tokens" bigint,
  "cache_read_tokens" bigint,
  "output_tokens" bigint,
  "start_event_id" text,
  "end_event_id" text,
  "attributes" jsonb not null,
  primary key ("workspace", "session_id", "connection_id", "id", "day")
) partition by range ("day");
create index "span_order" on "span" ("session_id", "at", "id");

create table "message_text" (
  "workspace" text not null,
  "session_id" text not null,
  "connection_id" text not null default '',
  "thread_id" text not null default '',
  "event_id" text not null,
  "day" date not null,
  "words" tsvector not null,
  primary key ("workspace", "session_id", "connection_id", "thread_id", "event_id", "day")
) partition by range ("day");
create index "message_text_words" on "message_text" using gin ("words");

create table "agent" (
  "workspace" text not null,
  "connection_id" text not null default '',
  "agent_id" text not null,
  "name" text,
  "version" text,
  "updated_at" timestamptz(6),
  "archived_at" timestamptz(6),
  "object" json not null,
  primary key ("workspace", "connection_id", "agent_id")
);

create table "agent_version" (
  "workspace" text not null,
  "connection_id" text not null default '',
  "agent_id" text not null,
  "version" text not null,
  "config_hash" text not null,
  "model" text,
  "first_seen_at" timestamptz(6) not null default current_timestamp,
  "object" json not null,
  primary key ("workspace", "connection_id", "agent_id", "version", "config_hash")
);

create table "environment" (
  "workspace" text not null,
  "connection_id" text not null default '',
  "environment_id" text not null,
  "name" text,
  "updated_at" timestamptz(6),
  "object" json not null,
  primary key ("workspace", "connection_id", "environment_id")
);

create table "rejected_item" (
  "workspace" text not null,
  "id" uuid not null,
  "received_at" timestamptz(6) not null,
  "source" text not null,
  "kind" text not null,
  "code" text not null,
  "message" text not null,
  "session_id" text,
  "body" text not null,
  "body_bytes" integer not null,
  primary key ("workspace", "id")
);
create index "rejected_item_workspace_received_at_idx" on "rejected_item" ("workspace", "received_at");
