import { type Db, prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { ANNOUNCED, ANNOUNCED_EVENTS, type AnnouncedEvent, OF_CHILDREN } from "./announced";
import type { Told } from "./gaps";
import type { ConnectionKey } from "./store";

/** An event that a webhook was to tell of. */
export type AnnouncedRow = Told & { id: string; eventType: AnnouncedEvent };

type Stretch = { fromMs: number; toMs: number };

/** As constants, so that the planner sees that they are those of the index `event_announced`. */
const typesOf = (events: readonly string[]) =>
  Prisma.raw(events.map((type) => `'${type}'`).join(", "));
const ALL = typesOf(ANNOUNCED_EVENTS);
const CHILDREN = typesOf(OF_CHILDREN);

const micros = (column: string) => Prisma.raw(`(extract(epoch from ${column}) * 1000000)::float8`);

/**
 * What the platform had to announce in this time, as far as it is stored, newest first, at most
 * `limit`. Of threads, only children that no workflow run made: of others it is not known. The limit
 * within has each thread looked up by its key; joined as a whole, all threads of the connection are read.
 */
export async function readAnnounced(
  { workspace, id }: ConnectionKey,
  { fromMs, toMs }: Stretch,
  limit: number,
  db: Db = prisma,
): Promise<AnnouncedRow[]> {
  const rows = await db.$queryRaw<Array<Omit<AnnouncedRow, "type">>>`
    select e.id, e.session_id as "sessionId", e.type as "eventType", t.thread_id as "threadId",
      ${micros("e.at")} as "atUs"
    from event e
    left join lateral (select t.thread_id from thread t
      where t.workspace = e.workspace and t.session_id = e.session_id
        and t.connection_id = e.connection_id and t.thread_id = e.payload ->> 'session_thread_id'
        and t.parent_thread_id is not null and t.workflow_run_id is null
      limit 1) t on e.type in (${CHILDREN})
    where e.workspace = ${workspace} and e.connection_id = ${id} and e.connection_id <> ''
      and e.thread_id = '' and e.type in (${ALL})
      and e.at >= ${new Date(fromMs)} and e.at < ${new Date(toMs)}
      and (e.type not in (${CHILDREN}) or t.thread_id is not null)
    order by e.at desc limit ${limit}`;
  return rows.map((row) => ({ ...row, type: ANNOUNCED[row.eventType] }));
}

/** What deliveries told of sessions in this time; one without a time of its own by when it came. */
export async function readTold(
  { workspace, id }: ConnectionKey,
  { fromMs, toMs }: Stretch,
  aroundMs: number,
  db: Db = prisma,
): Promise<Told[]> {
  return db.$queryRaw<Told[]>`
    select d.resource_id as "sessionId", d.thread_id as "threadId", d.type,
      ${micros("coalesce(d.created_at, d.received_at)")} as "atUs"
    from webhook_delivery d
    where d.workspace = ${workspace} and d.connection_id = ${id} and d.type like 'session.%'
      and d.received_at >= ${new Date(fromMs - aroundMs)} and d.received_at < ${new Date(toMs + aroundMs)}`;
}

/** Of all types that announce something, those of which one has ever come. */
export async function readTypesSeen(
  { workspace, id }: ConnectionKey,
  db: Db = prisma,
): Promise<Set<string>> {
  const types = [...new Set<string>(Object.values(ANNOUNCED))];
  const rows = await db.$queryRaw<Array<{ type: string }>>`
    select t.type from unnest(${types}::text[]) as t(type)
    where exists (select 1 from webhook_delivery d
      where d.workspace = ${workspace} and d.connection_id = ${id} and d.type = t.type)`;
  return new Set(rows.map(({ type }) => type));
}
