import { existsSync } from "node:fs";
import { mkdir, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { StartupError } from "@/lib/env";
import { embeddedBinDir, launcher, type Way } from "./postgres-binaries";
import {
  type ClusterPaths,
  connect,
  initialize,
  type Server,
  startServer,
  stopServer,
} from "./postgres-server";

export type Embedded = {
  url: string;
  way: Way;
  /** Resolves when the server has ended, asked to or not. */
  exited: Promise<void>;
  /** What this process holds of a server that has ended. */
  release(): Promise<void>;
  stop(): Promise<void>;
};

type Paths = ClusterPaths & { url: string };

const OWNER_LOCK = 7_249_003;
/** Where the embedded server of a data folder lives; `url` is a file that exists while it runs. */
export function embeddedPaths(dataDir: string): Paths {
  const root = resolve(dataDir);
  const at = (name: string) => join(root, name);
  return { root, cluster: at("postgres"), url: at("database-url"), log: at("postgres.log") };
}

export type EmbeddedOptions = {
  dataDir: string;
  binDir?: string;
  way?: Way;
  settings?: Record<string, string>;
  /** Of a server that ran here and is to be found where it was; else a free one. */
  port?: number;
};

/**
 * Starts the PostgreSQL that comes with the packages on 127.0.0.1.
 * @throws StartupError if the folder is in use or cannot be written, or the server does not start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const paths = embeddedPaths(options.dataDir);
  // What ran here before may need little of a disk that has become full since.
  if (options.port === undefined) await makeWritable(paths.root);
  await endOrphan(paths);
  const binDir = options.binDir ?? (await embeddedBinDir());
  const launch = await launcher({ binDir, dataDir: paths.root, way: options.way });
  await initialize(paths, launch);
  await launch.giveTo(paths.cluster);
  const server = await startPatiently({
    ...{ paths, launch, port: options.port },
    settings: { max_wal_size: await logSize(paths.root), ...options.settings },
  });
  const owner = await becomeOwner(server.url);
  if (options.port === undefined) await writeFile(paths.url, `${server.url}\n`, { mode: 0o600 });
  return {
    url: server.url,
    way: launch.way,
    exited: server.exited,
    release: async () => {
      await owner.end().catch(() => {});
      await launch.dispose();
    },
    stop: async () => {
      await rm(paths.url, { force: true });
      await owner.end().catch(() => {});
      await stopServer(server);
      await launch.dispose();
    },
  };
}

const GONE_MS = 10_000;

/** Processes of a server that was killed may still be at its files for a moment: then it does not start. */
async function startPatiently(options: Parameters<typeof startServer>[0]): Promise<Server> {
  for (const limit = Date.now() + GONE_MS; ; await sleep(200)) {
    try {
      return await startServer(options);
    } catch (error) {
      if (Date.now() > limit || !/old server processes/.test(String(error))) throw error;
    }
  }
}

/** A tenth of the disk, at most 2 GB: the log of what is written is not to fill a small one. */
async function logSize(root: string): Promise<string> {
  const { blocks, bsize } = await statfs(root);
  return `${Math.min(2_048, Math.max(128, Math.floor((blocks * bsize) / 10 / 2 ** 20)))}MB`;
}

/** The address of the embedded server another process of ours keeps running, if there is one. */
export async function runningEmbedded(dataDir: string): Promise<string | undefined> {
  const url = (await readFile(embeddedPaths(dataDir).url, "utf8").catch(() => "")).trim();
  if (url === "") return undefined;
  const client = await connect(url).catch(() => undefined);
  await client?.end();
  return client ? url : undefined;
}

const NEEDED_BYTES = 100_000_000;

async function makeWritable(root: string): Promise<void> {
  try {
    await makeFolder(root);
    const probe = join(root, `.probe-${process.pid}`);
    await writeFile(probe, "");
    await rm(probe);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartupError(
      `The data folder ${root} cannot be written (${reason}). Correct its permissions or free space, or set WATCHKEEPER_DATA to another folder.`,
      { cause },
    );
  }
  const { bavail, bsize } = await statfs(root);
  if (bavail * bsize >= NEEDED_BYTES) return;
  throw new StartupError(
    `The disk of the data folder ${root} is full (${Math.floor((bavail * bsize) / 1e6)} MB free). Free at least 100 MB, or set WATCHKEEPER_DATA to a folder on another disk.`,
  );
}

/** Not `mkdir` with `recursive`, which never returns below a folder like /proc. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path);
}

/** A session that lives as long as the process that started the server: see `endOrphan`. */
async function becomeOwner(url: string): Promise<pg.Client> {
  const client = await connect(url, `watchkeeper owner ${process.pid}`);
  await client.query("select pg_advisory_lock($1)", [OWNER_LOCK]);
  return client;
}

/**
 * A server may outlive a killed owner. It is in use while an owner holds the lock; otherwise it is
 * ended here, so that the next one is a child of this process.
 */
async function endOrphan(paths: Paths): Promise<void> {
  const pidFile = join(paths.cluster, "postmaster.pid");
  const lines = (await readFile(pidFile, "utf8").catch(() => "")).split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0)) return;
  // PostgreSQL looks itself whether anybody of a server that was killed is still at its files.
  if (!isAlive(pid)) return;
  if (!(await isPostgres(pid))) return rm(pidFile, { force: true });
  const password = await readFile(join(paths.cluster, "watchkeeper-password"), "utf8");
  const client = await connect(
    `postgresql://watchkeeper:${password}@127.0.0.1:${port}/watchkeeper`,
  ).catch(() => undefined);
  const free = await client?.query("select pg_try_advisory_lock($1) as free", [OWNER_LOCK]);
  const owner = await client?.query(
    "select substring(application_name from '\\d+$') as pid from pg_stat_activity where application_name like 'watchkeeper owner %'",
  );
  await client?.end();
  if (client && !free?.rows[0]?.free) {
    throw new StartupError(
      `The data folder ${paths.root} is in use by another running Watchkeeper (process ${owner?.rows[0]?.pid ?? "unknown"}). Stop that one, or set WATCHKEEPER_DATA to another folder.`,
    );
  }
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    process.kill(pid, signal);
    for (let i = 0; i < 200; i++) {
      if (!(await isPostgres(pid))) return;
      await sleep(50);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A number written by a process that has died may belong to any other program by now. */
async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== "linux") return true;
  return (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim() === "postgres";
}
