import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "@/lib/db/embedded";
import { MIGRATIONS, SCHEMA } from "@/lib/db/migrate";
import { withSchemaEngine } from "@/lib/db/schema-engine";
import { StartupError } from "@/lib/env";

/** The schema the newest migration leads to. Hand-written SQL is unknown to it, and so left alone. */
const REACHED = join(MIGRATIONS, "schema.prisma");

/**
 * `npm run migration -- NAME` writes the SQL that leads from the last schema to the present one.
 * `npm run migration -- --written` records the present schema as reached, by SQL written by hand.
 */
export default async function migration([name = ""]: string[]): Promise<void> {
  if (name === "--written") return writeFile(REACHED, await readFile(SCHEMA, "utf8"));
  if (!/^[a-z0-9_]+$/.test(name)) {
    throw new StartupError(
      "Give the migration a name of a-z, 0-9 and _: npm run migration -- NAME",
    );
  }
  const present = await readFile(SCHEMA, "utf8");
  const sql = await withThrowAwayDatabase((url) => sqlToReach(present, url));
  if (sql === "") {
    process.stdout.write("The schema has not changed since the last migration.\n");
    return;
  }
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = join(MIGRATIONS, `${stamp}_${name}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "migration.sql"), sql);
  await writeFile(REACHED, present);
  process.stdout.write(`Written: ${folder}/migration.sql\n`);
}

/**
 * SQL from the schema of the last migration to the given one; empty if they say the same.
 * The engine wants a database to talk to, and asks it only for its version.
 */
export async function sqlToReach(present: string, url: string): Promise<string> {
  const files = (content: string) => ({ files: [{ path: "schema.prisma", content }] });
  const from = existsSync(REACHED)
    ? { tag: "schemaDatamodel" as const, ...files(await readFile(REACHED, "utf8")) }
    : { tag: "empty" as const };
  const result = await withSchemaEngine({ url, schema: present }, (engine) =>
    engine.diff({
      from,
      to: { tag: "schemaDatamodel", ...files(present) },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
  return result.exitCode === 0 ? "" : (result.stdout ?? "");
}

async function withThrowAwayDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), "watchkeeper-diff-"));
  const database = await startEmbedded({ dataDir });
  try {
    return await work(database.url);
  } finally {
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
