import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { largeText } from "@/lib/db/large-text";
import { linesOf } from "@/lib/db/lines";
import { rowText } from "./canonical";
import type { JsonObject, Origin } from "./schema";
import type { StoredThread } from "./store";

/** A thread `t` as a `StoredThread`. */
export const THREAD_COLUMNS = Prisma.sql`json_build_object('sessionId', t.session_id,
  'threadId', t.thread_id, 'object', t.object, 'fold', t.fold)`;

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
    select ${THREAD_COLUMNS}::text as found
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
