import type { TranscriptRow } from "@/lib/sessions/transcript-rows";

/** Whether a row tells of an event: its own, or one folded into it. */
export function holds(row: TranscriptRow, eventId: string): boolean {
  return row.eventId === eventId || row.folds.includes(eventId);
}

/**
 * The row that tells of an event; headings only where nothing else does, for a turn shares its first
 * event with a status line.
 */
export function rowOf(rows: readonly TranscriptRow[], eventId: string): number {
  const own = rows.findIndex((row) => row.kind !== "turn" && !row.quiet && holds(row, eventId));
  return own >= 0 ? own : rows.findIndex((row) => holds(row, eventId));
}

/**
 * The event of the next row, up or down, that selects another one than what is selected now; null at
 * the list's end. `from` is the selected row, -1 where none of the list is: then the list's own end
 * is where it starts.
 */
export function nextEvent(given: {
  count: number;
  from: number;
  step: 1 | -1;
  selected: string | null;
  idAt: (index: number) => string | null;
}): string | null {
  const { count, from, step, selected, idAt } = given;
  let at = (from < 0 && step < 0 ? count : from) + step;
  for (; at >= 0 && at < count; at += step) {
    const id = idAt(at);
    if (id !== null && id !== selected) return id;
  }
  return null;
}
