import type { Db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { erasedName } from "@/lib/ingest/gone-names";
import { keysTable, type SessionName } from "@/lib/ingest/seal-store";
import { withoutIds } from "./erasure";
import type { ErasureReport } from "./erasure-schema";
import { hashesOf } from "./gone-store";

type Scrubbed = Pick<ErasureReport, "webhooks" | "messages" | "audit" | "other">;

const raw = Prisma.raw;

/**
 * Takes what names these sessions out of all that is not theirs: removes rows that are about one of them
 * alone, and the ids out of what is about more. Whatever stores a session's id is to be named here; a test
 * looks for it in every column there is.
 */
export async function scrubNames(
  db: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<Scrubbed> {
  const ids = sessions.map(({ sessionId }) => sessionId);
  const webhooks = await deleteNamed(db, workspace, sessions, "webhook_delivery", "resource_id");
  let other = await deleteNamed(db, workspace, sessions, "sync_tail", "session_id");
  other += await deleteNamed(db, workspace, sessions, "session_action", "session_id");
  other += await forgetBilled(db, workspace, sessions);
  other += await forgetRuns(db, workspace, sessions);
  other += await forgetPlaces(db, workspace, ids);
  other += await forgetElsewhere(db, workspace, ids);
  let messages = 0;
  for (const [table, columns] of MESSAGES)
    messages += await rewrite(db, workspace, ids, table, columns);
  return { webhooks, messages, audit: await rewriteAudit(db, workspace, ids), other };
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

/** A place that work has reached goes back to one before it that is no session: some is done twice. */
async function forgetPlaces(db: Db, workspace: string, ids: readonly string[]): Promise<number> {
  let count = 0;
  for (const table of ["promoted_key", "repricing", "retention_run", "masking_run"])
    count += await db.$executeRaw`
      update ${raw(table)} set after_session = left(after_session, least(4, length(after_session) - 1))
      where workspace = ${workspace} and after_session = any(${[...ids]}::text[])`;
  return count;
}

async function forgetElsewhere(db: Db, workspace: string, ids: readonly string[]): Promise<number> {
  const named = Prisma.sql`${[...ids]}::text[]`;
  let count = await db.$executeRaw`
    update connection_warning set example = null where workspace = ${workspace} and example = any(${named})`;
  count += await db.$executeRaw`
    update legal_hold set session_ids = array(select i from unnest(session_ids) i where i <> all(${named}))
    where workspace = ${workspace} and session_ids && ${named}`;
  count += await db.$executeRaw`
    delete from rejected_item r where workspace = ${workspace} and exists (
      select from unnest(${named}) i where strpos(r.body, i) > 0 and length(i) >= 8)`;
  count += await db.$executeRaw`
    delete from saved_view v where workspace = ${workspace} and exists (
      select from unnest(${named}) i where strpos(v.query, i) > 0 and length(i) >= 8)`;
  count += await db.$executeRaw`
    delete from graphile_worker._private_jobs j where locked_at is null
      and j.payload ->> 'workspace' = ${workspace} and j.payload ->> 'resourceId' = any(${named})`;
  return count;
}

/** Alerts and what was told of them: JSON, and lists of ids. */
const MESSAGES: ReadonlyArray<[table: string, columns: readonly string[]]> = [
  ["alert_instance", ["labels", "state"]],
  ["alert_evaluation", ["results"]],
  ["alert_episode", ["labels", "summary", "session_ids"]],
  ["notice", ["content"]],
  ["notice_group", ["labels", "told", "state"]],
  ["delivery", ["content", "attempts"]],
];

async function rewrite(
  db: Db,
  workspace: string,
  ids: readonly string[],
  table: string,
  columns: readonly string[],
): Promise<number> {
  let count = 0;
  for (const column of columns) {
    const isList = column === "session_ids";
    const text = isList
      ? Prisma.sql`to_jsonb(${raw(column)})::text`
      : Prisma.sql`${raw(column)}::text`;
    const rows = await db.$queryRaw<Array<{ place: string; was: string }>>`
      select ctid::text as place, ${text} as was from ${raw(table)} where workspace = ${workspace}
        and exists (select from unnest(${escaped(ids)}::text[]) i where strpos(${text}, i) > 0) for update`;
    for (const { place, was } of rows) {
      const now = isList ? listWithout(was, ids) : withoutIds(was, ids);
      if (now === was) continue;
      const value = isList
        ? Prisma.sql`array(select jsonb_array_elements_text(${now}::jsonb))`
        : Prisma.sql`${now}::jsonb`;
      count += await db.$executeRaw`
        update ${raw(table)} set ${raw(column)} = ${value} where ctid = ${place}::tid`;
    }
  }
  return count;
}

const escaped = (ids: readonly string[]) => ids.map((id) => JSON.stringify(id).slice(1, -1));

const listWithout = (json: string, ids: readonly string[]) =>
  JSON.stringify((JSON.parse(json) as string[]).filter((id) => !ids.includes(id)));

/** The log says who did what and when, but not to which of those that are erased. */
async function rewriteAudit(db: Db, workspace: string, ids: readonly string[]): Promise<number> {
  await db.$queryRaw`select set_config('watchkeeper.audit_erasing', 'on', true)`;
  const rows = await db.$queryRaw<Array<{ id: string } & Record<Told, string | null>>>`
    select id, target_id, target_label, before::text, after::text, reason from audit
    where workspace = ${workspace} and (target_id = any(${[...ids]}::text[]) or exists (
      select from unnest(${escaped(ids)}::text[]) i where length(i) >= 8
        and strpos(concat_ws(' ', target_id, target_label, before::text, after::text, reason), i) > 0))
    for update`;
  for (const row of rows) {
    const [target, label, before, after, reason] = TOLD.map((name) => {
      const was = row[name];
      if (name === "target_id" && was !== null && ids.includes(was)) return "erased";
      return was === null ? null : withoutIds(was, ids);
    });
    await db.$executeRaw`
      update audit set target_id = ${target}, target_label = ${label}, before = ${before}::jsonb,
        after = ${after}::jsonb, reason = ${reason}
      where workspace = ${workspace} and id = ${row.id}`;
  }
  return rows.length;
}

const TOLD = ["target_id", "target_label", "before", "after", "reason"] as const;
type Told = (typeof TOLD)[number];

/** Sums of nothing that are still called after something: what an erased session failed with, and said of itself. */
export async function deleteEmptySums(db: Db, workspace: string): Promise<number> {
  return db.$executeRaw`
    delete from rollup where workspace = ${workspace} and (family = 'fault' or promotion <> 0)
      and (count, failed, denied, ms, nanos, input_tokens, cache_write_5m_tokens,
        cache_write_1h_tokens, cache_read_tokens, output_tokens, unpriced_tokens)
        = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) and coalesce(length(histogram), 0) = 0`;
}
