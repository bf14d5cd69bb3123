import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { dirname } from "node:path";

/** One line of the table. `met` is null for what is told for orientation only. */
export type Row = {
  measure: string;
  value: string;
  target: string;
  met: boolean | null;
  /** The bare figures behind `value`, units in their names. */
  figures: Record<string, number | string>;
};

export type Machine = {
  cpu: string;
  cores: number;
  memoryGib: number;
  system: string;
  node: string;
  postgres: string;
};

export function machine(postgres: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    postgres,
  };
}

/** A Markdown table, so that it can go into the README as it is printed. */
export function table(rows: readonly Row[]): string {
  const cells = [
    ["measure", "value", "target", "met"],
    ...rows.map((row) => [row.measure, row.value, row.target, metWord(row.met)]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const lines = cells.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`,
  );
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

function metWord(met: boolean | null): string {
  return met === null ? "" : met ? "yes" : "NO";
}

export async function writeResults(file: string, results: object): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
