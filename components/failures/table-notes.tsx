import { type By, byLabel } from "@/components/failures/questions";
import type { FailureRow } from "@/components/failures/rows";

/** What a reader of the table may wonder about, in words. */
export function TableNotes({
  by,
  rows,
  folded,
}: {
  by: By;
  rows: readonly FailureRow[];
  /** Which values have no group of their own; null where all have. */
  folded: string | null;
}) {
  const notes = [
    by === "outcome"
      ? "Each session counts where its outcome settled."
      : "Sessions count where they settled, turns, calls and errors where they ended. The band is the 95 % interval (Wilson): two rates whose bands overlap may be the same.",
  ];
  if (by === "tool")
    notes.push("A session counts under each tool it called, so the rows do not add up.");
  if (by === "error_type")
    notes.push("A session counts under each type of error in it, so the rows do not add up.");
  if (by === "model") notes.push("A session counts under its agent's own model.");
  if (rows.some(({ kind }) => kind === "none") && by !== "tool" && by !== "error_type")
    notes.push(`Sessions without ${byLabel(by).toLowerCase()} have a row of their own.`);
  if (folded) notes.push(folded);
  if (rows.some(({ kind }) => kind === "other") && (!folded || rows.length > 200))
    notes.push("Groups beyond the first 200 are taken together as “Other”.");
  return <p className="border-t px-3 py-2 text-sm text-ink-3">{notes.join(" ")}</p>;
}
