import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { type Condition, hasWords, idsMatch, type Sql, wordsQuery } from "./filter-store";

/**
 * The text search as conditions: the sessions that have it where at most `rare` messages do, else a
 * question to each row. "nothing" when no session can match.
 */
export async function readSearch(
  workspace: string,
  q: string | undefined,
  { rare, db }: { rare: number; db: Db },
): Promise<Condition[] | "nothing"> {
  if (q === undefined || q.trim() === "") return [];
  const words = wordsQuery(q);
  const ids = idsMatch(q);
  const parts = [
    ...(words ? [messagesWith(workspace, words, rare + 1)] : []),
    ...(ids ? [sessionsNamed(workspace, ids, rare + 1)] : []),
  ];
  if (parts.length === 0) return "nothing";
  const [row] = await db.$queryRaw<{ keys: string | null }[]>`
    with found as (${Prisma.join(parts, " union all ")})
    select json_agg(json_build_array(session_id, connection_id))::text as keys from found
    having count(*) <= ${rare}`;
  const keys = row && (JSON.parse(row.keys ?? "[]") as SessionName[]);
  if (keys) return keys.length === 0 ? "nothing" : [oneOf(keys)];
  const common = [...(words ? [hasWords(words)] : []), ...(ids ? [ids] : [])];
  return [{ sql: Prisma.join(common, " or "), late: true }];
}

function messagesWith(workspace: string, words: Sql, limit: number): Sql {
  return Prisma.sql`(select session_id, connection_id from message_text
    where workspace = ${workspace} and words @@ (${words}) limit ${limit})`;
}

function sessionsNamed(workspace: string, ids: Sql, limit: number): Sql {
  return Prisma.sql`(select s.session_id, s.connection_id from session s
    where s.workspace = ${workspace} and (${ids}) limit ${limit})`;
}

type SessionName = [sessionId: string, connectionId: string];

function oneOf(found: SessionName[]): Condition {
  const keys = [...new Map(found.map((name) => [name.join("\n"), name])).values()];
  const sessions = keys.map(([session]) => session);
  const connections = keys.map(([, connection]) => connection);
  return {
    sql: Prisma.sql`(s.session_id, s.connection_id) in (
      select * from unnest(${sessions}::text[], ${connections}::text[]))`,
  };
}
