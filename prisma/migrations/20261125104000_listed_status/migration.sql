-- What the list of sessions at work says of one spares reading it by itself.
alter table "sync_session" add column "listed_status" text;
