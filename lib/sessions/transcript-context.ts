import { plainText } from "@/lib/sessions/content";
import { textAt } from "@/lib/sessions/payload";
import type { SpanItem } from "@/lib/sessions/schema";
import { type EventIndex, indexEvents, type Stamped } from "@/lib/sessions/transcript-index";
import type { TranscriptInput, TranscriptRow } from "@/lib/sessions/transcript-rows";
import { microsFromIso } from "@/lib/time/micros";

/** What turning one event into rows may look at, and what the walk so far has seen. */
export type Context = {
  input: TranscriptInput;
  index: EventIndex;
  /** The span of a kind that starts (or, start unknown, ends) with an event. */
  spanOf: (kind: SpanItem["kind"], eventId: string) => SpanItem | null;
  /** The other side of a message between threads. */
  receivedOf: (sent: Stamped) => Stamped | null;
  isReceivedElsewhere: (received: Stamped) => boolean;
  /** The session's state after the events walked so far. */
  sessionState: string | null;
  /** Child threads running after the events walked so far. */
  working: Set<string>;
};

export function contextOf(input: TranscriptInput): Context {
  const index = indexEvents(input);
  const spans = new Map<string, SpanItem>();
  for (const raw of input.spans) {
    const span = clipSpan(raw, input.untilUs ?? null);
    if (!span) continue;
    if (span.start_event_id !== null) spans.set(`${span.kind}:${span.start_event_id}`, span);
    else if (span.end_event_id !== null) spans.set(`${span.kind}:${span.end_event_id}`, span);
  }
  return {
    input,
    index,
    spanOf: (kind, eventId) => spans.get(`${kind}:${eventId}`) ?? null,
    ...messagePairs(index),
    sessionState: null,
    working: new Set(),
  };
}

/** A span as it stood at an instant: null before its start, open before its end. */
export function clipSpan(span: SpanItem, untilUs: number | null): SpanItem | null {
  if (untilUs === null) return span;
  const startUs = span.started_at === null ? null : microsFromIso(span.started_at);
  const endUs = span.ended_at === null ? null : microsFromIso(span.ended_at);
  if ((startUs ?? endUs ?? 0) > untilUs) return null;
  if (endUs === null || endUs <= untilUs) return span;
  return {
    ...span,
    ended_at: null,
    end_event_id: null,
    duration_ms: null,
    state: "open",
    usage: null,
    cost_nanos: null,
  };
}

/** Ids of the primary thread in messages are its real one, unknown here: whoever is no child is it. */
export function otherThread(stamped: Stamped, index: EventIndex): string | null {
  const id =
    textAt(stamped.event, "to_session_thread_id") ??
    textAt(stamped.event, "from_session_thread_id");
  return id !== null && index.isChild(id) ? id : null;
}

function messagePairs(index: EventIndex): Pick<Context, "receivedOf" | "isReceivedElsewhere"> {
  const waiting = new Map<string, Stamped[]>();
  const keyOf = (from: string | null, to: string | null, stamped: Stamped) =>
    `${from ?? ""}|${to ?? ""}|${plainText(stamped.event.content)}`;
  for (const stamped of index.timed) {
    if (stamped.type !== "agent.thread_message_received") continue;
    const key = keyOf(otherThread(stamped, index), stamped.listId, stamped);
    waiting.set(key, [...(waiting.get(key) ?? []), stamped]);
  }
  const pairs = new Map<Stamped, Stamped>();
  const taken = new Set<Stamped>();
  for (const stamped of index.timed) {
    if (stamped.type !== "agent.thread_message_sent") continue;
    const key = keyOf(stamped.listId, otherThread(stamped, index), stamped);
    const received = waiting.get(key)?.shift();
    if (!received) continue;
    pairs.set(stamped, received);
    taken.add(received);
  }
  return {
    receivedOf: (sent) => pairs.get(sent) ?? null,
    isReceivedElsewhere: (received) => taken.has(received),
  };
}

/** What every row of one event shares. */
export function base(stamped: Stamped, kind: string): RowBase {
  return {
    key: `${kind}:${stamped.listId ?? ""}:${stamped.item.id}`,
    eventId: stamped.item.id,
    threadId: stamped.ownerId,
    atUs: stamped.atUs,
    depth: 0,
    quiet: false,
    bad: false,
    item: stamped.item,
    folds: [],
  };
}

export type RowBase = Pick<
  TranscriptRow,
  "key" | "eventId" | "threadId" | "atUs" | "depth" | "quiet" | "bad" | "item" | "folds"
>;

export function timeOf(text: string | null | undefined): number | null {
  return text == null ? null : microsFromIso(text);
}

/** The tool a call's id stands for. */
export function callName(useId: string, context: Context): string {
  const use = context.index.uses.get(useId);
  return textAt(use?.event, "name") ?? context.spanOf("tool", useId)?.name ?? "a call";
}
