import { pricesHeld } from "@/lib/costs/prices-store";
import type { Db } from "@/lib/db/client";
import { rulesHeld } from "@/lib/masking/store";
import { promotionsHeld } from "@/lib/metrics/promoted-store";
import type { Origin } from "./schema";

/**
 * Those that are missing, empty yet. Holds the prices, the promoted keys and the rules of masking, before
 * anything is locked.
 */
export async function makeSessions(
  db: Db,
  origin: Origin,
  sorted: readonly string[],
  today: string,
): Promise<void> {
  await db.$executeRaw`
    with held as materialized (${pricesHeld(origin.workspace)}),
    kept as materialized (${promotionsHeld(origin.workspace)}),
    ruled as materialized (${rulesHeld(origin.workspace)})
    insert into session (workspace, session_id, connection_id, day, source)
    select ${origin.workspace}, id, ${origin.connectionId}, ${today}::date, ${origin.source}
    from held, kept, ruled, unnest(${sorted}::text[]) as id order by id
    on conflict (workspace, session_id, connection_id) do nothing`;
}

/**
 * Locks sessions that are there until the transaction ends. It is a statement of its own because one
 * that has waited for a lock sees the locked rows as they are now, but what it joins to them as it was
 * before the wait.
 */
export async function lockSessions(
  db: Db,
  origin: Origin,
  sorted: readonly string[],
): Promise<void> {
  await db.$executeRaw`
    select from session
    where workspace = ${origin.workspace} and connection_id = ${origin.connectionId}
      and session_id = any(${sorted}::text[])
    order by session_id for update`;
}
