import { listWords, stopWords } from "@/lib/sessions/event-words";
import { recordOf, stringsAt, textAt } from "@/lib/sessions/payload";
import { base, type Context, callName } from "@/lib/sessions/transcript-context";
import type { Stamped } from "@/lib/sessions/transcript-index";
import type { StatusRow } from "@/lib/sessions/transcript-rows";

const STATUS_WORDS: Record<string, string> = {
  running: "running",
  rescheduled: "rescheduled: the platform tries again by itself",
  terminated: "terminated",
};

/** Session and thread status events; also keeps the walk's idea of who is running. */
export function statusRow(stamped: Stamped, context: Context): StatusRow | null {
  const match = /^session\.(thread_)?status_(\w+)$/.exec(stamped.type);
  if (!match) return null;
  const ofThread = match[1] !== undefined;
  const state = match[2] ?? "";
  const child = ofThread ? stamped.ownerId : null;
  const calls = stringsAt(stamped.event.stop_reason, "event_ids");
  const names = calls.map((id) => callName(id, context));
  const words =
    state === "idle"
      ? `idle: ${stopWords(stamped.event.stop_reason, names)}`
      : (STATUS_WORDS[state] ?? state);
  const notes = state === "idle" && !ofThread ? idleNotes(stamped, calls, context) : [];
  const refusal = recordOf(stamped.event.stop_details);
  const explanation = textAt(refusal, "explanation");
  if (explanation !== null) notes.push(explanation);
  remember(context, child, ofThread, state);
  return {
    ...base(stamped, "status"),
    kind: "status",
    state,
    label: ofThread ? `${context.index.nameOf(child)} ${words}` : `session ${words}`,
    notes,
    quiet: ofThread ? child === null : state === "running",
    bad:
      !ofThread &&
      (state === "terminated" || textAt(stamped.event.stop_reason, "type") === "refusal"),
  };
}

function remember(context: Context, child: string | null, ofThread: boolean, state: string): void {
  if (!ofThread) context.sessionState = state;
  else if (child !== null && state === "running") context.working.add(child);
  else if (child !== null) context.working.delete(child);
}

/** What an idle alone does not tell: answered calls it still names, work that goes on below it. */
function idleNotes(idle: Stamped, calls: readonly string[], context: Context): string[] {
  const notes: string[] = [];
  if (context.sessionState === "idle") notes.push("the session was idle already");
  const answered = calls.filter((id) => {
    const at = (context.index.results.get(id) ?? context.index.confirmations.get(id))?.atUs;
    return at !== undefined && at !== null && idle.atUs !== null && at <= idle.atUs;
  });
  if (answered.length > 0) {
    const names = listWords(answered.map((id) => callName(id, context)));
    notes.push(`${names} ${answered.length > 1 ? "were" : "was"} answered before this`);
  }
  const working = [...context.working].map((id) => context.index.nameOf(id));
  if (working.length > 0) {
    notes.push(`${listWords(working)} still ${working.length > 1 ? "work" : "works"}`);
  }
  return notes;
}
