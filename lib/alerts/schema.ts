// Alerts: rules that are judged at every tick, and what came of it: alerts by label set, and episodes.
// Written by: people, through the rules API; evaluation, tick by tick; a backtest writes nothing.
// Read by: the pages and API of alerts; the overview; `lib/notify` is told in the same transaction.
// Invariant: a rule's cursor, its instances, transitions, episodes and what is to be told of them are
// written in one transaction, and a tick is decided once, whichever worker does it and however often one dies.
import { z } from "zod";

export const SEVERITIES = ["info", "warning", "high", "critical"] as const;
export const Severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof Severity>;

/** As alerts are; `no_data` is a state of its own where a rule asks for it. */
export const STATUSES = ["inactive", "pending", "firing", "recovering", "no_data"] as const;
export const Status = z.enum(STATUSES);
export type Status = z.infer<typeof Status>;

export type Labels = Record<string, string>;

/**
 * What a tick says of one label set. `low`: too little to judge by; `no_data`: nothing at all of a
 * metric that is not a count; `error`: it could not be found out; `ended`: the session it is of did, and
 * `severity` is what its last value had reached.
 */
export type Outcome =
  | { kind: "breach"; severity: Severity; value: number; numerator?: number; denominator?: number }
  | { kind: "ok"; value: number; numerator?: number; denominator?: number }
  | { kind: "low"; value: number | null; numerator?: number; denominator?: number }
  | { kind: "no_data" }
  | { kind: "error" }
  | { kind: "ended"; value: number | null; severity: Severity | null };

const ms = z.number();

/** Of one label set, between two ticks. Times in milliseconds; null where the clock does not run. */
export const Instance = z.object({
  status: Status,
  sinceMs: ms.describe("in this status"),
  firstSeenMs: ms.describe("first tick that saw the label set"),
  seenMs: ms.describe("last tick whose data had it"),
  firedMs: ms.nullable().describe("when it first fired in this episode; null while it never has"),
  okMs: ms.nullable().describe("first of the run of OK ticks while recovering"),
  lowMs: ms
    .nullable()
    .describe("first of the run of ticks with too little to judge by while firing"),
  emptyMs: ms.nullable().describe("first of the run of ticks without data"),
  severity: Severity,
  openings: z.array(ms).describe("when it opened lately, for damping; newest last"),
  flappingMs: ms.nullable().describe("since when it is damped; null while it is not"),
  turnedMs: ms.nullable().describe("last tick at which it opened or closed"),
});
export type Instance = z.infer<typeof Instance>;

export const EVENTS = [
  "open",
  "close",
  "escalate",
  "ease",
  "no_data",
  "flapping",
  "flapping_ended",
] as const;
export const AlertEvent = z.enum(EVENTS);
/** What is worth telling: `escalate` and `ease` change the severity of one that fires. */
export type AlertEvent = z.infer<typeof AlertEvent>;

export const CLOSE_REASONS = [
  "recovered",
  "low_volume",
  "missing",
  "ended",
  "rule_changed",
  "paused",
  "deleted",
] as const;
export const CloseReason = z.enum(CLOSE_REASONS);
/** `ended`: the session of a rule of sessions did; `missing`: its label set came no more. */
export type CloseReason = z.infer<typeof CloseReason>;

/**
 * From one status to another at one tick. `event` is null for what nobody is told: an alert that is
 * damped opens and closes as any other, and its `reason` still says why it closed.
 */
export type Transition = {
  from: Status;
  to: Status;
  event: AlertEvent | null;
  reason: CloseReason | null;
  severity: Severity;
};

/** `next` is null for a label set that need not be kept any more. */
export type Decision = { next: Instance | null; transitions: Transition[] };
