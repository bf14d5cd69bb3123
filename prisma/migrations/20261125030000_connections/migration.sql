create table "connection" (
  "workspace" text not null,
  "id" text not null,
  "name" text not null,
  "base_url" text not null,
  "api_key_sealed" text not null,
  "api_key_hint" text not null,
  "webhook_secrets_sealed" text[] not null default '{}',
  "webhook_secret_hints" text[] not null default '{}',
  "admin_key_sealed" text,
  "reads_per_minute" integer not null default 240,
  "backfill_days" integer,
  "on_delete" text not null default 'keep',
  "state" text not null default 'backfilling',
  "state_reason" text,
  "remote_workspace_id" text,
  "created_at" timestamptz(6) not null default current_timestamp,
  "updated_at" timestamptz(6) not null default current_timestamp,
  "backfill_before" timestamptz(6),
  "backfill_oldest" timestamptz(6),
  "backfill_sessions" integer not null default 0,
  "backfill_events" bigint not null default 0,
  "backfill_started_at" timestamptz(6),
  "backfill_done_at" timestamptz(6),
  "last_webhook_at" timestamptz(6),
  "last_synced_at" timestamptz(6),
  "lag_seconds" integer,
  primary key ("workspace", "id"),
  constraint "connection_state" check ("state" in ('backfilling', 'live', 'paused', 'failed')),
  constraint "connection_on_delete" check ("on_delete" in ('keep', 'purge'))
);
-- A webhook's address names the connection alone.
create unique index "connection_id_key" on "connection" ("id");

create table "webhook_delivery" (
  "workspace" text not null,
  "connection_id" text not null,
  "webhook_id" text not null,
  "received_at" timestamptz(6) not null,
  "created_at" timestamptz(6),
  "type" text not null,
  "resource_id" text not null,
  "thread_id" text,
  "repeats" integer not null default 0,
  primary key ("workspace", "connection_id", "webhook_id")
);
create index "webhook_delivery_workspace_connection_id_received_at_idx"
  on "webhook_delivery" ("workspace", "connection_id", "received_at");

create table "webhook_failure" (
  "workspace" text not null,
  "connection_id" text not null,
  "id" uuid not null,
  "received_at" timestamptz(6) not null,
  "reason" text not null,
  "remote" text,
  primary key ("workspace", "connection_id", "id")
);
create index "webhook_failure_workspace_connection_id_received_at_idx"
  on "webhook_failure" ("workspace", "connection_id", "received_at");
