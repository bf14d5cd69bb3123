import type { Db } from "@/lib/db/client";
import { linesOf } from "@/lib/db/lines";
import type { Call } from "./masking";
import type { Origin } from "./schema";

const KEY = "withheld_key";

/** The sealed key by which a workspace's results are kept. */
export async function readKey(db: Db, workspace: string): Promise<string | null> {
  const row = await db.setting.findUnique({ where: { workspace_key: { workspace, key: KEY } } });
  return row ? String(Object(row.value).sealed) : null;
}

/** Of two that make one at once the first is kept, by both. */
export async function saveKey(db: Db, workspace: string, sealed: string): Promise<void> {
  await db.setting.createMany({
    data: [{ workspace, key: KEY, value: { sealed } }],
    skipDuplicates: true,
  });
}

/** A version of a result; `id` is the event's. */
export type WithheldRow = {
  row: string;
  sessionId: string;
  callId: string;
  threadId: string;
  id: string;
  sealed: string;
};

export async function writeWithheld(
  db: Db,
  { workspace, connectionId }: Origin,
  rows: readonly Omit<WithheldRow, "row">[],
  receivedAt: string,
): Promise<void> {
  if (rows.length === 0) return;
  const lines = linesOf(rows, [
    ({ sessionId }) => sessionId,
    ({ callId }) => callId,
    ({ threadId }) => threadId,
    ({ id }) => id,
    ({ sealed }) => sealed,
  ]);
  await db.$executeRaw`
    insert into withheld_result (workspace, session_id, connection_id, call_id, id, thread_id,
      event_id, received_at, sealed)
    select ${workspace}, s, ${connectionId}, c, gen_random_uuid(), t, e, ${receivedAt}::timestamptz, x
    from ${lines} as r(s, c, t, e, x, n) where n > 1`;
}

/** What waits for these calls, of sessions that are locked. */
export async function readWithheld(
  db: Db,
  { workspace, connectionId }: Origin,
  calls: readonly Call[],
): Promise<WithheldRow[]> {
  if (calls.length === 0) return [];
  return db.$queryRaw<WithheldRow[]>`
    select w.id::text as row, w.session_id as "sessionId", w.call_id as "callId", w.thread_id as "threadId",
      w.event_id as id, w.sealed
    from unnest(${calls.map(({ sessionId }) => sessionId)}::text[], ${calls.map(({ id }) => id)}::text[])
        as c(session_id, call_id)
      join withheld_result w on w.workspace = ${workspace} and w.connection_id = ${connectionId}
        and w.session_id = c.session_id and w.call_id = c.call_id
    order by w.id`;
}

export async function deleteWithheld(
  db: Db,
  { workspace, connectionId }: Origin,
  rows: readonly WithheldRow[],
): Promise<void> {
  await db.$executeRaw`
    delete from withheld_result w
    using unnest(${rows.map(({ sessionId }) => sessionId)}::text[],
      ${rows.map(({ callId }) => callId)}::text[], ${rows.map(({ row }) => row)}::uuid[])
      as k(session_id, call_id, id)
    where w.workspace = ${workspace} and w.connection_id = ${connectionId}
      and w.session_id = k.session_id and w.call_id = k.call_id and w.id = k.id`;
}
