-- What a workspace holds beside its sessions: agent versions, deployments with their runs, vaults, memory stores.
create table "agent_release" (
  "workspace" text not null,
  "connection_id" text not null default '',
  "agent_id" text not null,
  "version" text not null,
  "name" text,
  "model" text,
  "tools" text[] not null default '{}',
  "system_hash" uuid,
  "system_chars" integer not null default 0,
  "created_at" timestamptz(6),
  "updated_at" timestamptz(6) not null,
  "hash" uuid not null,
  primary key ("workspace", "connection_id", "agent_id", "version")
);

create table "deployment" (
  "workspace" text not null,
  "connection_id" text not null default '',
  "deployment_id" text not null,
  "name" text,
  "agent_id" text,
  "agent_version" text,
  "environment_id" text,
  "status" text,
  "paused_reason" text,
  "schedule" text,
  "timezone" text,
  "last_run_at" timestamptz(6),
  "vault_ids" text[] not null default '{}',
  "memory_store_ids" text[] not null default '{}',
  "budget_cents" bigint,
  "updated_at" timestamptz(6) not null,
  "archived_at" timestamptz(6),
  "object" json not null,
  primary key ("workspace", "connection_id", "deployment_id")
);

create table "deployment_run" (
  "workspace" text not null,
  "connection_id" text not null default '',
  "run_id" text not null,
  "deployment_id" text not null,
  "agent_id" text,
  "agent_version" text,
  "trigger" text,
  "scheduled_at" timestamptz(6),
  "started_at" timestamptz(6),
  "session_id" text,
  "error_type" text,
  "error_message" text,
  "updated_at" timestamptz(6) not null,
  "object" json not null,
  primary key ("workspace", "connection_id", "run_id")
);
create index "deployment_run_by_deployment" on "deployment_run" ("workspace", "connection_id", "deployment_id", "started_at");

-- Vaults and memory stores: that they are there and what they are called, never what is in them.
create table "resource" (
  "workspace" text not null,
  "connection_id" text not null default '',
  "kind" text not null,
  "resource_id" text not null,
  "name" text,
  "created_at" timestamptz(6),
  "updated_at" timestamptz(6) not null,
  "archived_at" timestamptz(6),
  "hash" uuid not null,
  primary key ("workspace", "connection_id", "kind", "resource_id")
);

-- The queue of a self-hosted environment, as last read.
create table "work_queue" (
  "workspace" text not null,
  "connection_id" text not null,
  "environment_id" text not null,
  "depth" integer,
  "pending" integer,
  "oldest_queued_at" timestamptz(6),
  "workers_polling" integer,
  "read_at" timestamptz(6) not null,
  primary key ("workspace", "connection_id", "environment_id")
);

-- How long a model will be there, as the platform said when last asked.
create table "model_life" (
  "workspace" text not null,
  "connection_id" text not null,
  "model" text not null,
  "lifecycle" text not null,
  "retires_at" timestamptz(6),
  "read_at" timestamptz(6) not null,
  primary key ("workspace", "connection_id", "model")
);

alter table "environment" add column "archived_at" timestamptz(6);
update "environment" set "archived_at" = ("object"->>'archived_at')::timestamptz;

alter table "session"
  add column "vault_ids" text[] not null default '{}',
  add column "memory_store_ids" text[] not null default '{}';
update "session" s set
  "vault_ids" = array(
    select v from json_array_elements_text(st."object"->'vault_ids') v
    where v <> '' group by v order by v collate "C"),
  "memory_store_ids" = array(
    select v from (select r->>'memory_store_id' as v from json_array_elements(st."object"->'resources') r) ids
    where v <> '' group by v order by v collate "C")
from "session_state" st
where st."workspace" = s."workspace" and st."session_id" = s."session_id"
  and st."connection_id" = s."connection_id"
  and json_typeof(st."object"->'vault_ids') = 'array'
  and json_typeof(st."object"->'resources') = 'array'
  and (json_array_length(st."object"->'vault_ids') > 0 or st."object"::text like '%"memory_store_id"%');

-- Agents that work for others have threads and no sessions of their own.
create index "thread_of_child" on "thread" ("workspace", "agent_id", "created_at") where "thread_id" <> '';

-- Which vaults and memory stores were ever used, and when last, without a walk along all sessions.
create index "session_with_resources" on "session" ("workspace", "started_at")
  where cardinality("vault_ids") + cardinality("memory_store_ids") > 0;
