/** What closes sooner than anybody can look at it. */
export const BRIEF_MS = 300_000;
/** How long rules are tried with for a suggestion. */
export const TRIED_FOR_MS = [0, 60_000, 120_000, 300_000, 600_000, 900_000];
/** Fewer are no noise. */
const FEWEST = 4;

/** How many episodes a backtest had with one length of `for`. */
export type Tried = { forMs: number; episodes: number };
export type Suggestion = { forMs: number; before: number; after: number };

/**
 * The shortest wait that spares at least half of the alerts and still leaves some; null where there is none, or
 * nothing to spare. `currentMs` is the rule's own.
 */
export function suggestFor(tried: readonly Tried[], currentMs: number): Suggestion | null {
  const before = tried.find(({ forMs }) => forMs === currentMs)?.episodes ?? 0;
  if (before < FEWEST) return null;
  const better = [...tried]
    .sort((a, b) => a.forMs - b.forMs)
    .find(({ forMs, episodes }) => forMs > currentMs && episodes > 0 && episodes * 2 <= before);
  return better ? { forMs: better.forMs, before, after: better.episodes } : null;
}
