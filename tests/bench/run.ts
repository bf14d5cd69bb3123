import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { env, StartupError } from "@/lib/env";
import { measureAlerts } from "./alerts";
import { measureAppend } from "./append";
import { measureDeliveries } from "./deliveries";
import { measureFleet } from "./fleet";
import { measureIngest } from "./ingest";
import { measureList } from "./list";
import { measureMemory } from "./memory";
import { measureMetrics } from "./metrics";
import { measurePages } from "./pages";
import { type Product, startProduct, tellErrors, withDatabase } from "./product";
import { Profile } from "./profile";
import { machine, note, type Row, table, writeResults } from "./report";
import { measureSync } from "./sync";
import { measureTrace } from "./trace";
import { measureVerify } from "./verify";

const RESULTS = resolve("tests/.results/bench.json");

/** What is measured on one installation, in this order; memory before anything and after everything. */
const PARTS: ReadonlyArray<[string, (product: Product, quick: boolean) => Promise<Row[]>]> = [
  ["pages", measurePages],
  ["memory", (product, quick) => measureMemory(product, quick, "after a visit to every page")],
  ["ingest", measureIngest],
  ["append", measureAppend],
  ["trace", measureTrace],
  ["verify", measureVerify],
  ["memory", (product, quick) => measureMemory(product, quick, "after all of this load")],
];
/** Parts that make installations of their own. */
const APART: ReadonlyArray<[string, (root: string, options: Options) => Promise<Row[]>]> = [
  ["list", (root, { quick }) => measureList(root, quick)],
  ["metrics", (root, { quick }) => measureMetrics(root, quick)],
  ["alerts", (root, { quick }) => measureAlerts(root, quick)],
  ["fleet", (root, { quick }) => measureFleet(join(root, "fleet"), quick)],
  ["deliveries", (root, { quick }) => measureDeliveries(root, quick)],
  ["sync", (root, options) => measureSync(join(root, "sync"), options)],
];
const NAMES = [...new Set([...PARTS, ...APART].map(([name]) => name))];

type Options = { wanted: readonly string[]; quick: boolean; profile: boolean };

/**
 * Measures the built product on fresh data folders, prints a table and writes it as JSON. Without
 * names of parts all of them; `--quick` takes smaller sizes, whose figures say little; `--profile`
 * prints where the web process and the database spend their time, and slows them down.
 */
export async function runBench(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  const root = join(resolve(env.WATCHKEEPER_DATA), "bench");
  const { rows, postgres } = await measureOn(join(root, "main"), options);
  for (const [name, measure] of APART) {
    if (!options.wanted.includes(name)) continue;
    note(`— ${name}`);
    rows.push(...(await measure(root, options)));
  }
  const at = new Date().toISOString();
  const described = machine(postgres);
  await writeResults(RESULTS, { at, quick: options.quick, machine: described, rows });
  const { cpu, cores, memoryGib, system, node } = described;
  process.stdout.write(
    `\n${cpu}, ${cores} cores, ${memoryGib} GiB; ${system}; Node ${node}; PostgreSQL ${postgres}\n\n${table(rows)}\n`,
  );
  return rows.some((row) => row.met === false) ? 1 : 0;
}

function optionsOf(args: readonly string[]): Options {
  const flags = args.filter((arg) => arg.startsWith("--"));
  const names = args.filter((arg) => !arg.startsWith("--"));
  const unknown = [
    ...flags.filter((flag) => flag !== "--quick" && flag !== "--profile"),
    ...names.filter((name) => !NAMES.includes(name)),
  ];
  if (unknown.length > 0)
    throw new StartupError(
      `Unknown: ${unknown.join(", ")}. Known: ${NAMES.join(", ")}, --quick, --profile.`,
    );
  return {
    wanted: names.length > 0 ? names : NAMES,
    quick: flags.includes("--quick"),
    profile: flags.includes("--profile"),
  };
}

async function measureOn(dataDir: string, { wanted, quick, profile }: Options) {
  const rows: Row[] = [];
  await rm(dataDir, { recursive: true, force: true });
  let product = await startProduct(dataDir, { profile });
  try {
    if (profile) {
      await Profile.prepare(product.databaseUrl);
      await product.stop();
      product = await startProduct(dataDir, { profile });
    }
    const { rows: versions } = await withDatabase(product.databaseUrl, (client) =>
      client.query<{ server_version: string }>("show server_version"),
    );
    for (const [name, measure] of PARTS) {
      if (!wanted.includes(name)) continue;
      note(`— ${name}`);
      const profiled = profile ? await Profile.begin(product) : undefined;
      rows.push(...(await measure(product, quick)));
      await profiled?.end();
    }
    return { rows, postgres: versions[0]?.server_version ?? "unknown" };
  } catch (error) {
    await tellErrors(product);
    throw error;
  } finally {
    await product.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
