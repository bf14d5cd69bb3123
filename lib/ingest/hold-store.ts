import { Prisma } from "@/lib/db/generated/client";
import type { Origin } from "./schema";

/**
 * Part of the statement that gives sessions the metadata of rows `r`: notes which holds by a value of
 * metadata they are under, by what they said so far or say now, as another value is not to end one. In a
 * workspace without such holds no row is looked at.
 */
export function notesHolds({ workspace, connectionId }: Origin): Prisma.Sql {
  const isByValue = Prisma.sql`h.workspace = ${workspace} and h.lifted_at is null and h.kind = 'metadata'`;
  return Prisma.sql`
    insert into held_session (workspace, session_id, connection_id, hold_id)
    select t.workspace, t.session_id, t.connection_id, h.id
    from legal_hold h cross join r join session t on t.workspace = ${workspace}
      and t.session_id = r.s and t.connection_id = ${connectionId}
    where exists (select from legal_hold h where ${isByValue}) and ${isByValue}
      and h.value in (t.metadata ->> h.key, r.metadata ->> h.key)
    on conflict do nothing`;
}
