-- A session that is tailed by streams while somebody looks at it: by whom, until when, by how many.
create table "sync_tail" (
  "workspace" text not null,
  "connection_id" text not null,
  "session_id" text not null,
  "holder" text not null,
  "streams" integer not null default 1,
  "claimed_until" timestamptz(6) not null,
  primary key ("workspace", "connection_id", "session_id")
);
