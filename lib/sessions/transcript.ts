import { textAt } from "@/lib/sessions/payload";
import { type Context, contextOf } from "@/lib/sessions/transcript-context";
import type { Stamped } from "@/lib/sessions/transcript-index";
import type {
  GapRow,
  MessageRow,
  RequestRow,
  StepRow,
  TranscriptInput,
  TranscriptRow,
} from "@/lib/sessions/transcript-rows";
import { messageRow, stepsOf } from "@/lib/sessions/transcript-steps";
import { startlessRequest } from "@/lib/sessions/transcript-tools";
import { type Turn, turnsOf } from "@/lib/sessions/transcript-turns";

type Entry = { row: StepRow; atUs: number; steps: StepRow[] };

/**
 * Events and spans → rows in reading order: turns, in them model requests, in those their steps.
 * Calls carry their answers, copies of a child's events in the session's list are left out where the
 * child's own are there, and events without a time stand where they make sense.
 */
export function assembleTranscript(input: TranscriptInput): TranscriptRow[] {
  const context = contextOf(input);
  const entries = groupByRequest(context);
  const turns = turnsOf(context);
  const rows = underTurns(entries, turns);
  return placeUntimed(rows, context);
}

/** One walk over the events; outputs go under the request of their thread that was open then. */
function groupByRequest(context: Context): Entry[] {
  const open = new Map<string, Entry>();
  const entries: Entry[] = [];
  const add = (row: StepRow): Entry => {
    const entry = { row, atUs: row.atUs ?? 0, steps: [] };
    entries.push(entry);
    return entry;
  };
  for (const [thread, end] of unstartedRequests(context)) {
    open.set(thread, add(startlessRequest(end, context)));
  }
  for (const stamped of context.index.timed) {
    const thread = stamped.ownerId ?? "";
    const parent = open.get(thread);
    if (stamped.type === "span.model_request_end") {
      open.delete(thread);
      if (parent && isEndOf(stamped, parent.row)) continue;
    }
    for (const row of stepsOf(stamped, context)) {
      if (row.kind === "request") {
        const entry = add(row);
        if (stamped.type === "span.model_request_start") open.set(thread, entry);
      } else if (parent && isOutput(stamped.type)) parent.steps.push({ ...row, depth: 1 });
      else add(row);
    }
    if (/_status_(idle|terminated)$/.test(stamped.type)) open.delete(thread);
  }
  entries.sort((a, b) => a.atUs - b.atUs);
  return entries;
}

/** Requests that had begun before the events at hand, by thread: their end is the thread's first bound. */
function unstartedRequests(context: Context): Map<string, Stamped> {
  const first = new Map<string, Stamped>();
  for (const stamped of context.index.timed) {
    const thread = stamped.ownerId ?? "";
    if (first.has(thread)) continue;
    if (stamped.type.startsWith("span.model_request_")) first.set(thread, stamped);
  }
  return new Map([...first].filter(([, stamped]) => stamped.type.endsWith("_end")));
}

function isEndOf(end: Stamped, row: StepRow): boolean {
  const startId = textAt(end.event, "model_request_start_id");
  return startId !== null && row.key === `request:${end.listId ?? ""}:${startId}`;
}

function isOutput(type: string): boolean {
  return (
    type === "agent.message" || type === "agent.thinking" || /^agent\.(\w+_)?tool_use$/.test(type)
  );
}

/** Puts a heading before each turn's first row, and one over what happens between turns. */
function underTurns(entries: readonly Entry[], turns: readonly Turn[]): TranscriptRow[] {
  const rows: TranscriptRow[] = [];
  let next = 0;
  let current: Turn | null = null;
  let gap: GapRow | null = null;
  for (const entry of entries) {
    for (let turn = turns[next]; turn && turn.startUs <= entry.atUs; turn = turns[next]) {
      if (current && gap) gap.endUs = turn.startUs;
      current = turn;
      gap = null;
      next += 1;
      const passedOver = turn.endUs !== null && turn.endUs < entry.atUs && turn.row.continued;
      if (!passedOver) rows.push(turn.row);
    }
    const between = current !== null && current.endUs !== null && entry.atUs > current.endUs;
    if (between && current && !gap && !entry.row.quiet) {
      gap = gapRow(current, turns[next] ?? null);
      rows.push(gap);
    }
    if (gap && entry.row.threadId !== null && !gap.workers.includes(entry.row.threadId)) {
      gap.workers.push(entry.row.threadId);
    }
    if (entry.row.kind === "request") {
      const request: RequestRow = { ...entry.row, steps: entry.steps.length };
      rows.push(request, ...entry.steps);
    } else rows.push(entry.row);
  }
  return rows;
}

function gapRow(after: Turn, before: Turn | null): GapRow {
  return {
    kind: "gap",
    key: `gap:${after.key}`,
    eventId: null,
    threadId: null,
    atUs: after.endUs,
    depth: 0,
    quiet: false,
    bad: false,
    item: null,
    folds: [],
    endUs: before?.startUs ?? null,
    workers: [],
  };
}

/**
 * Events without a time: the first message of a session whose first turn heard none opened it (some
 * recorders leave its time out); everything else is not taken in yet and stands last.
 */
function placeUntimed(rows: TranscriptRow[], context: Context): TranscriptRow[] {
  const { index, input } = context;
  const told = index.untimed.flatMap((stamped) =>
    stamped.type === "user.message" ? [messageRow(stamped)] : stepsOf(stamped, context),
  );
  const opener = input.edges.start ? openerOf(rows, told) : null;
  const rest = told.filter((row) => row !== opener);
  const out = opener ? withOpener(rows, opener) : rows;
  const live = input.untilUs == null && input.edges.end;
  return live ? [...out, ...rest] : out;
}

function openerOf(rows: readonly TranscriptRow[], told: readonly StepRow[]): MessageRow | null {
  for (const row of rows) {
    if (row.kind === "message" && row.from === "user") return null;
    if (row.kind === "mark" && row.mark === "goal") return null;
    if (row.kind === "request") break;
  }
  const first = told.find((row) => row.kind === "message" && row.from === "user");
  return rows.some((row) => row.kind === "request") && first?.kind === "message" ? first : null;
}

function withOpener(rows: readonly TranscriptRow[], opener: MessageRow): TranscriptRow[] {
  const at = rows.findIndex((row) => row.kind === "request");
  const turn = rows.findIndex((row) => row.kind === "turn");
  const place = turn >= 0 && turn < at ? turn + 1 : at;
  const message: MessageRow = { ...opener, queued: false, placed: true };
  return [...rows.slice(0, place), message, ...rows.slice(place)];
}
