import type { Judged } from "./rule";
import { severityRank } from "./rule-schema";
import type { Decision, Instance, Labels, Outcome, Severity, Transition } from "./schema";
import {
  changeSeverity,
  close,
  closeFor,
  type Draft,
  endDamping,
  isOpenStatus,
  open,
  turn,
} from "./turns";

/** What is read of a rule to take an alert from one tick to the next. */
export type Clocks = Pick<
  Judged,
  | ("severity" | "everyMs" | "forMs" | "keepFiringForMs" | "no_data" | "noDataForMs")
  | ("lowVolumeHoldMs" | "newGroupDelayMs" | "missing_evals" | "maxStalenessMs")
>;

/**
 * `labelsPresent`: false where other label sets of the rule have data at this tick and this one has none; left out
 * the outcome says it, so that without data it goes stale; true for what cannot go stale.
 */
export type Presence = { labelsPresent?: boolean };

const THERE: Presence = { labelsPresent: true };
const MISSING: Presence = { labelsPresent: false };
const AS_SEEN: Presence = {};

/** A rule without groups has one label set, which is always there. `anySeen`: whether the tick found any. */
export function presenceOf(
  labels: Labels,
  { isSeen, anySeen }: { isSeen: boolean; anySeen: boolean },
): Presence {
  if (Object.keys(labels).length === 0) return THERE;
  return isSeen || !anySeen ? AS_SEEN : MISSING;
}

/** What an outcome comes to by the rule's policies. `wait`: nothing changes, clocks run on. */
type Effect = "breach" | "ok" | "low" | "empty" | "wait";

const NONE: Transition[] = [];

/** Takes one alert from one tick to the next. Pure: the same tick again gives the same. */
export function decide(
  rule: Clocks,
  instance: Instance | null,
  outcome: Outcome,
  nowMs: number,
  { labelsPresent }: Presence = {},
): Decision {
  if (outcome.kind === "error") return { next: instance, transitions: NONE };
  const before = instance ?? newInstance(rule.severity, nowMs);
  const next = { ...before };
  if (labelsPresent ?? outcome.kind !== "no_data") next.seenMs = nowMs;
  next.emptyMs = outcome.kind === "no_data" ? (before.emptyMs ?? nowMs) : null;
  const isMissing = labelsPresent === false;
  const rests = next.status === "inactive" && next.flappingMs === null;
  if (rests && outcome.kind === "ok" && !isMissing) return { next, transitions: NONE };
  const draft: Draft = { next, transitions: [], nowMs };
  if (outcome.kind === "ended") return endOf(rule, draft, outcome.severity);
  if (nowMs - next.seenMs >= rule.maxStalenessMs) return closeFor(next, "missing", nowMs);
  step(rule, draft, outcome, isMissing);
  endDamping(draft);
  return { next, transitions: draft.transitions };
}

export const newInstance = (severity: Severity, nowMs: number): Instance => ({
  status: "inactive",
  sinceMs: nowMs,
  firstSeenMs: nowMs,
  seenMs: nowMs,
  firedMs: null,
  okMs: null,
  lowMs: null,
  emptyMs: null,
  severity,
  openings: [],
  flappingMs: null,
  turnedMs: null,
});

/** A session that came too far and ended between two ticks is told of as well. */
function endOf(rule: Clocks, draft: Draft, severity: Severity | null): Decision {
  if (severity !== null && rule.forMs === 0) {
    if (isOpenStatus(draft.next.status)) {
      if (isWorse(severity, draft.next.severity)) changeSeverity(draft, severity);
    } else open(draft, severity);
  }
  const { transitions } = closeFor(draft.next, "ended", draft.nowMs);
  return { next: null, transitions: [...draft.transitions, ...transitions] };
}

type Judgeable = Exclude<Outcome, { kind: "error" | "ended" }>;

function step(rule: Clocks, draft: Draft, outcome: Judgeable, isMissing: boolean): void {
  const { next } = draft;
  const severity =
    outcome.kind === "breach"
      ? outcome.severity
      : isOpenStatus(next.status)
        ? next.severity
        : rule.severity;
  switch (effectOf(rule, draft, outcome, isMissing)) {
    case "breach":
      breach(rule, draft, severity);
      break;
    case "ok":
      ok(rule, draft);
      break;
    case "low":
      low(rule, draft);
      break;
    case "empty":
      empty(draft);
      break;
    case "wait":
      break;
  }
}

function effectOf(
  rule: Clocks,
  { next, nowMs }: Draft,
  outcome: Judgeable,
  isMissing: boolean,
): Effect {
  const isNew = nowMs - next.firstSeenMs < rule.newGroupDelayMs;
  if (outcome.kind !== "no_data")
    return outcome.kind === "breach" && isNew && next.status === "inactive" ? "wait" : outcome.kind;
  if (isMissing && nowMs - next.seenMs <= rule.missing_evals * rule.everyMs) return "wait";
  switch (rule.no_data) {
    case "keep_last":
      return "wait";
    case "ok":
      return "ok";
    case "firing":
      return isNew && next.status === "inactive" ? "wait" : "breach";
    case "no_data":
      return nowMs - (next.emptyMs ?? nowMs) >= rule.noDataForMs ? "empty" : "wait";
  }
}

function breach(rule: Clocks, draft: Draft, severity: Severity): void {
  const { next, nowMs } = draft;
  if (next.status === "no_data") resume(draft);
  next.lowMs = null;
  if (next.status === "inactive" && rule.forMs > 0) {
    next.severity = severity;
    turn(draft, "pending");
  } else if (next.status === "inactive") {
    open(draft, severity);
  } else if (next.status === "pending") {
    next.severity = severity;
    if (nowMs - next.sinceMs >= rule.forMs) open(draft, severity);
  } else {
    next.okMs = null;
    if (next.status === "recovering") turn(draft, "firing");
    changeSeverity(draft, severity);
  }
}

function ok(rule: Clocks, draft: Draft): void {
  const { next, nowMs } = draft;
  if (next.status === "no_data") resume(draft);
  next.lowMs = null;
  if (next.status === "pending") turn(draft, "inactive");
  if (next.status === "firing" && rule.keepFiringForMs > 0) {
    next.okMs = nowMs;
    turn(draft, "recovering");
  } else if (next.status === "firing") {
    close(draft, "recovered");
  } else if (next.status === "recovering") {
    if (nowMs - (next.okMs ?? nowMs) >= rule.keepFiringForMs) close(draft, "recovered");
  }
}

/** Too little to judge by holds what fires for a while; what recovers goes on doing so. */
function low(rule: Clocks, draft: Draft): void {
  const { next, nowMs } = draft;
  if (next.status === "no_data") resume(draft);
  if (next.status === "firing") {
    next.lowMs ??= nowMs;
    if (nowMs - next.lowMs >= rule.lowVolumeHoldMs) close(draft, "low_volume");
  } else ok(rule, draft);
}

function empty(draft: Draft): void {
  if (draft.next.status === "no_data") return;
  if (draft.next.status === "recovering") draft.next.okMs = null;
  turn(draft, "no_data", { event: "no_data" });
}

/** Data is back: what fired before fires again, of what did not its episode ends. */
function resume(draft: Draft): void {
  if (draft.next.firedMs === null) close(draft, "recovered");
  else turn(draft, "firing");
}

const isWorse = (severity: Severity, than: Severity): boolean =>
  severityRank(severity) > severityRank(than);

/**
 * After ticks that nobody decided nor will: no clock runs over them, so that what is pending starts again
 * and what fires goes on.
 */
export function afterGap(instance: Instance, tickMs: number): Instance {
  const { status, sinceMs, okMs, lowMs, emptyMs } = instance;
  const again = (clock: number | null) => (clock === null ? null : tickMs);
  return {
    ...instance,
    sinceMs: status === "pending" ? tickMs : sinceMs,
    okMs: again(okMs),
    lowMs: again(lowMs),
    emptyMs: again(emptyMs),
  };
}

/** The same where the clock has gone back to a tick: nothing of it has been later than that. */
export function afterStepBack(instance: Instance, tickMs: number): Instance {
  const held = afterGap(instance, tickMs);
  const by = (at: number) => Math.min(at, tickMs);
  const byOrNever = (at: number | null) => (at === null ? null : by(at));
  return {
    ...held,
    sinceMs: by(held.sinceMs),
    firstSeenMs: by(held.firstSeenMs),
    seenMs: by(held.seenMs),
    firedMs: byOrNever(held.firedMs),
    openings: held.openings.map(by),
    flappingMs: byOrNever(held.flappingMs),
    turnedMs: byOrNever(held.turnedMs),
  };
}
