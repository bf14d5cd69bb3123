import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { erasedName } from "@/lib/ingest/gone-names";
import { keysTable, type SessionName } from "@/lib/ingest/seal-store";
import type { ErasureReport } from "./erasure-schema";
import { hashesOf } from "./gone-store";
import { isTold, type Names, needlesOf, queryWithout } from "./nameless";
import { holdsAny, type Scrubbed } from "./scrub-store";

const raw = Prisma.raw;
const idsOf = (names: Names) => Prisma.sql`${[...names.ids.keys()]}::text[]`;

/** Removes rows that are about one of these sessions alone, and their names where the row is to stay. */
export async function deleteOwn(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<Pick<ErasureReport, "webhooks" | "other">> {
  const webhooks = await deleteNamed(db, workspace, sessions, "webhook_delivery", "resource_id");
  let other = await deleteNamed(db, workspace, sessions, "sync_tail", "session_id");
  other += await deleteNamed(db, workspace, sessions, "session_action", "session_id");
  other += await forgetBilled(db, workspace, sessions);
  other += await forgetRuns(db, workspace, sessions);
  return { webhooks, other };
}

function deleteNamed(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
  table: string,
  column: string,
): Promise<number> {
  return db.$executeRaw`
    delete from ${raw(table)} t using ${keysTable(sessions)} where t.workspace = ${workspace}
      and t.connection_id = k.connection_id and t.${raw(column)} = k.session_id`;
}

/** The bill stays what it is, under a name that is nobody's. */
async function forgetBilled(db: Db, workspace: string, sessions: readonly SessionName[]) {
  const names = (await hashesOf(db, workspace, sessions)).map((one) => ({
    ...{ s: one.sessionId, c: one.connectionId, name: erasedName(one.hash) },
  }));
  return db.$executeRaw`
    update billed_cost b set session_id = k.name
    from json_to_recordset(${JSON.stringify(names)}::json) as k(s text, c text, name text)
    where b.workspace = ${workspace} and b.connection_id = k.c and b.session_id = k.s`;
}

async function forgetRuns(db: Db, workspace: string, sessions: readonly SessionName[]) {
  return db.$executeRaw`
    update deployment_run r set session_id = null, object = (r.object::jsonb - 'session_id')::json
    from ${keysTable(sessions)} where r.workspace = ${workspace}
      and r.connection_id = k.connection_id and r.session_id = k.session_id`;
}

/** Takes the names out of what is neither JSON to be written again nor of one session. */
export async function forgetApart(db: Db, workspace: string, names: Names): Promise<Scrubbed> {
  const views = await deleteViews(db, workspace, names);
  const budgets = await forgetBudgets(db, workspace, names);
  const counts = [
    await forgetPlaces(db, workspace, names),
    await forgetHolds(db, workspace, names),
    await deleteRejected(db, workspace, names),
    await db.$executeRaw`
      update connection_warning set example = null
      where workspace = ${workspace} and example = any(${idsOf(names)})`,
    await db.$executeRaw`
      delete from graphile_worker._private_jobs j where locked_at is null
        and j.payload ->> 'workspace' = ${workspace} and j.payload ->> 'resourceId' = any(${idsOf(names)})`,
  ];
  const written: ErasureReport["written"] = [
    ...views.map((id) => ({ what: "view" as const, id, now: "removed" as const })),
    ...budgets.map((id) => ({ what: "budget" as const, id, now: "changed" as const })),
  ];
  const other = counts.reduce((sum, count) => sum + count, written.length);
  return { messages: 0, other, written };
}

/** A place that work has reached goes back to one before it that is no session: some is done twice. */
async function forgetPlaces(db: Db, workspace: string, names: Names): Promise<number> {
  let count = 0;
  for (const table of ["promoted_key", "repricing", "retention_run", "masking_run"])
    count += await db.$executeRaw`
      update ${raw(table)} set after_session = left(after_session, least(4, length(after_session) - 1))
      where workspace = ${workspace} and after_session = any(${idsOf(names)})`;
  return count;
}

/** A hold that is in force goes on to say what it is on. */
async function forgetHolds(db: Db, workspace: string, names: Names): Promise<number> {
  const count = await db.$executeRaw`
    update legal_hold set session_ids = array(select i from unnest(session_ids) i where i <> all(${idsOf(names)}))
    where workspace = ${workspace} and session_ids && ${idsOf(names)}`;
  const { value } = names;
  if (value === null) return count;
  return (
    count +
    (await db.$executeRaw`
      update legal_hold set value = ${value.name} where workspace = ${workspace}
        and lifted_at is not null and key = ${value.key} and value = ${value.value}`)
  );
}

async function deleteRejected(db: Db, workspace: string, names: Names): Promise<number> {
  const rows = await db.$queryRaw<Array<{ id: string; body: string; original: string | null }>>`
    select id::text, body, original from rejected_item where workspace = ${workspace}
      and ${holdsAny(["body", "original"], needlesOf(names))}`;
  const own = rows.filter(
    ({ body, original }) => isTold(body, names) || (original !== null && isTold(original, names)),
  );
  return db.$executeRaw`
    delete from rejected_item where workspace = ${workspace}
      and id = any(${own.map(({ id }) => id)}::uuid[])`;
}

/** A view that shows what is gone shows nothing. */
async function deleteViews(db: Db, workspace: string, names: Names): Promise<string[]> {
  const rows = await db.savedView.findMany({
    where: { workspace },
    select: { id: true, query: true },
  });
  const own = rows.filter(({ query }) => queryWithout(query, names) !== query).map(({ id }) => id);
  if (own.length > 0) await db.savedView.deleteMany({ where: { workspace, id: { in: own } } });
  return own;
}

async function forgetBudgets(db: Db, workspace: string, { value }: Names): Promise<string[]> {
  if (value === null) return [];
  const rows = await db.$queryRaw<Array<{ id: string }>>`
    update budget set value = ${value.name} where workspace = ${workspace}
      and scope = ${`metadata.${value.key}`} and value = ${value.value} returning id`;
  return rows.map(({ id }) => id);
}
