import { cleanText } from "./canonical";
import { isObject } from "./normalize";
import type { EventRecord, JsonObject, Span } from "./schema";
import { blankSpan, textOf, waitedCalls } from "./spans";

/** Where an event stands among its thread's: `processed_at` in µs, rank of its type, id. */
export type Clock = { us: number; rank: number; id: string };

/** The error a turn died or suffered from; `tries` counts them within the turn. */
export type TurnError = { type: string; message: string; tries: number; fatal: boolean };

export type OpenTurn = {
  id: string;
  eventId: string;
  number: number;
  startedUs: number;
  interrupted: boolean;
  error: TurnError | null;
};

/** How the latest turn or idle ended: what the outcome is read from. */
export type Ending = {
  us: number;
  kind: "idle" | "terminated";
  stop: string | null;
  refusal: { category: string | null; explanation: string | null } | null;
  interrupted: boolean;
  error: TurnError | null;
  turn: number;
};

export type Verdict = {
  us: number;
  turn: number;
  outcomeId: string | null;
  result: string;
  explanation: string | null;
};

/** A wait: the idles that asked since the thread last ran. Closed by the next run. */
export type OpenWait = { id: string; idles: Array<[number, string[]]> };

export type Lifecycle = {
  clock: Clock | null;
  status: string | null;
  statusUs: number | null;
  turns: number;
  turn: OpenTurn | null;
  band: { id: string; state: string; us: number } | null;
  wait: OpenWait | null;
  ending: Ending | null;
  /** The ending before the last one, which stands where the last turns out to be an archiving. */
  before: Ending | null;
  verdict: Verdict | null;
  deletedUs: number | null;
  primaryThread: string | null;
};

export function newLifecycle(): Lifecycle {
  return {
    clock: null,
    status: null,
    statusUs: null,
    turns: 0,
    turn: null,
    band: null,
    wait: null,
    ending: null,
    before: null,
    verdict: null,
    deletedUs: null,
    primaryThread: null,
  };
}

/** True when the event comes after everything the lifecycle has taken in, so that it can be appended. */
export function isAfter(event: EventRecord, clock: Clock | null): boolean {
  if (clock === null) return true;
  if (event.atUs === null) return false;
  if (event.atUs !== clock.us) return event.atUs > clock.us;
  if (event.rank !== clock.rank) return event.rank > clock.rank;
  return event.id > clock.id;
}

/**
 * One timed event, in order, into the thread's turns, state band and waits. Changes `life` and
 * reports each span it opens or closes to `emit`. The primary thread lives by `session.status_*`,
 * a child by the `session.thread_status_*` of its own list.
 */
export function stepLifecycle(
  life: Lifecycle,
  event: EventRecord,
  emit: (span: Span) => void,
): void {
  if (event.atUs === null) return;
  const at = event.atUs;
  life.clock = { us: at, rank: event.rank, id: event.id };
  const type = statusType(life, event);
  switch (type) {
    case "running":
      startTurn(life, event, at, emit);
      break;
    case "idle":
      endTurn(life, event, at, endingOf(life, event, at), emit);
      break;
    case "terminated":
      endTurn(life, event, at, { ...endingOf(life, event, at), kind: "terminated" }, emit);
      closeWait(life, at, emit);
      break;
    case "rescheduled":
      setBand(life, event, at, "rescheduling", emit);
      setStatus(life, "rescheduling", at);
      break;
    case "deleted":
      life.deletedUs = at;
      closeBand(life, at, emit);
      closeWait(life, at, emit);
      break;
    default:
      noteInTurn(life, event);
  }
}

/** `session.status_idle` → `idle`; for a child its own thread status; null for everything else. */
function statusType(life: Lifecycle, event: EventRecord): string | null {
  if (event.type === "session.deleted") return event.threadId === "" ? "deleted" : null;
  const prefix = event.threadId === "" ? "session.status_" : "session.thread_status_";
  if (event.type.startsWith(prefix)) {
    const owner = textOf(event.payload.session_thread_id);
    if (event.threadId !== "" && owner !== null && owner !== event.threadId) return null;
    return event.type.slice(prefix.length);
  }
  // The platform reports the primary thread's own status too, before any child can exist.
  if (event.threadId === "" && event.type === "session.thread_status_running")
    life.primaryThread ??= textOf(event.payload.session_thread_id);
  return null;
}

function startTurn(life: Lifecycle, event: EventRecord, at: number, emit: (span: Span) => void) {
  closeWait(life, at, emit);
  if (life.turn === null) {
    life.turns++;
    life.turn = {
      id: `${event.id}:turn`,
      eventId: event.id,
      number: life.turns,
      startedUs: at,
      interrupted: false,
      error: null,
    };
    emit(turnSpan(life.turn, event.threadId));
  }
  setBand(life, event, at, "running", emit);
  setStatus(life, "running", at);
}

function endTurn(
  life: Lifecycle,
  event: EventRecord,
  at: number,
  ending: Ending,
  emit: (span: Span) => void,
) {
  if (life.turn !== null) {
    emit(closedTurn(life.turn, event, ending));
    life.turn = null;
  }
  if (life.ending?.kind !== "terminated") life.before = life.ending;
  life.ending = ending;
  if (life.verdict && life.verdict.turn < ending.turn && endsOtherwise(ending)) life.verdict = null;
  setBand(life, event, at, bandState(ending), emit);
  setStatus(life, ending.kind, at);
  const calls = waitedCalls(event.payload);
  if (calls.length > 0) askFor(life, event, at, calls, emit);
}

/** An evaluation speaks for later turns too, until one of them ends in another way than by itself. */
function endsOtherwise(ending: Ending): boolean {
  if (ending.kind === "terminated" || ending.stop === "requires_action") return false;
  return ending.stop !== "end_turn" || ending.interrupted;
}

function endingOf(life: Lifecycle, event: EventRecord, at: number): Ending {
  const stop = isObject(event.payload.stop_reason) ? textOf(event.payload.stop_reason.type) : null;
  const details = isObject(event.payload.stop_details) ? event.payload.stop_details : null;
  const refusal =
    stop === "refusal"
      ? {
          category: details ? textOf(details.category) : null,
          explanation: details ? textOf(details.explanation) : null,
        }
      : null;
  // An idle without a running before it (they do not balance) speaks for the turn that just ended.
  const turn = life.turn ?? life.ending;
  return {
    us: at,
    kind: "idle",
    stop: stop,
    refusal,
    interrupted: turn?.interrupted ?? false,
    error: turn?.error ?? null,
    turn: life.turns,
  };
}

function bandState(ending: Ending): string {
  if (ending.kind === "terminated") return "terminated";
  if (ending.stop === "requires_action") return "waiting";
  return ending.stop === "budget_reached" ? "budget_paused" : "idle";
}

function noteInTurn(life: Lifecycle, event: EventRecord): void {
  const { payload } = event;
  if (event.type === "user.interrupt") {
    const target = textOf(payload.session_thread_id);
    const isOurs = target === null || target === event.threadId || target === life.primaryThread;
    if (life.turn && isOurs) life.turn.interrupted = true;
  } else if (event.type === "session.error" && isObject(payload.error)) {
    noteError(life, payload.error);
  } else if (event.type === "span.outcome_evaluation_end" && event.atUs !== null) {
    life.verdict = verdictOf(life, event, event.atUs) ?? life.verdict;
  }
}

function noteError(life: Lifecycle, error: JsonObject): void {
  const holder = life.turn ?? life.ending;
  if (holder === null) return;
  const retry = isObject(error.retry_status) ? textOf(error.retry_status.type) : null;
  const type = textOf(error.type) ?? "unknown_error";
  holder.error = {
    type,
    message: cleanText((textOf(error.message) ?? "").slice(0, 2000)),
    tries: holder.error?.type === type ? holder.error.tries + 1 : 1,
    fatal: retry === "exhausted" || retry === "terminal",
  };
}

const SPEAKING = new Set(["satisfied", "failed", "max_iterations_reached"]);

function verdictOf(life: Lifecycle, event: EventRecord, at: number): Verdict | null {
  const result = textOf(event.payload.result);
  if (result === null || !SPEAKING.has(result)) return null;
  return {
    us: at,
    turn: life.turns,
    outcomeId: textOf(event.payload.outcome_id),
    result,
    explanation: textOf(event.payload.explanation),
  };
}

function setStatus(life: Lifecycle, status: string, at: number): void {
  life.status = status;
  life.statusUs = at;
}

function setBand(
  life: Lifecycle,
  event: EventRecord,
  at: number,
  state: string,
  emit: (span: Span) => void,
) {
  if (event.threadId !== "") return;
  closeBand(life, at, emit);
  life.band = { id: `${event.id}:state`, state, us: at };
  emit(bandSpan(life.band, null));
}

function closeBand(life: Lifecycle, at: number, emit: (span: Span) => void): void {
  if (life.band === null) return;
  emit(bandSpan(life.band, at));
  life.band = null;
}

function askFor(
  life: Lifecycle,
  event: EventRecord,
  at: number,
  calls: string[],
  emit: (span: Span) => void,
) {
  if (event.threadId !== "") return;
  life.wait ??= { id: `${event.id}:wait`, idles: [] };
  life.wait.idles.push([at, calls]);
  emit(waitSpan(life.wait, null));
}

function closeWait(life: Lifecycle, at: number, emit: (span: Span) => void): void {
  if (life.wait === null) return;
  emit(waitSpan(life.wait, at));
  life.wait = null;
}

function turnSpan(turn: OpenTurn, threadId: string): Span {
  return {
    ...blankSpan(turn.id, "turn", threadId),
    name: `turn ${turn.number}`,
    startedUs: turn.startedUs,
    startEventId: turn.eventId,
    attributes: { number: turn.number },
  };
}

function closedTurn(turn: OpenTurn, event: EventRecord, ending: Ending): Span {
  const failed =
    ending.kind === "terminated" ||
    ending.stop === "retries_exhausted" ||
    ending.stop === "refusal";
  return {
    ...turnSpan(turn, event.threadId),
    endedUs: ending.us,
    endEventId: event.id,
    state: failed ? "error" : "ok",
    attributes: {
      number: turn.number,
      stop_reason: ending.kind === "terminated" ? "terminated" : (ending.stop ?? "unknown"),
      ...(turn.interrupted ? { interrupted: true } : {}),
      ...(turn.error ? { error_type: turn.error.type } : {}),
    },
  };
}

function bandSpan(band: { id: string; state: string; us: number }, endedUs: number | null): Span {
  return {
    ...blankSpan(band.id, "state", ""),
    name: band.state,
    startedUs: band.us,
    endedUs,
    state: endedUs === null ? "open" : "ok",
  };
}

function waitSpan(wait: OpenWait, untilUs: number | null): Span {
  return {
    ...blankSpan(wait.id, "wait", ""),
    name: "wait",
    startedUs: wait.idles[0]?.[0] ?? null,
    endedUs: untilUs,
    state: untilUs === null ? "open" : "ok",
    attributes: { _idles: wait.idles },
  };
}
