import type { WriteSplit } from "@/lib/costs/apportion";
import { bookNamed } from "@/lib/costs/own-prices";
import { Terms } from "@/lib/costs/own-schema";
import { PRICE_BOOK } from "@/lib/costs/prices";
import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { AppError } from "@/lib/http/errors";
import type { Named } from "./named";
import { sessionItemOf, sessionJson } from "./row-store";
import type { SessionDetail } from "./schema";
import { modelPricing, type Pricing } from "./span-cost";

/** Where a session's rows are, and what its parts need to know of it. */
export type SessionKey = {
  workspace: string;
  sessionId: string;
  connectionId: string;
  /** Partition of its events and spans. */
  day: string;
  /** Terminated, archived or deleted: what is open will stay so. */
  ended: boolean;
  /** How many it has, as last counted. */
  events: number;
};

const notFound = (id: string) =>
  new AppError("not_found", `There is no session ${id.slice(0, 80)} in this workspace.`);

/** The session meant by an id. Throws `not_found`. */
export async function readKey(
  workspace: string,
  { id, connection }: Named,
  db: Db = prisma,
): Promise<SessionKey> {
  const [row] = await db.$queryRaw<KeyRow[]>`
    select connection_id, day::text, (coalesce(status, '') = 'terminated'
      or archived_at is not null or deleted_at is not null) as ended, events
    from session
    where workspace = ${workspace} and session_id = ${id} and ${ofConnection(connection)}
    ${MEANT_FIRST} limit 1`;
  if (!row) throw notFound(id);
  const { connection_id: connectionId, ...rest } = row;
  return { workspace, sessionId: id, connectionId, ...rest };
}

type KeyRow = Pick<SessionKey, "day" | "ended" | "events"> & { connection_id: string };

/** A link to a session that came without a connection names none, so that one is meant before others. */
const MEANT_FIRST = Prisma.sql`order by connection_id <> '', last_event_at desc nulls last, connection_id`;

function ofConnection(connection: string | undefined): Prisma.Sql {
  return connection === undefined ? Prisma.sql`true` : Prisma.sql`connection_id = ${connection}`;
}

/** Throws `not_found`. */
export async function readSession(
  workspace: string,
  { id, connection }: Named,
  { now = new Date(), db = prisma as Db } = {},
): Promise<SessionDetail> {
  const [row] = await db.$queryRaw<{ item: string; retained: boolean }[]>`
    select ${sessionJson(now)}::text as item, exists (select from session_seal x
      where x.workspace = s.workspace and x.session_id = s.session_id
        and x.connection_id = s.connection_id
        and coalesce(x.content_at, x.events_at, x.until) is not null) as retained
    from session s where s.workspace = ${workspace} and s.session_id = ${id} and ${ofConnection(connection)}
    ${MEANT_FIRST} limit 1`;
  if (!row) throw notFound(id);
  return { ...sessionItemOf(JSON.parse(row.item)), retained: row.retained };
}

/** Rows of a partitioned table that belong to the session. The day picks the one partition. */
export function rowsOf(key: SessionKey): Prisma.Sql {
  return Prisma.sql`workspace = ${key.workspace} and session_id = ${key.sessionId}
    and connection_id = ${key.connectionId} and day = ${key.day}::date`;
}

/**
 * The same in words that only the indexes of a session's order can take, which have this collation:
 * the planner would rather walk a whole session, or of a day that has no statistics yet all of its
 * sessions, by the key than a range of the order. No index has `workspace || ''`.
 */
export function alongOrder(key: SessionKey): Prisma.Sql {
  return Prisma.sql`session_id collate "C" = ${key.sessionId} and workspace || '' = ${key.workspace}
    and connection_id || '' = ${key.connectionId} and day = ${key.day}::date`;
}

/** The same for a table without days. */
export function partsOf(key: SessionKey): Prisma.Sql {
  return Prisma.sql`workspace = ${key.workspace} and session_id = ${key.sessionId}
    and connection_id = ${key.connectionId}`;
}

/** The thread as the API names it: the primary one is `primary` in a query and null in an answer. */
export function threadCondition(thread: string | undefined): Prisma.Sql {
  if (thread === undefined) return Prisma.sql`true`;
  return Prisma.sql`thread_id = ${thread === "primary" ? "" : thread}`;
}

/** What prices the session's model requests, as they were priced: by thread, and the session's own for all others. */
export async function readPricing(key: SessionKey, db: Db = prisma): Promise<Pricing> {
  const model = Prisma.sql`'model', model, 'agent_model', object #> '{agent,model}'`;
  const [row] = await db.$queryRaw<{ session: string | null; threads: string | null }[]>`
    select
      (select json_build_object('model', s.model, 'write5m', s.cache_write_5m_tokens,
          'write1h', s.cache_write_1h_tokens, 'book', s.price_book,
          'terms', (select terms from price_version v where v.workspace = s.workspace
            and v.number = substring(s.price_book from '[+]([0-9]{1,9})$')::int),
          'agent_model', (select object #> '{agent,model}' from session_state where ${partsOf(key)}))
        from session s where ${partsOf(key)})::text as session,
      (select json_object_agg(thread_id, json_build_object(${model}))
        from thread where ${partsOf(key)})::text as threads`;
  const session = JSON.parse(row?.session ?? "{}") as SessionJson;
  const threads = JSON.parse(row?.threads ?? "{}") as Record<string, ModelJson>;
  const { write5m = 0, write1h = 0, book = "", terms } = session;
  return {
    split: write5m + write1h > 0 ? { write5m, write1h } : null,
    session: modelPricing(session),
    threads: new Map(Object.entries(threads).map(([id, json]) => [id, modelPricing(json)])),
    book: bookNamed(book, terms ? Terms.parse(terms) : null) ?? PRICE_BOOK,
  };
}

type SessionJson = ModelJson & Partial<WriteSplit> & { book?: string; terms?: unknown };
type ModelJson = { model?: string | null; agent_model?: unknown };
