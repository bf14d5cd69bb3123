/** In ms: which way the clock on the wall has gone by itself, forward above zero. */
export type Leap = number;

/** What is put right by waiting: a job that comes a minute late. */
const MOST_BACK_MS = 60_000;
/** A machine that slept is no wonder; jobs by the minute are caught up with one by one until here. */
const MOST_ON_MS = 600_000;

type Clocks = { wallMs: () => number; steadyMs: () => number };

const CLOCKS: Clocks = { wallMs: Date.now, steadyMs: () => performance.now() };

/**
 * Tells how far the wall clock has gone against one that only ever goes on, once that is too far for what
 * waits by the wall clock: a minute back, ten minutes on. Small steps back add up, whatever their number.
 */
export function leaps({ wallMs, steadyMs }: Clocks = CLOCKS): () => Leap | null {
  let farthest = wallMs() - steadyMs();
  return () => {
    const offset = wallMs() - steadyMs();
    const leap = offset - farthest;
    if (leap < -MOST_BACK_MS || leap > MOST_ON_MS) {
      farthest = offset;
      return leap;
    }
    farthest = Math.max(farthest, offset);
    return null;
  };
}
