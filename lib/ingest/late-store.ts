import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { largeText } from "@/lib/db/large-text";
import type { Origin } from "./schema";

/** Counts items that came for sessions that are here, and that they cannot take in. */
export async function countLate(
  db: Db,
  { workspace, connectionId }: Origin,
  late: ReadonlyMap<string, number>,
  now: string,
): Promise<void> {
  if (late.size === 0) return;
  const ids = [...late.keys()].sort();
  const counts = ids.map((id) => late.get(id) ?? 0);
  await db.$executeRaw`
    update session_seal x set late = x.late + k.n, late_at = ${now}::timestamptz
    from unnest(${ids}::text[], ${counts}::int[]) as k(session_id, n)
    where x.workspace = ${workspace} and x.connection_id = ${connectionId}
      and x.session_id = k.session_id`;
}

export type LateEvent = {
  sessionId: string;
  threadId: string;
  id: string;
  message: string;
  line: string;
};

/** A UUID (version 8) that names a text. */
const uuidOf = (text: Prisma.Sql) =>
  Prisma.sql`overlay(overlay(md5(${text}) placing '8' from 13) placing '8' from 17)::uuid`;

/** Keeps late events among the rejected items, each once however often it comes. */
export async function keepLate(
  db: Db,
  { workspace, connectionId, source }: Origin,
  events: readonly LateEvent[],
  now: string,
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ sessionId, threadId, id, message, line }) => ({
    ...{ s: sessionId, t: threadId, i: id, m: message, b: line },
  }));
  await db.$executeRaw`
    insert into rejected_item (workspace, id, received_at, source, connection_id, kind, code, message,
      session_id, thread_id, body, body_bytes)
    select ${workspace}, ${uuidOf(Prisma.sql`concat_ws(E'\n', 'late', ${connectionId}::text, r.s, r.t, r.i)`)},
      ${now}::timestamptz, ${source}, ${connectionId}, 'event', 'retained', r.m, r.s,
      nullif(r.t, ''), r.b, octet_length(r.b)
    from json_to_recordset(${largeText(JSON.stringify(rows))}::json) as r(s text, t text, i text, m text, b text)
    on conflict (workspace, id) do nothing`;
}
