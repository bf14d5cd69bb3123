import type { Discount, Included, MeterPrice, OwnPrice, Terms } from "./own-schema";

export const METERS = ["tokens", "runtime", "web_search"] as const;
export const INCLUDED_OF = ["cost", "session_hours", "web_searches"] as const;

export const NO_TERMS: Terms = {
  prices: [],
  session_hours: [],
  web_searches: [],
  discounts: [],
  included: [],
};

export type Entry = OwnPrice | MeterPrice | Discount | Included;

/** What one entry is about: two of them with the same say two things at once. */
export function subjectOf(entry: Entry): string {
  const from = entry.effective_from ?? "";
  if ("input_pico" in entry)
    return JSON.stringify([entry.model, entry.speed, entry.prompt_above, from]);
  if ("off" in entry) return JSON.stringify([entry.model, entry.meter, from]);
  return "of" in entry ? JSON.stringify([entry.of, from]) : from;
}
