import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import pg from "pg";
import { z } from "zod";
import { StartupError } from "@/lib/env";
import { withSchemaEngine } from "./schema-engine";
import { withClient } from "./with-client";

export const MIGRATIONS = resolve("prisma/migrations");
export const SCHEMA = resolve("prisma/schema.prisma");

type Migration = { name: string; sql: string };

const AppliedRow = z.object({
  migration_name: z.string(),
  checksum: z.string(),
  finished: z.boolean(),
});

// Everyone who migrates one database waits for everyone else here.
const MIGRATION_LOCK = 7_249_001;

/** The migrations of a folder, oldest first. */
export async function readMigrations(folder = MIGRATIONS): Promise<Migration[]> {
  const names = existsSync(folder) ? (await readdir(folder)).sort() : [];
  const withSql = names.filter((name) => existsSync(join(folder, name, "migration.sql")));
  return Promise.all(
    withSql.map(async (name) => ({
      name,
      sql: await readFile(join(folder, name, "migration.sql"), "utf8"),
    })),
  );
}

/** Our tables, and those of the job queue, which the queue migrates itself from then on. */
export async function prepareDatabase(url: string): Promise<void> {
  await applyMigrations(url);
  if (await withClient(url, hasQueue)) return;
  const { runMigrations, Logger } = await import("graphile-worker");
  const pgPool = new pg.Pool({ connectionString: url, max: 1 });
  // Unheard, that the server ends a connection just given up would end this process.
  pgPool.on("error", () => {});
  pgPool.on("connect", (client) => client.on("error", () => {}));
  try {
    await runMigrations({ pgPool, logger: new Logger(() => () => {}) });
  } finally {
    await pgPool.end();
  }
}

/** Whether `prepareDatabase` has nothing to do; cheap, as it loads no engine. */
export async function isPrepared(url: string): Promise<boolean> {
  const migrations = await readMigrations();
  return withClient(url, async (client) => {
    const pending = pendingOf(migrations, await readApplied(client));
    return pending.length === 0 && (await hasQueue(client));
  });
}

async function hasQueue(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("select to_regclass('graphile_worker.migrations') as name");
  return rows[0]?.name !== null;
}

/**
 * Brings a database to the state this code expects, and does nothing if it is there already.
 * `url` must reach Postgres itself, not a transaction pooler. Returns the names just applied.
 * @throws StartupError if the database is newer than the code, or an earlier migration failed.
 */
export async function applyMigrations(url: string, folder = MIGRATIONS): Promise<string[]> {
  const migrations = await readMigrations(folder);
  return withClient(url, async (client) => {
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const applied = await readApplied(client);
    const pending = pendingOf(migrations, applied);
    if (pending.length === 0) return [];
    const failed = applied.filter((row) => !row.finished).map((row) => row.migration_name);
    return runEngine({ url, folder, migrations, failed });
  });
}

async function readApplied(client: pg.Client): Promise<z.infer<typeof AppliedRow>[]> {
  const found = await client.query("select to_regclass('_prisma_migrations') as name");
  if (found.rows[0]?.name === null) return [];
  const { rows } = await client.query(
    "select migration_name, checksum, finished_at is not null as finished from _prisma_migrations where rolled_back_at is null",
  );
  return z.array(AppliedRow).parse(rows);
}

function pendingOf(migrations: Migration[], applied: z.infer<typeof AppliedRow>[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of applied) {
    const name = row.migration_name;
    const migration = known.get(name);
    if (!migration) {
      throw new StartupError(
        `The database is newer than this version of Watchkeeper (it has the migration ${name}). Start the newer version, or use another database.`,
      );
    }
    if (!row.finished) continue;
    if (createHash("sha256").update(migration.sql).digest("hex") !== row.checksum) {
      throw new StartupError(
        `The migration ${name} was changed after this database applied it. Restore the file and add a new migration, or start with an empty database.`,
      );
    }
    known.delete(name);
  }
  return [...known.values()];
}

/** A migration that failed earlier left nothing behind, being one transaction: it is tried again. */
async function runEngine(options: {
  url: string;
  folder: string;
  migrations: Migration[];
  failed: string[];
}): Promise<string[]> {
  const { url, folder, migrations } = options;
  const schema = await readFile(SCHEMA, "utf8");
  return withSchemaEngine({ url, schema }, async (engine) => {
    for (const name of options.failed) {
      await engine.markMigrationRolledBack({ migrationName: name });
    }
    const done = await engine
      .applyMigrations({
        migrationsList: migrationList(folder, migrations),
        filters: { externalTables: [], externalEnums: [] },
      })
      .catch((cause: unknown) => {
        throw new StartupError(`A migration failed: ${reasonOf(cause)}`, { cause });
      });
    return done.appliedMigrationNames;
  });
}

function migrationList(folder: string, migrations: Migration[]) {
  return {
    baseDir: folder,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sql } },
    })),
  };
}

/** The engine's message holds the database's sentence among lines about the engine itself. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const name = /migration_name="([^"]+)"/.exec(text)?.[1] ?? "unnamed";
  const sentence = text.split("\n").find((line) => line.includes("ERROR:")) ?? text.split("\n")[0];
  return `${name}: ${sentence}`;
}
