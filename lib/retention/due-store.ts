import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { isHeld } from "./hold-store";
import type { AllCutoffs } from "./policy";
import { dueOf, HEARD } from "./run-store";
import { KINDS, type Kind, type RetentionDue } from "./schema";

const iso = (value: Date | null) => value?.toISOString() ?? null;

/** What would go now, by kind, and about how much room that is. */
export async function readDue(
  workspace: string,
  cutoffs: AllCutoffs,
  db: Db = prisma,
): Promise<RetentionDue> {
  const kinds: RetentionDue["kinds"] = [];
  for (const kind of KINDS) kinds.push(await readKind(workspace, cutoffs, kind, db));
  const anyDue = Prisma.join(
    KINDS.map((kind) => Prisma.sql`(${dueOf(cutoffs, kind)})`),
    " or ",
  );
  const [held] = await db.$queryRaw<Array<{ n: number }>>`
    select count(*)::int as n
    from session s left join session_seal x using (workspace, session_id, connection_id)
    where s.workspace = ${workspace} and (${anyDue}) and ${isHeld("s")}`;
  const eventsGo = kinds.find(({ kind }) => kind === "events")?.events ?? 0;
  const bytes = Math.round(eventsGo * (await bytesOfEvent(db)));
  return { kinds, held: held?.n ?? 0, bytes };
}

async function readKind(workspace: string, cutoffs: AllCutoffs, kind: Kind, db: Db) {
  const [row] = await db.$queryRaw<
    Array<{ sessions: number; events: number; oldest: Date | null }>
  >`
    select count(*)::int as sessions, coalesce(sum(s.events), 0)::float8 as events, min(${HEARD}) as oldest
    from session s left join session_seal x using (workspace, session_id, connection_id)
    where s.workspace = ${workspace} and ${dueOf(cutoffs, kind)} and not ${isHeld("s")}`;
  return {
    ...{ kind, sessions: row?.sessions ?? 0, events: row?.events ?? 0 },
    oldest_at: iso(row?.oldest ?? null),
  };
}

/** About, with its indexes and its words: as the database last counted its rows. */
async function bytesOfEvent(db: Db): Promise<number> {
  const [row] = await db.$queryRaw<Array<{ bytes: number | null }>>`
    select (sum(pg_total_relation_size(c.oid))
      / nullif(sum(greatest(c.reltuples, 0)) filter (where i.inhparent = 'event'::regclass), 0))::float8 as bytes
    from pg_inherits i join pg_class c on c.oid = i.inhrelid and c.relkind = 'r'
    where i.inhparent in ('event'::regclass, 'message_text'::regclass)`;
  return row?.bytes ?? 0;
}
