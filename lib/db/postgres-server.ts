import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { childEnv, StartupError } from "@/lib/env";
import type { Command, Launcher } from "./postgres-binaries";

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "60",
  shared_buffers: "192MB",
  effective_cache_size: "1GB",
  work_mem: "16MB",
  maintenance_work_mem: "128MB",
  random_page_cost: "1.1",
  checkpoint_timeout: "15min",
  wal_compression: "off",
  synchronous_commit: "on",
  jit: "off",
  TimeZone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  // A day's partition gets its statistics soon after its first rows: until then plans are guesses.
  autovacuum_naptime: "10s",
};

/** The files of one cluster: its folder, and the log of its server. */
export type ClusterPaths = { root: string; cluster: string; log: string };

/** Initialises beside the final place and renames: a folder that exists is a whole one. */
export async function initialize(paths: ClusterPaths, launch: Launcher): Promise<void> {
  if (existsSync(join(paths.cluster, "PG_VERSION"))) return;
  const fresh = `${paths.cluster}.new`;
  const passwordFile = `${paths.cluster}.password`;
  const password = randomBytes(24).toString("base64url");
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  await launch.giveTo(fresh);
  await launch.giveTo(passwordFile);
  const command = launch.command("initdb", [
    `--pgdata=${fresh}`,
    `--pwfile=${passwordFile}`,
    "--username=watchkeeper",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
  ]);
  const output = await outputOf(command);
  await rm(passwordFile, { force: true });
  if (!existsSync(join(fresh, "global", "pg_control"))) {
    throw new StartupError(
      `The embedded PostgreSQL could not be set up in ${paths.root}: ${lastLine(output)}`,
    );
  }
  await writeFile(join(fresh, "watchkeeper-password"), password, { mode: 0o600 });
  await rename(fresh, paths.cluster);
}

function outputOf(command: Command): Promise<string> {
  return new Promise((done) => {
    const child = spawn(command.file, command.args, {
      ...identity(command),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const add = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", add);
    child.stderr.on("data", add);
    child.on("error", (error) => done(`${output}\n${error.message}`));
    child.on("close", () => done(output));
  });
}

function identity({ uid, gid }: Command) {
  const env = childEnv({ LC_ALL: "C", TZ: "UTC" });
  return uid === undefined || gid === undefined ? { env } : { env, uid, gid };
}

export type Server = { child: ChildProcess; url: string; exited: Promise<void> };

export async function startServer(options: {
  paths: ClusterPaths;
  launch: Launcher;
  settings: Record<string, string>;
  port?: number | undefined;
}): Promise<Server> {
  const { paths, launch } = options;
  const password = await readFile(join(paths.cluster, "watchkeeper-password"), "utf8");
  const port = options.port ?? (await freePort());
  const settings = Object.entries({ ...SETTINGS, ...options.settings, port: String(port) });
  const command = launch.command("postgres", [
    ...["-D", paths.cluster],
    ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ]);
  const tooLong = ((await stat(paths.log).catch(() => undefined))?.size ?? 0) > 5_000_000;
  const log = await open(paths.log, tooLong ? "w" : "a", 0o600);
  const begin = (await log.stat()).size;
  // Detached: Ctrl-C in a terminal must not reach the database before those who use it.
  const child = spawn(command.file, command.args, {
    ...identity(command),
    stdio: ["ignore", log.fd, log.fd],
    detached: true,
  });
  const exited = new Promise<void>((done) => {
    child.once("exit", () => done());
    child.once("error", () => done());
  });
  await log.close();
  const url = `postgresql://watchkeeper:${password}@127.0.0.1:${port}/watchkeeper`;
  const ready = await Promise.race([exited.then(() => false), waitUntilReady(url)]);
  if (ready) return { child, url, exited };
  child.kill("SIGKILL");
  const written = (await readFile(paths.log)).subarray(begin).toString();
  throw new StartupError(
    `The embedded PostgreSQL did not start: ${lastLine(written)} (more in ${paths.log})`,
  );
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function waitUntilReady(url: string): Promise<boolean> {
  // 60 s: recovery after a crash replays at most what `max_wal_size` allows.
  for (const limit = Date.now() + 60_000; Date.now() < limit; ) {
    try {
      await (await connect(url)).end();
      return true;
    } catch (error) {
      if (codeOf(error) === "3D000") await createDatabase(url);
      else if (codeOf(error) === "28P01") return false;
      else await sleep(20);
    }
  }
  return false;
}

async function createDatabase(url: string): Promise<void> {
  const client = await connect(url.replace(/\/watchkeeper$/, "/postgres"));
  await client.query("create database watchkeeper");
  await client.end();
}

export async function connect(url: string, name = "watchkeeper"): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 3_000,
  });
  client.on("error", () => {});
  await client.connect();
  return client;
}

export async function stopServer({ child, exited }: Server): Promise<void> {
  for (const [signal, limitMs] of [
    ["SIGINT", 15_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await Promise.race([exited, sleep(limitMs, undefined, { ref: false })]);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Without the time, process and level that the server's log begins its lines with. */
function lastLine(text: string): string {
  const line = text.trim().split("\n").at(-1) ?? "";
  return line.replace(/^.*? \[\d+\] [A-Z]+: +/, "") || "it wrote nothing";
}
