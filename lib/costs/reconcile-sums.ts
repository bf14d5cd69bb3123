import { z } from "zod";
import { toSafe } from "./apportion";
import { ReconcileCause, type ReconcileGroup, type ReconcileSums } from "./reconcile-schema";

/** A whole number as the database's text, which JSON would round beyond 2^53. */
export const BigInteger = z
  .string()
  .regex(/^-?\d+$/)
  .transform((text) => toSafe(BigInt(text)));

/** Sums over sessions as a store reads them. */
export const SumsRow = z.object({
  sessions: BigInteger,
  computed: BigInteger,
  list: BigInteger,
  drift: BigInteger,
  absolute: BigInteger,
  billed_sessions: BigInteger,
  billed: BigInteger,
});
export type SumsRow = z.infer<typeof SumsRow>;

export const GroupRow = SumsRow.extend({ key: z.string().nullable(), name: z.string().nullable() });
export type GroupRow = z.infer<typeof GroupRow>;

export function sumsOf(row: SumsRow): ReconcileSums {
  return {
    sessions: row.sessions,
    computed_nanos: row.computed,
    list_nanos: row.list,
    drift_nanos: row.drift,
    drift_absolute_nanos: row.absolute,
    drift_ratio: driftRatio(row.drift, row.list),
    billed_sessions: row.billed_sessions,
    billed_nanos: row.billed_sessions === 0 ? null : row.billed,
  };
}

export function groupOf(by: "cause" | "agent", row: GroupRow): ReconcileGroup {
  return {
    ...sumsOf(row),
    cause: by === "cause" ? ReconcileCause.parse(row.key) : null,
    agent: by === "agent" ? { id: row.key, name: row.name } : null,
  };
}

/** Drift against the list cost; null where that is zero, of which nothing is a part. */
export function driftRatio(driftNanos: number, listNanos: number): number | null {
  return listNanos === 0 ? null : driftNanos / listNanos;
}
