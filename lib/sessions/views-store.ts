import { randomUUID } from "node:crypto";
import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import type { NewView, ViewItem, ViewsPage, ViewsQuery } from "./views-schema";

/** A workspace keeps at most this many views of a room, which is one page. */
const MOST_VIEWS = 200;

type Row = { id: string; room: string; name: string; query: string; createdAt: Date };

const itemOf = (row: Row): ViewItem => ({
  id: row.id,
  room: row.room as ViewItem["room"],
  name: row.name,
  query: row.query,
  created_at: row.createdAt.toISOString(),
});

export async function listViews(
  workspace: string,
  { room }: ViewsQuery,
  db: Db = prisma,
): Promise<ViewsPage> {
  const rows = await db.savedView.findMany({
    where: { workspace, room },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: MOST_VIEWS,
  });
  return { data: rows.map(itemOf), next_cursor: null };
}

/** Throws `conflict` when the room is full of views. */
export async function saveView(
  workspace: string,
  view: NewView,
  { now = new Date(), db = prisma as Db } = {},
): Promise<ViewItem> {
  const { room, name, query } = view;
  if ((await db.savedView.count({ where: { workspace, room } })) >= MOST_VIEWS)
    throw new AppError("conflict", `There are ${MOST_VIEWS} saved views; delete one first.`);
  const id = `view_${randomUUID().replaceAll("-", "")}`;
  return itemOf(
    await db.savedView.create({ data: { workspace, id, room, name, query, createdAt: now } }),
  );
}

/** Throws `not_found`. */
export async function deleteView(workspace: string, id: string, db: Db = prisma): Promise<void> {
  const { count } = await db.savedView.deleteMany({ where: { workspace, id } });
  if (count === 0) throw new AppError("not_found", "There is no such saved view.");
}
