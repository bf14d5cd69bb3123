import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { env, StartupError, setDatabaseUrl } from "@/lib/env";
import { runningEmbedded, startEmbedded } from "./embedded";
import { keepEmbedded } from "./kept";
import { prepareDatabase } from "./migrate";

export type OpenDatabase = {
  url: string;
  /** Ends what was started here; a database found running goes on. */
  stop(): Promise<void>;
};

/** The database of this installation, found or started, migrated, its address told to `client.ts`. */
export async function openDatabase(): Promise<OpenDatabase> {
  const database = await findOrStart({ join: true });
  try {
    await prepareDatabase(env.DATABASE_DIRECT_URL ?? database.url);
  } catch (error) {
    await database.stop();
    throw error;
  }
  setDatabaseUrl(database.url);
  return database;
}

/**
 * The database of DATABASE_URL, else the embedded one: started and kept running, or with `join` the
 * one that another process of ours keeps running on the same data folder.
 * @throws StartupError if it cannot be used
 */
export async function findOrStart(options: { join: boolean }): Promise<OpenDatabase> {
  const foreign = { stop: async () => {} };
  if (env.DATABASE_URL) {
    await checkServer(env.DATABASE_DIRECT_URL ?? env.DATABASE_URL);
    return { url: env.DATABASE_URL, ...foreign };
  }
  const dataDir = env.WATCHKEEPER_DATA;
  if (!options.join) return keepEmbedded({ dataDir }, (line) => process.stderr.write(`${line}\n`));
  const running = await runningEmbedded(dataDir);
  return running ? { url: running, ...foreign } : startEmbedded({ dataDir });
}

const OLDEST_VERSION = 15;

/** @throws StartupError if the server of `url` is not to be reached within `patienceMs`, or too old. */
export async function checkServer(url: string, patienceMs = 5_000): Promise<void> {
  for (const limit = Date.now() + patienceMs; ; await sleep(500)) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on("error", () => {});
    try {
      await client.connect();
      const { rows } = await client.query("show server_version");
      const version: string = rows[0]?.server_version ?? "0";
      if (Number.parseInt(version, 10) >= OLDEST_VERSION) return;
      throw new StartupError(
        `PostgreSQL at ${placeOf(url)} is version ${version}; Watchkeeper needs ${OLDEST_VERSION} or newer. Upgrade it, or point DATABASE_URL at another server.`,
      );
    } catch (error) {
      if (error instanceof StartupError) throw error;
      if (isLasting(error) || Date.now() > limit) throw unreachable(url, error);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/** Wrong credentials or a missing database do not get better by waiting. */
function isLasting(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(28|3D)/.test(error.code ?? "");
}

function unreachable(url: string, cause: unknown): StartupError {
  const reason = cause instanceof Error ? cause.message || String(codeOf(cause)) : String(cause);
  return new StartupError(
    `PostgreSQL at ${placeOf(url)} cannot be used: ${reason}. Check DATABASE_URL and that the server is running and lets this machine in.`,
    { cause },
  );
}

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : error.name;
}

/** Host, port and database of a connection string, without its user and password. */
function placeOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed ? `${parsed.host || "the local socket"}${parsed.pathname}` : "DATABASE_URL";
}
