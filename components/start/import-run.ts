import { importBatches } from "@/lib/ingest/import-batches";
import { parseImportFile } from "@/lib/ingest/import-file";
import { sendImport } from "@/lib/ingest/queries";

export type ImportHints = { session: string; thread: string; model: string };
export type ImportProblem = { where: string; message: string };

/** What became of one file. */
export type ImportResult = {
  notes: string[];
  total: number;
  sent: number;
  accepted: number;
  updated: number;
  duplicates: number;
  problems: ImportProblem[];
  /** Of the problems, those that the server keeps, to be tried again. */
  kept: number;
  sessions: string[];
};

export type ImportStep =
  | { kind: "needs_session"; notes: string[] }
  | { kind: "progress" | "done"; result: ImportResult };

/** Reads one file and sends what is in it, batch after batch; `onStep` hears how far it is. Throws when sending fails. */
export async function runImport(
  file: File,
  hints: ImportHints,
  onStep: (step: ImportStep) => void,
): Promise<void> {
  const parsed = parseImportFile(file.name, await file.text(), hints);
  if (parsed.needs === "session") return onStep({ kind: "needs_session", notes: parsed.notes });
  let result: ImportResult = {
    notes: parsed.notes,
    total: parsed.items.length,
    sent: 0,
    accepted: 0,
    updated: 0,
    duplicates: 0,
    problems: parsed.rejected.map(({ line, message }) => ({ where: `line ${line}`, message })),
    kept: 0,
    sessions: sessionsOf(parsed.items),
  };
  for (const batch of importBatches(parsed.items)) {
    onStep({ kind: "progress", result });
    const answer = await sendImport(batch.ndjson);
    const refused = answer.rejected.map(({ index, kind, message }) => ({
      where: `item ${batch.first + index + 1} (${kind})`,
      message,
    }));
    result = {
      ...result,
      sent: result.sent + batch.count,
      accepted: result.accepted + answer.accepted,
      updated: result.updated + answer.updated,
      duplicates: result.duplicates + answer.duplicates,
      problems: [...result.problems, ...refused],
      kept: result.kept + refused.length,
    };
  }
  onStep({ kind: "done", result });
}

function sessionsOf(items: readonly { sessionId: unknown }[]): string[] {
  const ids = items.map((item) => item.sessionId);
  return [...new Set(ids.filter((id) => typeof id === "string" && id !== ""))].map(String);
}
