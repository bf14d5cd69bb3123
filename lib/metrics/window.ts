import type { Stretch } from "./edges";
import { NEVER } from "./rollup";

const MINUTE_MS = 60_000;
const HOUR = 60;

/** A part of one minute. */
export type Edge = Stretch & { minute: number };

/** What a half-open window is made of: whole minutes, and parts of the minutes at its ends. */
export type Cut = {
  /** Minutes from the epoch; null where the window holds no whole one. */
  whole: { from: number; to: number } | null;
  edges: Edge[];
  /** What is covered by these, in ms. */
  fromMs: number;
  toMs: number;
};

type Range = { fromMs: number; toMs: number };

/**
 * Before `kept`, the first whole hour whose minutes are all kept, windows are told by whole hours. Times
 * in ms; a window that never ends has `toMs` Infinity.
 */
export function cutWindow({ fromMs, toMs }: Range, kept: number): Cut {
  const hourMs = HOUR * MINUTE_MS;
  const isOld = (ms: number) => ms < kept * MINUTE_MS;
  const from = isOld(fromMs) ? Math.floor(fromMs / hourMs) * hourMs : fromMs;
  const to = isOld(toMs) ? Math.ceil(toMs / hourMs) * hourMs : toMs;
  const first = Math.ceil(from / MINUTE_MS);
  const last = to === Infinity ? NEVER : Math.floor(to / MINUTE_MS);
  const edge = (minute: number, startMs: number, endMs: number): Edge => ({
    ...{ minute, fromUs: startMs * 1000, toUs: endMs * 1000 },
  });
  const covered = { fromMs: from, toMs: to };
  if (first > last) return { whole: null, edges: [edge(last, from, to)], ...covered };
  const edges = [];
  if (from < first * MINUTE_MS) edges.push(edge(first - 1, from, first * MINUTE_MS));
  if (to !== Infinity && to > last * MINUTE_MS) edges.push(edge(last, last * MINUTE_MS, to));
  return { whole: last > first ? { from: first, to: last } : null, edges, ...covered };
}

/**
 * Of what is only known by the minute: the minutes that begin in the window, at least the one it begins
 * in. Windows next to each other share none.
 */
export function wholeMinutes({ fromMs, toMs }: Range): Cut {
  const from = Math.floor(fromMs / MINUTE_MS);
  const to = Math.max(from + 1, Math.floor(toMs / MINUTE_MS));
  const covered = { fromMs: from * MINUTE_MS, toMs: to * MINUTE_MS };
  return { whole: { from, to }, edges: [], ...covered };
}
