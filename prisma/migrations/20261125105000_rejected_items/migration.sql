-- What it takes to try an item again: whose it was, and the item whole. Items kept so far stay as they
-- are, without their envelope: their thread is not known, so nobody may guess it for them.
alter table "rejected_item"
  add column "connection_id" text not null default '',
  add column "thread_id" text,
  add column "tried_at" timestamptz(6),
  add column "original" text;

drop index "rejected_item_workspace_received_at_idx";
create index "rejected_item_workspace_received_at_id_idx" on "rejected_item" ("workspace", "received_at", "id");
create index "rejected_item_workspace_session_id_idx" on "rejected_item" ("workspace", "session_id");
