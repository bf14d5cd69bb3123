import type { ThreadItem } from "@/lib/sessions/schema";

const SERIES = 8;

/** A colour for each child thread, the same wherever it shows; null for the primary one. */
export function threadColour(
  threads: readonly ThreadItem[],
  threadId: string | null,
): string | null {
  if (threadId === null) return null;
  const at = threads.findIndex((thread) => thread.id === threadId);
  return `var(--series-${(((at < 0 ? threads.length : at) + 3) % SERIES) + 1})`;
}
