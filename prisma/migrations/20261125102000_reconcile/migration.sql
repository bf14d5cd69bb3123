-- What the spans of a session add up to, beside the platform's usage; filled when sessions are folded again.
alter table "session"
  add column "span_input_tokens" bigint not null default 0,
  add column "span_cache_write_tokens" bigint not null default 0,
  add column "span_cache_read_tokens" bigint not null default 0,
  add column "span_output_tokens" bigint not null default 0,
  add column "token_gap" bigint not null default 0,
  add column "usage_at" timestamptz(6);
-- Few sessions have a gap; those are looked for at every turn of the sync.
create index "session_token_gap" on "session" ("workspace", "connection_id", "session_id") where "token_gap" > 0;

-- A usage that the spans do not add up to has all lists of the session read once more, once.
alter table "sync_session"
  add column "relist_usage" text,
  add column "relisted_at" timestamptz(6);
