import type { ConnectionPatch, ConnectionState } from "./schema";

export type Progress = {
  state: ConnectionState;
  stateReason: string | null;
  backfillDays: number | null;
  backfillDoneAt: Date | null;
};

export type Changed = Omit<Progress, "backfillDays"> & {
  /** The sync has to look at the connection again. */
  isNews: boolean;
};

/**
 * Where a connection stands after a person changed it. Going on means history first, unless that is
 * complete; reaching further back makes it incomplete; a new key or address is a new try for one
 * that had failed.
 */
export function changeOf(
  now: Progress,
  patch: Pick<ConnectionPatch, "state" | "backfill_days">,
  { hasNewAccess }: { hasNewAccess: boolean },
): Changed {
  const goesDeeper = isDeeper(patch.backfill_days, now.backfillDays);
  const backfillDoneAt = goesDeeper ? null : now.backfillDoneAt;
  const going = backfillDoneAt === null ? "backfilling" : "live";
  const goesOn =
    patch.state === "live" ||
    (patch.state === undefined &&
      (now.state === "live" ||
        now.state === "backfilling" ||
        (now.state === "failed" && hasNewAccess)));
  const state = patch.state === "paused" ? "paused" : goesOn ? going : now.state;
  const stateReason = state === now.state ? now.stateReason : null;
  const isNews = state !== now.state || goesDeeper || hasNewAccess;
  return { state, stateReason, backfillDoneAt, isNews };
}

/** null is all history. */
function isDeeper(wanted: number | null | undefined, present: number | null): boolean {
  if (wanted === undefined || present === null) return false;
  return wanted === null || wanted > present;
}
