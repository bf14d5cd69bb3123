import { join, resolve } from "node:path";
import { env, StartupError } from "@/lib/env";
import { machine, note, type Row, table, writeResults } from "../bench/report";
import { tryAway } from "./away";
import { tryClock } from "./clock";
import { tryDisk } from "./disk";
import { tryFaults } from "./faults";
import type { Size } from "./ground";
import { tryLoad } from "./load";

const RESULTS = resolve("tests/.results/chaos.json");

const WHOLE: Size = { senders: 200, viewers: 50, seconds: 240 };
const QUICK: Size = { senders: 200, viewers: 50, seconds: 20 };
/** A fault needs no more than to be met by everybody. */
const FAULT_SECONDS = 40;

const PARTS: ReadonlyArray<[string, (dataDir: string, size: Size) => Promise<Row[]>]> = [
  ["load", tryLoad],
  ["faults", (dataDir, size) => tryFaults(dataDir, size)],
  ["away", tryAway],
  ["disk", tryDisk],
  ["clock", tryClock],
];
const NAMES = PARTS.map(([name]) => name);

/**
 * Everybody at once on the built product, and everything that can go wrong beneath it, on fresh data
 * folders: prints a table, writes it as JSON, and fails where a promise is broken. Without names of
 * parts all of them; `--quick` takes less time for each, in which memory is not judged.
 */
export async function runChaos(args: readonly string[]): Promise<number> {
  const wanted = args.filter((arg) => !arg.startsWith("--"));
  const isQuick = args.includes("--quick");
  const unknown = args.filter((arg) => arg !== "--quick" && !NAMES.includes(arg));
  if (unknown.length > 0)
    throw new StartupError(`Unknown: ${unknown.join(", ")}. Known: ${NAMES.join(", ")}, --quick.`);
  const root = join(resolve(env.WATCHKEEPER_DATA), "chaos");
  const rows: Row[] = [];
  for (const [name, attempt] of PARTS) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    note(`— ${name}`);
    const size = isQuick ? QUICK : WHOLE;
    const seconds = name === "load" ? size.seconds : Math.min(size.seconds, FAULT_SECONDS);
    rows.push(...(await attempt(join(root, name), { ...size, seconds })));
  }
  const described = machine("embedded");
  const at = new Date().toISOString();
  await writeResults(RESULTS, { at, quick: isQuick, machine: described, rows });
  const { cpu, cores, memoryGib, system, node } = described;
  process.stdout.write(
    `\n${cpu}, ${cores} cores, ${memoryGib} GiB; ${system}; Node ${node}\n\n${table(rows)}\n`,
  );
  return rows.some((row) => row.met === false) ? 1 : 0;
}
