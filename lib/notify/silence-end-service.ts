import type { Db } from "@/lib/db/client";
import { wakeGroups } from "./group-store";
import { labelsOf } from "./match";
import type { AlertRow } from "./notice-store";
import { edited, endingOf, type Hideable } from "./silence";
import { type SilenceRow, writeSilence } from "./silence-store";

/** Whoever edits when nobody does. */
const ITSELF = "watchkeeper";

export const hideableOf = (row: AlertRow): Hideable => ({
  labels: labelsOf({ ...row, rule: { id: row.ruleId, name: row.ruleName } }),
  openedMs: row.openedAt.getTime(),
  closedMs: row.closedAt?.getTime() ?? null,
});

type Ending = { silences: readonly SilenceRow[]; alerts: readonly AlertRow[]; now: Date };

/** Ends those that have done what they were made for, in the caller's transaction; the others are the answer. */
export async function endSilences(
  db: Db,
  workspace: string,
  { silences, alerts, now }: Ending,
): Promise<SilenceRow[]> {
  const hideable = alerts.map(hideableOf);
  const left: SilenceRow[] = [];
  for (const silence of silences) {
    const what = endingOf(silence, hideable, now.getTime());
    if (what === null) left.push(silence);
    else
      await writeSilence(
        db,
        workspace,
        edited(silence, { what, by: ITSELF, nowMs: now.getTime() }),
      );
  }
  if (left.length < silences.length) await wakeGroups(db, workspace, now);
  return left;
}
