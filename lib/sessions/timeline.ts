/** Instants are integer microseconds; a window is what a timeline shows of a session. */
export type TimeWindow = { fromUs: number; toUs: number };

/**
 * Time → distance along the timeline, monotone and piecewise straight. `stretches` are in order and
 * meet; one whose `rate` is below 1 is squeezed (idle time nobody wants to look at).
 */
export type TimeWarp = { stretches: readonly Stretch[] };
type Stretch = { fromUs: number; toUs: number; at: number; rate: number };

export type TimeScale = {
  window: TimeWindow;
  width: number;
  warp: TimeWarp;
  x: (us: number) => number;
  us: (x: number) => number;
};

/** No closer look than this: below it rounding of pixels shows more than the events do. */
const CLOSEST_US = 1000;

export function straight(bounds: TimeWindow): TimeWarp {
  return { stretches: [{ ...bounds, at: 0, rate: 1 }] };
}

/**
 * A warp that gives each stretch of `idle` in which nothing of `busy` happens at most `keep` of the
 * rest's length. Nothing is squeezed when that would not shorten the whole noticeably.
 */
export function squeezeIdle(given: {
  bounds: TimeWindow;
  idle: readonly TimeWindow[];
  busy: readonly TimeWindow[];
  keep?: number;
}): TimeWarp {
  const { bounds, keep = 0.04 } = given;
  const quiet = subtract(given.idle, given.busy, bounds);
  const quietUs = quiet.reduce((total, window) => total + lengthOf(window), 0);
  const restUs = lengthOf(bounds) - quietUs;
  const mostUs = Math.max(1, restUs * keep);
  const long = quiet.filter((window) => lengthOf(window) > mostUs * 1.5);
  if (long.length === 0 || restUs <= 0) return straight(bounds);
  const stretches: Stretch[] = [];
  let at = 0;
  let fromUs = bounds.fromUs;
  const push = (toUs: number, rate: number) => {
    if (toUs <= fromUs) return;
    stretches.push({ fromUs, toUs, at, rate });
    at += (toUs - fromUs) * rate;
    fromUs = toUs;
  };
  for (const window of long) {
    push(window.fromUs, 1);
    push(window.toUs, mostUs / lengthOf(window));
  }
  push(bounds.toUs, 1);
  return { stretches };
}

export function isSqueezed(warp: TimeWarp): boolean {
  return warp.stretches.some((stretch) => stretch.rate < 1);
}

function lengthOf(window: TimeWindow): number {
  return Math.max(0, window.toUs - window.fromUs);
}

/** `from` without `minus`, cut to `bounds`, in order. */
export function subtract(
  from: readonly TimeWindow[],
  minus: readonly TimeWindow[],
  bounds: TimeWindow,
): TimeWindow[] {
  const holes = [...minus].sort((a, b) => a.fromUs - b.fromUs);
  const out: TimeWindow[] = [];
  let hole = 0;
  for (const window of [...from].sort((a, b) => a.fromUs - b.fromUs)) {
    let fromUs = Math.max(window.fromUs, bounds.fromUs, out.at(-1)?.toUs ?? bounds.fromUs);
    const toUs = Math.min(window.toUs, bounds.toUs);
    while ((holes[hole]?.toUs ?? Number.POSITIVE_INFINITY) <= fromUs) hole += 1;
    for (let at = hole; at < holes.length; at += 1) {
      const cut = holes[at];
      if (!cut || cut.fromUs >= toUs) break;
      if (cut.fromUs > fromUs) out.push({ fromUs, toUs: cut.fromUs });
      fromUs = Math.max(fromUs, cut.toUs);
    }
    if (fromUs < toUs) out.push({ fromUs, toUs });
  }
  return out;
}

function stretchAt(warp: TimeWarp, key: "fromUs" | "at", value: number): Stretch {
  let low = 0;
  let high = warp.stretches.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const stretch = warp.stretches[middle];
    if (stretch && stretch[key] <= value) low = middle;
    else high = middle - 1;
  }
  return warp.stretches[low] ?? { fromUs: 0, toUs: 1, at: 0, rate: 1 };
}

/** Distance from the start of the warp to an instant. */
export function along(warp: TimeWarp, us: number): number {
  const stretch = stretchAt(warp, "fromUs", us);
  return stretch.at + (us - stretch.fromUs) * stretch.rate;
}

/** The instant at a distance: the inverse of `along`. */
export function instantAt(warp: TimeWarp, distance: number): number {
  const stretch = stretchAt(warp, "at", distance);
  return Math.round(stretch.fromUs + (distance - stretch.at) / stretch.rate);
}

export function scaleOf(window: TimeWindow, width: number, warp: TimeWarp): TimeScale {
  const from = along(warp, window.fromUs);
  const length = Math.max(1, along(warp, window.toUs) - from);
  return {
    window,
    width,
    warp,
    x: (us) => ((along(warp, us) - from) / length) * width,
    us: (x) => instantAt(warp, from + (x / Math.max(1, width)) * length),
  };
}

/** The window cut to its bounds: moved inside where it fits, the bounds where it does not. */
export function within(window: TimeWindow, bounds: TimeWindow, warp: TimeWarp): TimeWindow {
  const low = along(warp, bounds.fromUs);
  const high = along(warp, bounds.toUs);
  let from = along(warp, window.fromUs);
  let to = along(warp, window.toUs);
  const length = Math.min(high - low, Math.max(CLOSEST_US, to - from));
  from = Math.min(Math.max(from, low), high - length);
  to = from + length;
  return { fromUs: instantAt(warp, from), toUs: instantAt(warp, to) };
}

/** Zooms so that the instant under the pointer stays there; `factor` above 1 looks closer. */
export function zoomed(given: {
  scale: TimeScale;
  bounds: TimeWindow;
  anchorUs: number;
  factor: number;
}): TimeWindow {
  const { scale, bounds, anchorUs, factor } = given;
  const from = along(scale.warp, scale.window.fromUs);
  const to = along(scale.warp, scale.window.toUs);
  const anchor = Math.min(Math.max(along(scale.warp, anchorUs), from), to);
  const length = Math.max(CLOSEST_US, (to - from) / factor);
  const share = to > from ? (anchor - from) / (to - from) : 0.5;
  const start = anchor - share * length;
  return within(
    { fromUs: instantAt(scale.warp, start), toUs: instantAt(scale.warp, start + length) },
    bounds,
    scale.warp,
  );
}

/** Moves the window by pixels; right is later. */
export function panned(scale: TimeScale, bounds: TimeWindow, pixels: number): TimeWindow {
  return within(
    { fromUs: scale.us(pixels), toUs: scale.us(scale.width + pixels) },
    bounds,
    scale.warp,
  );
}

/** A window around an instant or interval, with air on both sides. */
export function around(target: TimeWindow, bounds: TimeWindow, warp: TimeWarp): TimeWindow {
  const airUs = Math.max(lengthOf(target) * 0.5, lengthOf(bounds) * 0.01, 20_000);
  return within({ fromUs: target.fromUs - airUs, toUs: target.toUs + airUs }, bounds, warp);
}

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000,
  86_400_000, 172_800_000, 604_800_000,
] as const;

export type Ticks = { stepMs: number; atUs: number[] };

/**
 * Instants to label, at least `spacing` pixels apart: round ones, or, where idle time is squeezed and
 * round ones would crowd, evenly spaced ones.
 */
export function ticksOf(scale: TimeScale, spacing = 96): Ticks {
  const slots = Math.max(1, Math.floor(scale.width / spacing));
  const lengthMs = lengthOf(scale.window) / 1000;
  const stepMs = STEPS_MS.find((step) => lengthMs / step <= slots) ?? 2_419_200_000;
  if (isSqueezed(scale.warp)) {
    const atUs = Array.from({ length: slots }, (_, slot) =>
      scale.us(((slot + 0.5) / slots) * scale.width),
    );
    const gaps = atUs.slice(1).map((us, at) => us - (atUs[at] ?? 0));
    return { stepMs: Math.min(lengthMs, ...gaps.map((gap) => gap / 1000)), atUs };
  }
  const stepUs = stepMs * 1000;
  const atUs: number[] = [];
  const first = Math.ceil(scale.window.fromUs / stepUs) * stepUs;
  for (let us = first; us <= scale.window.toUs; us += stepUs) atUs.push(us);
  return { stepMs, atUs };
}
