alter table "connection"
  add column "webhook_secret_times" timestamptz(6)[] not null default '{}',
  add column "webhooks_since" timestamptz(6),
  add column "backfill_ms" bigint not null default 0;
-- When the present secrets came is not known: from now on they are held to what they should bring.
update "connection" set
  "webhook_secret_times" = array_fill(current_timestamp, array[cardinality("webhook_secrets_sealed")]),
  "webhooks_since" = current_timestamp
where cardinality("webhook_secrets_sealed") > 0;

create index "webhook_delivery_workspace_connection_id_type_received_at_idx"
  on "webhook_delivery" ("workspace", "connection_id", "type", "received_at");

-- Events that the platform announces by webhooks, which are a few in a hundred.
create index "event_announced" on "event" ("workspace", "connection_id", "at")
  where "connection_id" <> '' and "thread_id" = '' and "type" in (
    'session.status_running', 'session.status_idle', 'session.status_rescheduled',
    'session.status_terminated', 'session.updated', 'span.outcome_evaluation_end',
    'session.thread_created', 'session.thread_status_idle', 'session.thread_status_terminated');
