import type { Db } from "@/lib/db/client";
import { wakeGroups } from "./group-store";
import { type Labels, labelsOf } from "./match";
import type { AlertRow } from "./notice-store";
import { endingOf, type Hideable } from "./silence";
import { type SilenceRow, writeSilence } from "./silence-store";

/** Whoever edits when nobody does. */
const ITSELF = "watchkeeper";

const hideableOf = ({
  labels,
  ruleId,
  ruleName,
  severity,
  openedAt,
  closedAt,
}: AlertRow): Hideable => ({
  labels: labelsOf({ labels, severity, rule: { id: ruleId, name: ruleName } }) as Labels,
  openedMs: openedAt.getTime(),
  closedMs: closedAt?.getTime() ?? null,
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
    else await writeSilence(db, workspace, edited(silence, { what, by: ITSELF, now }));
  }
  if (left.length < silences.length) await wakeGroups(db, workspace, now);
  return left;
}

type Edit = { what: "edited" | "expired" | "closed" | "idle"; by: string; now: Date };

/** As it is from now on unless the edit changes more, with what it was before. */
function edited(silence: SilenceRow, { what, by, now }: Edit): SilenceRow {
  const { matchers, reason, end_when_closed, end_when_idle, startsMs, endsMs } = silence;
  const before = {
    ...{ matchers, reason, end_when_closed, end_when_idle },
    ...{ starts_at: new Date(startsMs).toISOString(), ends_at: new Date(endsMs).toISOString() },
  };
  const history = [...silence.history, { at: now.toISOString(), by, what, before }];
  return { ...silence, history, endsMs: what === "edited" ? endsMs : now.getTime() };
}
