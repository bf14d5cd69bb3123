-- What was erased, for whom and why. The subject is forgotten once it is done.
create table "erasure" (
  "workspace" text not null,
  "id" text not null,
  "state" text not null,
  "subject" jsonb,
  "about" text not null,
  "reason" text not null,
  "asked_by" text not null,
  "sessions" integer not null,
  "report" jsonb not null default '{}',
  "created_at" timestamptz(6) not null,
  "finished_at" timestamptz(6),
  constraint "erasure_pkey" primary key ("workspace", "id")
);
create index "erasure_workspace_created_at_idx" on "erasure" ("workspace", "created_at");

-- An erasure takes what names a session out of the log too. Who did what, and when, stays as it was.
create or replace function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.at < nullif(current_setting('watchkeeper.audit_before', true), '')::timestamptz then
      return old;
    end if;
  end if;
  if tg_op = 'UPDATE' then
    if current_setting('watchkeeper.audit_erasing', true) = 'on'
      and (new.workspace, new.id, new.at, new.actor_kind, new.actor_id, new.actor_label, new.ip,
        new.user_agent, new.action, new.request_id)
      is not distinct from (old.workspace, old.id, old.at, old.actor_kind, old.actor_id,
        old.actor_label, old.ip, old.user_agent, old.action, old.request_id) then
      return new;
    end if;
  end if;
  raise exception 'The audit log is append-only: % is refused.', lower(tg_op)
    using errcode = 'insufficient_privilege';
end $$;
