import type { EventItem } from "@/lib/sessions/schema";

/** An event of a session: the same id can stand in the lists of several threads. */
export function eventKey(item: EventItem): string {
  return `${item.session_thread_id ?? ""}|${item.id}`;
}

/** Events in the session's order, untimed last; what is of one instant stays as it stands. Times are texts of one form. */
export function inTime(events: readonly EventItem[]): EventItem[] {
  const key = (item: EventItem) => item.at ?? "~";
  return [...events].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** `base` with `more` in it: what comes again replaces what was there, in the session's order, untimed last. */
export function mergeEvents(
  base: readonly EventItem[],
  more: readonly EventItem[],
): readonly EventItem[] {
  if (more.length === 0) return base;
  const merged = new Map(base.map((item) => [eventKey(item), item]));
  let changed = false;
  for (const item of more) {
    const known = merged.get(eventKey(item));
    // An event may get its time later, never lose it again.
    if (known && (known.at === item.at || item.at === null)) continue;
    merged.set(eventKey(item), item);
    changed = true;
  }
  if (!changed) return base;
  return inTime([...merged.values()]);
}

/** The stretch of time some events cover; null where none has a time. */
export function rangeOf(events: readonly EventItem[]): { from: string; to: string } | null {
  const first = events.find((item) => item.at !== null);
  const last = events.findLast((item) => item.at !== null);
  return first?.at && last?.at ? { from: first.at, to: last.at } : null;
}
