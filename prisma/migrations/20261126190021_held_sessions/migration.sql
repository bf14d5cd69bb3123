-- What a hold by a value of metadata has once been on stays held by it, whatever its metadata become.
create table "held_session" (
  "workspace" text not null,
  "session_id" text not null,
  "connection_id" text not null,
  "hold_id" text not null,
  constraint "held_session_pkey" primary key ("workspace", "session_id", "connection_id", "hold_id")
);

insert into "held_session" ("workspace", "session_id", "connection_id", "hold_id")
select s."workspace", s."session_id", s."connection_id", h."id"
from "legal_hold" h join "session" s on s."workspace" = h."workspace"
  and s."metadata" ->> h."key" = h."value"
where h."kind" = 'metadata' and h."lifted_at" is null;
