-- What a connection's server leaves out or refuses, each kind counted, so that people are told.
create table "connection_warning" (
  "workspace" text not null,
  "connection_id" text not null,
  "code" text not null,
  "count" bigint not null default 1,
  "first_seen_at" timestamptz(6) not null,
  "last_seen_at" timestamptz(6) not null,
  "example" text,
  primary key ("workspace", "connection_id", "code")
);

-- Gone: lists name it no longer. Versions are listed anew when the agent has another than at the last time.
alter table "agent" add column "gone_at" timestamptz(6), add column "versions_of" text;
alter table "environment" add column "gone_at" timestamptz(6);
alter table "deployment" add column "gone_at" timestamptz(6);
alter table "resource" add column "gone_at" timestamptz(6);
