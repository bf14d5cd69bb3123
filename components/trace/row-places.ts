import { rowOf } from "@/lib/sessions/find";
import type { EventItem } from "@/lib/sessions/schema";
import type { TranscriptRow } from "@/lib/sessions/transcript-rows";
import { microsFromIso } from "@/lib/time/micros";

/**
 * Where an event is told: its own row, or, for the copy of an event another list tells better, the
 * row of its time. -1 when it is not among the events at hand.
 */
export function placeOf(
  rows: readonly TranscriptRow[],
  events: readonly EventItem[],
  eventId: string,
): number {
  const own = rowOf(rows, eventId);
  if (own >= 0) return own;
  const event = events.find((item) => item.id === eventId);
  if (!event) return -1;
  const us = microsFromIso(event.at ?? "") ?? Number.POSITIVE_INFINITY;
  return rows.findLastIndex((row) => row.atUs !== null && row.atUs <= us);
}

/** First guesses of heights in pixels; each row is measured once it is drawn. */
export const ROW_HEIGHTS: Record<TranscriptRow["kind"], number> = {
  turn: 29,
  gap: 29,
  request: 29,
  message: 76,
  thinking: 29,
  tool: 45,
  approval: 29,
  handoff: 96,
  status: 29,
  error: 49,
  evaluation: 49,
  mark: 29,
  event: 53,
};
