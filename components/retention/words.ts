import { formatPlural } from "@/lib/format";
import type { Kind } from "@/lib/retention/schema";

export const KIND_WORDS: Record<Kind, { label: string; what: string }> = {
  content: { label: "Content", what: "texts, inputs, outputs and titles; sizes and times stay" },
  events: { label: "Events", what: "the events; totals cannot change from then on" },
  spans: { label: "Spans", what: "the timeline" },
  sessions: { label: "Sessions", what: "the session itself; its totals stay" },
};

export const ORDER = ["content", "events", "spans", "sessions"] as const satisfies readonly Kind[];

/** Days that are offered; any other number that was set by the API is shown beside them. */
const OFFERED = [1, 7, 14, 30, 60, 90, 180, 365, 730, 1095, 1825, 2555, 3650];

export const offeredWith = (days: number | null | undefined): number[] =>
  typeof days === "number" && !OFFERED.includes(days)
    ? [...OFFERED, days].sort((a, b) => a - b)
    : OFFERED;

export function daysWords(days: number | null): string {
  if (days === null) return "For ever";
  if (days >= 365 && days % 365 === 0) return formatPlural(days / 365, "year");
  return formatPlural(days, "day");
}
