import { type Context, contextSpan } from "./context";
import type { Ending, OpenTurn } from "./ending";
import type { EventRecord, Span } from "./schema";
import { blankSpan } from "./spans";

/** Kinds of the spans that a thread's events make in their order. */
export const LIFECYCLE_KINDS: readonly string[] = ["turn", "state", "wait", "expiry", "context"];

/** A wait: the idles that asked since the thread last ran. Closed by the next run, or by an idle that asks nothing. */
export type OpenWait = { id: string; idles: Array<[number, string[]]> };

/** A segment of the state band. */
export type OpenBand = { id: string; state: string; us: number };

export function turnSpan(turn: OpenTurn, threadId: string): Span {
  return {
    ...blankSpan(turn.id, "turn", threadId),
    name: `turn ${turn.number}`,
    startedUs: turn.startedUs,
    startEventId: turn.eventId,
    attributes: turnAttributes(turn),
  };
}

const turnAttributes = ({ number, startedUs, outputUs }: OpenTurn) => ({
  number,
  ...(outputUs === null ? {} : { first_output_ms: Math.floor((outputUs - startedUs) / 1000) }),
});

export function closedTurn(turn: OpenTurn, event: EventRecord, ending: Ending): Span {
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
      ...turnAttributes(turn),
      stop_reason: ending.kind === "terminated" ? "terminated" : (ending.stop ?? "unknown"),
      ...(turn.interruptId !== null ? { interrupted: true } : {}),
      ...(turn.error ? { error_type: turn.error.type } : {}),
    },
  };
}

export function bandSpan(band: OpenBand, endedUs: number | null): Span {
  return {
    ...blankSpan(band.id, "state", ""),
    name: band.state,
    startedUs: band.us,
    endedUs,
    state: endedUs === null ? "open" : "ok",
  };
}

type Open = { turn: OpenTurn | null; band: OpenBand | null; context: Context | null };

/** What is open of a thread as it is stored: its hour of prompts, and of the primary its turn and its state. */
export function openSpans({ turn, band, context }: Open, threadId = ""): Span[] {
  const hour = context ? contextSpan(context, threadId) : null;
  const own =
    threadId === ""
      ? [...(turn ? [turnSpan(turn, "")] : []), ...(band ? [bandSpan(band, null)] : [])]
      : [];
  return [...own, ...(hour ? [hour] : [])];
}

export function waitSpan(wait: OpenWait, untilUs: number | null): Span {
  return {
    ...blankSpan(wait.id, "wait", ""),
    name: "wait",
    startedUs: wait.idles[0]?.[0] ?? null,
    endedUs: untilUs,
    state: untilUs === null ? "open" : "ok",
    attributes: { _idles: wait.idles },
  };
}
