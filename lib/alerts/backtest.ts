import { check } from "./condition";
import { decide } from "./machine";
import { messagesOf, type Told } from "./messages";
import type { Observation } from "./observation";
import { isFarther } from "./peak";
import type { Judged } from "./rule";
import { severityRank } from "./rule-schema";
import type {
  CloseReason,
  Instance,
  Labels,
  Outcome,
  Severity,
  Status,
  Transition,
} from "./schema";
import { nextTick } from "./ticks";
import { isOpenStatus } from "./turns";

export type Seen = { labels: Labels; fingerprint: string; observation: Observation };
/** What every label set that has data shows at a tick. */
export type ObservationsAt = (tickMs: number) => Iterable<Seen>;

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
};

export type BacktestRange = {
  fromMs: number;
  toMs: number;
  /** The rule's own, so that it is judged at the very ticks of live evaluation. */
  offsetMs?: number;
  /** Fingerprints whose states are to be drawn. */
  drawn?: ReadonlySet<string>;
};

/** One label set on its way. */
type Track = {
  fingerprint: string;
  labels: Labels;
  instance: Instance | null;
  seenMs: number;
  episode: BacktestEpisode | null;
  runs: StateRun[] | null;
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
  const past = new Past(rule, range.drawn ?? new Set());
  let count = 0;
  for (
    let tick = nextTick(range.fromMs - 1, rule.everyMs, range.offsetMs ?? 0);
    tick <= range.toMs;
    tick += rule.everyMs
  ) {
    past.judge(tick, source(tick));
    if (++count % PART === 0) yield;
  }
  return past.found(range.toMs);
}

const MISSING: Observation = { kind: "nothing" };
const ABSENT = { labelsPresent: false };
const PRESENT = { labelsPresent: true };

class Past {
  private readonly tracks = new Map<string, Track>();
  private readonly known = new Set<string>();
  private readonly refused = new Set<string>();
  private readonly states = new Map<string, StateRun[]>();
  private readonly episodes: BacktestEpisode[] = [];
  private readonly told: Told[] = [];
  private readonly unguarded: Judged;
  private readonly isGuarded: boolean;
  private suppressed = 0;
  private ticks = 0;

  constructor(
    private readonly rule: Judged,
    private readonly drawn: ReadonlySet<string>,
  ) {
    this.isGuarded = "min_volume" in rule && (rule.min_volume > 0 || rule.min_bad > 0);
    this.unguarded = this.isGuarded ? { ...rule, ...{ min_volume: 0, min_bad: 0 } } : rule;
  }

  judge(tick: number, seen: Iterable<Seen>): void {
    this.ticks++;
    for (const { labels, fingerprint, observation } of seen) {
      const track = this.tracks.get(fingerprint) ?? this.begin(fingerprint, labels);
      if (!track) continue;
      track.seenMs = tick;
      this.step(tick, track, observation);
    }
    for (const track of this.tracks.values())
      if (track.seenMs !== tick) this.step(tick, track, MISSING);
  }

  private begin(fingerprint: string, labels: Labels): Track | null {
    if (this.tracks.size >= this.rule.max_instances) {
      this.refused.add(fingerprint);
      return null;
    }
    this.known.add(fingerprint);
    const runs = this.drawn.has(fingerprint) ? (this.states.get(fingerprint) ?? []) : null;
    if (runs) this.states.set(fingerprint, runs);
    const track = { fingerprint, labels, instance: null, seenMs: 0, episode: null, runs };
    this.tracks.set(fingerprint, track);
    return track;
  }

  private step(tick: number, track: Track, observation: Observation): void {
    const { rule } = this;
    const before = track.instance;
    const open = before !== null && isOpenStatus(before.status);
    const outcome = check(rule, observation, { open, firedMs: before?.firedMs ?? null });
    const presence = observation === MISSING ? ABSENT : PRESENT;
    const { next, transitions } = decide(rule, before, outcome, tick, presence);
    track.instance = next;
    if (transitions.length > 0) this.turn(tick, track, transitions);
    if (track.episode) worsen(rule, track.episode, outcome);
    if (this.isGuarded && !open) this.weigh(outcome, observation);
    if (track.runs) draw(track.runs, tick, { next, outcome, everyMs: rule.everyMs });
    if (next === null) this.tracks.delete(track.fingerprint);
  }

  private turn(tick: number, track: Track, transitions: readonly Transition[]): void {
    const { fingerprint } = track;
    for (const { from, to, event, reason, severity } of transitions) {
      if (event) this.told.push({ atMs: tick, fingerprint, event, to, severity });
      const { episode } = track;
      if (!isOpenStatus(from) && isOpenStatus(to)) {
        track.episode = episodeOf(track, tick, severity);
        this.episodes.push(track.episode);
      } else if (episode && !isOpenStatus(to)) {
        episode.closed_at = timeOf(tick);
        episode.close_reason = reason;
        track.episode = null;
      } else if (episode && severityRank(severity) > severityRank(episode.severity))
        episode.severity = severity;
    }
  }

  /** Counts what too little kept from breaching. */
  private weigh(outcome: Outcome, observation: Observation): void {
    if (outcome.kind !== "low" && (outcome.kind !== "ok" || !outcome.numerator)) return;
    if (check(this.unguarded, observation, { open: false }).kind === "breach") this.suppressed++;
  }

  found(toMs: number): Backtest {
    return {
      episodes: this.episodes,
      messages: messagesOf(this.told, toMs),
      suppressed_by_volume: this.suppressed,
      ticks: this.ticks,
      groups: this.known.size,
      overflow: this.refused.size,
      states: this.states,
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

type Drawn = { next: Instance | null; outcome: Outcome; everyMs: number };

function draw(runs: StateRun[], tick: number, { next, outcome, everyMs }: Drawn): void {
  const status = next?.status ?? "inactive";
  const state = status === "inactive" && outcome.kind === "low" ? "low" : status;
  const last = runs.at(-1);
  if (last?.state === state && last.toMs === tick) last.toMs = tick + everyMs;
  else runs.push({ state, fromMs: tick, toMs: tick + everyMs });
}
