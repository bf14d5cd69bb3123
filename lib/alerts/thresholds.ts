import type { Unit } from "@/lib/metrics/metric";
import type { BacktestRange, ObservationsAt } from "./backtest";
import { check } from "./condition";
import { Course, type Seen, type Step, type Track } from "./course";
import type { Judged } from "./rule";
import { nextTick } from "./ticks";
import { isOpenStatus } from "./turns";

/** How often a rule would have fired from a bound on. */
export type ThresholdCount = { fire: number; total: number };

type Moved = Extract<Judged, { fire: unknown }>;
type Begin = () => ObservationsAt;

const PART = 200;
const STEPS = 20;

/** Null where a rule has no one bound to move, or looks at sessions one by one. */
export function movable(rule: Judged): (Moved & { fire: number }) | null {
  if (!("fire" in rule) || rule.kind === "session" || typeof rule.fire !== "number") return null;
  return { ...rule, fire: rule.fire };
}

/** The same rule with another bound; one to recover past that no longer fits is left out. */
export function movedTo<R extends Moved & { fire: number }>(rule: R, fire: number): R {
  const { op, bounds, recover } = rule.compared;
  const isOwn = ({ at, severity }: (typeof bounds)[number]) =>
    at === rule.fire && severity === rule.severity;
  const isAbove = op === ">" || op === ">=";
  const fits = typeof recover === "number" && (isAbove ? recover <= fire : recover >= fire);
  const moved = bounds.map((bound) => (isOwn(bound) ? { ...bound, at: fire } : bound));
  return { ...rule, fire, compared: { op, bounds: moved, recover: fits ? recover : null } };
}

/** Openings of a rule's alerts; one that is damped opens once. */
class Openings {
  total = 0;
  private readonly open = new Set<string>();

  take({ fingerprint }: Track, { decision: { next, transitions } }: Step): void {
    const isDamped = next !== null && next.flappingMs !== null;
    for (const { from, to } of transitions) {
      if (!isOpenStatus(from) && isOpenStatus(to) && !this.open.has(fingerprint)) {
        this.open.add(fingerprint);
        this.total++;
      } else if (isOpenStatus(from) && !isOpenStatus(to) && !isDamped)
        this.open.delete(fingerprint);
    }
    if (next === null || !(isDamped || isOpenStatus(next.status))) this.open.delete(fingerprint);
  }
}

/**
 * How often it would have fired by each of these bounds, all of them judged in one walk through the past:
 * what a tick shows is made out once. Rests now and then.
 */
export function* countThresholds(
  rule: Moved & { fire: number },
  fires: readonly number[],
  begin: Begin,
  range: BacktestRange,
): Generator<undefined, ThresholdCount[]> {
  const tried = fires.map((fire) => {
    const openings = new Openings();
    const take = (track: Track, step: Step) => openings.take(track, step);
    return { fire, openings, course: new Course(movedTo(rule, fire), take, true) };
  });
  const source = begin();
  let count = 0;
  for (const tick of ticksOf(rule, range)) {
    const seen: Seen[] = [...source(tick, () => false)];
    for (const { course } of tried) course.judge(tick, seen);
    if (++count % PART === 0) yield;
  }
  return tried.map(({ fire, openings }) => ({ fire, total: openings.total }));
}

/** The least and the most that is judged; null where nothing is. */
export function* spreadOf(
  rule: Judged,
  begin: Begin,
  range: BacktestRange,
): Generator<undefined, { least: number; most: number } | null> {
  let [least, most] = [Infinity, -Infinity];
  const source = begin();
  let count = 0;
  for (const tick of ticksOf(rule, range)) {
    for (const { observation } of source(tick, () => false)) {
      const outcome = check(rule, observation, { open: false });
      if (!("value" in outcome) || outcome.value === null || outcome.kind === "low") continue;
      least = Math.min(least, outcome.value);
      most = Math.max(most, outcome.value);
    }
    if (++count % (PART * 5) === 0) yield;
  }
  return most === -Infinity ? null : { least, most };
}

function* ticksOf({ everyMs }: Judged, { fromMs, toMs, offsetMs = 0 }: BacktestRange) {
  for (let tick = nextTick(fromMs - 1, everyMs, offsetMs); tick <= toMs; tick += everyMs)
    yield tick;
}

/** Round bounds over all that was judged, with the rule's own among them. */
export function boundsOver(
  { least, most }: { least: number; most: number },
  { fire, unit }: { fire: number; unit: Unit },
): number[] {
  const step = roundStep((most - least) / STEPS, unit);
  const first = Math.floor(least / step);
  const count = Math.min(2 * STEPS, Math.ceil(most / step) - first + 1);
  const all = Array.from({ length: count }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
  return [...new Set([...all, fire])].sort((a, b) => a - b);
}

const LENGTHS = [1, 5, 10, 15, 30, 60, 300, 600, 900, 1_800, 3_600, 10_800, 21_600, 86_400];

function roundStep(raw: number, unit: Unit): number {
  if (unit === "seconds" || unit === "ms") {
    const scale = unit === "ms" ? 1_000 : 1;
    const length = LENGTHS.find((one) => one * scale >= raw);
    if (length !== undefined && raw >= scale / 2) return length * scale;
  }
  const least = unit === "count" || unit === "tokens" ? 1 : 0;
  const power = 10 ** Math.floor(Math.log10(Math.max(raw, 1e-9)));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= raw * 0.999);
  return Math.max(least, step ?? raw);
}
