import { z } from "zod";
import { type Db, prisma } from "@/lib/db/client";
import { type AuditEntry, Prisma } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import { kindOf } from "./actions";
import type { Fields } from "./changes";
import { ACTORS, Actor, type AuditFilter, type AuditItem, type AuditPage } from "./schema";

export type Entry = Omit<AuditEntry, "before" | "after"> & {
  before: Fields | null;
  after: Fields | null;
};

const json = (fields: Fields | null) =>
  fields === null ? Prisma.DbNull : (fields as Prisma.InputJsonObject);

/** Adds a row; one with this id that is there already stays as it is. */
export async function insertEntry(
  { before, after, ...entry }: Entry,
  db: Db = prisma,
): Promise<void> {
  await db.auditEntry.createMany({
    data: [{ ...entry, before: json(before), after: json(after) }],
    skipDuplicates: true,
  });
}

/** Milliseconds and id of the last one seen. */
const Place = z.tuple([z.int().min(0).max(8.64e15), z.string().max(100)]);

/** Newest first. */
export async function listEntries(
  workspace: string,
  { limit, cursor, ...filter }: AuditFilter & { limit: number; cursor?: string },
  db: Db = prisma,
): Promise<AuditPage> {
  const place = cursor === undefined ? null : decodeCursor(Place, cursor);
  const at = place && new Date(place[0]);
  const rows = await db.auditEntry.findMany({
    where: {
      AND: [
        { workspace },
        ...conditionsOf(filter),
        ...(place && at ? [{ OR: [{ at: { lt: at } }, { at, id: { lt: place[1] } }] }] : []),
      ],
    },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last;
  return {
    data: shown.map(itemOf),
    next_cursor: hasMore ? encodeCursor([last.at.getTime(), last.id]) : null,
  };
}

function conditionsOf({ actor, action, target, from, to, q }: AuditFilter) {
  const conditions: Prisma.AuditEntryWhereInput[] = [];
  if (actor !== undefined)
    conditions.push(
      ACTORS.some((kind) => kind === actor) ? { actorKind: actor } : { actorId: actor },
    );
  if (action !== undefined)
    conditions.push({ action: action.includes(".") ? action : { startsWith: `${action}.` } });
  if (target !== undefined) conditions.push({ targetId: target });
  if (from !== undefined) conditions.push({ at: { gte: new Date(from) } });
  if (to !== undefined) conditions.push({ at: { lt: new Date(to) } });
  if (q !== undefined) {
    const contains = { contains: q.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
    conditions.push({
      OR: [
        ...[{ actorLabel: contains }, { targetLabel: contains }, { targetId: contains }],
        ...[{ ip: contains }, { reason: contains }],
      ],
    });
  }
  return conditions;
}

function itemOf(row: AuditEntry): AuditItem {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: Actor.parse({ kind: row.actorKind, id: row.actorId, label: row.actorLabel }),
    ip: row.ip,
    user_agent: row.userAgent,
    action: row.action,
    target: { kind: kindOf(row.action), id: row.targetId, label: row.targetLabel },
    before: row.before as Fields | null,
    after: row.after as Fields | null,
    reason: row.reason,
    request_id: row.requestId,
  };
}

/** Removes up to `limit` rows from before an instant, oldest first; says how many. Inside a transaction. */
export async function deleteEntriesBefore(
  db: Db,
  workspace: string,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  await db.$queryRaw`select set_config('watchkeeper.audit_before', ${before.toISOString()}, true)`;
  return db.$executeRaw`
    delete from audit where workspace = ${workspace} and id in (
      select id from audit where workspace = ${workspace} and at < ${before}
      order by at, id limit ${limit})`;
}

export async function listWorkspaces(db: Db = prisma): Promise<string[]> {
  const rows = await db.workspace.findMany({ select: { id: true } });
  return rows.map(({ id }) => id);
}
