import { type Db, prisma } from "@/lib/db/client";
import type { MaskingRun } from "@/lib/db/generated/client";

export type MaskingRunRow = MaskingRun;
export type MaskingRunKey = { workspace: string; id: string };

type NewRow = Pick<
  MaskingRunRow,
  "workspace" | "id" | "kind" | "askedBy" | "revision" | "stage" | "createdAt"
>;

export const saveRun = (db: Db, row: NewRow): Promise<MaskingRunRow> =>
  db.maskingRun.create({ data: { ...row, state: "working" } });

export async function readLastRun(
  workspace: string,
  db: Db = prisma,
): Promise<MaskingRunRow | null> {
  return db.maskingRun.findFirst({
    where: { workspace },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
}

export const readRun = (
  { workspace, id }: MaskingRunKey,
  db: Db = prisma,
): Promise<MaskingRunRow | null> =>
  db.maskingRun.findUnique({ where: { workspace_id: { workspace, id } } });

/** Waits for the part under way. Null when there is none at work. */
export async function endRuns(
  db: Db,
  where: { workspace: string; id?: string },
  end: { state: "stopped" | "replaced"; now: Date },
): Promise<MaskingRunRow | null> {
  const [row] = await db.maskingRun.updateManyAndReturn({
    where: { ...where, state: "working" },
    data: { state: end.state, finishedAt: end.now },
  });
  return row ?? null;
}

/** Of any workspace, the oldest that is not done. */
export async function readWorkingRun(db: Db = prisma): Promise<MaskingRunKey | null> {
  return db.maskingRun.findFirst({
    where: { state: "working" },
    orderBy: { createdAt: "asc" },
    select: { workspace: true, id: true },
  });
}

/** Locks it until the transaction ends; null when another process is at it, or it has ended. */
export async function claimMaskingRun(db: Db, key: MaskingRunKey): Promise<MaskingRunRow | null> {
  const claimed = await db.$queryRaw<unknown[]>`
    select 1 from masking_run where workspace = ${key.workspace} and id = ${key.id}
      and state = 'working' for update skip locked`;
  return claimed.length === 0 ? null : readRun(key, db);
}

export type RunProgress = Partial<Omit<MaskingRunRow, "counts" | "fields">> & {
  counts?: object;
  fields?: object;
};

export async function updateRun(
  db: Db,
  { workspace, id }: MaskingRunKey,
  data: RunProgress,
): Promise<void> {
  await db.maskingRun.update({ where: { workspace_id: { workspace, id } }, data });
}
