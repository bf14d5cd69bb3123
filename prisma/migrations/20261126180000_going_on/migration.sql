-- What a session goes on from when something comes after its events were dropped.
alter table "session_seal"
  add column "until" timestamptz(6),
  add column "base" json,
  add column "base_version" integer,
  add column "base_cells" json,
  add column "settled" bigint[] default array[]::bigint[];
