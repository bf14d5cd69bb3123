import type { TranscriptRow } from "@/lib/sessions/transcript-rows";

export type Wanted = "error" | "costly" | "text";

/** Requests that cost at least this share of the dearest one at hand are worth a stop. */
const COSTLY_SHARE = 0.5;

/** The cost from which a step counts as costly among `rows`; null where nothing has a price. */
export function costlyFrom(rows: readonly TranscriptRow[]): number | null {
  let most = 0;
  for (const row of rows) most = Math.max(most, costOf(row) ?? 0);
  return most > 0 ? most * COSTLY_SHARE : null;
}

export function costOf(row: TranscriptRow): number | null {
  return row.kind === "request" || row.kind === "evaluation" ? row.costNanos : null;
}

/**
 * The next row after (or before) the one that holds `eventId` that matches; from the list's own end
 * when that row is not among them.
 */
export function nextRow(given: {
  rows: readonly TranscriptRow[];
  eventId: string | null;
  direction: "next" | "prev";
  matches: (row: TranscriptRow) => boolean;
}): TranscriptRow | null {
  const { rows, eventId, direction, matches } = given;
  const step = direction === "next" ? 1 : -1;
  const here = eventId === null ? -1 : rowOf(rows, eventId);
  let at = here >= 0 ? here + step : direction === "next" ? 0 : rows.length - 1;
  for (; at >= 0 && at < rows.length; at += step) {
    const row = rows[at];
    if (row && row.eventId !== null && row.eventId !== eventId && matches(row)) return row;
  }
  return null;
}

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
