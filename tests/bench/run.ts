import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { env, StartupError } from "@/lib/env";
import { measureIngest } from "./ingest";
import { type Product, startProduct, withDatabase } from "./product";
import { Profile } from "./profile";
import { machine, note, type Row, table, writeResults } from "./report";

const RESULTS = resolve("tests/.results/bench.json");

/** Parts that share one installation, filled through the product itself. */
type Part = (product: Product, quick: boolean) => Promise<Row[]>;
const PARTS: Record<string, Part> = { ingest: measureIngest };

/**
 * Measures the built product on fresh data folders, prints a table and writes it as JSON. Without
 * names of parts all of them; `--quick` takes smaller sizes, whose figures say little; `--profile`
 * prints where the web process and the database spend their time, and slows them down.
 */
export async function runBench(args: readonly string[]): Promise<number> {
  const flags = args.filter((arg) => arg.startsWith("--"));
  const names = args.filter((arg) => !arg.startsWith("--"));
  const unknown = [
    ...flags.filter((flag) => flag !== "--quick" && flag !== "--profile"),
    ...names.filter((name) => !(name in PARTS)),
  ];
  if (unknown.length > 0)
    throw new StartupError(
      `Unknown: ${unknown.join(", ")}. Known: ${Object.keys(PARTS).join(", ")}, --quick, --profile.`,
    );
  const quick = flags.includes("--quick");
  const root = join(resolve(env.WATCHKEEPER_DATA), "bench");
  const wanted = Object.keys(PARTS).filter((name) => names.length === 0 || names.includes(name));
  const { rows, postgres } = await measureOn(root, {
    wanted,
    quick,
    profile: flags.includes("--profile"),
  });
  const result = { at: new Date().toISOString(), quick, machine: machine(postgres), rows };
  await writeResults(RESULTS, result);
  process.stdout.write(`\n${JSON.stringify(result.machine)}\n\n${table(rows)}\n`);
  return rows.some((row) => row.met === false) ? 1 : 0;
}

async function measureOn(
  root: string,
  { wanted, quick, profile }: { wanted: string[]; quick: boolean; profile: boolean },
) {
  const rows: Row[] = [];
  const dataDir = join(root, "main");
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
    for (const name of wanted) {
      note(`— ${name}`);
      const profiled = profile ? await Profile.begin(product) : undefined;
      rows.push(...((await PARTS[name]?.(product, quick)) ?? []));
      await profiled?.end();
    }
    return { rows, postgres: versions[0]?.server_version ?? "unknown" };
  } finally {
    await product.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
