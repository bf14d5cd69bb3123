import { readFileSync } from "node:fs";
import { join } from "node:path";
import { typeRank } from "@/lib/ingest/event-types";
import type { EventItem, SpanItem, ThreadItem } from "@/lib/sessions/schema";
import type { TranscriptInput } from "@/lib/sessions/transcript-rows";
import { microsFromIso } from "@/lib/time/micros";

export const CHILD = "sthr_01LtcRnLENDyxP5RyrbVNP85";

type Raw = Record<string, unknown> & { id: string; type: string };

function readList(file: string, threadId: string | null): EventItem[] {
  const text = readFileSync(join(process.cwd(), "tests/data/managed-agents", file), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => eventItem(JSON.parse(line) as Raw, threadId));
}

export function eventItem(event: Raw, threadId: string | null = null): EventItem {
  const at = event.processed_at;
  return {
    id: event.id,
    session_thread_id: threadId,
    type: event.type,
    at: typeof at === "string" ? at : null,
    source: "import",
    received_at: "2026-11-20T00:00:00Z",
    event,
  };
}

/** The session's order: time, rank of the type, id; what has no time comes last. */
export function inOrder(events: readonly EventItem[]): EventItem[] {
  const at = (item: EventItem) =>
    item.at === null ? Number.POSITIVE_INFINITY : (microsFromIso(item.at) ?? 0);
  return [...events].sort(
    (a, b) =>
      (at(a) === at(b) ? 0 : at(a) - at(b)) ||
      typeRank(a.type) - typeRank(b.type) ||
      a.id.localeCompare(b.id),
  );
}

export const hp05 = inOrder([
  ...readList("hp-05-coordinator.primary.jsonl", null),
  ...readList(`hp-05-coordinator.${CHILD}.jsonl`, CHILD),
]);
export const dc07 = inOrder(readList("dc-07.primary.jsonl", null));

export function thread(id: string | null, name: string): ThreadItem {
  return {
    id,
    parent_thread_id: null,
    agent: { id: null, name, version: 1 },
    model: "claude-haiku-4-5",
    workflow_run_id: null,
    status: "idle",
    created_at: null,
    archived_at: null,
    model_requests: 0,
    usage: { input_tokens: 0, cache_write_tokens: 0, cache_read_tokens: 0, output_tokens: 0 },
    has_events: true,
  };
}

export const hp05Threads = [thread(null, "coordinator"), thread(CHILD, "drafter")];

export function span(given: Partial<SpanItem> & Pick<SpanItem, "id" | "kind">): SpanItem {
  return {
    parent_id: null,
    thread_id: null,
    name: given.kind,
    started_at: null,
    ended_at: null,
    duration_ms: null,
    state: "ok",
    usage: null,
    cost_nanos: null,
    start_event_id: null,
    end_event_id: null,
    attributes: {},
    ...given,
  };
}

export function transcriptInput(
  events: readonly EventItem[],
  more: Partial<TranscriptInput> = {},
): TranscriptInput {
  return {
    events,
    spans: [],
    threads: [thread(null, "main")],
    view: "all",
    edges: { start: true, end: true },
    ...more,
  };
}
