-- What retention has taken of a session that is still known. From `events_at` on nothing derives it anew.
create table "session_seal" (
  "workspace" text not null,
  "session_id" text not null,
  "connection_id" text not null default '',
  "day" date not null,
  "content_at" timestamptz(6),
  "events_at" timestamptz(6),
  "spans_at" timestamptz(6),
  "has_events" boolean not null default true,
  "has_spans" boolean not null default true,
  "cells" uuid,
  "late" integer not null default 0,
  "late_at" timestamptz(6),
  constraint "session_seal_pkey" primary key ("workspace", "session_id", "connection_id")
);
create index "session_seal_day" on "session_seal" ("day", "has_events", "has_spans");

-- Sessions that are not to come back, by a hash of what names them.
create table "gone_session" (
  "workspace" text not null,
  "hash" text not null,
  "gone_at" timestamptz(6) not null,
  "erasure_id" text,
  "late" integer not null default 0,
  "late_at" timestamptz(6),
  constraint "gone_session_pkey" primary key ("workspace", "hash")
);

create table "retention_run" (
  "workspace" text not null,
  "id" text not null,
  "state" text not null,
  "asked_by" text not null default '',
  "cutoffs" jsonb not null,
  "stage" text not null,
  "after_session" text not null default '',
  "after_connection" text not null default '',
  "counts" jsonb not null default '{}',
  "partitions" text[],
  "started_at" timestamptz(6) not null,
  "finished_at" timestamptz(6),
  constraint "retention_run_pkey" primary key ("workspace", "id")
);
create index "retention_run_workspace_started_at_idx" on "retention_run" ("workspace", "started_at");

create table "legal_hold" (
  "workspace" text not null,
  "id" text not null,
  "kind" text not null,
  "connection_id" text,
  "session_ids" text[],
  "key" text,
  "value" text,
  "reason" text not null,
  "placed_by" text not null,
  "placed_at" timestamptz(6) not null,
  "lifted_by" text,
  "lifted_at" timestamptz(6),
  constraint "legal_hold_pkey" primary key ("workspace", "id")
);
