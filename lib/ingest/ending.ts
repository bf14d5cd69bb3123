import { cleanText } from "./canonical";
import { isObject } from "./normalize";
import type { EventRecord, JsonObject } from "./schema";
import { textOf } from "./spans";

/** The error a turn died or suffered from; `tries` counts them within the turn. */
export type TurnError = { type: string; message: string; tries: number; fatal: boolean };

export type OpenTurn = {
  id: string;
  eventId: string;
  number: number;
  startedUs: number;
  /** When its agent first put something out. */
  outputUs: number | null;
  /** The first interrupt that was applied in it. */
  interruptId: string | null;
  error: TurnError | null;
};

/** How the latest turn or idle ended: what the outcome is read from. */
export type Ending = {
  us: number;
  /** Start of its turn; null when nothing ran before the first idle. */
  startedUs: number | null;
  kind: "idle" | "terminated";
  stop: string | null;
  refusal: { category: string | null; explanation: string | null } | null;
  /** The interrupt that ended it. */
  interruptId: string | null;
  error: TurnError | null;
  turn: number;
};

/** What a defined outcome's evaluation said, and in which turn. */
export type Verdict = {
  us: number;
  turn: number;
  outcomeId: string | null;
  result: string;
  explanation: string | null;
};

/** `holder` is the turn that ends here, or what ended last: idles and runnings do not balance. */
export function endingOf(
  event: EventRecord,
  at: number,
  { holder, turn }: { holder: OpenTurn | Ending | null; turn: number },
): Ending {
  const { stop_reason, stop_details } = event.payload;
  const stop = isObject(stop_reason) ? textOf(stop_reason.type) : null;
  const details = isObject(stop_details) ? stop_details : {};
  const refusal =
    stop === "refusal"
      ? { category: textOf(details.category), explanation: textOf(details.explanation) }
      : null;
  return {
    us: at,
    startedUs: holder?.startedUs ?? null,
    kind: "idle",
    stop,
    refusal,
    interruptId: holder?.interruptId ?? null,
    error: holder?.error ?? null,
    turn,
  };
}

/** An evaluation speaks for later turns too, until one of them ends in another way than by itself. */
export function endsOtherwise(ending: Ending): boolean {
  if (ending.kind === "terminated" || ending.stop === "requires_action") return false;
  return ending.stop !== "end_turn" || ending.interruptId !== null;
}

/** The state band's word for what follows an ending. */
export function bandState(ending: Ending): string {
  if (ending.kind === "terminated") return "terminated";
  if (ending.stop === "requires_action") return "waiting";
  return ending.stop === "budget_reached" ? "budget_paused" : "idle";
}

/** The error as it stands after one more; null when it does not change. A retried one hides no fatal one. */
export function nextError(standing: TurnError | null, error: JsonObject): TurnError | null {
  const retry = isObject(error.retry_status) ? textOf(error.retry_status.type) : null;
  const type = textOf(error.type) ?? "unknown_error";
  const fatal = retry === "exhausted" || retry === "terminal";
  if (standing?.fatal && !fatal) return null;
  return {
    type,
    message: cleanText((textOf(error.message) ?? "").slice(0, 2000)),
    tries: standing?.type === type ? standing.tries + 1 : 1,
    fatal,
  };
}

const SPEAKING = new Set(["satisfied", "failed", "max_iterations_reached"]);

/** Null for an evaluation that decides nothing: another iteration follows, or it was interrupted. */
export function verdictOf(event: EventRecord, at: number, turn: number): Verdict | null {
  const result = textOf(event.payload.result);
  if (result === null || !SPEAKING.has(result)) return null;
  return {
    us: at,
    turn,
    outcomeId: textOf(event.payload.outcome_id),
    result,
    explanation: textOf(event.payload.explanation),
  };
}
