-- What a session can be filtered by, each value as 15 bits of a hash: small enough to stand in every
-- index the list is ordered by, so that a walk along an order sees from the index alone which rows
-- to look at. Codes may collide, never miss; the row itself decides. Where it came from (`source`) is
-- left out, being a fact of arrival.
alter table "session" add column "facet_codes" smallint[];

create function "session_facet_code"("facet" text, "value" text) returns smallint
  language sql immutable strict parallel safe
  return (hashtextextended("value", hashtextextended("facet", 0)) & 32767)::smallint;

-- A row with more values than fit has none, like one that was only just claimed: every walk looks at it.
create function "session_facet_codes"("outcome" text, "agent" text, "agent_version" text,
  "environment" text, "deployment" text, "models" text[], "tools" text[], "error_types" text[], "metadata" jsonb)
  returns smallint[] language plpgsql immutable parallel safe as $$
declare
  codes smallint[] := array(
    select distinct session_facet_code(f, v) as code from (
      values ('outcome', outcome), ('agent', agent), ('agent_version', agent_version),
        ('environment', environment), ('deployment', deployment)
      union all select 'model', unnest(models)
      union all select 'tool', unnest(tools)
      union all select 'error_type', unnest(error_types)
      union all select 'metadata.' || m.key, m.value from jsonb_each_text(
        case jsonb_typeof(metadata) when 'object' then metadata else '{}' end) m
    ) as facets(f, v)
    where v is not null order by code);
begin
  return case when cardinality(codes) <= 100 then codes end;
end $$;

drop index "session_by_started", "session_by_settled", "session_by_last_event", "session_by_cost",
  "session_by_duration", "session_by_tokens", "session_by_tool_errors";
-- Writes the table and its indexes anew, which an update of every row would do one by one.
alter table "session" alter column "facet_codes" type smallint[]
  using session_facet_codes("outcome", "agent_id", "agent_version", "environment_id", "deployment_id",
    "models", "tools", "error_types", "metadata");

create function "session_set_facet_codes"() returns trigger language plpgsql as $$
begin
  new.facet_codes := session_facet_codes(new.outcome, new.agent_id, new.agent_version,
    new.environment_id, new.deployment_id, new.models, new.tools, new.error_types, new.metadata);
  return new;
end $$;

create trigger "session_facet_codes_insert" before insert on "session" for each row
  when (new.agent_id is not null)
  execute function "session_set_facet_codes"();
create trigger "session_facet_codes_update" before update on "session" for each row
  when (new.facet_codes is null or new.facet_codes is distinct from old.facet_codes
    or new.outcome is distinct from old.outcome or new.agent_id is distinct from old.agent_id
    or new.agent_version is distinct from old.agent_version
    or new.environment_id is distinct from old.environment_id
    or new.deployment_id is distinct from old.deployment_id
    or new.models is distinct from old.models or new.tools is distinct from old.tools
    or new.error_types is distinct from old.error_types
    or new.metadata is distinct from old.metadata)
  execute function "session_set_facet_codes"();

-- The times and the figures among themselves, too: one to filter by, the other to sort by.
create index "session_by_started" on "session" ("workspace", "started_at", "session_id", "connection_id")
  include ("facet_codes", "settled_at", "last_event_at", "outcome");
create index "session_by_settled" on "session" ("workspace", "settled_at", "session_id", "connection_id")
  include ("facet_codes");
create index "session_by_last_event" on "session" ("workspace", "last_event_at", "session_id", "connection_id")
  include ("facet_codes", "started_at", "settled_at", "outcome");
create index "session_by_cost" on "session" ("workspace", "computed_nanos", "session_id", "connection_id")
  include ("facet_codes", "duration_ms", "total_tokens", "tool_errors");
create index "session_by_duration" on "session" ("workspace", "duration_ms", "session_id", "connection_id")
  include ("facet_codes", "computed_nanos", "total_tokens", "tool_errors");
create index "session_by_tokens" on "session" ("workspace", "total_tokens", "session_id", "connection_id")
  include ("facet_codes");
create index "session_by_tool_errors" on "session" ("workspace", "tool_errors", "session_id", "connection_id")
  include ("facet_codes");

-- Active in a range long ago: short sessions began in it or shortly before, long ones are looked for here.
create index "session_long" on "session" ("workspace", "last_event_at", "started_at")
  where "last_event_at" - "started_at" >= interval '1 hour';
-- The planner has to know that they are few.
create statistics "session_length" on ("last_event_at" - "started_at") from "session";

-- The few spans of a session that say how it went on as a whole.
create index "span_course" on "span" ("session_id", "kind", "thread_id", "at", "id")
  where "kind" in ('turn', 'state', 'wait', 'mark');

-- Spans that reach into a window from far before it; all others began less than a minute before.
create index "span_long" on "span" ("session_id", "at", "id")
  where "ended_at" is null or "ended_at" - "at" >= interval '1 minute';
