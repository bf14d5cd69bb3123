import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type Embedded, runningEmbedded, startEmbedded } from "@/lib/db/embedded";
import type { Way } from "@/lib/db/postgres-binaries";

const isRoot = process.getuid?.() === 0;

let folder: string;
/** A folder that was set up and used once: setting up is most of the time of a start. */
let template: string;
const started: Embedded[] = [];

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), "watchkeeper-embedded-"));
  await (await startEmbedded({ dataDir: template })).stop();
});
afterAll(() => rm(template, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-embedded-"));
});
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Parameters<typeof startEmbedded>[0]): Promise<Embedded> {
  const server = await startEmbedded(options);
  started.push(server);
  return server;
}

/** The same in a folder that was set up before. */
async function startAgain(): Promise<Embedded> {
  execFileSync("cp", ["-a", `${template}/.`, folder]);
  return start({ dataDir: folder });
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

const ways: { way: Way; mode: number }[] = isRoot
  ? [
      { way: "namespace", mode: 0o700 },
      { way: "capability", mode: 0o700 },
      { way: "uid", mode: 0o755 },
    ]
  : [{ way: "direct", mode: 0o700 }];

it.each(ways)("keeps its data from one start to the next, run the way: $way", async (given) => {
  await chmod(folder, given.mode);
  const dataDir = join(folder, "data");
  const first = await start({ dataDir, way: given.way });
  expect(first.way).toBe(given.way);
  await ask(first.url, "create table kept as select 42 as n");
  await first.stop();
  const second = await start({ dataDir, way: given.way });
  expect(await ask(second.url, "select n from kept")).toEqual([42]);
});

it.runIf(isRoot)("can change from one way to another on the same folder", async () => {
  for (const way of ["namespace", "capability", "namespace"] as const) {
    const server = await start({ dataDir: folder, way });
    await ask(server.url, "create table if not exists kept ()");
    await server.stop();
  }
});

it.runIf(isRoot)("says what to do where no other user can enter the folder", async () => {
  await chmod(folder, 0o700);
  await expect(startEmbedded({ dataDir: join(folder, "data"), way: "uid" })).rejects.toThrow(
    /no other user can enter .*Set WATCHKEEPER_DATA to a folder such as/,
  );
});

it("is durable, in UTC, on this machine only, behind a password", async () => {
  const { url } = await startAgain();
  const settings = "select array[current_setting('synchronous_commit'), current_setting('fsync')";
  expect(await ask(url, `${settings}, current_setting('TimeZone')]`)).toEqual([
    ["on", "on", "UTC"],
  ]);
  expect(await ask(url, "show listen_addresses")).toEqual(["127.0.0.1"]);
  const wrong = url.replace(/watchkeeper:[^@]+/, "watchkeeper:wrong");
  await expect(ask(wrong, "select 1")).rejects.toThrow(/password authentication failed/);
});

it("tells its address to other processes of ours, in a file only the owner may read", async () => {
  expect(await runningEmbedded(folder)).toBeUndefined();
  const server = await startAgain();
  expect(await runningEmbedded(folder)).toBe(server.url);
  expect((await stat(join(folder, "database-url"))).mode & 0o777).toBe(0o600);
  await server.stop();
  expect(await runningEmbedded(folder)).toBeUndefined();
});

it("refuses a folder that is in use, and names the process", async () => {
  await startAgain();
  await expect(startEmbedded({ dataDir: folder })).rejects.toThrow(
    `The data folder ${folder} is in use by another running Watchkeeper (process ${process.pid}). Stop that one, or set WATCHKEEPER_DATA to another folder.`,
  );
});

it("takes over after its owner was killed, with nothing committed lost", async () => {
  const owner = await startInOtherProcess(folder);
  const url = (await readFile(join(folder, "database-url"), "utf8")).trim();
  await ask(url, "create table kept as select 7 as n");
  owner.kill("SIGKILL");
  await once(owner, "exit");
  const server = await start({ dataDir: folder });
  expect(await ask(server.url, "select n from kept")).toEqual([7]);
});

it("is not stopped by a pid file that names another program's process", async () => {
  const server = await startAgain();
  await server.stop();
  await writeFile(
    join(folder, "postgres", "postmaster.pid"),
    `${process.pid}\n${folder}/postgres\n1\n5432\n\n127.0.0.1\n`,
  );
  await start({ dataDir: folder });
});

it("starts over when setting up was cut off", async () => {
  await mkdir(join(folder, "postgres.new"));
  await writeFile(join(folder, "postgres.new", "PG_VERSION"), "18\n");
  await start({ dataDir: folder });
});

it("says in one line why it does not start", async () => {
  await (await startAgain()).stop();
  await writeFile(join(folder, "postgres", "PG_VERSION"), "9.6\n");
  await expect(startEmbedded({ dataDir: folder })).rejects.toThrow(
    /^The embedded PostgreSQL did not start: The data directory was initialized by PostgreSQL version 9.6, .* \(more in .*postgres\.log\)$/,
  );
});

async function startInOtherProcess(dataDir: string): Promise<ChildProcess> {
  const script = `import("@/lib/db/embedded").then((m) => m.startEmbedded({ dataDir: ${JSON.stringify(dataDir)} })).then(() => process.send("ready")); setInterval(() => {}, 1000);`;
  const file = join("tests", ".results", `owner-${process.pid}.ts`);
  await mkdir(join("tests", ".results"), { recursive: true });
  await writeFile(file, script);
  const child = spawn(process.execPath, ["--import", "tsx", file], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(child, "message");
  await rm(file);
  return child;
}
