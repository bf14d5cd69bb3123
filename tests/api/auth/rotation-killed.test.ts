import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { pool, prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { bearer } from "@/tests/support/api";
import { runCommand } from "@/tests/support/command";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { startServer, type TestServer } from "@/tests/support/server";
import { type Sink, startSink } from "@/tests/support/sink";
import { openStored, STORED, sealedSecrets, storeSecrets } from "@/tests/support/stored-secrets";
import { until } from "@/tests/support/sync";

const before = { data: env.WATCHKEEPER_DATA, secret: env.WATCHKEEPER_SECRET };
let folder: string;
let server: TestServer;
let sink: Sink;
let admin: { authorization: string };
let hookId: string;

beforeAll(async () => {
  await truncateAll();
  allowLoopback();
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-rotation-"));
  env.WATCHKEEPER_DATA = folder;
  env.WATCHKEEPER_SECRET = undefined;
  sink = await startSink();
  await storeSecrets(`${sink.url}/hook`);
  hookId = (await prisma.channel.findFirstOrThrow({ where: { name: "Hook" } })).id;
  admin = await bearer("admin");
  server = await startServer({ databaseUrl: databaseUrl(), env: settings() });
});
afterAll(async () => {
  await server?.stop();
  await sink?.close();
  env.WATCHKEEPER_DATA = before.data;
  env.WATCHKEEPER_SECRET = before.secret;
  await rm(folder, { recursive: true, force: true });
});

const databaseUrl = () => env.DATABASE_URL ?? inject("templateUrl");
const settings = () => ({
  ...{ DATABASE_URL: databaseUrl(), WATCHKEEPER_DATA: folder, WATCHKEEPER_SECRET: "" },
  WATCHKEEPER_OUTBOUND_ALLOW: "127.0.0.1/32",
});
const rotate = () => runCommand(["rotate-secret"], settings());
const keyIds = async () =>
  new Set((await sealedSecrets()).map(({ sealed }) => sealed.slice(3, 11)));

const ask = (method: string, path: string, json: object) =>
  fetch(`${server.url}/api/v1${path}`, {
    ...{ method, body: JSON.stringify(json) },
    headers: { ...admin, "content-type": "application/json" },
  });

/** The process that runs since before any rotation opens what is stored, and stores what is new. */
async function expectAtWork(): Promise<void> {
  const count = sink.received.length;
  const tested = await ask("POST", `/channels/${hookId}/test`, {});
  expect([tested.status, sink.received.length]).toEqual([200, count + 1]);
  expect(sink.received.at(-1)?.headers).toMatchObject({
    authorization: "Bearer hook-token-7135",
    "webhook-signature": expect.stringMatching(/^v1,\S+ v1,\S+$/),
  });
  const { id } = await prisma.connection.findFirstOrThrow();
  const key = STORED.find(([owner, what]) => owner === "production" && what === "api_key")?.[2];
  const changed = await ask("PATCH", `/connections/${id}`, { api_key: key });
  expect([changed.status, await changed.text()]).toEqual([200, expect.any(String)]);
}

/** Holds a row, so that the command waits at it, and kills it there. */
async function killAt(table: "channel" | "connection" | "setting", name: string): Promise<void> {
  const holding = await pool().connect();
  await holding.query("begin");
  const column = table === "setting" ? "key" : "name";
  await holding.query(`select from ${table} where ${column} = $1 for update`, [name]);
  const command = rotate();
  await until(async () => {
    const { rowCount } = await pool().query(
      "select from pg_stat_activity where wait_event_type = 'Lock' and query like $1",
      [`update ${table}%`],
    );
    return rowCount === 1;
  });
  command.child.kill("SIGKILL");
  expect(await command.ended).toBe(null);
  await holding.query("rollback");
  holding.release();
}

it.each([
  ["at the first row", "channel", "Bell"],
  ["amid the channels", "channel", "Mail"],
  ["at the connection", "connection", "production"],
  ["at the last row", "setting", "notify_pulse"],
] as const)("killed %s, has lost nothing, and nobody waits for it", async (_, table, name) => {
  await killAt(table, name);
  expect((await readdir(folder)).sort()).toEqual(["secret", "secret.previous"]);
  expect(await openStored()).toEqual(STORED);
  await expectAtWork();
});

it("killed when all is sealed anew, has lost nothing", async () => {
  const command = rotate();
  await until(async () => {
    const { rowCount } = await pool().query(
      "select from pg_locks where locktype = 'advisory' and objid = 7249010",
    );
    return rowCount === 1 && (await keyIds()).size === 1;
  });
  command.child.kill("SIGKILL");
  expect(await command.ended).toBe(null);
  expect((await readdir(folder)).sort()).toEqual(["secret", "secret.previous"]);
  expect(await openStored()).toEqual(STORED);
  await expectAtWork();
});

it("comes to its end when it is run again, while the product is at work", async () => {
  const command = rotate();
  let isOver = false;
  command.ended.then(() => {
    isOver = true;
  });
  while (!isOver) await expectAtWork();
  expect([await command.ended, command.output()]).toEqual([
    0,
    expect.stringMatching(
      /15 stored secrets open with the new key \([0-9a-f]{8}\); the one before opens nothing\.\n$/,
    ),
  ]);
  expect((await readdir(folder)).sort()).toEqual(["secret"]);
  expect([(await keyIds()).size, await openStored()]).toEqual([1, STORED]);
  await expectAtWork();
  const entry = await prisma.auditEntry.findFirstOrThrow({ where: { action: "secret.rotated" } });
  expect(entry).toMatchObject({ actorLabel: "npm run rotate-secret", after: { stored: 15 } });
});
