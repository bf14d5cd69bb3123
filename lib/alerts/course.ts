import { check } from "./condition";
import { decide, type Presence, presenceOf } from "./machine";
import { absentOf, type Observation } from "./observation";
import type { Judged } from "./rule";
import type { Decision, Instance, Labels, Outcome } from "./schema";
import { isOpenStatus } from "./turns";

export type Seen = { labels: Labels; fingerprint: string; observation: Observation };

/** One label set on its way through the ticks. */
export type Track = {
  fingerprint: string;
  labels: Labels;
  instance: Instance | null;
  /** The last tick that had it. */
  seenMs: number;
  value: number | null;
};

/** What a tick did to one label set; `wasOpen` before it. */
export type Step = {
  tick: number;
  observation: Observation;
  outcome: Outcome;
  decision: Decision;
  wasOpen: boolean;
};

type Found = { observation: Observation; presence: Presence };

/** A rule's alerts, tick by tick, without anything being kept or told: for backtests and rule tests. */
export class Course {
  readonly tracks = new Map<string, Track>();
  /** Fingerprints beyond the most label sets that the rule may have. */
  readonly refused = new Set<string>();

  constructor(
    private readonly rule: Judged,
    private readonly onStep: (track: Track, step: Step) => void = () => {},
    /** Steps that change nothing are not told, and cost next to nothing. */
    private readonly isQuiet = false,
  ) {}

  /** Whether the label set of this fingerprint has an alert that is open. */
  readonly isOpen = (fingerprint: string): boolean => {
    const instance = this.tracks.get(fingerprint)?.instance;
    return instance != null && isOpenStatus(instance.status);
  };

  judge(tick: number, seen: Iterable<Seen>): void {
    let anySeen = false;
    for (const { labels, fingerprint, observation } of seen) {
      anySeen = true;
      const track = this.tracks.get(fingerprint) ?? this.begin(fingerprint, labels);
      if (!track) continue;
      track.seenMs = tick;
      const presence = presenceOf(labels, { isSeen: true, anySeen });
      this.step(tick, track, { observation, presence });
    }
    for (const track of this.tracks.values()) {
      if (track.seenMs === tick) continue;
      const presence = presenceOf(track.labels, { isSeen: false, anySeen });
      this.step(tick, track, { observation: absentOf(this.rule), presence });
    }
  }

  private begin(fingerprint: string, labels: Labels): Track | null {
    if (this.tracks.size >= this.rule.max_instances) {
      this.refused.add(fingerprint);
      return null;
    }
    const track = { fingerprint, labels, instance: null, seenMs: 0, value: null };
    this.tracks.set(fingerprint, track);
    return track;
  }

  private step(tick: number, track: Track, { observation, presence }: Found): void {
    const before = track.instance;
    const wasOpen = before !== null && isOpenStatus(before.status);
    const standing = { open: wasOpen, firedMs: before?.firedMs ?? null };
    const outcome = check(this.rule, observation, standing);
    if (this.isQuiet && before && isStill(before, outcome, presence)) {
      before.seenMs = tick;
      before.emptyMs = null;
      return;
    }
    const decision = decide(this.rule, before, outcome, tick, presence);
    track.instance = decision.next;
    if ("value" in outcome) track.value = outcome.value;
    this.onStep(track, { tick, observation, outcome, decision, wasOpen });
    if (decision.next === null) this.tracks.delete(track.fingerprint);
  }
}

/** One that rests and is fine, or fires and goes on as bad as it is, is the same after a tick. */
function isStill(instance: Instance, outcome: Outcome, { labelsPresent }: Presence): boolean {
  if (labelsPresent === false || instance.flappingMs !== null) return false;
  if (instance.status === "inactive") return outcome.kind === "ok";
  if (instance.status !== "firing" || outcome.kind !== "breach") return false;
  const { severity, okMs, lowMs } = instance;
  return severity === outcome.severity && okMs === null && lowMs === null;
}
