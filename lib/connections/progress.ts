/** Where reading history stands; instants in ms since the epoch. */
export type History = {
  sessions: number;
  events: number;
  /** Spent on the pages that are done; pauses are not in it. */
  busyMs: number;
  startedMs: number | null;
  /** Sessions made since then are in. */
  reachedMs: number | null;
  /** Nothing is older, as far as is known; null when that is not known. */
  oldestMs: number | null;
};

export type Progress = {
  /** Of the time to be read, newest first, how much is in: 0 to 1. */
  share: number | null;
  sessionsPerMinute: number | null;
  eventsPerMinute: number | null;
  secondsLeft: number | null;
};

const LEAST_BUSY_MS = 10_000;
/** Below it the time left would be a guess. */
const LEAST_SHARE = 0.02;

/** How fast history comes in, and how long the rest takes if it is as dense as what is in. */
export function progressOf(history: History): Progress {
  const { sessions, events, busyMs } = history;
  const share = shareOf(history);
  const isMeasured = busyMs >= LEAST_BUSY_MS;
  const perMinute = (count: number) => (isMeasured ? (count / busyMs) * 60_000 : null);
  const isKnown = isMeasured && share !== null && share >= LEAST_SHARE;
  return {
    share,
    sessionsPerMinute: perMinute(sessions),
    eventsPerMinute: perMinute(events),
    secondsLeft: isKnown ? Math.round(((busyMs / 1000) * (1 - share)) / share) : null,
  };
}

function shareOf({ startedMs, reachedMs, oldestMs }: History): number | null {
  if (startedMs === null || reachedMs === null || oldestMs === null) return null;
  const whole = startedMs - oldestMs;
  const walked = startedMs - reachedMs;
  // What is older than the oldest shows that the bound was none.
  return whole <= 0 || walked < 0 || walked > whole ? null : walked / whole;
}
