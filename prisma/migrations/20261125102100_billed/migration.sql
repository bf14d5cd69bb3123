-- The provider's bill as its cost report has it: per session and UTC day, '' for what is of no session.
create table "billed_cost" (
  "workspace" text not null,
  "connection_id" text not null,
  "day" date not null,
  "session_id" text not null,
  "amount_nanos" bigint not null,
  "list_nanos" bigint not null,
  "read_at" timestamptz(6) not null,
  primary key ("workspace", "connection_id", "day", "session_id")
);
create index "billed_cost_session" on "billed_cost" ("workspace", "connection_id", "session_id");

-- How reading the report of a connection goes: everything from the day "since" to "reported_until" is in.
create table "billed_report" (
  "workspace" text not null,
  "connection_id" text not null,
  "since" date,
  "reported_until" timestamptz(6),
  "read_at" timestamptz(6),
  "error" text,
  primary key ("workspace", "connection_id")
);
