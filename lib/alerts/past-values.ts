import type { PastSession, Watching } from "./past-sessions";

const MINUTE_MS = 60_000;

type State = { name: string; ended: boolean; sinceMs: number };
type Value = (tickMs: number) => number | null;

/** The state of a session at an instant; null before its first. */
export function standsAt({ bands }: PastSession, ms: number): State | null {
  const found = bands[placeAfter(bands.length, (at) => bands[at]?.[1] ?? 0, ms) - 1];
  if (!found) return null;
  const [name, sinceMs] = found;
  const isAtWork = name === "running" || name === "rescheduling" || name === "waiting";
  return { name, ended: !isAtWork, sinceMs };
}

/** How a session stood by a measure, as it was known at a tick: seconds, nano-dollars, tokens or a count. */
export function measuredBy(rule: Watching, session: PastSession): Value {
  const { delayMs, windowMs } = rule;
  const { startedMs, bands, marks } = session;
  const atOf = (tickMs: number) => tickMs - delayMs;
  switch (rule.measure) {
    case "tokens": {
      const upTo = sumsOf(marks);
      return (tick) => upTo(Math.floor(tick / MINUTE_MS));
    }
    case "cost": {
      const [upTo, runtime] = [sumsOf(marks), runtimeOf(session)];
      return (tick) => upTo(Math.floor(tick / MINUTE_MS)) + runtime(tick);
    }
    case "cost_per_minute": {
      const [upTo, runtime] = [sumsOf(marks), runtimeOf(session)];
      return (tick) => {
        const from = Math.floor((atOf(tick) - windowMs) / MINUTE_MS);
        const to = Math.ceil(atOf(tick) / MINUTE_MS);
        const span = { fromMs: from * MINUTE_MS, toMs: to * MINUTE_MS };
        const sum = upTo(to) - upTo(from) + runtime(tick, span);
        return sum === 0 ? null : sum / (windowMs / MINUTE_MS);
      };
    }
    case "duration":
      return (tick) => {
        const state = standsAt(session, tick);
        const end = state?.ended ? Math.min(state.sinceMs, atOf(tick)) : atOf(tick);
        return (end - startedMs) / 1_000;
      };
    case "waiting":
      return (tick) => {
        const state = standsAt(session, tick);
        return state?.name === "waiting" ? (atOf(tick) - state.sinceMs) / 1_000 : null;
      };
    case "silence":
      return silenceOf(session, atOf);
    case "reschedules": {
      const starts = bands.flatMap(([name, ms]) => (name === "rescheduling" ? [ms] : []));
      const before = (ms: number) => starts.filter((start) => start < ms).length;
      return (tick) => before(atOf(tick)) - before(atOf(tick) - windowMs);
    }
    case "tool_errors":
      return toolErrorsOf(session);
  }
}

/** What running has cost: each stretch of it is known once it is over. */
function runtimeOf({ bands, runtimeNanos }: PastSession) {
  const runs = bands.flatMap(([name, fromMs], at) => {
    const toMs = bands[at + 1]?.[1];
    return name === "running" && toMs !== undefined ? [{ fromMs, toMs }] : [];
  });
  const wholeMs = runs.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return (tickMs: number, within = { fromMs: -Infinity, toMs: Infinity }): number => {
    let ms = 0;
    for (const { fromMs, toMs } of runs)
      if (toMs <= tickMs)
        ms += Math.max(0, Math.min(toMs, within.toMs) - Math.max(fromMs, within.fromMs));
    return wholeMs === 0 ? 0 : Math.round((runtimeNanos * ms) / wholeMs);
  };
}

/** Marks: the event before each long silence, and the one after it; null where none came. */
function silenceOf(session: PastSession, atOf: (tickMs: number) => number): Value {
  const gaps = session.marks.map(([from, to]) => ({
    fromMs: Number(from),
    toMs: to == null ? Infinity : Number(to),
  }));
  return (tick) => {
    const state = standsAt(session, tick);
    if (!state || (state.name !== "running" && state.name !== "rescheduling")) return null;
    const gap = gaps[placeAfter(gaps.length, (at) => gaps[at]?.fromMs ?? 0, tick) - 1];
    return gap && tick < gap.toMs ? (atOf(tick) - gap.fromMs) / 1_000 : 0;
  };
}

/** Marks: end and start of each call, its tool, and `ok` or `error`. */
function toolErrorsOf({ marks }: PastSession): Value {
  const calls = marks.map(([ended, started, name, state]) => ({
    ...{ endedMs: Number(ended), startedMs: Number(started), name: `${name}` },
    isError: state === "error",
  }));
  const tools = new Map<string, { okMs: number; errors: number[] }>();
  let at = 0;
  return (tick) => {
    for (let call = calls[at]; call && call.endedMs <= tick; call = calls[++at]) {
      const tool = tools.get(call.name) ?? { okMs: -Infinity, errors: [] };
      tools.set(call.name, tool);
      if (call.isError) tool.errors.push(call.startedMs);
      else tool.okMs = Math.max(tool.okMs, call.startedMs);
      tool.errors = tool.errors.filter((ms) => ms > tool.okMs);
    }
    return tools.size === 0
      ? null
      : Math.max(...[...tools.values()].map((one) => one.errors.length));
  };
}

/** Marks: minutes and what came in each. Gives the sum of all minutes before one. */
function sumsOf(marks: PastSession["marks"]): (minute: number) => number {
  const upTo = [0];
  for (const [at, [, amount]] of marks.entries()) upTo.push((upTo[at] ?? 0) + Number(amount));
  return (minute) =>
    upTo[placeAfter(marks.length, (at) => Number(marks[at]?.[0]), minute - 1)] ?? 0;
}

/** How many of so many ascending keys are at most `key`. */
function placeAfter(count: number, keyAt: (at: number) => number, key: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyAt(middle) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
