import type { SpanItem, ThreadItem } from "@/lib/sessions/schema";
import type { TimeWindow } from "@/lib/sessions/timeline";
import { threadNames } from "@/lib/sessions/transcript-index";
import { microsFromIso } from "@/lib/time/micros";

export type LaneSpan = TimeWindow & { span: SpanItem; track: number; open: boolean };

/** One thread's row of the timeline. Track 0 holds model requests, those below it parallel calls. */
export type Lane = {
  threadId: string | null;
  label: string;
  tracks: number;
  turns: LaneSpan[];
  items: LaneSpan[];
};

/** More calls at once than this share the last track. */
export const MOST_TRACKS = 5;

/** Spans → lanes, one per thread in the threads' order. Open spans last until `endUs`; nothing later than it is shown. */
export function packLanes(given: {
  spans: readonly SpanItem[];
  threads: readonly ThreadItem[];
  endUs: number;
}): Lane[] {
  const { spans, threads, endUs } = given;
  const nameOf = threadNames(threads);
  const lanes = new Map<string | null, Lane>();
  for (const thread of threads) lanes.set(thread.id, emptyLane(thread.id, nameOf));
  for (const span of inOrder(spans, endUs)) {
    const threadId = span.span.thread_id;
    const lane = lanes.get(threadId) ?? emptyLane(threadId, nameOf);
    lanes.set(threadId, lane);
    if (span.span.kind === "turn") lane.turns.push(span);
    else lane.items.push(span);
  }
  for (const lane of lanes.values()) assignTracks(lane);
  return [...lanes.values()];
}

function emptyLane(threadId: string | null, nameOf: (id: string | null) => string): Lane {
  return { threadId, label: nameOf(threadId), tracks: 1, turns: [], items: [] };
}

function inOrder(spans: readonly SpanItem[], endUs: number): LaneSpan[] {
  const out: LaneSpan[] = [];
  for (const span of spans) {
    const startUs = span.started_at === null ? null : microsFromIso(span.started_at);
    const stopUs = span.ended_at === null ? null : microsFromIso(span.ended_at);
    const fromUs = startUs ?? stopUs;
    if (fromUs === null || fromUs > endUs) continue;
    // What was never closed is drawn to the end only while it can still be going on.
    const lasts = stopUs ?? (span.state === "open" ? endUs : fromUs);
    const toUs = Math.max(fromUs, Math.min(lasts, endUs));
    out.push({ span, fromUs, toUs, track: 0, open: stopUs === null || stopUs > endUs });
  }
  return out.sort((a, b) => a.fromUs - b.fromUs || b.toUs - a.toUs);
}

function assignTracks(lane: Lane): void {
  const busyUntil: number[] = [];
  const trackOfCall = new Map<string, number>();
  for (const item of lane.items) {
    if (item.span.kind === "approval") continue;
    if (item.span.kind !== "tool") continue;
    const free = busyUntil.findIndex((until) => until <= item.fromUs);
    const track = free >= 0 ? free : Math.min(busyUntil.length, MOST_TRACKS - 2);
    busyUntil[track] = Math.max(item.toUs, busyUntil[track] ?? 0);
    item.track = track + 1;
    if (item.span.start_event_id !== null) trackOfCall.set(item.span.start_event_id, item.track);
  }
  for (const item of lane.items) {
    if (item.span.kind !== "approval") continue;
    const call = item.span.attributes.tool_use_id;
    item.track = (typeof call === "string" ? trackOfCall.get(call) : undefined) ?? 1;
  }
  lane.tracks = lane.items.reduce((most, item) => Math.max(most, item.track + 1), 1);
}

/** The span under a point of a lane: of several the shortest, for it is the hardest to reach. */
export function spanAt(given: {
  lane: Lane;
  track: number;
  us: number;
  /** How far beside a short span still counts, in micros. */
  reachUs: number;
}): LaneSpan | null {
  const { lane, track, us, reachUs } = given;
  let best: LaneSpan | null = null;
  for (const item of lane.items) {
    if (item.fromUs - reachUs > us) break;
    if (item.track !== track || item.toUs + reachUs < us) continue;
    if (!best || item.toUs - item.fromUs < best.toUs - best.fromUs) best = item;
  }
  return best;
}

/** What colour family a span is drawn in. */
export function spanTone(span: SpanItem): "model" | "tool" | "wait" | "error" | "denied" | "other" {
  if (span.state === "error") return "error";
  if (span.state === "denied") return "denied";
  if (span.kind === "model_request") return "model";
  if (span.kind === "tool") return "tool";
  return span.kind === "approval" ? "wait" : "other";
}
