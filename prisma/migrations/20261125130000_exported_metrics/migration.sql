-- Up to when everything of a connection was here, as last known in a minute it was read in.
create table "sync_minute" (
  "workspace" text not null,
  "connection_id" text not null,
  "minute" integer not null,
  "until" timestamptz(6) not null,
  primary key ("workspace", "connection_id", "minute")
);

-- Waits are few among the spans; the oldest one that was open is asked for at any time.
create index "span_wait" on "span" ("workspace", "ended_at") where "kind" = 'wait';

-- The most that a counter has ever been told to Prometheus as: what it is told as from then on, at least.
create table "exported_counter" (
  "workspace" text not null,
  "series" text not null,
  "value" double precision not null,
  primary key ("workspace", "series")
);

-- From now on every family has a total. All sessions are derived anew after this upgrade in any case
-- (FOLD_VERSION), and what they add up to begins with nothing, so that totals are whole once they are.
truncate "rollup", "rollup_delta", "session_cell";
update "session_state" set "rolled" = null where "rolled" is not null;
