-- Of a configuration whose sessions have all lost their content only the structure is kept.
alter table "agent_version" add column "bare" boolean not null default false;

-- Sessions whose content was dropped kept how their agent was set up, prompt and all. What their
-- configuration is called stays, beside the fold. A text that `jsonb` cannot hold is left as it is.
create function "without_prompt"("object" json) returns json language plpgsql as $$
begin
  if json_typeof("object" #> '{agent,system}') is distinct from 'string' then return null; end if;
  return jsonb_set("object"::jsonb, '{agent,system}', to_jsonb(
    format('[not kept: %s bytes]', octet_length(("object" #> '{agent,system}')::text))))::json;
exception when others then
  return null;
end $$;
create function "with_config"("fold" json, "config" text) returns json language plpgsql as $$
begin
  return jsonb_set("fold"::jsonb, '{facts,config}', to_jsonb("config"))::json;
exception when others then
  return null;
end $$;

update "session_state" st set "object" = n."object", "fold" = n."fold"
from (
  select k."workspace", k."session_id", k."connection_id",
    "without_prompt"(k."object") as "object", "with_config"(k."fold", s."config_hash") as "fold"
  from "session_seal" x
  join "session" s using ("workspace", "session_id", "connection_id")
  join "session_state" k using ("workspace", "session_id", "connection_id")
  where coalesce(x."content_at", x."events_at") is not null and s."config_hash" is not null
) n
where st."workspace" = n."workspace" and st."session_id" = n."session_id"
  and st."connection_id" = n."connection_id" and n."object" is not null and n."fold" is not null;

update "thread" t set "object" = n."object"
from (
  select k."workspace", k."session_id", k."connection_id", k."thread_id",
    "without_prompt"(k."object") as "object"
  from "session_seal" x
  join "thread" k using ("workspace", "session_id", "connection_id")
  where coalesce(x."content_at", x."events_at") is not null
) n
where t."workspace" = n."workspace" and t."session_id" = n."session_id"
  and t."connection_id" = n."connection_id" and t."thread_id" = n."thread_id" and n."object" is not null;

drop function "without_prompt"(json);
drop function "with_config"(json, text);
