import { z } from "zod";
import { type Db, prisma } from "@/lib/db/client";
import type { BreakGlass } from "@/lib/db/generated/client";
import { decodeCursor, encodeCursor } from "@/lib/http/cursor";
import type { BreakGlassItem, BreakGlassPage, BreakGlassQuery } from "./break-glass-schema";
import type { OpenBreakGlass } from "./schema";

type OfPerson = { workspace: string; personId: string; now: Date };

const isOpenAt = (now: Date) => ({ closedAt: null, until: { gt: now } });

/** The one that counts now. */
export async function readOpenOf(
  { workspace, personId, now }: OfPerson,
  db: Db = prisma,
): Promise<OpenBreakGlass | null> {
  const row = await db.breakGlass.findFirst({
    where: { workspace, personId, ...isOpenAt(now) },
    orderBy: { until: "desc" },
  });
  return row && ownOf(row);
}

export const ownOf = ({ id, reason, openedAt, until }: BreakGlass): OpenBreakGlass => ({
  ...{ id, reason, opened_at: openedAt.toISOString(), until: until.toISOString() },
});

/** Keeps others from opening, and from taking the right to, until the transaction ends; whether they may. */
export async function lockMayOpen(
  db: Db,
  { workspace, personId }: Omit<OfPerson, "now">,
): Promise<boolean> {
  const rows = await db.$queryRaw<{ may_open: boolean }[]>`
    select may_open from membership
    where workspace = ${workspace} and person_id = ${personId} for update`;
  return rows[0]?.may_open === true;
}

export type NewRow = Omit<BreakGlass, "closedAt" | "closedBy">;

export async function saveBreakGlass(db: Db, data: NewRow): Promise<BreakGlass> {
  return db.breakGlass.create({ data });
}

/** Streams that are open under a break-glass hear here that it was closed before its time: its id. */
export const CLOSED_CHANNEL = "watchkeeper_break_glass_closed";

async function tellClosed(db: Db, ids: readonly string[]): Promise<void> {
  for (const id of ids) await db.$executeRaw`select pg_notify(${CLOSED_CHANNEL}, ${id})`;
}

/** What the person of each is called, by its id. */
export async function readGlassPeople(
  workspace: string,
  ids: readonly string[],
  db: Db = prisma,
): Promise<Map<string, string>> {
  const rows = await db.breakGlass.findMany({
    where: { workspace, id: { in: [...ids] } },
    select: { id: true, email: true },
  });
  return new Map(rows.map(({ id, email }) => [id, email]));
}

/** Ends one before its time; null when it is over already, or not there. */
export async function closeBreakGlass(
  db: Db,
  { workspace, id, now, by }: { workspace: string; id: string; now: Date; by: string },
): Promise<BreakGlass | null> {
  const [row] = await db.breakGlass.updateManyAndReturn({
    where: { workspace, id, ...isOpenAt(now) },
    data: { closedAt: now, closedBy: by },
  });
  await tellClosed(db, row ? [row.id] : []);
  return row ?? null;
}

/** Of a person who may open content no more. */
export async function closeAllOf(
  db: Db,
  { workspace, personId, now, by }: OfPerson & { by: string },
): Promise<void> {
  const rows = await db.breakGlass.updateManyAndReturn({
    where: { workspace, personId, ...isOpenAt(now) },
    data: { closedAt: now, closedBy: by },
    select: { id: true },
  });
  await tellClosed(
    db,
    rows.map(({ id }) => id),
  );
}

/** Milliseconds and id of the last one seen. */
const Place = z.tuple([z.int().min(0).max(8.64e15), z.string().max(100)]);

/** Newest first. */
export async function listBreakGlasses(
  { workspace, now }: { workspace: string; now: Date },
  { limit, cursor }: BreakGlassQuery,
  db: Db = prisma,
): Promise<BreakGlassPage> {
  const place = cursor === undefined ? null : decodeCursor(Place, cursor);
  const openedAt = place && new Date(place[0]);
  const rows = await db.breakGlass.findMany({
    where: {
      workspace,
      ...(place && openedAt
        ? { OR: [{ openedAt: { lt: openedAt } }, { openedAt, id: { lt: place[1] } }] }
        : {}),
    },
    orderBy: [{ openedAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    data: shown.map((row) => itemOf(row, now)),
    next_cursor: last ? encodeCursor([last.openedAt.getTime(), last.id]) : null,
  };
}

function itemOf(row: BreakGlass, now: Date): BreakGlassItem {
  return {
    id: row.id,
    person: { id: row.personId, email: row.email },
    reason: row.reason,
    opened_at: row.openedAt.toISOString(),
    until: row.until.toISOString(),
    closed_at: row.closedAt?.toISOString() ?? null,
    closed_by: row.closedBy,
    is_open: row.closedAt === null && row.until > now,
  };
}
