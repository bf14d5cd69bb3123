import { isUnusual, usualOf } from "./anomaly";
import { FEWEST_DAYS } from "./budget";
import {
  breachOf,
  type Found,
  type Guards,
  lowOf,
  okOf,
  outcomeOf,
  severityOf,
} from "./comparison";
import { isTrue, parseExpression } from "./expression";
import type { Figure, Observation, ObservationOf, Rate } from "./observation";
import type { Judged } from "./rule";
import type { Outcome } from "./schema";

type JudgedOf<K extends Judged["kind"]> = Extract<Judged, { kind: K }>;

/** How the alert stands that an observation is of: what is open recovers by another bound than it fires. */
export type Standing = { open: boolean; firedMs?: number | null };

/** What one observation says of one label set. The same for live evaluation, backtests and rule tests. */
export function check(rule: Judged, observation: Observation, standing: Standing): Outcome {
  if (observation.kind === "error") return { kind: "error" };
  switch (rule.kind) {
    case "threshold":
    case "ratio":
    case "event":
      if (observation.kind === rule.kind || observation.kind === "nothing")
        return compare(rule, figureOf(observation), standing);
      break;
    case "change":
      if (observation.kind === "change") return checkChange(rule, observation, standing);
      if (observation.kind === "nothing") return emptyOf(rule);
      break;
    case "anomaly":
      if (observation.kind === "anomaly") return checkAnomaly(rule, observation);
      if (observation.kind === "nothing") return emptyOf(rule);
      break;
    case "burn_rate":
      if (observation.kind === "burn_rate") return checkBurn(rule, observation);
      if (observation.kind === "nothing") return emptyOf(rule);
      break;
    case "absence":
      if (observation.kind === "heartbeat") return checkHeartbeat(rule, observation);
      if (observation.kind === "absence") return checkAbsence(rule, observation);
      if (observation.kind === "nothing") return { kind: "no_data" };
      break;
    case "budget":
      if (observation.kind === "budget") return checkBudget(rule, observation, standing);
      if (observation.kind === "nothing") return { kind: "no_data" };
      break;
    case "composite":
      if (observation.kind === "composite") return checkComposite(rule, observation);
      if (observation.kind === "nothing") return { kind: "ok", value: 0 };
      break;
    case "self":
      if (observation.kind === "self")
        return outcomeOf(observation, { compared: rule.compared, guards: UNGUARDED, ...standing });
      // A channel or connection that is gone is late with nothing; a source is silent all the more.
      if (observation.kind === "nothing")
        return rule.watch === "ingest" ? { kind: "no_data" } : { kind: "ok", value: 0 };
      break;
    case "session":
      if (observation.kind === "session") return checkSession(rule, observation, standing);
      if (observation.kind === "nothing") return { kind: "no_data" };
      break;
  }
  throw new Error(`A rule of the kind ${rule.kind} was given what is of ${observation.kind}.`);
}

const NOTHING: Figure = { value: null };
const figureOf = (seen: ObservationOf<"threshold" | "ratio" | "event" | "nothing">): Figure =>
  seen.kind === "nothing" ? NOTHING : seen;

const UNGUARDED: Guards = { min_volume: 0, min_bad: 0, confidence: false };
const guardsOf = (rule: Judged): Guards => ("min_volume" in rule ? rule : UNGUARDED);

/** Too little of what a value is made of, whatever that value; null where there is enough. */
function tooLittleOf(rule: Judged, figure: Figure): Outcome | null {
  const { min_volume } = guardsOf(rule);
  const { value, numerator, denominator = 0 } = figure;
  if (min_volume === 0 || rule.emptyIsZero || denominator >= min_volume) return null;
  return lowOf({ numerator, denominator }, value);
}

/** The value to judge by, or what there is to say without. */
function foundOf(rule: Judged, figure: Figure): Found | Outcome {
  const low = tooLittleOf(rule, figure);
  if (low) return low;
  const value = figure.value ?? (rule.emptyIsZero ? 0 : null);
  if (value === null) return { kind: "no_data" };
  return { value, numerator: figure.numerator, denominator: figure.denominator };
}

const isOutcome = (found: Found | Outcome): found is Outcome => "kind" in found;

/** Of what needs more than one window, when there is nothing in any. */
function emptyOf(rule: Judged): Outcome {
  const low = tooLittleOf(rule, NOTHING);
  if (low) return low;
  return rule.emptyIsZero ? { kind: "low", value: 0 } : { kind: "no_data" };
}

function compare(rule: Judged, figure: Figure, { open }: Standing): Outcome {
  const found = foundOf(rule, figure);
  if (isOutcome(found)) return found;
  return outcomeOf(found, { compared: rule.compared, guards: guardsOf(rule), open });
}

/** No baseline, or one of nothing, cannot tell how much has changed. */
function checkChange(
  rule: JudgedOf<"change">,
  { now, baseline }: ObservationOf<"change">,
  { open }: Standing,
): Outcome {
  const { mode, min_baseline, min_delta } = rule.compare;
  const found = foundOf(rule, now);
  if (isOutcome(found)) return found;
  const before = baseline.value ?? (rule.emptyIsZero ? 0 : null);
  const base = baseline.denominator ?? before ?? 0;
  const isUnknown = before === null || base < min_baseline || (mode === "relative" && before === 0);
  if (isUnknown) return lowOf(found, null);
  const delta = found.value - before;
  const { numerator, denominator } = found;
  const value = mode === "relative" ? delta / Math.abs(before) : delta;
  const change: Found = { value, numerator, denominator };
  if (Math.abs(delta) < min_delta || (numerator ?? Infinity) < rule.min_bad) return okOf(change);
  return outcomeOf(change, { compared: rule.compared, guards: UNGUARDED, open });
}

function checkAnomaly(rule: JudgedOf<"anomaly">, seen: ObservationOf<"anomaly">): Outcome {
  const found = foundOf(rule, seen);
  if (isOutcome(found)) return found;
  const usual = usualOf(seen.history);
  if (usual === null) return lowOf(found, found.value);
  const isBad = (found.numerator ?? Infinity) >= rule.min_bad;
  return isBad && isUnusual(found.value, usual, rule.anomaly)
    ? breachOf(found, rule.severity)
    : okOf(found);
}

/** The value is the smaller of the two rates of burning: both are above the factor when it is. */
function checkBurn(
  rule: JudgedOf<"burn_rate">,
  { long, short }: ObservationOf<"burn_rate">,
): Outcome {
  const volume = Math.max(rule.min_volume, 1);
  if (long.denominator < volume || short.denominator === 0)
    return rule.min_volume === 0 && long.denominator === 0
      ? { kind: "no_data" }
      : lowOf(long, null);
  const burn = ({ numerator, denominator }: Rate) => numerator / denominator / (1 - rule.slo);
  const found = { ...long, value: Math.min(burn(long), burn(short)) };
  return found.value > rule.factor && long.numerator >= rule.min_bad
    ? breachOf(found, rule.severity)
    : okOf(found);
}

/** Whether a heartbeat of some age is in time, late, or given up. */
export function pulseOf(
  { periodMs, graceMs }: Pick<Judged, "periodMs" | "graceMs">,
  ageMs: number,
): "up" | "late" | "gone" {
  if (ageMs < periodMs) return "up";
  return ageMs < periodMs + graceMs ? "late" : "gone";
}

/** What never came yet is awaited only where the rule says so, and then from its own beginning on. */
function checkHeartbeat(
  rule: JudgedOf<"absence">,
  { ageMs, ruleAgeMs }: ObservationOf<"heartbeat">,
): Outcome {
  const age = ageMs ?? (rule.expect_first ? ruleAgeMs : null);
  if (age === null) return { kind: "low", value: null };
  const value = age / 1_000;
  return pulseOf(rule, age) === "gone"
    ? { kind: "breach", value, severity: rule.severity }
    : { kind: "ok", value };
}

function checkAbsence(
  rule: JudgedOf<"absence">,
  { count, everSeen, ruleAgeMs }: ObservationOf<"absence">,
): Outcome {
  if (count > 0) return { kind: "ok", value: count };
  const isAwaited = everSeen || (rule.expect_first && ruleAgeMs >= rule.windowMs + rule.graceMs);
  return isAwaited
    ? { kind: "breach", value: 0, severity: rule.severity }
    : { kind: "low", value: 0 };
}

/** A tier that was told stays so until the period's end: it is told once, whatever is re-priced. */
function checkBudget(
  rule: JudgedOf<"budget">,
  seen: ObservationOf<"budget">,
  { open, firedMs }: Standing,
): Outcome {
  const { part, spent, amount, projection } = seen;
  if (part !== "forecast") {
    const isTold = open && (firedMs ?? -Infinity) - rule.delayMs >= seen.periodFromMs;
    return isTold || spent >= part.tier * amount
      ? { kind: "breach", value: spent, severity: rule.severity }
      : { kind: "ok", value: spent };
  }
  if (projection === null || seen.knownDays < FEWEST_DAYS)
    return { kind: "low", value: projection };
  const isHeld = open && projection >= rule.forecast_recover * amount;
  return isHeld || projection > amount
    ? { kind: "breach", value: projection, severity: rule.severity }
    : { kind: "ok", value: projection };
}

function checkComposite(
  rule: JudgedOf<"composite">,
  { parts }: ObservationOf<"composite">,
): Outcome {
  const parsed = parseExpression(rule.expression);
  if ("message" in parsed) return { kind: "error" };
  const isOpen = (name: string) => parts[name] === "firing" || parts[name] === "recovering";
  return isTrue(parsed.tree, isOpen)
    ? { kind: "breach", value: 1, severity: rule.severity }
    : { kind: "ok", value: 0 };
}

function checkSession(
  rule: JudgedOf<"session">,
  { value, ended }: ObservationOf<"session">,
  { open }: Standing,
): Outcome {
  if (ended)
    return {
      kind: "ended",
      value,
      severity: value === null ? null : severityOf(value, rule.compared),
    };
  if (value === null) return { kind: "ok", value: 0 };
  return outcomeOf({ value }, { compared: rule.compared, guards: UNGUARDED, open });
}
