alter table "connection" add column "content_mode" text not null default 'masked';

create table "masked_count" (
  "workspace" text not null,
  "rule" text not null,
  "fields" bigint not null,
  "last_at" timestamptz(6) not null,
  constraint "masked_count_pkey" primary key ("workspace", "rule")
);
