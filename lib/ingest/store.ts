import { currentVersion, type VersionRef } from "@/lib/costs/prices-store";
import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { largeText } from "@/lib/db/large-text";
import { currentPromotions } from "@/lib/metrics/promoted-store";
import type { Cell, Promotion, Rolled } from "@/lib/metrics/schema";
import { FOLD_VERSION, SEALED } from "@/lib/sessions/fold-version";
import type { Source } from "@/lib/sessions/schema";
import type { Base } from "./base";
import type { GoesOn } from "./base-store";
import { rowText } from "./canonical";
import { readGone } from "./gone-store";
import { notesHolds } from "./hold-store";
import { lockSessions, makeSessions } from "./lock-store";
import type { JsonObject, Origin, Span } from "./schema";
import { cellsDigest, deleteJustMade } from "./seal-store";
import type { Seal } from "./sealed";
import { SPAN_COLUMNS, type SpanJson, spanOf } from "./span-store";
import type { SessionFacts, SessionFold, ThreadFold } from "./state";
import type { SessionRow } from "./summary";
import { THREAD_COLUMNS } from "./thread-store";

export type StoredSession = {
  sessionId: string;
  day: string;
  source: Source;
  title: string | null;
  object: JsonObject | null;
  fold: { session: SessionFold; facts: SessionFacts } | null;
  foldVersion: number | null;
  rolled: Rolled | null;
  /** The book it was priced with; '' while it was not. */
  priceBook: string;
  /** Nothing of what it said is stored any more. */
  isBare: boolean;
  /** Results of it wait for their calls. */
  hasWithheld: boolean;
  /** Its events up to an instant are dropped. */
  goesOn: GoesOn | null;
  /** It is sealed, and wakes when there is news; its spans may be here all the same. */
  sealed: { hasSpans: boolean } | null;
};

/** Of a seal `x`: whether it is one, and what its session goes on from. */
const WAKING = Prisma.sql`
  'goesOn', case when x.base_version is not null then json_build_object(
    'untilUs', x.base -> 'untilUs', 'queued', x.base -> 'queued') end,
  'sealed', case when x.events_at is not null then json_build_object('hasSpans', x.spans_at is null) end`;

/** Of a session `s`. */
const HAS_WITHHELD = Prisma.sql`exists (select from withheld_result w
  where w.workspace = s.workspace and w.session_id = s.session_id and w.connection_id = s.connection_id)`;

export type StoredThread = {
  sessionId: string;
  threadId: string;
  object: JsonObject | null;
  fold: { thread: ThreadFold; objectUs: number | null; objectHash: string };
};

/**
 * Makes the sessions that are missing and locks all of them until the transaction ends, in the
 * order of their ids, so that two batches never wait for each other in a circle. Each comes with the
 * version of the prices and the promoted keys that hold as long as the transaction lasts. Those that
 * retention has sealed for good, and those that are gone, are left out: nothing changes them any more.
 */
export async function claimSessions(
  db: Db,
  origin: Origin,
  ids: readonly string[],
  today: string,
): Promise<Array<StoredSession & { prices: VersionRef | null; promotions: Promotion[] }>> {
  const sorted = [...ids].sort();
  await makeSessions(db, origin, sorted, today);
  await lockSessions(db, origin, sorted);
  const gone = await readGone(db, origin, sorted);
  if (gone.size > 0) await deleteJustMade(db, origin, [...gone.keys()]);
  const rows = await db.$queryRaw<Array<{ found: string }>>`
    select json_build_object('sessionId', s.session_id, 'day', s.day, 'source', s.source,
      'title', s.title, 'object', st.object, 'fold', st.fold,
      'foldVersion', st.fold_version, 'rolled', st.rolled, 'priceBook', s.price_book,
      'isBare', x.content_at is not null, 'hasWithheld', ${HAS_WITHHELD}, ${WAKING},
      'prices', ${currentVersion(origin.workspace)},
      'promotions', ${currentPromotions(origin.workspace)})::text as found
    from session s left join session_state st using (workspace, session_id, connection_id)
    left join session_seal x using (workspace, session_id, connection_id)
    where s.workspace = ${origin.workspace} and s.connection_id = ${origin.connectionId}
      and s.session_id = any(${sorted.filter((id) => !gone.has(id))}::text[])
      and (x.base_version = ${FOLD_VERSION} or (x.base_version is null and x.events_at is null))
    order by s.session_id`;
  return rows.map(({ found }) => JSON.parse(found));
}

/** A page of a workspace's sessions, in the order of their keys. */
export async function readSessionKeys(
  db: Db,
  workspace: string,
  after: { sessionId: string; connectionId: string } | null,
  limit: number,
): Promise<Array<{ sessionId: string; connectionId: string; events: number }>> {
  return db.$queryRaw`
    select session_id as "sessionId", connection_id as "connectionId", events::int from session
    where workspace = ${workspace}
      and (session_id, connection_id) > (${after?.sessionId ?? ""}, ${after?.connectionId ?? ""})
    order by session_id, connection_id limit ${limit}`;
}

export async function hasSession(
  db: Db,
  { workspace, connectionId }: Origin,
  sessionId: string,
): Promise<boolean> {
  return (await db.session.count({ where: { workspace, connectionId, sessionId } })) > 0;
}

/** Some sessions whose state another version of the fold has left behind; sealed ones are of none. */
export async function readOutdated(
  db: Db,
  limit: number,
): Promise<Array<{ workspace: string; connectionId: string; sessionId: string }>> {
  return db.$queryRaw`
    select workspace, connection_id as "connectionId", session_id as "sessionId"
    from session_state where (fold_version > ${SEALED} and fold_version < ${FOLD_VERSION})
      or fold_version > ${FOLD_VERSION} limit ${limit}`;
}

/** All that is stored of a session but its events; `settled` are the cells of what its base has settled. */
export type StoredWhole = {
  row: JsonObject;
  session: Omit<StoredSession, "isBare" | "hasWithheld" | "goesOn" | "sealed">;
  base: Base | null;
  settled: Cell[];
  seal: Seal | null;
  spans: Span[];
  threads: StoredThread[];
};

/** Sessions as they stand, locked until the transaction ends. */
export async function readStoredSessions(
  db: Db,
  origin: Origin,
  ids: readonly string[],
): Promise<StoredWhole[]> {
  await lockSessions(db, origin, ids);
  const ofSession = (alias: string) => Prisma.sql`${Prisma.raw(alias)}.workspace = s.workspace
    and ${Prisma.raw(alias)}.session_id = s.session_id and ${Prisma.raw(alias)}.connection_id = s.connection_id`;
  const rows = await db.$queryRaw<Array<{ found: string }>>`
    select json_build_object('row', to_jsonb(s), 'session', json_build_object(
        'sessionId', s.session_id, 'day', s.day, 'source', s.source, 'title', s.title,
        'object', st.object, 'fold', st.fold, 'foldVersion', st.fold_version,
        'rolled', st.rolled, 'priceBook', s.price_book),
      'seal', (select json_build_object('eventsAt', x.events_at, 'spansAt', x.spans_at,
          'hasEvents', x.has_events, 'cells', x.cells, 'cellsNow', ${cellsDigest("s")})
        from session_seal x where ${ofSession("x")} and x.events_at is not null),
      'base', (select x.base from session_seal x where ${ofSession("x")} and x.base_version = ${FOLD_VERSION}),
      'settled', (select x.base_cells from session_seal x
        where ${ofSession("x")} and x.base_version = ${FOLD_VERSION}),
      'spans', (select json_agg(${SPAN_COLUMNS}) from span p
        where ${ofSession("p")} and p.day = s.day),
      'threads', (select json_agg(${THREAD_COLUMNS}) from thread t where ${ofSession("t")}))::text as found
    from session s left join session_state st using (workspace, session_id, connection_id)
    where s.workspace = ${origin.workspace} and s.connection_id = ${origin.connectionId}
      and s.session_id = any(${[...ids]}::text[])`;
  return rows.map(({ found }) => {
    const whole = JSON.parse(found);
    const spans = ((whole.spans ?? []) as SpanJson[]).map(spanOf);
    return { ...whole, spans, settled: whole.settled ?? [], threads: whole.threads ?? [] };
  });
}

export type SessionWrite = {
  sessionId: string;
  object: JsonObject | null;
  fold: { session: SessionFold; facts: SessionFacts };
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
    insert into session_state (
      workspace, session_id, connection_id, object, fold, fold_version, rolled)
    select ${origin.workspace}, r.s, ${origin.connectionId}, r.object::json, r.fold::json,
      ${FOLD_VERSION}::int, r.rolled::json
    from json_to_recordset(${largeText(`[${states.join(",")}]`)}::json)
      as r(s text, object text, fold text, rolled text)
    on conflict (workspace, session_id, connection_id) do update set
      object = excluded.object, fold = excluded.fold,
      fold_version = excluded.fold_version, rolled = excluded.rolled`;
  const rows = sessions.map(({ sessionId, columns }) => ({ s: sessionId, ...columns }));
  await db.$executeRaw`
    with r as materialized (
      select * from json_to_recordset(${largeText(JSON.stringify(rows))}::json) as r(s text, title text, agent_id text,
        agent_name text, agent_version text, config_hash text, environment_id text, deployment_id text, model text,
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
        memory_store_ids text[], metadata jsonb, models text[], tools text[], error_types text[],
        span_input_tokens bigint, span_cache_write_tokens bigint, span_cache_read_tokens bigint,
        span_output_tokens bigint, token_gap bigint, usage_at timestamptz)),
    noted as (${notesHolds(origin)})
    update session t set title = r.title, agent_id = r.agent_id, agent_name = r.agent_name,
      agent_version = r.agent_version, config_hash = r.config_hash, environment_id = r.environment_id,
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
      metadata = r.metadata, models = r.models, tools = r.tools, error_types = r.error_types,
      span_input_tokens = r.span_input_tokens, span_cache_write_tokens = r.span_cache_write_tokens,
      span_cache_read_tokens = r.span_cache_read_tokens,
      span_output_tokens = r.span_output_tokens, token_gap = r.token_gap, usage_at = r.usage_at
    from r
    where t.workspace = ${origin.workspace} and t.session_id = r.s
      and t.connection_id = ${origin.connectionId}`;
}
