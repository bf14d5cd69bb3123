import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildIfChanged } from "@/lib/cli/build";
import { runningEmbedded, startEmbedded } from "@/lib/db/embedded";
import { prepareDatabase } from "@/lib/db/migrate";
import { childEnv } from "@/lib/env";
import { exclusively } from "../../support/database";
import { freePort } from "../../support/free-port";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-start-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Started = { child: ChildProcess; output(): string; ended: Promise<number | null> };

/** `npm start` as a person runs it, with a data folder of its own. */
function npmStart(env: Record<string, string>, node: string[] = []): Started {
  const child = spawn(process.execPath, [...node, "lib/cli/boot.mjs", "start"], {
    env: childEnv({ WATCHKEEPER_DATA: folder, HOST: "127.0.0.1", ...env }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, output: () => output, ended };
}

describe("npm start", () => {
  let running: Started;
  let port: number;
  beforeEach(async () => {
    await exclusively(() => buildIfChanged());
    port = await freePort();
    running = npmStart({ PORT: String(port) });
    await expect
      .poll(running.output, { timeout: 60_000, interval: 50 })
      .toMatch(`Watchkeeper is running at http://localhost:${port}\n`);
  });
  afterEach(async () => {
    running.child.kill("SIGTERM");
    await running.ended;
  });

  it("serves, tells how to get in, and stops in order when asked", async () => {
    const health = await fetch(`http://127.0.0.1:${port}/api/v1/health`);
    expect(health.status).toBe(200);
    expect(running.output()).toMatch(
      new RegExp(`First start: set Watchkeeper up at http://localhost:${port}/setup\\?token=\\S+`),
    );
    running.child.kill("SIGINT");
    expect(await running.ended).toBe(0);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    expect(running.output()).toMatch(/Stopping …\n$/);
  });

  it("starts the web process again when it is killed", async () => {
    const pids = await childrenOf(running.child.pid ?? 0, "lib/cli/web.mjs");
    expect(pids).toHaveLength(1);
    process.kill(pids[0] ?? 0, "SIGKILL");
    const health = () =>
      fetch(`http://127.0.0.1:${port}/api/v1/health`).then(
        (answer) => answer.status,
        () => 0,
      );
    await expect.poll(running.output).toContain("The web process crashed (ended by SIGKILL)");
    await expect.poll(health, { timeout: 20_000, interval: 100 }).toBe(200);
  });

  it("starts the database again where it was when that is killed, and pages say so until then", async () => {
    const health = () =>
      fetch(`http://127.0.0.1:${port}/api/v1/health`).then(
        (answer) => answer.status,
        () => 0,
      );
    const file = join(folder, "postgres", "postmaster.pid");
    const pid = Number((await readFile(file, "utf8")).split("\n")[0]);
    const page = () => fetch(`http://127.0.0.1:${port}/sign-in`);
    expect((await page()).status).toBe(200);
    // Halted, it does not start the database again before a page was asked for.
    running.child.kill("SIGSTOP");
    process.kill(pid, "SIGKILL");
    await expect.poll(async () => (await page()).status).toBe(503);
    const away = await page();
    expect(away.headers.get("retry-after")).toBe("5");
    expect(away.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(await away.text()).toContain("Watchkeeper’s database does not answer");
    running.child.kill("SIGCONT");
    await expect.poll(running.output).toContain("The embedded PostgreSQL ended by itself");
    await expect.poll(health, { timeout: 20_000, interval: 100 }).toBe(200);
    const address = (await readFile(join(folder, "database-url"), "utf8")).trim();
    expect(await runningEmbedded(folder)).toBe(address);
    expect(Number((await readFile(file, "utf8")).split("\n")[0])).not.toBe(pid);
    expect((await page()).status).toBe(200);
  });

  it("leaves nothing running when it is killed itself", async () => {
    running.child.kill("SIGKILL");
    await running.ended;
    const probe = () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => "answers",
        () => "gone",
      );
    await expect.poll(probe, { timeout: 5_000 }).toBe("gone");
    running = npmStart({ PORT: String(port) });
    await expect.poll(running.output, { timeout: 60_000 }).toContain("Watchkeeper is running at");
  });

  it("does not touch a folder or a port that is in use", async () => {
    const samePort = npmStart({ PORT: String(port) });
    expect(await samePort.ended).toBe(1);
    expect(samePort.output()).toBe(
      `Port ${port} is taken by another program. Stop that one, or choose another: PORT=${port + 1} npm start\n`,
    );
    const sameFolder = npmStart({ PORT: String(await freePort()) });
    expect(await sameFolder.ended).toBe(1);
    expect(sameFolder.output()).toBe(
      `The data folder ${folder} is in use by another running Watchkeeper (process ${running.child.pid}). Stop that one, or set WATCHKEEPER_DATA to another folder.\n`,
    );
  });
});

it("the worker waits for a database that is away when it comes back from a crash", async () => {
  const port = await freePort();
  const worker = spawn(process.execPath, ["lib/cli/boot.mjs", "worker"], {
    env: childEnv({ WATCHKEEPER_DATA: folder }),
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const server = await startEmbedded({ dataDir: folder, settings: { fsync: "off" } });
  await prepareDatabase(server.url);
  await server.stop();
  worker.send({ databaseUrl: server.url.replace(/:\d+\//, `:${port}/`) });
  const ready = once(worker, "message");
  // It looks for it twice a second.
  await sleep(1_500);
  expect(worker.exitCode).toBeNull();
  const again = await startEmbedded({ dataDir: folder, port });
  expect((await ready)[0]).toBe("ready");
  worker.kill("SIGKILL");
  await again.stop();
});

describe("what keeps it from starting is one line", () => {
  it("a data folder that cannot be written", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const failed = npmStart({ PORT: String(await freePort()), WATCHKEEPER_DATA: `${file}/data` });
    expect(await failed.ended).toBe(1);
    expect(failed.output()).toMatch(
      /^The data folder \S+ cannot be written \(ENOTDIR.*\)\. Correct its permissions or free space, or set WATCHKEEPER_DATA to another folder\.\n$/,
    );
  });

  it("a setting that is wrong", async () => {
    const failed = npmStart({ PORT: "http" });
    expect(await failed.ended).toBe(1);
    expect(failed.output()).toBe(
      'PORT: "http" is not valid: expected a port number from 1 to 65535.\n',
    );
  });

  it("a Postgres that does not answer", async () => {
    const closed = await freePort();
    const failed = npmStart({
      PORT: String(await freePort()),
      DATABASE_URL: `postgresql://user:hunter2@127.0.0.1:${closed}/watch`,
    });
    expect(await failed.ended).toBe(1);
    expect(failed.output()).toBe(
      `PostgreSQL at 127.0.0.1:${closed}/watch cannot be used: connect ECONNREFUSED 127.0.0.1:${closed}. Check DATABASE_URL and that the server is running and lets this machine in.\n`,
    );
  });

  it("a Postgres that is too old", async () => {
    const old = await oldPostgres("14.9");
    const failed = npmStart({ PORT: String(await freePort()), DATABASE_URL: old.url });
    expect(await failed.ended).toBe(1);
    old.close();
    expect(failed.output()).toMatch(
      /^PostgreSQL at 127\.0\.0\.1:\d+\/watch is version 14\.9; Watchkeeper needs 15 or newer\. Upgrade it, or point DATABASE_URL at another server\.\n$/,
    );
  });

  it("a Node.js that is too old", async () => {
    const older = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.18.3"})`;
    const failed = npmStart({ PORT: String(await freePort()) }, ["--import", older]);
    expect(await failed.ended).toBe(1);
    expect(failed.output()).toBe(
      "Watchkeeper needs Node.js 20.19 or newer, this is 20.18.3. Install the current LTS from https://nodejs.org and try again.\n",
    );
  });
});

async function childrenOf(pid: number, word: string): Promise<number[]> {
  const ps = spawn("ps", ["-eo", "pid=,ppid=,args="], { stdio: ["ignore", "pipe", "inherit"] });
  const text = (await ps.stdout.toArray()).join("");
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === pid && args.includes(word))
    .map(([id]) => Number(id));
}

/** Speaks just enough of the protocol to say its version. */
async function oldPostgres(version: string): Promise<{ url: string; close(): void }> {
  const message = (type: string, body: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, body]);
  };
  const ready = message("Z", Buffer.from("I"));
  const column = Buffer.concat([
    Buffer.from([0, 1]),
    Buffer.from("server_version\0"),
    Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0]),
  ]);
  const row = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, version.length]), Buffer.from(version)]);
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(Buffer.concat([message("R", Buffer.alloc(4)), ready]));
      socket.on("data", (chunk) => {
        if (chunk.toString("latin1")[0] !== "Q") return;
        const done = message("C", Buffer.from("SHOW\0"));
        socket.write(Buffer.concat([message("T", column), message("D", row), done, ready]));
      });
    });
  });
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { url: `postgresql://u:p@127.0.0.1:${port}/watch`, close: () => server.close() };
}
