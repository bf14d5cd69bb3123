import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, open, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { embeddedPaths } from "@/lib/db/embedded";
import { childEnv } from "@/lib/env";
import { Client } from "./client";
import { note } from "./report";

/** The whole product on a data folder of its own, started as `npm start` does. */
export type Product = {
  pid: number;
  startMs: number;
  databaseUrl: string;
  client: Client;
  logFile: string;
  stop(): Promise<void>;
};

const PORTS = { first: 4300, last: 4349 };
const PROFILER = join(import.meta.dirname, "profiler.mjs");

// Whoever ends the bench ends what it started: the product is not in its terminal's group of processes.
const running = new Set<ChildProcess>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, async () => {
    await Promise.all([...running].map(end));
    process.exit(130);
  });

async function end(child: ChildProcess): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

export async function startProduct(
  dataDir: string,
  options: { profile?: boolean; port?: number; env?: Record<string, string> } = {},
): Promise<Product> {
  await mkdir(dataDir, { recursive: true });
  const port = options.port ?? (await freePort());
  const key = `wk_${randomBytes(18).toString("base64url")}`;
  const logFile = join(dataDir, "product.log");
  const log = await open(logFile, "a");
  const began = performance.now();
  const child = spawn(process.execPath, ["lib/cli/boot.mjs", "start"], {
    stdio: ["ignore", log.fd, log.fd],
    env: childEnv({
      PORT: String(port),
      HOST: "127.0.0.1",
      WATCHKEEPER_DATA: dataDir,
      WATCHKEEPER_INIT_API_KEY: key,
      DATABASE_URL: "",
      DATABASE_DIRECT_URL: "",
      ...options.env,
      ...(options.profile ? { NODE_OPTIONS: `--import ${PROFILER}` } : {}),
    }),
    // Ctrl-C in a terminal reaches only this process, which then ends the product.
    detached: true,
  });
  running.add(child);
  await log.close();
  const client = new Client(`http://127.0.0.1:${port}`, key);
  await untilReady(client, child, logFile);
  const databaseUrl =
    options.env?.DATABASE_URL || (await readFile(embeddedPaths(dataDir).url, "utf8")).trim();
  return {
    pid: child.pid ?? 0,
    startMs: performance.now() - began,
    databaseUrl,
    client,
    logFile,
    stop: async () => {
      client.close();
      await end(child);
    },
  };
}

/** Ready is when the key works: the worker makes it, the web process lets it in. */
async function untilReady(client: Client, child: ChildProcess, logFile: string): Promise<void> {
  for (let i = 0; i < 6_000; i++) {
    if (child.exitCode !== null) break;
    const answer = await client.get("/api/v1/sessions?limit=1").catch(() => undefined);
    if (answer && answer.status !== 401 && answer.status < 500) return;
    await sleep(50);
  }
  child.kill("SIGTERM");
  throw new Error(`The product did not start:\n${(await readFile(logFile, "utf8")).slice(-3_000)}`);
}

/** What a failed measurement leaves of its product: the last errors of its log. */
export async function tellErrors(product: Product): Promise<void> {
  const lines = (await readFile(product.logFile, "utf8")).split("\n");
  const errors = lines.filter((line) => !line.includes('"level":30'));
  note(errors.slice(-20).join("\n"));
}

export async function withDatabase<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "watchkeeper bench" });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  for (let port = PORTS.first; port <= PORTS.last; port++) if (await isFree(port)) return port;
  throw new Error(`No port from ${PORTS.first} to ${PORTS.last} is free.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(true)));
  });
}
