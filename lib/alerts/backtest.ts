import { check } from "./condition";
import { Course, type Seen, type Step, type Track } from "./course";
import { messagesOf, type Told } from "./messages";
import type { Observation } from "./observation";
import { isFarther } from "./peak";
import type { Judged } from "./rule";
import { severityRank } from "./rule-schema";
import type { CloseReason, Labels, Outcome, Severity, Status } from "./schema";
import { nextTick } from "./ticks";
import { isOpenStatus } from "./turns";

/** What every label set that has data shows at a tick; `isOpen` says of a fingerprint whether it has an open alert. */
export type ObservationsAt = (
  tickMs: number,
  isOpen: (fingerprint: string) => boolean,
) => Iterable<Seen>;

export type BacktestEpisode = {
  fingerprint: string;
  labels: Labels;
  opened_at: string;
  /** Null while it is open at the end. */
  closed_at: string | null;
  close_reason: CloseReason | null;
  /** The worst it came to. */
  severity: Severity;
  peak: number | null;
};

/** `low`: nothing is open, and there was too little to judge by. Up to `toMs`, exclusive. */
export type StateRun = { state: Status | "low"; fromMs: number; toMs: number };

export type Backtest = {
  episodes: BacktestEpisode[];
  messages: number;
  /** Judgements that would have breached with fewer asked for. */
  suppressed_by_volume: number;
  ticks: number;
  groups: number;
  /** Label sets beyond the most that the rule may have. */
  overflow: number;
  /** By fingerprint, of those that were asked for. */
  states: Map<string, StateRun[]>;
  /** What was judged of the same, the farthest of each step; null where nothing was. */
  courses: Map<string, { labels: Labels; points: (number | null)[] }>;
};

export type BacktestRange = {
  fromMs: number;
  toMs: number;
  /** The rule's own, so that it is judged at the very ticks of live evaluation. */
  offsetMs?: number;
  /** Fingerprints whose states are to be drawn, or how many of those that come first. */
  drawn?: ReadonlySet<string> | number;
  /** Of what is drawn one value each. */
  stepMs?: number;
};

/** Ticks that are judged before others have their turn. */
const PART = 1_000;

/** What the rule would have done, tick by tick, by the conditions and the machine of live evaluation. */
export function backtest(rule: Judged, source: ObservationsAt, range: BacktestRange): Backtest {
  const parts = backtestInParts(rule, source, range);
  for (;;) {
    const { done, value } = parts.next();
    if (done) return value;
  }
}

/** The same, with a rest after every thousand ticks. */
export function* backtestInParts(
  rule: Judged,
  source: ObservationsAt,
  range: BacktestRange,
): Generator<undefined, Backtest> {
  const past = new Past(rule, range);
  let count = 0;
  for (
    let tick = nextTick(range.fromMs - 1, rule.everyMs, range.offsetMs ?? 0);
    tick <= range.toMs;
    tick += rule.everyMs
  ) {
    past.judge(tick, source);
    if (++count % PART === 0) yield;
  }
  return past.found();
}

/** What is gathered of one label set beside how it stands. */
type Gathered = {
  episode: BacktestEpisode | null;
  drawn: { runs: StateRun[]; points: (number | null)[] } | null;
};

class Past {
  private readonly course: Course;
  private readonly gathered = new Map<string, Gathered>();
  private readonly states: Backtest["states"] = new Map();
  private readonly courses: Backtest["courses"] = new Map();
  private readonly episodes: BacktestEpisode[] = [];
  private readonly told: Told[] = [];
  private readonly unguarded: Judged;
  private readonly isGuarded: boolean;
  private suppressed = 0;
  private ticks = 0;

  constructor(
    private readonly rule: Judged,
    private readonly range: BacktestRange,
  ) {
    this.isGuarded = "min_volume" in rule && (rule.min_volume > 0 || rule.min_bad > 0);
    this.unguarded = this.isGuarded ? { ...rule, ...{ min_volume: 0, min_bad: 0 } } : rule;
    this.course = new Course(rule, (track, step) => this.gather(track, step));
  }

  judge(tick: number, source: ObservationsAt): void {
    this.ticks++;
    this.course.judge(tick, source(tick, this.course.isOpen));
  }

  private gather(track: Track, step: Step): void {
    const { rule } = this;
    const { decision, outcome, wasOpen, observation } = step;
    const own = this.gathered.get(track.fingerprint) ?? this.begin(track);
    if (decision.transitions.length > 0) this.turn(own, track, step);
    if (own.episode) worsen(rule, own.episode, outcome);
    if (this.isGuarded && !wasOpen) this.weigh(outcome, observation);
    if (!own.drawn) return;
    draw(own.drawn.runs, step, rule.everyMs);
    this.mark(own.drawn.points, step);
  }

  private begin({ fingerprint, labels }: Track): Gathered {
    const { drawn = 0 } = this.range;
    const isDrawn = typeof drawn === "number" ? this.states.size < drawn : drawn.has(fingerprint);
    const own: Gathered = { episode: null, drawn: isDrawn ? { runs: [], points: [] } : null };
    if (own.drawn) {
      this.states.set(fingerprint, own.drawn.runs);
      this.courses.set(fingerprint, { labels, points: own.drawn.points });
    }
    this.gathered.set(fingerprint, own);
    return own;
  }

  private mark(points: (number | null)[], { tick, outcome }: Step): void {
    const { fromMs, stepMs } = this.range;
    if (!stepMs || !("value" in outcome) || outcome.value === null) return;
    const at = Math.floor((tick - fromMs) / stepMs);
    while (points.length <= at) points.push(null);
    const known = points[at] ?? null;
    if (known === null || isFarther(this.rule, outcome.value, known)) points[at] = outcome.value;
  }

  /** As live: an alert that is damped stays one episode, however often it opens and closes. */
  private turn(own: Gathered, track: Track, { tick, decision }: Step): void {
    const { fingerprint } = track;
    const { next, transitions } = decision;
    const isDamped = next !== null && next.flappingMs !== null;
    for (const { from, to, event, reason, severity } of transitions) {
      if (event) this.told.push({ atMs: tick, fingerprint, event, to, severity });
      if (!isOpenStatus(from) && isOpenStatus(to) && !own.episode) {
        own.episode = episodeOf(track, tick, severity);
        this.episodes.push(own.episode);
      } else if (own.episode && severityRank(severity) > severityRank(own.episode.severity))
        own.episode.severity = severity;
      if (!own.episode || isOpenStatus(to) || isDamped) continue;
      own.episode.closed_at = timeOf(tick);
      own.episode.close_reason = reason ?? "recovered";
      own.episode = null;
    }
  }

  /** Counts what too little kept from breaching. */
  private weigh(outcome: Outcome, observation: Observation): void {
    if (outcome.kind !== "low" && (outcome.kind !== "ok" || !outcome.numerator)) return;
    if (check(this.unguarded, observation, { open: false }).kind === "breach") this.suppressed++;
  }

  found(): Backtest {
    return {
      episodes: this.episodes,
      messages: messagesOf(this.told, this.range.toMs),
      suppressed_by_volume: this.suppressed,
      ticks: this.ticks,
      groups: this.gathered.size,
      overflow: this.course.refused.size,
      states: this.states,
      courses: this.courses,
    };
  }
}

const timeOf = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");

const episodeOf = (
  { fingerprint, labels }: Track,
  tick: number,
  severity: Severity,
): BacktestEpisode => ({
  fingerprint,
  labels,
  opened_at: timeOf(tick),
  ...{ closed_at: null, close_reason: null, severity, peak: null },
});

function worsen(rule: Judged, episode: BacktestEpisode, outcome: Outcome): void {
  if (!("value" in outcome) || outcome.value === null) return;
  if (episode.peak === null || isFarther(rule, outcome.value, episode.peak))
    episode.peak = outcome.value;
}

function draw(runs: StateRun[], { tick, decision, outcome }: Step, everyMs: number): void {
  const status = decision.next?.status ?? "inactive";
  const state = status === "inactive" && outcome.kind === "low" ? "low" : status;
  const last = runs.at(-1);
  if (last?.state === state && last.toMs === tick) last.toMs = tick + everyMs;
  else runs.push({ state, fromMs: tick, toMs: tick + everyMs });
}
