import { newId } from "@/lib/auth/secrets";
import { type Db, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { MOST_ROUTES, NewRoute, type RouteItem } from "./route-schema";

type Stored = { id: string; name: string; body: unknown; createdAt: Date };

const itemOf = ({ id, body, createdAt }: Stored): RouteItem => ({
  ...NewRoute.parse(body),
  id,
  created_at: createdAt.toISOString(),
});

const missing = () => new AppError("not_found", "There is no such route.");

/** In the order in which they are looked at. */
export async function listRoutes(workspace: string, db: Db = prisma): Promise<RouteItem[]> {
  const rows = await db.route.findMany({
    where: { workspace },
    orderBy: [{ position: "asc" }, { id: "asc" }],
    take: MOST_ROUTES,
  });
  return rows.map(itemOf);
}

/** After the others. Throws `conflict` when there are too many. */
export async function saveRoute(
  db: Db,
  workspace: string,
  route: NewRoute,
  now: Date,
): Promise<RouteItem> {
  if ((await db.route.count({ where: { workspace } })) >= MOST_ROUTES)
    throw new AppError("conflict", `There are ${MOST_ROUTES} routes; delete one first.`);
  const { _max } = await db.route.aggregate({ where: { workspace }, _max: { position: true } });
  return itemOf(
    await db.route.create({
      data: {
        ...{ workspace, id: newId("rout"), name: route.name, body: route, createdAt: now },
        position: (_max.position ?? 0) + 1,
      },
    }),
  );
}

/** Throws `not_found`. */
export async function changeRoute(
  db: Db,
  workspace: string,
  id: string,
  route: NewRoute,
): Promise<RouteItem> {
  const where = { workspace, id };
  const data = { name: route.name, body: route };
  if ((await db.route.updateMany({ where, data })).count === 0) throw missing();
  return itemOf(await db.route.findUniqueOrThrow({ where: { workspace_id: where } }));
}

/** Throws `not_found`. */
export async function deleteRoute(db: Db, workspace: string, id: string): Promise<void> {
  if ((await db.route.deleteMany({ where: { workspace, id } })).count === 0) throw missing();
}

/** `ids` are all of them, first to last. */
export async function orderRoutes(
  db: Db,
  workspace: string,
  ids: readonly string[],
): Promise<void> {
  await db.$executeRaw`
    update route r set position = n.nth from unnest(${[...ids]}::text[]) with ordinality as n(id, nth)
    where r.workspace = ${workspace} and r.id = n.id`;
}
