import { capInstances } from "./cap";
import { check } from "./condition";
import type { OpenEpisode } from "./evaluation-store";
import { fingerprintOf } from "./fingerprint";
import { decide, type Presence, presenceOf } from "./machine";
import { absentOf, type Observation } from "./observation";
import type { Observed } from "./observed";
import { isFarther } from "./peak";
import type { Judged } from "./rule";
import { severityRank } from "./rule-schema";
import { addEvaluation, type Live, type Run, type Touched } from "./run";
import type { CloseReason, Decision, Instance, Labels, Outcome, Severity } from "./schema";
import { closeFor, isOpenStatus } from "./turns";

/** Decides one tick of what was found at it. `newId` names an episode. */
export function judge(
  run: Run,
  tickMs: number,
  observed: readonly Observed[],
  newId: () => string,
) {
  run.tickMs = tickMs;
  [run.errors, run.error] = [0, null];
  const results: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const { fingerprint, labels, observation } of admitted(run, observed)) {
    seen.add(fingerprint);
    const live = run.lives.get(fingerprint) ?? newLive(fingerprint, labels);
    run.lives.set(fingerprint, live);
    results[fingerprint] = judgeOne(run, live, observation, {
      ...{ tickMs, newId },
      presence: presenceOf(labels, { isSeen: true, anySeen: true }),
    });
  }
  for (const live of run.lives.values()) {
    if (seen.has(live.fingerprint) || live.instance === null) continue;
    const presence = presenceOf(live.labels, { isSeen: false, anySeen: observed.length > 0 });
    judgeOne(run, live, absentOf(run.rule), { tickMs, newId, presence });
  }
  addEvaluation(run, tickMs, results);
}

/** Ends an alert from outside of the rule's judgement. */
export function endLive(
  run: Run,
  live: Live,
  { reason, atMs }: { reason: CloseReason; atMs: number },
): void {
  if (live.instance === null) return;
  const decision = closeFor(live.instance, reason, atMs);
  live.instance = decision.next;
  live.isChanged = true;
  record(run, live, decision, { tickMs: atMs, newId: () => "" });
}

/** One that could not be judged: nothing changes but the rule's health. */
export function fail(run: Run, tickMs: number, text: string): void {
  run.tickMs = tickMs;
  run.errors++;
  run.error = text;
  addEvaluation(run, tickMs, { error: text });
}

const newLive = (fingerprint: string, labels: Labels): Live => ({
  ...{ fingerprint, labels, instance: null, value: null, numerator: null, denominator: null },
  ...{ episode: null, isStored: false, isChanged: false },
});

type Seen = Observed & { fingerprint: string };

/** Each label set once; those that are new beyond the most a rule may have are left out, and counted. */
function admitted(run: Run, observed: readonly Observed[]): readonly Seen[] {
  const wanted = new Map<string, Seen>();
  for (const one of observed) {
    const fingerprint = fingerprintOf(one.labels);
    if (!wanted.has(fingerprint)) wanted.set(fingerprint, { ...one, fingerprint });
  }
  const existing = new Map<string, Pick<Instance, "status">>();
  for (const { fingerprint, instance } of run.lives.values())
    if (instance !== null) existing.set(fingerprint, instance);
  const found = capInstances(existing, [...wanted.values()], run.rule.max_instances);
  run.overflow = found.overflow;
  return found.admitted;
}

type At = { tickMs: number; newId: () => string };

function judgeOne(
  run: Run,
  live: Live,
  observation: Observation,
  { presence, ...at }: At & { presence: Presence },
): unknown {
  const before = live.instance;
  const open = before !== null && isOpenStatus(before.status);
  const outcome = check(run.rule, observation, { open, firedMs: before?.firedMs ?? null });
  const decision = decide(run.rule, before, outcome, at.tickMs, presence);
  const figures = figuresOf(outcome, live);
  const isSame =
    decision.transitions.length === 0 && !isWorthKeeping(before, decision.next, run.rule);
  Object.assign(live, figures);
  live.instance = decision.next;
  if (!isSame) live.isChanged = true;
  record(run, live, decision, at);
  return [outcome.kind, live.value, live.numerator, live.denominator];
}

function figuresOf(outcome: Outcome, before: Live) {
  if (outcome.kind === "error" || outcome.kind === "no_data")
    return { value: before.value, numerator: before.numerator, denominator: before.denominator };
  if (outcome.kind === "ended")
    return { value: outcome.value ?? before.value, numerator: null, denominator: null };
  const { value, numerator = null, denominator = null } = outcome;
  return { value, numerator, denominator };
}

/**
 * What rests writes nothing at a tick: only what it saw last would differ. It is written now and then all
 * the same, so that it does not seem to be gone.
 */
function isWorthKeeping(before: Instance | null, next: Instance | null, rule: Judged): boolean {
  if (before === null || next === null) return before !== next;
  if (next.status !== "inactive") return true;
  const { seenMs, ...rest } = next;
  const { seenMs: seenBefore, ...restBefore } = before;
  return (
    JSON.stringify(rest) !== JSON.stringify(restBefore) ||
    seenMs - seenBefore > rule.maxStalenessMs / 4
  );
}

function record(run: Run, live: Live, { next, transitions }: Decision, at: At): void {
  const { tickMs } = at;
  const isDamped = next !== null && next.flappingMs !== null;
  let isTold = false;
  for (const [step, transition] of transitions.entries()) {
    const { from, to, event, reason } = transition;
    if (!isOpenStatus(from) && isOpenStatus(to) && live.episode === null)
      openEpisode(run, live, transition.severity, at);
    addTransition(run, live, { ...transition, step }, tickMs);
    if (event !== null) isTold = true;
    const isClosing = isOpenStatus(from) && !isOpenStatus(to);
    if (isClosing && !isDamped && live.episode) {
      touch(run, live, { tickMs, closedMs: tickMs, closeReason: reason ?? "recovered" });
      isTold = false;
    }
  }
  if (!live.episode) return;
  // What was damped and rests closed has come to its end with the damping.
  if (!isDamped && !(next !== null && isOpenStatus(next.status))) {
    touch(run, live, { tickMs, closedMs: tickMs, closeReason: "recovered" });
    return;
  }
  if (next === null) return;
  const { value } = live;
  const isWorse =
    value !== null && (live.episode.peak === null || isFarther(run.rule, value, live.episode.peak));
  const peak = isWorse ? value : live.episode.peak;
  const severity = worseOf(live.episode.severity, next.severity);
  if (peak !== live.episode.peak || severity !== live.episode.severity) {
    live.episode = { ...live.episode, peak, severity };
    changeEpisode(run, live.episode, null, null);
  }
  if (isTold) touch(run, live, { tickMs, closedMs: null, closeReason: null });
}

function openEpisode(run: Run, live: Live, severity: Instance["severity"], at: At): void {
  const { rule, row } = run;
  const id = at.newId();
  const toMs = at.tickMs - rule.delayMs;
  live.episode = {
    ...{ id, openedMs: at.tickMs, severity, peak: live.value, ruleVersion: row.version },
    ...{ sessionIds: [], sessions: 0, isNew: true },
  };
  run.opened.set(id, {
    ...{ id, fingerprint: live.fingerprint, labels: live.labels, severity, peak: live.value },
    ...{ openedAt: new Date(at.tickMs), late: run.late },
    ...{ windowFrom: new Date(toMs - rule.windowMs), windowTo: new Date(toMs) },
  });
}

function addTransition(
  run: Run,
  live: Live,
  transition: Decision["transitions"][number] & { step: number },
  tickMs: number,
): void {
  run.transitions.push({
    ...transition,
    ...{ fingerprint: live.fingerprint, episodeId: live.episode?.id ?? null },
    ...{ tick: new Date(tickMs), value: live.value },
    ...{ numerator: live.numerator, denominator: live.denominator },
  });
}

type Closing = Pick<Touched, "tickMs" | "closedMs" | "closeReason">;

function touch(run: Run, live: Live, closing: Closing): void {
  const { episode } = live;
  if (!episode) return;
  run.touched.set(episode.id, { live: { ...live }, episode, ...closing });
  if (closing.closedMs === null) return;
  changeEpisode(run, episode, closing.closedMs, closing.closeReason);
  live.episode = null;
}

function changeEpisode(
  run: Run,
  { id, severity, peak }: OpenEpisode,
  closedMs: number | null,
  closeReason: CloseReason | null,
): void {
  const closedAt = closedMs === null ? null : new Date(closedMs);
  run.changed.set(id, { id, severity, peak, closedAt, closeReason });
}

const worseOf = (a: Severity, b: Severity): Severity =>
  severityRank(a) >= severityRank(b) ? a : b;
