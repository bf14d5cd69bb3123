-- History priced anew with the prices that now hold: how far it is, and what it changes by day and agent.
create table "repricing" (
  "workspace" text not null,
  "id" text not null,
  "kind" text not null,
  "state" text not null,
  "version" text not null,
  "sessions" integer,
  "done" integer not null,
  "changed" integer not null,
  "kept" integer not null,
  "after_session" text not null,
  "after_connection" text not null,
  "created_at" timestamptz(6) not null,
  "finished_at" timestamptz(6),
  constraint "repricing_pkey" primary key ("workspace", "id")
);

create table "repricing_part" (
  "workspace" text not null,
  "id" text not null,
  "day" date not null,
  "agent" text not null,
  "before_nanos" bigint not null,
  "after_nanos" bigint not null,
  "unpriced_before" bigint not null,
  "unpriced_after" bigint not null,
  constraint "repricing_part_pkey" primary key ("workspace", "id", "day", "agent")
);
