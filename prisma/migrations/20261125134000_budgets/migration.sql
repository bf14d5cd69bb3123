create table "budget" (
  "workspace" text not null,
  "id" text not null,
  "name" text not null,
  "scope" text not null,
  "value" text,
  "period" text not null,
  "tz" text not null,
  "amount_nanos" bigint not null,
  "created_at" timestamptz(6) not null default current_timestamp,
  primary key ("workspace", "id")
);
