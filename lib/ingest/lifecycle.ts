import type { Cached } from "./cache-expiry";
import type { Context } from "./context";
import {
  bandState,
  type Ending,
  endingOf,
  endsOtherwise,
  nextError,
  type OpenTurn,
  type Verdict,
  verdictOf,
} from "./ending";
import {
  bandSpan,
  closedTurn,
  type OpenBand,
  type OpenWait,
  turnSpan,
  waitSpan,
} from "./lifecycle-spans";
import { isObject } from "./normalize";
import { stepPrompt } from "./prompt";
import { newRunning, type Running, stepRunning } from "./running";
import type { EventRecord, Span } from "./schema";
import { copiedFrom, textOf, waitedCalls } from "./spans";

/** Where an event stands among its thread's: `processed_at` in µs, rank of its type, id. */
export type Clock = { us: number; rank: number; id: string };

export type Lifecycle = {
  clock: Clock | null;
  status: string | null;
  statusUs: number | null;
  turns: number;
  turn: OpenTurn | null;
  band: OpenBand | null;
  wait: OpenWait | null;
  ending: Ending | null;
  /** The ending before the last one, which stands where the last turns out to be an archiving. */
  before: Ending | null;
  verdict: Verdict | null;
  deletedUs: number | null;
  primaryThread: string | null;
  running: Running;
  cached: Cached | null;
  context: Context | null;
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
    running: newRunning(),
    ...{ cached: null, context: null },
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
 * One timed event, in order, into the thread's turns, state band, waits and cache. Changes `life` and
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
  stepRunning(life.running, event, at, life.primaryThread);
  stepPrompt(life, event, at, emit);
  switch (type) {
    case "running":
      startTurn(life, event, at, emit);
      break;
    case "idle":
      endTurn(life, event, nextEnding(life, event, at), emit);
      break;
    case "terminated":
      // Archiving a dead session tells it once more; it died the first time.
      if (life.turn === null && life.ending?.kind === "terminated") break;
      endTurn(life, event, { ...nextEnding(life, event, at), kind: "terminated" }, emit);
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
      noteInTurn(life, event, at, emit);
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
      outputUs: null,
      interruptId: null,
      error: null,
    };
    emit(turnSpan(life.turn, event.threadId));
  }
  setBand(life, event, at, "running", emit);
  setStatus(life, "running", at);
}

function nextEnding(life: Lifecycle, event: EventRecord, at: number): Ending {
  return endingOf(event, at, { holder: life.turn ?? life.ending, turn: life.turns });
}

function endTurn(life: Lifecycle, event: EventRecord, ending: Ending, emit: (span: Span) => void) {
  const at = ending.us;
  if (life.turn !== null) {
    emit(closedTurn(life.turn, event, ending));
    life.turn = null;
  }
  life.before = life.ending;
  life.ending = ending;
  if (life.verdict && life.verdict.turn < ending.turn && endsOtherwise(ending)) life.verdict = null;
  setBand(life, event, at, bandState(ending), emit);
  setStatus(life, ending.kind, at);
  const calls = waitedCalls(event.payload);
  if (calls.length > 0) askFor(life, event, at, calls, emit);
  else closeWait(life, at, emit);
}

function noteInTurn(
  life: Lifecycle,
  event: EventRecord,
  at: number,
  emit: (span: Span) => void,
): void {
  const { payload } = event;
  if (event.type === "user.interrupt") {
    const target = textOf(payload.session_thread_id);
    const isOurs = target === null || target === event.threadId || target === life.primaryThread;
    // An idle may follow a wait without a running between them; it ends the turn that asked.
    const asked = life.ending?.stop === "requires_action" ? life.ending : null;
    const holder = life.turn ?? asked;
    if (holder && isOurs) holder.interruptId ??= event.id;
  } else if (event.type === "session.error" && isObject(payload.error)) {
    const holder = life.turn ?? life.ending;
    if (holder) holder.error = nextError(holder.error, payload.error) ?? holder.error;
  } else if (event.type === "span.outcome_evaluation_end") {
    life.verdict = verdictOf(event, at, life.turns) ?? life.verdict;
  } else if (life.turn?.outputUs === null && isOutput(event)) {
    life.turn.outputUs = at;
    emit(turnSpan(life.turn, event.threadId));
  }
}

/** The primary agent's own first word or answer; a request that failed gave none. */
function isOutput(event: EventRecord): boolean {
  if (event.threadId !== "" || copiedFrom(event) !== null) return false;
  if (event.type === "span.model_request_end") return event.payload.is_error !== true;
  return event.type === "agent.message";
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
