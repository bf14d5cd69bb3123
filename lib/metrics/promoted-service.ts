import { record } from "@/lib/audit/service";
import { type Db, PATIENT, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { enqueue } from "@/lib/jobs/queue";
import {
  type DimensionItem,
  type DimensionsAnswer,
  type DimensionsQuery,
  MOST_PROMOTED,
  type NewDimension,
  PROMOTE_TASK,
  PromotionState,
} from "./promoted-schema";
import {
  countFoldedDays,
  countGoneBefore,
  listPromotions,
  lockPromotions,
  type PromotedRow,
  readSeenKeys,
  type SeenKey,
  savePromotion,
  updatePromotion,
} from "./promoted-store";

const LOOKED_AT = 100_000;
const MOST_KEYS = 200;

/** The metadata keys there are, and which of them metrics are rolled up by. */
export async function readDimensions(
  workspace: string,
  { promoted: isShort }: DimensionsQuery = { promoted: false },
): Promise<DimensionsAnswer> {
  const [{ counted, seen }, promotions, folded, gone] = await Promise.all([
    isShort
      ? { counted: 0, seen: [] }
      : readSeenKeys(workspace, { sessions: LOOKED_AT, keys: MOST_KEYS }),
    listPromotions(workspace),
    countFoldedDays(workspace),
    countGoneBefore(workspace),
  ]);
  const byKey = new Map(seen.map((one) => [one.key, one]));
  // One that was taken back and promoted again has two rows while the first is being forgotten.
  const standing = new Map(promotions.map((row) => [row.key, row]));
  const promoted = [...standing.values()].map((row) =>
    itemOf(byKey.get(row.key) ?? unseen(row.key), row, {
      ...{ foldedDays: folded.get(row.id) ?? 0, goneBefore: gone.get(row.id) ?? 0 },
    }),
  );
  const others = seen.filter(({ key }) => !standing.has(key));
  return {
    dimensions: [...promoted, ...others.map((one) => ({ ...one, promotion: null }))],
    looked_at: counted,
    most_promoted: MOST_PROMOTED,
  };
}

const unseen = (key: string): SeenKey => ({ key, sessions: 0, values: 0, examples: [] });

type Missing = { foldedDays: number; goneBefore: number };

const itemOf = (
  seen: SeenKey,
  row: PromotedRow,
  { foldedDays, goneBefore }: Missing,
): DimensionItem => ({
  ...seen,
  promotion: {
    state: PromotionState.parse(row.state),
    sessions: row.sessions ?? 0,
    done: row.done,
    folded_days: foldedDays,
    gone_before: goneBefore,
    created_at: row.createdAt.toISOString(),
    filled_at: row.filledAt?.toISOString() ?? null,
  },
});

/** Has metrics rolled up by a key; what comes in is from now on, and the worker counts history. Throws `conflict`. */
export async function promote(
  workspace: string,
  { key }: NewDimension,
  now = new Date(),
): Promise<DimensionItem> {
  const saved = await prisma.$transaction(async (tx) => {
    await lockPromotions(tx, workspace);
    const standing = await inForce(tx, workspace);
    if (standing.some((one) => one.key === key))
      throw new AppError("conflict", `\`${key}\` is promoted already.`);
    if (standing.length >= MOST_PROMOTED)
      throw new AppError(
        "conflict",
        `${MOST_PROMOTED} keys are promoted, which is the most: take one of them back first.`,
      );
    const row = await savePromotion(tx, { workspace, key, createdAt: now });
    await record(tx, workspace, { action: "dimension.promoted", target: { id: key } });
    await enqueue(tx, { task: PROMOTE_TASK, payload: {}, key: PROMOTE_TASK });
    return { row, goneBefore: (await countGoneBefore(workspace, tx)).get(row.id) ?? 0 };
  }, PATIENT);
  return itemOf(unseen(key), saved.row, { foldedDays: 0, goneBefore: saved.goneBefore });
}

/** Takes a promotion back: metrics by the key are read from the sessions again. Throws `not_found`. */
export async function demote(workspace: string, { key }: NewDimension): Promise<undefined> {
  await prisma.$transaction(async (tx) => {
    await lockPromotions(tx, workspace);
    const row = (await inForce(tx, workspace)).find((one) => one.key === key);
    if (!row) throw new AppError("not_found", `\`${key}\` is not promoted.`);
    await updatePromotion(tx, row, { state: "removing" });
    await record(tx, workspace, { action: "dimension.demoted", target: { id: key } });
    await enqueue(tx, { task: PROMOTE_TASK, payload: {}, key: PROMOTE_TASK });
  }, PATIENT);
  return undefined;
}

const inForce = async (tx: Db, workspace: string) =>
  (await listPromotions(workspace, tx)).filter(({ state }) => state !== "removing");
