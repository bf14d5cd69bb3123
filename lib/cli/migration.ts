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
  const sql = await differenceTo(present);
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

/** SQL from the schema of the last migration to the given one; empty if they say the same. */
export async function differenceTo(present: string): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "watchkeeper-diff-"));
  const database = await startEmbedded({ dataDir });
  const files = (content: string) => ({ files: [{ path: "schema.prisma", content }] });
  try {
    const result = await withSchemaEngine({ url: database.url, schema: present }, async (engine) =>
      engine.diff({
        from: existsSync(REACHED)
          ? { tag: "schemaDatamodel", ...files(await readFile(REACHED, "utf8")) }
          : { tag: "empty" },
        to: { tag: "schemaDatamodel", ...files(present) },
        script: true,
        exitCode: true,
        filters: { externalTables: [], externalEnums: [] },
      }),
    );
    return result.exitCode === 0 ? "" : (result.stdout ?? "");
  } finally {
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
