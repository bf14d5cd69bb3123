import { Outcome, type OutcomeDetail } from "@/lib/sessions/schema";
import { isoFromMicros } from "@/lib/time/micros";
import type { Ending, TurnError, Verdict } from "./ending";
import type { Lifecycle } from "./lifecycle";
import type { JsonObject, Span } from "./schema";
import { textOf } from "./spans";
import type { OwnInterrupt, SessionFold } from "./state";
import { callsOf } from "./waits";

export type Judgement = {
  outcome: Outcome;
  detail: OutcomeDetail | null;
  settledUs: number | null;
  status: string | null;
};

/** What is known of a session beside its events. */
export type ObjectFacts = {
  status: string | null;
  updatedUs: number | null;
  archivedUs: number | null;
  reported: unknown;
};

/** A `status_terminated` this close before `archived_at` is the archiving itself (design §4). */
const ARCHIVING_US = 60_000_000;

/** The outcome of design §4, from the fold and what the session's object says. */
export function judge(
  fold: SessionFold,
  object: ObjectFacts | null,
  openCalls: readonly Span[],
  interrupts: readonly OwnInterrupt[] = [],
): Judgement {
  const { life, events } = fold;
  const status = newerStatus(life, object);
  const reported = reportedOutcome(life, object, status);
  if (reported) return { ...reported, status };
  if (status === "running" || status === "rescheduling")
    return {
      outcome: "running",
      detail: runningDetail(life, status),
      settledUs: null,
      status,
    };
  const ending = events === 0 ? null : standingEnding(life, object);
  if (diedUnseen(life, object, status, events))
    return { outcome: "terminated", detail: null, settledUs: object?.updatedUs ?? null, status };
  if (ending === null || life.turn !== null)
    return { outcome: outcomeUntold(fold), detail: null, settledUs: null, status };
  const judged = judgeEnding(ending, life, openCalls);
  if (judged.outcome !== "interrupted") return { ...judged, status };
  return { ...judged, detail: interrupterOf(ending, interrupts), status };
}

/** The newer of the object's status and the last status event's. */
function newerStatus(life: Lifecycle, object: ObjectFacts | null): string | null {
  if (object?.status == null) return life.status;
  if (life.status === null || life.statusUs === null) return object.status;
  return (object.updatedUs ?? 0) > life.statusUs ? object.status : life.status;
}

/** An archived session keeps the ending it had; a death before the archiving stays a death. */
function standingEnding(life: Lifecycle, object: ObjectFacts | null): Ending | null {
  const { ending } = life;
  const archivedUs = object?.archivedUs ?? null;
  if (ending?.kind !== "terminated" || archivedUs === null) return ending;
  return ending.us >= archivedUs - ARCHIVING_US ? life.before : ending;
}

/** The object says terminated, nobody archived it, and the event that would say so is not here. */
function diedUnseen(
  life: Lifecycle,
  object: ObjectFacts | null,
  status: string | null,
  events: number,
): boolean {
  const seen = life.ending?.kind === "terminated" && life.turn === null;
  return status === "terminated" && events > 0 && !seen && object?.archivedUs == null;
}

/** Nothing ran; or something did, and the events that tell how it ended are not here. */
function outcomeUntold({ events, life, totals }: SessionFold): Outcome {
  const ran = life.turns + totals.requests + totals.calls > 0;
  return events === 0 || ran ? "unknown" : "new";
}

function judgeEnding(
  ending: Ending,
  life: Lifecycle,
  openCalls: readonly Span[],
): Omit<Judgement, "status"> {
  const settledUs = ending.us;
  if (ending.kind === "terminated")
    return { outcome: "terminated", detail: errorDetail(ending.error), settledUs };
  if (ending.stop === "requires_action")
    return { outcome: "waiting", detail: waitingDetail(life, openCalls), settledUs: null };
  if (life.verdict !== null) return { ...judgeVerdict(life.verdict), settledUs };
  if (ending.stop === "retries_exhausted")
    return { outcome: "retries_exhausted", detail: errorDetail(ending.error), settledUs };
  if (ending.stop === "refusal") return { outcome: "refused", detail: ending.refusal, settledUs };
  if (ending.stop === "budget_reached")
    return { outcome: "budget_paused", detail: null, settledUs };
  if (ending.interruptId !== null) return { outcome: "interrupted", detail: null, settledUs };
  if (ending.stop === "end_turn") return { outcome: "completed", detail: null, settledUs };
  return { outcome: "unknown", detail: unknownStop(ending.stop), settledUs: null };
}

function interrupterOf(ending: Ending, interrupts: readonly OwnInterrupt[]): OutcomeDetail {
  const own = interrupts.find(({ eventId }) => eventId === ending.interruptId);
  return own ? { by: "rule", rule: own.rule } : { by: "user" };
}

function judgeVerdict(verdict: Verdict): { outcome: Outcome; detail: OutcomeDetail } {
  return {
    outcome: verdict.result === "satisfied" ? "completed" : "outcome_failed",
    detail: {
      result: verdict.result,
      ...(verdict.outcomeId ? { outcome_id: verdict.outcomeId } : {}),
      ...(verdict.explanation ? { explanation: verdict.explanation } : {}),
    },
  };
}

/** A loop's own word on how it went. A run that began after it was given is not covered by it. */
function reportedOutcome(
  life: Lifecycle,
  object: ObjectFacts | null,
  status: string | null,
): Omit<Judgement, "status"> | null {
  const parsed = Outcome.safeParse(object?.reported);
  if (!parsed.success) return null;
  const updatedUs = object?.updatedUs ?? null;
  if (ranLater(life, updatedUs ?? 0, status)) return null;
  const isOpen = ["running", "waiting", "new", "unknown"].includes(parsed.data);
  const detail: OutcomeDetail = { ...errorDetail(life.ending?.error ?? null), reported: true };
  return {
    outcome: parsed.data,
    detail,
    settledUs: isOpen ? null : (life.ending?.us ?? updatedUs),
  };
}

/** It runs again, or has, since the report was given after an earlier ending. */
function ranLater(life: Lifecycle, reportUs: number, status: string | null): boolean {
  if (status === "running") return life.statusUs !== null && life.statusUs > reportUs;
  const { ending, before } = life;
  return before !== null && before.us <= reportUs && (ending?.startedUs ?? 0) > reportUs;
}

function runningDetail(life: Lifecycle, status: string): OutcomeDetail | null {
  const error = life.turn?.error ?? null;
  if (status !== "rescheduling") return errorDetail(error);
  return { ...errorDetail(error), reason: "rescheduling: the platform tries again by itself" };
}

function errorDetail(error: TurnError | null): OutcomeDetail | null {
  if (error === null) return null;
  const tries = error.tries === 1 ? "1 try" : `${error.tries} tries`;
  return {
    error_type: error.type,
    message: error.message,
    reason: `${error.type.replace(/_error$/, "").replaceAll("_", " ")}, ${tries}`,
  };
}

function waitingDetail(life: Lifecycle, openCalls: readonly Span[]): OutcomeDetail {
  const open = new Set(openCalls.map((call) => call.id));
  const idles = life.wait?.idles ?? [];
  const since = (idles.find(([, calls]) => calls.some((id) => open.has(id))) ?? idles.at(-1))?.[0];
  return {
    ...(since === undefined ? {} : { since: isoFromMicros(since) }),
    waiting_for: openCalls.map((call) => ({
      id: call.id,
      name: call.name || null,
      kind: waiterKind(call),
    })),
  };
}

function waiterKind(call: Span): "human" | "custom_tool" | "unknown" {
  if (call.attributes.tool_kind === "custom") return "custom_tool";
  return call.attributes.permission === "ask" ? "human" : "unknown";
}

/** The calls the open wait names that nobody has answered yet. */
export function openCallsOf(wait: Span | undefined, spans: ReadonlyMap<string, Span>): Span[] {
  if (!wait) return [];
  return callsOf(wait)
    .map((id) => spans.get(id))
    .filter((call): call is Span => call !== undefined)
    .filter((call) => call.endEventId === null && call.attributes._confirmed_us === undefined);
}

function unknownStop(stop: string | null): OutcomeDetail {
  return { reason: stop === null ? "idle without a stop reason" : `stop reason ${stop}` };
}

/** The parts of a session object that the outcome is read from. */
export function objectFacts(
  object: JsonObject | null,
  updatedUs: number | null,
  archivedUs: number | null,
): ObjectFacts | null {
  if (object === null) return null;
  const status = textOf(object.status);
  return {
    status: status === null ? null : status,
    updatedUs,
    archivedUs,
    reported: object.outcome,
  };
}
