import { stopWords } from "@/lib/sessions/event-words";
import { numberAt, stringsAt, textAt } from "@/lib/sessions/payload";
import { type Context, callName, clipSpan, timeOf } from "@/lib/sessions/transcript-context";
import type { Stamped } from "@/lib/sessions/transcript-index";
import { PRIMARY, type TurnRow } from "@/lib/sessions/transcript-rows";

export type Turn = { key: string; startUs: number; endUs: number | null; row: TurnRow };

/** Turns of the thread in view; of the session when all threads or the primary one are. */
export function turnsOf(context: Context): Turn[] {
  const { view } = context.input;
  const threadId = view === "all" || view === PRIMARY ? null : view;
  const turns = turnsOfSpans(context, threadId);
  addEvents(turns, context, threadId);
  return [...turns.values()].sort((a, b) => a.startUs - b.startUs);
}

function turnsOfSpans(context: Context, threadId: string | null): Map<string, Turn> {
  const { spans, untilUs = null } = context.input;
  const figures = new Map((context.input.turns ?? []).map((turn) => [turn.id, turn]));
  const turns = new Map<string, Turn>();
  for (const raw of spans) {
    const span = raw.kind === "turn" && raw.thread_id === threadId ? clipSpan(raw, untilUs) : null;
    const startUs = timeOf(span?.started_at);
    if (!span || startUs === null) continue;
    const turn = newTurn(span.start_event_id ?? span.id, startUs, threadId);
    turn.endUs = timeOf(span.ended_at);
    turn.row.endUs = turn.endUs;
    turn.row.spanId = span.id;
    turn.row.number = numberAt(span.attributes, "number");
    turn.row.figures = figures.get(span.id) ?? null;
    const stop = textAt(span.attributes, "stop_reason");
    if (stop !== null && turn.endUs !== null) endTurn(turn, { type: stop }, []);
    turns.set(turn.key, turn);
  }
  return turns;
}

/** What the events add: turns no span is here for yet, and what exactly a turn ended with. */
function addEvents(turns: Map<string, Turn>, context: Context, threadId: string | null): void {
  const start = threadId === null ? "session.status_running" : "session.thread_status_running";
  const ends =
    threadId === null
      ? /^session\.(status_(idle|terminated)|deleted)$/
      : /^session\.thread_status_(idle|terminated)$/;
  let open: Turn | null = null;
  for (const stamped of context.index.timed) {
    if (stamped.type === start && (threadId === null || stamped.ownerId === threadId)) {
      const known = turns.get(stamped.item.id);
      if (!known && open) continue;
      open = known ?? newTurn(stamped.item.id, stamped.atUs ?? 0, threadId);
      open.row.continued = false;
      open.row.item = stamped.item;
      turns.set(open.key, open);
    } else if (ends.test(stamped.type)) {
      const turn: Turn | null = open ?? endedBy(turns, stamped);
      if (turn) close(turn, stamped, context);
      open = null;
    }
  }
}

function close(turn: Turn, end: Stamped, context: Context): void {
  turn.endUs = end.atUs;
  turn.row.endUs = end.atUs;
  const terminated = end.type.endsWith("terminated");
  const calls = stringsAt(end.event.stop_reason, "event_ids");
  const names = calls.map((id) => callName(id, context));
  endTurn(turn, terminated ? { type: "terminated" } : end.event.stop_reason, names);
}

function endedBy(turns: Map<string, Turn>, end: Stamped): Turn | null {
  for (const turn of turns.values()) if (turn.endUs === end.atUs) return turn;
  return null;
}

function newTurn(startEventId: string, startUs: number, threadId: string | null): Turn {
  return {
    key: startEventId,
    startUs,
    endUs: null,
    row: {
      kind: "turn",
      key: `turn:${startEventId}`,
      eventId: startEventId,
      threadId,
      atUs: startUs,
      depth: 0,
      quiet: false,
      bad: false,
      item: null,
      folds: [],
      number: null,
      spanId: null,
      endUs: null,
      ended: null,
      tone: "open",
      continued: true,
      figures: null,
    },
  };
}

function endTurn(turn: Turn, reason: unknown, names: readonly string[]): void {
  const type = textAt(reason, "type") ?? "end_turn";
  turn.row.ended = type === "terminated" ? "terminated" : stopWords(reason, names);
  const bad = ["retries_exhausted", "refusal", "terminated"].includes(type);
  turn.row.tone = type === "end_turn" ? "ok" : bad ? "bad" : "wait";
}
