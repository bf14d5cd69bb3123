-- What each minute of a session adds up to: the facts that rollups are sums of.
create table "session_cell" (
  "workspace" text not null,
  "session_id" text not null,
  "connection_id" text not null default '',
  "minute" integer not null,
  "family" text not null,
  "key" text not null,
  "count" bigint not null default 0,
  "failed" bigint not null default 0,
  "denied" bigint not null default 0,
  "ms" bigint not null default 0,
  "nanos" bigint not null default 0,
  "input_tokens" bigint not null default 0,
  "cache_write_5m_tokens" bigint not null default 0,
  "cache_write_1h_tokens" bigint not null default 0,
  "cache_read_tokens" bigint not null default 0,
  "output_tokens" bigint not null default 0,
  "unpriced_tokens" bigint not null default 0,
  "observations" smallint[] not null default '{}',
  primary key ("workspace", "session_id", "connection_id", "minute", "family", "key")
);

alter table "session_state" add column "rolled" json;

-- Differences that are not added up yet. Only ever inserted and taken away, so that batches never
-- wait for each other's sums.
create table "rollup_delta" (
  "id" bigint generated always as identity primary key,
  "workspace" text not null,
  "minute" integer not null,
  "family" text not null,
  "key" text not null,
  "agent" text not null,
  "agent_version" text not null,
  "environment" text not null,
  "deployment" text not null,
  "source" text not null,
  "count" bigint not null default 0,
  "failed" bigint not null default 0,
  "denied" bigint not null default 0,
  "ms" bigint not null default 0,
  "nanos" bigint not null default 0,
  "input_tokens" bigint not null default 0,
  "cache_write_5m_tokens" bigint not null default 0,
  "cache_write_1h_tokens" bigint not null default 0,
  "cache_read_tokens" bigint not null default 0,
  "output_tokens" bigint not null default 0,
  "unpriced_tokens" bigint not null default 0,
  "observations" smallint[] not null default '{}'
);

-- Sums of cells: by minute and by hour with all dimensions, and by hour and agent alone.
create table "rollup" (
  "workspace" text not null,
  "grain" text not null,
  "family" text not null,
  "minute" integer not null,
  "agent" text not null,
  "agent_version" text not null,
  "environment" text not null,
  "deployment" text not null,
  "source" text not null,
  "key" text not null,
  "count" bigint not null default 0,
  "failed" bigint not null default 0,
  "denied" bigint not null default 0,
  "ms" bigint not null default 0,
  "nanos" bigint not null default 0,
  "input_tokens" bigint not null default 0,
  "cache_write_5m_tokens" bigint not null default 0,
  "cache_write_1h_tokens" bigint not null default 0,
  "cache_read_tokens" bigint not null default 0,
  "output_tokens" bigint not null default 0,
  "unpriced_tokens" bigint not null default 0,
  "histogram" bytea,
  primary key ("workspace", "grain", "family", "minute", "agent", "agent_version", "environment",
    "deployment", "source", "key")
);
-- Cells come about in the order of their minutes: enough to find those of a day.
create index "session_cell_minute" on "session_cell" using brin ("minute");
