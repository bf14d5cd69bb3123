-- Which version of the fold has derived a session stands in a column of its own, so that what an update
-- has still to derive anew is found and counted at once, whatever else there is.
alter table "session_state" add column "fold_version" integer
  generated always as (coalesce(("fold" ->> 'version')::int, 0)) stored;
alter table "session_state" alter column "fold_version" drop expression;
alter table "session_state" alter column "fold_version" set not null;
create index "session_state_fold_version_workspace_idx" on "session_state" ("fold_version", "workspace");
