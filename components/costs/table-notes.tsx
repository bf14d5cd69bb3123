import { type By, byLabel } from "@/components/costs/questions";
import type { CostRow } from "@/components/costs/rows";

type NotesProps = {
  by: By;
  rows: readonly CostRow[];
  params: URLSearchParams;
  /** Which values have no group of their own; null where all have. */
  folded: string | null;
};

/** What a reader of the table may wonder about, in words. */
function notesOf({ by, rows, params, folded }: NotesProps): string[] {
  const notes: string[] = [];
  const hasNone = rows.some(({ kind }) => kind === "none");
  if (by === "model")
    notes.push(
      "Running time and web searches belong to sessions, not to a model: their cost stands under “No model”, and session-hours and sessions are left out.",
    );
  else if (by === "bucket")
    notes.push("Only tokens have buckets, and each token is in exactly one.");
  else if (by === "meter")
    notes.push(
      "Tokens count when their request ends, runtime while it runs, web searches when they were told.",
    );
  else {
    notes.push("Sessions are counted where they started, cost where it arose.");
    if (hasNone)
      notes.push(`Sessions without ${byLabel(by).toLowerCase()} have a row of their own.`);
  }
  if (folded) notes.push(folded);
  if (rows.some(({ kind }) => kind === "other") && (!folded || rows.length > 200))
    notes.push("Groups beyond the first 200 are taken together as “Other”.");
  if (params.has("model"))
    notes.push(
      "With a filter by model, cost and tokens are those of its requests alone; session-hours and sessions are of all sessions that used it.",
    );
  return notes;
}

export function TableNotes(props: NotesProps) {
  return <p className="border-t px-3 py-2 text-sm text-ink-3">{notesOf(props).join(" ")}</p>;
}
