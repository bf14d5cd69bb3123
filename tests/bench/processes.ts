import { readdir, readFile } from "node:fs/promises";

export type Process = { pid: number; parent: number; command: string };

/** A process and everything below it (Linux). */
export async function processTree(root: number): Promise<Process[]> {
  const all: Process[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    const end = stat.lastIndexOf(")");
    if (end < 0) continue;
    const command = (await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => ""))
      .replaceAll("\0", " ")
      .trim();
    all.push({ pid: Number(entry), parent: Number(stat.slice(end + 4).split(" ")[0]), command });
  }
  const within = new Set([root]);
  // Children have been made after their parents, but their numbers may wrap around.
  for (let before = 0; before < within.size; ) {
    before = within.size;
    for (const { pid, parent } of all) if (within.has(parent)) within.add(pid);
  }
  return all.filter(({ pid }) => within.has(pid));
}

/** Proportional set size in MiB: a page shared by n processes counts 1/n to each. */
export async function pssMib(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? Number.NaN) / 1024;
}

/** CPU time in ms that the product's processes have used so far. */
export type CpuTimes = { web: number; worker: number; database: number; bench: number };

/** The kernel counts in hundredths of a second. */
const TICK_MS = 10;

export async function cpuTimes(root: number): Promise<CpuTimes> {
  const times: CpuTimes = { web: 0, worker: 0, database: 0, bench: 0 };
  for (const { pid, command } of await processTree(root)) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    if (stat === "") continue;
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const own = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    const ofEndedChildren = (Number(fields[13]) + Number(fields[14])) * TICK_MS;
    if (command.includes("postgres")) times.database += own + ofEndedChildren;
    else if (isWeb(command)) times.web += own;
    else if (isWorker(command)) times.worker += own;
  }
  const { user, system } = process.cpuUsage();
  times.bench = (user + system) / 1000;
  return times;
}

export const isWeb = (command: string) =>
  command.startsWith("next-server") || command.includes("lib/cli/web.mjs");
export const isWorker = (command: string) => command.endsWith("boot.mjs worker");
