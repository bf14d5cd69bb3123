import type { Db } from "@/lib/db/client";
import type { PromotedRow } from "@/lib/metrics/promoted-store";
import { isRemains } from "./remains-store";

export type SessionKey = { sessionId: string; connectionId: string };
/** What a session says of the key that is being promoted; null where it does not have it. */
export type Saying = SessionKey & { said: string | null };

/** Where the sessions' keys are, as a table `k`. */
const keysJson = (keys: readonly SessionKey[]) =>
  JSON.stringify(keys.map(({ sessionId, connectionId }) => [sessionId, connectionId]));

export async function countSessions(db: Db, workspace: string): Promise<number> {
  return db.session.count({ where: { workspace } });
}

/** The next sessions after the place that was reached, in the order of their keys, locked until the transaction ends. */
export async function lockNext(
  db: Db,
  { workspace, afterSession, afterConnection }: PromotedRow,
  limit: number,
): Promise<SessionKey[]> {
  return db.$queryRaw`
    select session_id as "sessionId", connection_id as "connectionId" from session
    where workspace = ${workspace} and (session_id, connection_id) > (${afterSession}, ${afterConnection})
    order by session_id, connection_id limit ${limit} for update`;
}

/**
 * What remains of sessions that are gone and is not counted under the key yet. Whoever lets a session go
 * holds the promotions, so that none comes to it meanwhile.
 */
export async function lockRemains(
  db: Db,
  { workspace, id }: PromotedRow,
  limit: number,
): Promise<SessionKey[]> {
  return db.$queryRaw`
    select session_id as "sessionId", connection_id as "connectionId" from session_state
    where workspace = ${workspace} and ${isRemains} and rolled is not null
      and (rolled #> array['promoted', ${`${id}`}::text]) is null
    order by session_id, connection_id limit ${limit} for update`;
}

/** Those of the sessions that the rollups have, but not under the key. Locked before, in a statement of its own. */
export async function readSayings(
  db: Db,
  { workspace, id, key }: PromotedRow,
  sessions: readonly SessionKey[],
): Promise<Saying[]> {
  return db.$queryRaw`
    select s.session_id as "sessionId", s.connection_id as "connectionId", s.metadata ->> ${key} as said
    from json_array_elements(${keysJson(sessions)}::json) k
    join session s on s.workspace = ${workspace} and s.session_id = k ->> 0 and s.connection_id = k ->> 1
    join session_state st using (workspace, session_id, connection_id)
    where st.rolled is not null and (st.rolled #> array['promoted', ${`${id}`}::text]) is null`;
}

/** Remembers what sessions are counted under. */
export async function writeSayings(
  db: Db,
  { workspace, id }: PromotedRow,
  sayings: ReadonlyArray<SessionKey & { value: string | null }>,
): Promise<void> {
  const rows = sayings.map((one) => [one.sessionId, one.connectionId, { [id]: one.value }]);
  await db.$executeRaw`
    update session_state st set rolled = jsonb_set(st.rolled::jsonb, '{promoted}',
      coalesce(st.rolled::jsonb -> 'promoted', '{}') || (k -> 2)::jsonb)::json
    from json_array_elements(${JSON.stringify(rows)}::json) k
    where st.workspace = ${workspace} and st.session_id = k ->> 0 and st.connection_id = k ->> 1`;
}
