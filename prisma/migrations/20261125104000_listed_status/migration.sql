-- What the list of sessions at work says of one spares reading it by itself.
alter table "sync_session" add column "listed_status" text;

-- Sessions at work are few among many, and asked for with every list.
create index "sync_session_active" on "sync_session" ("workspace", "connection_id") where "status" in ('running', 'rescheduling');
