-- An erasure that fails stands behind the others, and says why. Until it is done it knows the groups of
-- errors that its sessions were counted under: their words go once nobody else has said them.
alter table "erasure" add column "tries" integer not null default 0;
alter table "erasure" add column "problem" text;
alter table "erasure" add column "words" text[] not null default '{}';

-- Of the log an erasure changes only what can name a session, and nothing of who may do what here: a
-- session may be called like a person or a key. A target goes where it was a session, and into one word.
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
        old.actor_label, old.ip, old.user_agent, old.action, old.request_id)
      and split_part(old.action, '.', 1) in ('session', 'metrics', 'chargeback', 'reconcile', 'audit',
        'rule', 'episode', 'route', 'silence', 'budget', 'view', 'hold', 'erasure', 'rejected')
      and (new.target_id is not distinct from old.target_id
        or (old.action like 'session.%' and new.target_id = 'erased'))
      and (new.target_label is not distinct from old.target_label or old.action like 'session.%')
      and (old.before is null) = (new.before is null) and (old.after is null) = (new.after is null)
      and (old.reason is null) = (new.reason is null) then
      return new;
    end if;
  end if;
  raise exception 'The audit log is append-only: % is refused.', lower(tg_op)
    using errcode = 'insufficient_privilege';
end $$;
