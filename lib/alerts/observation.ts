import type { Kind } from "./rule-schema";
import type { Status } from "./schema";

/**
 * A value over a window; null where there was nothing to make it of. Of ratios with what they are made of; of
 * distributions `denominator` is how many were measured, wanted where a rule has a `min_volume`.
 */
export type Figure = { value: number | null; numerator?: number; denominator?: number };
/** A rate over a window. */
export type Rate = { numerator: number; denominator: number };

/** What was found out about one label set at one tick, by the kind of rule that asked. */
export type Observation =
  | ({ kind: "threshold" | "ratio" | "event" } & Figure)
  /** `baseline` is the same window further back. */
  | { kind: "change"; now: Figure; baseline: Figure }
  /** `history` holds the same hour of seasons before, those without a value left out. */
  | ({ kind: "anomaly"; history: readonly number[] } & Figure)
  | { kind: "burn_rate"; long: Rate; short: Rate }
  /** Ages since the last heartbeat, null before the first, and since the rule was made. */
  | { kind: "heartbeat"; ageMs: number | null; ruleAgeMs: number }
  | { kind: "absence"; count: number; everSeen: boolean; ruleAgeMs: number }
  /** One part of a budget: a tier, or what is expected by the period's end. In nano-dollars. */
  | {
      kind: "budget";
      part: { tier: number } | "forecast";
      spent: number;
      amount: number;
      projection: number | null;
      /** Whole days that the projection is made of. */
      knownDays: number;
      periodFromMs: number;
    }
  /** How the parts stand for this label set, by their names; one that has no such alert is left out. */
  | { kind: "composite"; parts: Readonly<Record<string, Status>> }
  /** Of Watchkeeper itself, in seconds. */
  | { kind: "self"; value: number }
  | { kind: "session"; value: number | null; ended: boolean }
  /** There are no rows. */
  | { kind: "nothing" }
  | { kind: "error" };

export type ObservationOf<K extends Observation["kind"]> = Extract<Observation, { kind: K }>;

/** Of a label set that a tick did not find: a session that is nowhere any more has ended. */
export const absentOf = ({ kind }: { kind: Kind }): Observation =>
  kind === "session" ? { kind, value: null, ended: true } : { kind: "nothing" };
