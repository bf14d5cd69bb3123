import type { Db } from "@/lib/db/client";
import { makeRemains } from "@/lib/ingest/remains-store";
import type { SessionName } from "@/lib/ingest/seal-store";
import { addToCells, readCells, withdrawCells } from "@/lib/metrics/cell-store";
import { addCells, settledCells } from "@/lib/metrics/cells";
import type { Cell, Promoted } from "@/lib/metrics/schema";
import { NOTHING, namelessCell } from "./erasure";
import type { ErasureReport } from "./erasure-schema";
import { readRolled } from "./erasure-store";
import { type Scrub, scrubNames } from "./scrub-service";
import { deleteEmptySums, listUnsaid } from "./sums-store";

/**
 * Moves what sessions give to the totals to what remains under the same labels, without any words of theirs.
 * Answers with what remains, and with the groups of errors that they were counted under.
 */
export async function keepTotals(
  tx: Db,
  workspace: string,
  sessions: readonly SessionName[],
): Promise<{ cells: Cell[]; words: string[] }> {
  const known = (await readRolled(tx, workspace, sessions)).map(({ rolled, ...name }) => ({
    ...{ ...name, rolled: { ...rolled, ...namelessLabels(rolled.promoted) } },
  }));
  const all: Cell[] = [];
  const words = new Set<string>();
  const given = new Map<SessionName, Cell[]>();
  for (const one of known) {
    const of = { workspace, connectionId: one.connectionId };
    const said = settledCells(await readCells(tx, of, one.sessionId));
    const cells = said.map(namelessCell);
    for (const [at, { key }] of said.entries()) if (key !== cells[at]?.key) words.add(key);
    given.set(one, cells);
    all.push(...cells);
  }
  await withdrawCells(tx, workspace, sessions);
  const names = await makeRemains(tx, workspace, known);
  for (const [at, one] of known.entries()) {
    const { dimensions, promoted } = one.rolled;
    const labels = { sessionId: names[at] ?? "", dimensions, promoted };
    const of = { workspace, connectionId: one.connectionId };
    await addToCells(tx, of, [{ ...labels, cells: summed(given.get(one) ?? []) }]);
  }
  return { cells: all, words: [...words] };
}

/** Values of metadata stay no longer than who they tell of: they are counted among those without a name. */
function namelessLabels(promoted: Promoted | undefined): { promoted?: Promoted } {
  if (promoted === undefined) return {};
  return { promoted: Object.fromEntries(Object.keys(promoted).map((id) => [id, null])) };
}

/** Each place once: errors that are told apart by their words only are one now. */
function summed(cells: readonly Cell[]): Cell[] {
  const sums = new Map<string, Cell>();
  addCells(sums, cells, 1);
  return settledCells(sums.values());
}

/**
 * Once all differences are added up: removes sums of nothing, and takes what these were called after out of
 * all else. Alerts may have been called by it up to now.
 */
export async function settleSums(
  tx: Db,
  workspace: string,
  { subject, words }: { subject: Scrub["subject"]; words: readonly string[] },
): Promise<Partial<ErasureReport>> {
  await deleteEmptySums(tx, workspace);
  const groups = await listUnsaid(tx, workspace, words);
  if (subject?.by !== "metadata" && groups.length === 0) return NOTHING;
  return scrubNames(tx, workspace, { ids: [], subject, groups });
}
