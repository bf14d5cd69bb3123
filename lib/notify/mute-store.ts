import { newId } from "@/lib/auth/secrets";
import { type Db, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { MOST_TIMINGS, NewMuteTiming } from "./mute-schema";

export type TimingRow = NewMuteTiming & { id: string; createdAt: Date };
type Stored = { id: string; body: unknown; createdAt: Date };

const rowOf = ({ id, body, createdAt }: Stored): TimingRow => ({
  ...NewMuteTiming.parse(body),
  ...{ id, createdAt },
});

const missing = () => new AppError("not_found", "There is no such mute timing.");

/** Oldest first. */
export async function listTimings(workspace: string, db: Db = prisma): Promise<TimingRow[]> {
  const rows = await db.muteTiming.findMany({
    where: { workspace },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: MOST_TIMINGS,
  });
  return rows.map(rowOf);
}

/** Throws `conflict` when there are too many. */
export async function saveTiming(
  db: Db,
  workspace: string,
  timing: NewMuteTiming,
  now: Date,
): Promise<TimingRow> {
  if ((await db.muteTiming.count({ where: { workspace } })) >= MOST_TIMINGS)
    throw new AppError("conflict", `There are ${MOST_TIMINGS} mute timings; delete one first.`);
  const data = { workspace, id: newId("mute"), name: timing.name, body: timing, createdAt: now };
  return rowOf(await db.muteTiming.create({ data }));
}

/** Throws `not_found`. */
export async function changeTiming(
  db: Db,
  workspace: string,
  id: string,
  timing: NewMuteTiming,
): Promise<TimingRow> {
  const where = { workspace, id };
  const data = { name: timing.name, body: timing };
  if ((await db.muteTiming.updateMany({ where, data })).count === 0) throw missing();
  return rowOf(await db.muteTiming.findUniqueOrThrow({ where: { workspace_id: where } }));
}

/** Throws `not_found`. */
export async function deleteTiming(db: Db, workspace: string, id: string): Promise<void> {
  if ((await db.muteTiming.deleteMany({ where: { workspace, id } })).count === 0) throw missing();
}
