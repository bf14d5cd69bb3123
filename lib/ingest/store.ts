import type { Db } from "@/lib/db/client";
import { largeText } from "@/lib/db/large-text";
import { linesOf } from "@/lib/db/lines";
import type { Rolled } from "@/lib/metrics/schema";
import type { Source } from "@/lib/sessions/schema";
import { rowText } from "./canonical";
import type { JsonObject, Origin } from "./schema";
import type { SessionFacts, SessionFold, ThreadFold } from "./state";
import type { SessionRow } from "./summary";

export type StoredSession = {
  sessionId: string;
  day: string;
  source: Source;
  title: string | null;
  object: JsonObject | null;
  fold: { version: number; session: SessionFold; facts: SessionFacts } | null;
  rolled: Rolled | null;
};

export type StoredThread = {
  sessionId: string;
  threadId: string;
  object: JsonObject | null;
  fold: { thread: ThreadFold; objectUs: number | null; objectHash: string };
};

/**
 * Makes the sessions that are missing and locks all of them until the transaction ends, in the
 * order of their ids, so that two batches never wait for each other in a circle.
 */
export async function claimSessions(
  db: Db,
  origin: Origin,
  ids: readonly string[],
  today: string,
): Promise<StoredSession[]> {
  const sorted = [...ids].sort();
  await db.$executeRaw`
    insert into session (workspace, session_id, connection_id, day, source)
    select ${origin.workspace}, id, ${origin.connectionId}, ${today}::date, ${origin.source}
    from unnest(${sorted}::text[]) as id order by id
    on conflict (workspace, session_id, connection_id) do nothing`;
  const rows = await db.$queryRaw<Array<{ found: string }>>`
    select json_build_object('sessionId', s.session_id, 'day', s.day, 'source', s.source,
      'title', s.title, 'object', st.object, 'fold', st.fold, 'rolled', st.rolled)::text as found
    from session s left join session_state st using (workspace, session_id, connection_id)
    where s.workspace = ${origin.workspace} and s.connection_id = ${origin.connectionId}
      and s.session_id = any(${sorted}::text[])
    order by s.session_id for update of s`;
  return rows.map(({ found }) => JSON.parse(found) as StoredSession);
}

/** A page of a workspace's sessions, in the order of their keys. */
export async function readSessionKeys(
  db: Db,
  workspace: string,
  after: { sessionId: string; connectionId: string } | null,
  limit: number,
): Promise<Array<{ sessionId: string; connectionId: string }>> {
  return db.$queryRaw`
    select session_id as "sessionId", connection_id as "connectionId" from session
    where workspace = ${workspace}
      and (session_id, connection_id) > (${after?.sessionId ?? ""}, ${after?.connectionId ?? ""})
    order by session_id, connection_id limit ${limit}`;
}

/** Some sessions whose state another version of the fold has left behind. */
export async function readOutdated(
  db: Db,
  version: number,
  limit: number,
): Promise<Array<{ workspace: string; connectionId: string; sessionId: string }>> {
  return db.$queryRaw`
    select workspace, connection_id as "connectionId", session_id as "sessionId"
    from session_state where (fold->>'version')::int is distinct from ${version} limit ${limit}`;
}

/** A session as it stands, its row included, locked until the transaction ends. */
export async function readStoredSession(
  db: Db,
  origin: Origin,
  sessionId: string,
): Promise<{ session: StoredSession; row: JsonObject } | null> {
  const rows = await db.$queryRaw<Array<{ found: string }>>`
    select json_build_object('row', to_jsonb(s), 'session', json_build_object(
      'sessionId', s.session_id, 'day', s.day, 'source', s.source, 'title', s.title,
      'object', st.object, 'fold', st.fold, 'rolled', st.rolled))::text as found
    from session s left join session_state st using (workspace, session_id, connection_id)
    where s.workspace = ${origin.workspace} and s.connection_id = ${origin.connectionId}
      and s.session_id = ${sessionId} for update of s`;
  return rows[0] ? JSON.parse(rows[0].found) : null;
}

/** The threads by session; threads that are not stored are left out. */
export async function readThreads(
  db: Db,
  origin: Origin,
  ids: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<StoredThread[]> {
  const keys: Array<[string, string]> = [];
  for (const [sessionId, set] of ids) for (const threadId of set) keys.push([sessionId, threadId]);
  if (keys.length === 0) return [];
  const lines = linesOf(keys, [([s]) => s, ([, t]) => t]);
  const rows = await db.$queryRaw<Array<{ found: string }>>`
    select json_build_object('sessionId', t.session_id, 'threadId', t.thread_id, 'object', t.object,
      'fold', t.fold)::text as found
    from ${lines} as k(s, t, n)
    cross join lateral (
      select * from thread
      where workspace = ${origin.workspace} and session_id = k.s
        and connection_id = ${origin.connectionId} and thread_id = k.t
      limit 1) t
    where k.n > 1`;
  return rows.map(({ found }) => JSON.parse(found) as StoredThread);
}

/** All threads of one session. */
export async function readAllThreads(
  db: Db,
  origin: Origin,
  sessionId: string,
): Promise<StoredThread[]> {
  const rows = await db.$queryRaw<Array<{ found: string }>>`
    select json_build_object('sessionId', session_id, 'threadId', thread_id, 'object', object,
      'fold', fold)::text as found
    from thread where workspace = ${origin.workspace} and session_id = ${sessionId}
      and connection_id = ${origin.connectionId}`;
  return rows.map(({ found }) => JSON.parse(found) as StoredThread);
}

export type ThreadRow = StoredThread & { columns: JsonObject };

export async function writeThreads(
  db: Db,
  origin: Origin,
  threads: readonly ThreadRow[],
): Promise<void> {
  if (threads.length === 0) return;
  const rows = threads.map((thread) =>
    rowText(
      { s: thread.sessionId, t: thread.threadId, ...thread.columns },
      { object: thread.object, fold: thread.fold },
    ),
  );
  await db.$executeRaw`
    insert into thread (workspace, session_id, connection_id, thread_id, parent_thread_id, agent_id,
      agent_name, agent_version, model, workflow_run_id, status, created_at, archived_at, object, fold)
    select ${origin.workspace}, r.s, ${origin.connectionId}, r.t, r.parent_thread_id, r.agent_id,
      r.agent_name, r.agent_version, r.model, r.workflow_run_id, r.status, r.created_at,
      r.archived_at, r.object::json, r.fold::json
    from json_to_recordset(${largeText(`[${rows.join(",")}]`)}::json) as r(s text, t text, parent_thread_id text,
      agent_id text, agent_name text, agent_version text, model text, workflow_run_id text,
      status text, created_at timestamptz, archived_at timestamptz, object text, fold text)
    on conflict (workspace, session_id, connection_id, thread_id) do update set
      parent_thread_id = excluded.parent_thread_id, agent_id = excluded.agent_id,
      agent_name = excluded.agent_name, agent_version = excluded.agent_version,
      model = excluded.model, workflow_run_id = excluded.workflow_run_id, status = excluded.status,
      created_at = excluded.created_at, archived_at = excluded.archived_at,
      object = excluded.object, fold = excluded.fold`;
}

export async function deleteThreads(
  db: Db,
  origin: Origin,
  sessionId: string,
  threadIds: readonly string[],
): Promise<void> {
  if (threadIds.length === 0) return;
  await db.$executeRaw`
    delete from thread where workspace = ${origin.workspace} and session_id = ${sessionId}
      and connection_id = ${origin.connectionId} and thread_id = any(${[...threadIds]}::text[])`;
}

export type SessionWrite = {
  sessionId: string;
  object: JsonObject | null;
  fold: { version: number; session: SessionFold; facts: SessionFacts };
  rolled: Rolled;
  columns: SessionRow;
};

export async function writeSessions(
  db: Db,
  origin: Origin,
  sessions: readonly SessionWrite[],
): Promise<void> {
  if (sessions.length === 0) return;
  const states = sessions.map((session) =>
    rowText(
      { s: session.sessionId },
      { object: session.object, fold: session.fold, rolled: session.rolled },
    ),
  );
  await db.$executeRaw`
    insert into session_state (workspace, session_id, connection_id, object, fold, rolled)
    select ${origin.workspace}, r.s, ${origin.connectionId}, r.object::json, r.fold::json, r.rolled::json
    from json_to_recordset(${largeText(`[${states.join(",")}]`)}::json)
      as r(s text, object text, fold text, rolled text)
    on conflict (workspace, session_id, connection_id) do update set
      object = excluded.object, fold = excluded.fold, rolled = excluded.rolled`;
  const rows = sessions.map(({ sessionId, columns }) => ({ s: sessionId, ...columns }));
  await db.$executeRaw`
    update session t set title = r.title, agent_id = r.agent_id, agent_name = r.agent_name,
      agent_version = r.agent_version, environment_id = r.environment_id,
      deployment_id = r.deployment_id, model = r.model, status = r.status, outcome = r.outcome,
      outcome_detail = r.outcome_detail, failed = r.failed, started_at = r.started_at,
      settled_at = r.settled_at, last_event_at = r.last_event_at, archived_at = r.archived_at,
      deleted_at = r.deleted_at, duration_ms = r.duration_ms, active_ms = r.active_ms,
      waiting_ms = r.waiting_ms, turns = r.turns, threads = r.threads, events = r.events,
      model_requests = r.model_requests, tool_calls = r.tool_calls, tool_errors = r.tool_errors,
      tool_denials = r.tool_denials, errors = r.errors, input_tokens = r.input_tokens,
      cache_write_5m_tokens = r.cache_write_5m_tokens,
      cache_write_1h_tokens = r.cache_write_1h_tokens, cache_read_tokens = r.cache_read_tokens,
      output_tokens = r.output_tokens, total_tokens = r.total_tokens, web_searches = r.web_searches,
      computed_nanos = r.computed_nanos, tokens_nanos = r.tokens_nanos,
      runtime_nanos = r.runtime_nanos, web_search_nanos = r.web_search_nanos,
      unpriced_tokens = r.unpriced_tokens, missing_thread_tokens = r.missing_thread_tokens,
      list_cost_cents = r.list_cost_cents, drift_nanos = r.drift_nanos,
      drift_causes = r.drift_causes, price_book = r.price_book, budget_cents = r.budget_cents,
      vault_ids = r.vault_ids, memory_store_ids = r.memory_store_ids,
      metadata = r.metadata, models = r.models, tools = r.tools, error_types = r.error_types
    from json_to_recordset(${largeText(JSON.stringify(rows))}::json) as r(s text, title text, agent_id text,
      agent_name text, agent_version text, environment_id text, deployment_id text, model text,
      status text, outcome text, outcome_detail jsonb, failed boolean, started_at timestamptz,
      settled_at timestamptz, last_event_at timestamptz, archived_at timestamptz,
      deleted_at timestamptz, duration_ms bigint, active_ms bigint, waiting_ms bigint, turns int,
      threads int, events int, model_requests int, tool_calls int, tool_errors int,
      tool_denials int, errors jsonb, input_tokens bigint, cache_write_5m_tokens bigint,
      cache_write_1h_tokens bigint, cache_read_tokens bigint, output_tokens bigint,
      total_tokens bigint, web_searches int, computed_nanos bigint, tokens_nanos bigint,
      runtime_nanos bigint, web_search_nanos bigint, unpriced_tokens bigint,
      missing_thread_tokens bigint, list_cost_cents bigint, drift_nanos bigint,
      drift_causes text[], price_book text, budget_cents bigint, vault_ids text[],
      memory_store_ids text[], metadata jsonb, models text[],
      tools text[], error_types text[])
    where t.workspace = ${origin.workspace} and t.session_id = r.s
      and t.connection_id = ${origin.connectionId}`;
}
