import type pg from "pg";

/** How much to make; `events` events and two messages a session come with it. */
export type ListData = { sessions: number; eventsPerSession: number; days: number };

const TABLES = ["event", "span", "message_text"];

/**
 * Fills an empty database with a fleet's sessions, made inside Postgres, the same every time.
 * Figures hang together as in real life: agents come and get new versions over time, dear models
 * have dear sessions, long ones are dear, failures and tenants are unevenly spread.
 */
export async function fillListData(client: pg.ClientBase, data: ListData): Promise<void> {
  const { rows } = await client.query<{ day: string }>(
    `select to_char(current_date - i, 'YYYY-MM-DD') as day from generate_series(0, $1::int) i`,
    [data.days],
  );
  for (const { day } of rows)
    for (const table of TABLES)
      await client.query(
        `create table if not exists ${table}_${day.replaceAll("-", "")} partition of ${table}
         for values from ('${day}') to ('${day}'::date + 1)`,
      );
  await client.query(RANDOM);
  await client.query(SESSIONS, [data.sessions, data.days]);
  await client.query(MESSAGES);
  await client.query(EVENTS, [data.eventsPerSession]);
  await client.query("drop function bench_u");
  for (const table of ["session", ...TABLES]) await client.query(`vacuum (analyze) ${table}`);
}

/** The same sessions, without events and messages. */
export async function fillSessions(
  client: pg.ClientBase,
  { sessions, days }: Omit<ListData, "eventsPerSession">,
): Promise<void> {
  await client.query(RANDOM);
  await client.query(SESSIONS, [sessions, days]);
  await client.query("drop function bench_u");
  await client.query("vacuum (analyze) session");
}

/** A number in [0, 1) fixed by its two arguments. */
const RANDOM = `create or replace function bench_u(i bigint, k bigint) returns double precision
  language sql immutable as $$ select (hashint8extended(i, k) & 1073741823)::double precision / 1073741824 $$`;

const SESSIONS = `
  with raw as (
    select i,
      now() - make_interval(secs => power(bench_u(i, 1), 1.15) * $2::int * 86400 + 1) as started,
      -- 24 agents, the first ones busiest, the last ones young
      floor(power(bench_u(i, 2), 1.8) * 24)::int as agent,
      bench_u(i, 3) as luck, bench_u(i, 4) as size, bench_u(i, 5) as tenant,
      bench_u(i, 6) as chance, bench_u(i, 7) as pace
    from generate_series(1, $1::bigint) i),
  aged as (
    select *, extract(epoch from now() - started) / 86400 as age,
      case when agent % 4 = 0 then 'claude-opus-5-5' when agent % 4 = 1 then 'claude-haiku-5-5'
        else 'claude-sonnet-5-5' end as model,
      exp(8 + 4 * size + case when agent % 4 = 0 then 1 else 0 end)::bigint as tokens,
      (exp(6 + 8 * (0.7 * size + 0.3 * pace)))::bigint as took
    from raw where agent < 20 or bench_u(i, 8) < 0.5),
  told as (
    select *,
      case when age < 0.004 and luck < 0.5 then 'running' when age < 2 and luck < 0.01 then 'waiting'
        when luck < 0.80 then 'completed' when luck < 0.84 then 'outcome_failed'
        when luck < 0.88 then 'retries_exhausted' when luck < 0.89 then 'refused'
        when luck < 0.91 then 'terminated' when luck < 0.95 then 'interrupted'
        when luck < 0.97 then 'budget_paused' when luck < 0.98 then 'new' else 'unknown' end as outcome
    from aged)
  insert into session (workspace, session_id, day, source, title, agent_id, agent_name, agent_version,
    environment_id, deployment_id, model, status, outcome, failed, started_at, settled_at, last_event_at,
    duration_ms, active_ms, turns, events, model_requests, tool_calls, tool_errors, errors,
    input_tokens, cache_read_tokens, output_tokens, total_tokens, computed_nanos, tokens_nanos,
    price_book, metadata, models, tools, error_types)
  select 'default', 'sesn_' || substr(md5(i::text), 1, 24), started::date,
    case when chance < 0.8 then 'poll' when chance < 0.95 then 'push' else 'sdk' end,
    (array['Weekly','Nightly','Ad hoc','Urgent'])[1 + i % 4] || ' '
      || (array['security scan','invoice triage','release notes','ticket digest','data audit'])[1 + agent % 5]
      || ' ' || i,
    'agent_' || agent, 'agent ' || agent, (1 + floor(($2::int - age) / (2 + agent % 5)))::text,
    'env_' || (agent % 6), case when agent % 3 = 0 then 'depl_' || agent end, model,
    case when outcome = 'running' then 'running' else 'idle' end, outcome,
    outcome in ('outcome_failed', 'retries_exhausted', 'refused', 'terminated'), started,
    case when outcome not in ('running', 'waiting', 'new', 'unknown') then started + took * interval '1 ms' end,
    case when outcome <> 'new' then started + took * interval '1 ms' end,
    case when outcome <> 'new' then took end, took / 2, 1 + floor(size * 6)::int, 10 + floor(size * 30)::int,
    1 + floor(size * 12)::int, floor(size * 20)::int, case when pace < 0.15 then floor(pace * 60)::int else 0 end,
    case when luck between 0.84 and 0.88 then '[{"type":"model_overloaded_error","count":3,"last_message":"overloaded"}]'::jsonb else '[]' end,
    tokens / 4, tokens / 2, tokens / 4, tokens,
    tokens * case when agent % 4 = 0 then 9000 when agent % 4 = 1 then 200 else 4000 end,
    tokens * case when agent % 4 = 0 then 9000 when agent % 4 = 1 then 200 else 4000 end,
    'bench', jsonb_build_object('tenant', 'tenant-' || floor(power(tenant, 3) * 400)::int, 'stage',
      case when agent % 6 = 0 then 'test' else 'prod' end),
    array[model], array(select (array['bash','read','write','web_search','grep','deploy'])[t]
      from generate_series(1, 6) t where bench_u(i, 20 + t) < 0.6 / t),
    case when luck between 0.84 and 0.88 then array['model_overloaded_error']
      when luck between 0.90 and 0.901 then array['mcp_connection_failed_error'] else '{}' end
  from told`;

const MESSAGES = `
  with told as (select *, ('x' || substr(md5(session_id), 1, 8))::bit(32)::int::bigint as i from session)
  insert into message_text (workspace, session_id, thread_id, event_id, day, words)
  select workspace, session_id, '', '', day, to_tsvector('simple', title) from told
  union all
  select workspace, session_id, '', 'sevt_' || m || substr(session_id, 6), day, to_tsvector('simple',
    'please look into the request of customer ' || floor(bench_u(i, 40 + m) * 20000)::int
    || case when bench_u(i, 50 + m) < 0.3 then ' invoice' else ' report' end
    || case when bench_u(i, 60 + m) < 0.001 then ' quarantine' else '' end
    || ' and tell what word' || floor(bench_u(i, 70 + m) * 3000)::int || ' means')
  from told cross join generate_series(1, 2) m`;

const EVENTS = `
  insert into event (workspace, session_id, thread_id, id, day, type, at, rank, source, received_at, hash, payload)
  select workspace, session_id, '', 'sevt_' || n || substr(session_id, 6), day, 'agent.message',
    started_at + n * interval '1 second', 50, source, started_at, md5(session_id || n)::uuid,
    json_build_object('id', 'sevt_' || n, 'type', 'agent.message', 'content', repeat('lorem ipsum ', 20))
  from session cross join generate_series(1, $1::int) n`;
