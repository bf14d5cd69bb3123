import { type Db, prisma } from "@/lib/db/client";
import type { ConnectionWarning } from "./schema";
import {
  isStanding,
  type Sighting,
  WARNING_CODES,
  type WarningCode,
  warningWords,
} from "./warnings";

type Of = { workspace: string; connectionId: string };

/** Counts what was seen to be missing; the newest example stands. */
export async function noteWarnings(
  { workspace, connectionId }: Of,
  seen: readonly Sighting[],
  now: Date,
  db: Db = prisma,
): Promise<void> {
  for (const { code, count, example } of seen)
    await db.$executeRaw`
      insert into connection_warning as w (workspace, connection_id, code, count, first_seen_at,
        last_seen_at, example)
      values (${workspace}, ${connectionId}, ${code}, ${count}, ${now}, ${now}, ${example})
      on conflict (workspace, connection_id, code) do update set count = w.count + excluded.count,
        last_seen_at = greatest(w.last_seen_at, excluded.last_seen_at),
        example = coalesce(excluded.example, w.example)`;
}

/** What was refused can be read. */
export async function clearWarning(of: Of, code: WarningCode, db: Db = prisma): Promise<void> {
  await db.connectionWarning.deleteMany({ where: { ...of, code } });
}

/** The standing warnings of each connection, by its id, in a fixed order. */
export async function readWarnings(
  ids: string[],
  now: Date,
  db: Db = prisma,
): Promise<Map<string, ConnectionWarning[]>> {
  const rows = await db.connectionWarning.findMany({ where: { connectionId: { in: ids } } });
  const found = new Map<string, ConnectionWarning[]>();
  for (const code of WARNING_CODES)
    for (const row of rows) {
      if (row.code !== code || !isStanding(row.lastSeenAt.getTime(), now.getTime())) continue;
      const list = found.get(row.connectionId) ?? [];
      found.set(row.connectionId, list);
      list.push({
        code,
        message: warningWords(code),
        count: Number(row.count),
        first_seen_at: row.firstSeenAt.toISOString(),
        last_seen_at: row.lastSeenAt.toISOString(),
        example: row.example,
      });
    }
  return found;
}
