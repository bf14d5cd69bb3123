/** What closes sooner than anybody can look at it. */
export const BRIEF_MS = 300_000;
/** How long rules are tried with for a suggestion. */
export const TRIED_FOR_MS = [0, 60_000, 120_000, 300_000, 600_000, 900_000];
/** Fewer are no noise. */
const FEWEST = 4;

export type Ended = { openedMs: number; closedMs: number | null; acknowledged: boolean };

/** Share of episodes that closed within five minutes, or closed without anybody having acknowledged them; null without any. */
export function noiseScore(episodes: readonly Ended[]): number | null {
  if (episodes.length === 0) return null;
  const noisy = episodes.filter(
    ({ openedMs, closedMs, acknowledged }) =>
      closedMs !== null && (!acknowledged || closedMs - openedMs < BRIEF_MS),
  );
  return noisy.length / episodes.length;
}

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
