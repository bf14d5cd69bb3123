import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { pool } from "@/lib/db/client";
import { type Listener, listen } from "@/lib/db/listen";
import { env } from "@/lib/env";
import { until } from "@/tests/support/sync";

const CHANNEL = "some_channel";
const stops: (() => void)[] = [];
let pooler: Server | undefined;

afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  pooler?.close();
  env.DATABASE_DIRECT_URL = undefined;
  await until(async () => (await connections()).length === 0);
});

function hear() {
  const heard = { messages: [] as string[], hearing: [] as boolean[] };
  const listener: Listener = {
    onMessage: (text) => heard.messages.push(text),
    onHearing: (hears) => heard.hearing.push(hears),
  };
  const stop = listen(CHANNEL, listener);
  stops.push(stop);
  return { ...heard, stop };
}

const tell = (text: string) => pool().query("select pg_notify($1, $2)", [CHANNEL, text]);

/** The process ids of connections that listen. */
async function connections(): Promise<number[]> {
  const { rows } = await pool().query<{ pid: number }>(
    `select pid from pg_stat_activity
     where datname = current_database() and application_name = 'watchkeeper listen'`,
  );
  return rows.map(({ pid }) => pid);
}

it("hears what is told, all listeners by one connection, which ends with the last of them", async () => {
  const one = hear();
  await until(async () => one.hearing.length > 0);
  const other = hear();
  expect([one.hearing, other.hearing]).toEqual([[true], [true]]);
  await tell("first");
  await until(async () => other.messages.length > 0);
  expect(await connections()).toHaveLength(1);
  one.stop();
  await tell("second");
  await until(async () => other.messages.length > 1);
  expect([one.messages, other.messages]).toEqual([["first"], ["first", "second"]]);
  other.stop();
  await until(async () => (await connections()).length === 0);
});

it("says that it was deaf for a while when its connection is killed, and hears on", async () => {
  const { hearing, messages } = hear();
  await until(async () => hearing.length > 0);
  const [pid] = await connections();
  await pool().query("select pg_terminate_backend($1)", [pid]);
  await until(async () => hearing.length > 2);
  expect(hearing).toEqual([true, false, true]);
  await tell("after");
  await until(async () => messages.length > 0);
  expect(messages).toEqual(["after"]);
  expect(await connections()).not.toContain(pid);
});

it("comes again after the database was away", async () => {
  const away = await startPooler({ answers: false });
  env.DATABASE_DIRECT_URL = away.url;
  const { hearing, messages } = hear();
  await until(async () => away.tries() > 1);
  expect(hearing).toEqual([]);
  env.DATABASE_DIRECT_URL = undefined;
  await until(async () => hearing.length > 0);
  await tell("there");
  await until(async () => messages.length > 0);
  expect(hearing).toEqual([true]);
});

it("does not take a pooler that delivers nothing for a connection that hears", async () => {
  const deaf = await startPooler({ answers: true });
  env.DATABASE_DIRECT_URL = deaf.url;
  const { hearing } = hear();
  await until(async () => (await connections()).length === 1);
  await until(async () => (await connections()).length === 0);
  expect(hearing).toEqual([]);
});

/** Stands before the database like a pooler: takes LISTEN and drops notifications, or hangs up at once. */
async function startPooler({ answers }: { answers: boolean }) {
  const real = new URL(env.DATABASE_URL ?? "");
  let tries = 0;
  const server = createServer((socket) => {
    tries++;
    if (!answers) return socket.destroy();
    const database = connect(Number(real.port), real.hostname);
    socket.pipe(database);
    forwardWithoutNotifications(database, socket);
    for (const end of [socket, database])
      end.on("error", () => {}).on("close", () => [socket, database].map((one) => one.destroy()));
  });
  pooler = server;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = new URL(real);
  url.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return { url: url.href, tries: () => tries };
}

/** Messages of the server begin with a letter and their length; "A" is a notification. */
function forwardWithoutNotifications(from: Socket, to: Socket): void {
  let kept = Buffer.alloc(0);
  from.on("data", (chunk) => {
    kept = Buffer.concat([kept, chunk as Buffer]);
    while (kept.length >= 5) {
      const length = 1 + kept.readUInt32BE(1);
      if (kept.length < length) return;
      if (String.fromCharCode(kept[0] ?? 0) !== "A") to.write(kept.subarray(0, length));
      kept = kept.subarray(length);
    }
  });
}
