import { severityRank } from "./rule-schema";
import type {
  AlertEvent,
  CloseReason,
  Decision,
  Instance,
  Severity,
  Status,
  Transition,
} from "./schema";

/** The fourth opening within half an hour opens damping, a quarter of an hour of rest ends it. */
export const FLAPS = 4;
export const FLAP_WITHIN_MS = 1_800_000;
export const REST_MS = 900_000;

export const isOpenStatus = (status: Status): boolean =>
  status === "firing" || status === "recovering" || status === "no_data";

/** An instance on its way through one tick: `next` is its own copy. */
export type Draft = { next: Instance; transitions: Transition[]; nowMs: number };

type Turn = { event?: AlertEvent | null; reason?: CloseReason | null };

/** Takes the status; while damped nothing of it is told. */
export function turn(draft: Draft, to: Status, { event = null, reason = null }: Turn = {}): void {
  const { next, nowMs } = draft;
  const { status: from, severity } = next;
  const told = next.flappingMs === null || event === "flapping" ? event : null;
  draft.transitions.push({ from, to, event: told, reason, severity });
  if (isOpenStatus(from) !== isOpenStatus(to)) next.turnedMs = nowMs;
  next.status = to;
  next.sinceMs = nowMs;
}

export function open(draft: Draft, severity: Severity): void {
  const { next, nowMs } = draft;
  next.severity = severity;
  next.firedMs = nowMs;
  next.openings = [...next.openings.filter((at) => nowMs - at <= FLAP_WITHIN_MS), nowMs];
  const flaps = next.flappingMs === null && next.openings.length >= FLAPS;
  if (flaps) next.flappingMs = nowMs;
  turn(draft, "firing", { event: flaps ? "flapping" : "open" });
}

export function close(draft: Draft, reason: CloseReason): void {
  turn(draft, "inactive", { event: "close", reason });
  settle(draft.next);
}

/** No clock of an episode runs on. */
export function settle(next: Instance): void {
  next.firedMs = null;
  next.okMs = null;
  next.lowMs = null;
}

/** An open one gets worse or better where it is. */
export function changeSeverity(draft: Draft, severity: Severity): void {
  const { next } = draft;
  if (next.severity === severity) return;
  const isWorse = severityRank(severity) > severityRank(next.severity);
  next.severity = severity;
  const { status, flappingMs } = next;
  const event = isWorse ? "escalate" : "ease";
  const told = flappingMs === null ? event : null;
  draft.transitions.push({ from: status, to: status, event: told, reason: null, severity });
}

/** Ends damping once it has rested, saying how it stands then. */
export function endDamping(draft: Draft): void {
  const { next, nowMs } = draft;
  if (next.flappingMs === null || nowMs - (next.turnedMs ?? next.flappingMs) < REST_MS) return;
  tellOfEnd(draft);
}

function tellOfEnd({ next, transitions }: Draft): void {
  const { status, severity } = next;
  next.flappingMs = null;
  next.openings = [];
  const event = "flapping_ended" as const;
  transitions.push({ from: status, to: status, event, reason: null, severity });
}

/**
 * Ends an alert from outside of its rule's judgement: an edit, a pause, a deletion, a session's end, or its
 * label set having gone. Those who were told that it is open, or that it flaps, are told that it closed.
 */
export function closeFor(instance: Instance, reason: CloseReason, nowMs: number): Decision {
  const draft: Draft = { next: { ...instance }, transitions: [], nowMs };
  if (isOpenStatus(instance.status)) {
    draft.next.flappingMs = null;
    turn(draft, "inactive", { event: "close", reason });
  } else {
    if (instance.status === "pending") turn(draft, "inactive", { reason });
    if (instance.flappingMs !== null) tellOfEnd(draft);
  }
  return { next: null, transitions: draft.transitions };
}
