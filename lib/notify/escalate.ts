/** An open alert and when the first channels of its route were told of it; null: not yet. */
export type Waiting = { toldMs: number | null; acknowledged: boolean };

/** Whether nobody has acknowledged it so long after it was first told. */
export const isOverdue = ({ toldMs, acknowledged }: Waiting, afterMs: number, nowMs: number) =>
  !acknowledged && toldMs !== null && nowMs - toldMs >= afterMs;

/** When the next of the steps is taken unless somebody acknowledges; null for never. */
export function nextStep(
  { toldMs, acknowledged }: Waiting,
  afterMs: readonly number[],
  nowMs: number,
): number | null {
  if (acknowledged || toldMs === null) return null;
  const ahead = afterMs.map((after) => toldMs + after).filter((at) => at > nowMs);
  return ahead.length === 0 ? null : Math.min(...ahead);
}
