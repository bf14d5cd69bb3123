-- What the sync knows of each session it has seen listed, and when it has to look again.
create table "sync_session" (
  "workspace" text not null,
  "connection_id" text not null,
  "session_id" text not null,
  "status" text,
  "updated_at" text,
  "read_updated_at" text,
  "watermark" text,
  "has_threads" boolean not null default false,
  "threads" jsonb not null default '{}',
  "events" integer not null default 0,
  "read_at" timestamptz(6),
  "whole_at" timestamptz(6),
  "seen_at" timestamptz(6) not null,
  "due_at" timestamptz(6),
  "claimed_until" timestamptz(6),
  "failures" integer not null default 0,
  "last_error" text,
  "gone_at" timestamptz(6),
  primary key ("workspace", "connection_id", "session_id")
);
create index "sync_session_due" on "sync_session" ("workspace", "connection_id", "due_at") where "due_at" is not null;

-- One row a connection and kind of work: who is at it until when, and when its lists are due again.
create table "sync_work" (
  "workspace" text not null,
  "connection_id" text not null,
  "kind" text not null,
  "claimed_until" timestamptz(6) not null default '-infinity',
  "due_at" timestamptz(6) not null default '-infinity',
  primary key ("workspace", "connection_id", "kind")
);

-- The read budget of a connection, shared by all processes: when the next read may go out.
create table "read_budget" (
  "workspace" text not null,
  "connection_id" text not null,
  "next_at" timestamptz(6) not null default '-infinity',
  "blocked_until" timestamptz(6) not null default '-infinity',
  "refusals" integer not null default 0,
  primary key ("workspace", "connection_id")
);

-- Reads that went out, by second, for as long as somebody may ask.
create table "read_count" (
  "workspace" text not null,
  "connection_id" text not null,
  "at" timestamptz(0) not null,
  "reads" integer not null,
  primary key ("workspace", "connection_id", "at")
);
