import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnv } from "@/lib/env";
import { checkedAnswer } from "../bench/client";
import { isWeb, isWorker, type Process, processTree } from "../bench/processes";
import { type Product, startProduct, tellErrors, withDatabase } from "../bench/product";
import { note, type Row } from "../bench/report";
import { freePort } from "../support/free-port";
import { type Crowd, EVENTS, type Sender } from "./crowd";
import type { Tally } from "./tally";

/** How much of it there is: all of it, `--quick`, or what CI has time for. */
export type Size = { senders: number; viewers: number; seconds: number };

/** Keys no limit of requests gets in the way of: what is tried here lies below it. */
export async function makeKeys(product: Product, scope: string, count: number): Promise<string[]> {
  const keys: string[] = [];
  for (let at = 0; at < count; at++) {
    const wish = { name: `${scope} ${at}`, scopes: [scope], rate_per_minute: 100_000 };
    const sent = product.client.post("/api/v1/keys", JSON.stringify(wish));
    const { key } = JSON.parse((await checkedAnswer(sent, 201)).body.toString());
    keys.push(key);
  }
  return keys;
}

/** Senders of ten keys, none of which waits between two of its requests. */
export async function crowdOf(product: Product, { senders, viewers }: Size) {
  const pushing = await makeKeys(product, "ingest", 10);
  const watching = await makeKeys(product, "read", viewers);
  const all = Array.from({ length: senders }, (_, at): Sender => {
    const key = at % pushing.length;
    return { name: `s${at}`, key: pushing[key] ?? "", everyMs: 0 };
  });
  return { address: product.client.address, senders: all, viewers: watching };
}

/** A product on an empty folder, for as long as `work` takes; what it had to say is printed where that fails. */
export async function onProduct<T>(
  dataDir: string,
  work: (product: Product) => Promise<T>,
  env: Record<string, string> = {},
): Promise<T> {
  await rm(dataDir, { recursive: true, force: true });
  const product = await startProduct(dataDir, { port: await freePort(), env });
  try {
    const done = await work(product);
    await tellUnexpected(product);
    return done;
  } catch (error) {
    await tellErrors(product);
    throw error;
  } finally {
    await product.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** What was answered with a 500, by what the log has of its cause. */
async function tellUnexpected({ logFile }: Product): Promise<void> {
  const lines = (await readFile(logFile, "utf8")).split("\n");
  const errors = lines.filter((line) => line.includes('"msg":"internal"'));
  for (const line of errors.slice(0, 5)) note(`  ${line.slice(0, 1_500)}`);
}

export type Part = "web" | "worker" | "database";

/** The process of a part that the others are children of. */
export async function processOf(product: Product, part: Part): Promise<Process | undefined> {
  const tree = await processTree(product.pid);
  const isPart = ({ command }: Process) => {
    if (part === "web") return isWeb(command);
    if (part === "worker") return isWorker(command);
    return /\/postgres -D /.test(command);
  };
  return tree.find((one) => isPart(one) && !/^unshare|^setpriv/.test(one.command));
}

export async function kill(product: Product, part: Part, signal: NodeJS.Signals): Promise<number> {
  const found = await processOf(product, part);
  if (!found) throw new Error(`There is no ${part} process.`);
  note(`  ${signal} to the ${part} process`);
  process.kill(found.pid, signal);
  return found.pid;
}

/** Seconds until `happens`, or the limit. */
export async function secondsUntil(
  happens: () => Promise<boolean>,
  limitSeconds: number,
): Promise<number> {
  const began = performance.now();
  const passed = () => (performance.now() - began) / 1000;
  while (passed() < limitSeconds) {
    if (await happens().catch(() => false)) return passed();
    await sleep(100);
  }
  return Number.POSITIVE_INFINITY;
}

/** Whether requests are taken in again: so many more than there were. */
export const takesIn = (crowd: Crowd, more: number) => {
  const wanted = crowd.acknowledged.size + more;
  return async () => crowd.acknowledged.size >= wanted;
};

/** Of the sessions that were acknowledged, those that are not there whole. */
export async function lostOf(databaseUrl: string, crowd: Crowd): Promise<string[]> {
  const { rows } = await withDatabase(databaseUrl, (client) =>
    client.query<{ id: string; events: number }>(
      "select session_id as id, count(*)::int as events from event group by 1",
    ),
  );
  const stored = new Map(rows.map(({ id, events }) => [id, events]));
  return [...crowd.acknowledged].filter((id) => stored.get(id) !== EVENTS);
}

/** Seconds until the worker has added everything up, which it begins to do once a minute. */
export const secondsUntilAddedUp = (databaseUrl: string, limitSeconds = 150) =>
  secondsUntil(async () => {
    const { rows } = await withDatabase(databaseUrl, (client) =>
      client.query<{ left: number }>("select count(*)::int as left from rollup_delta"),
    );
    return rows[0]?.left === 0;
  }, limitSeconds);

/** Seconds until the worker has judged every rule once more that is due every minute. */
export async function secondsUntilJudged(databaseUrl: string): Promise<number> {
  const { rows } = await withDatabase(databaseUrl, (client) =>
    client.query<{ now: Date }>("select now()"),
  );
  const since = rows[0]?.now;
  return secondsUntil(async () => {
    const { rows } = await withDatabase(databaseUrl, (client) =>
      client.query<{ all: boolean }>(
        `select count(*) > 0 and bool_and(evaluated_at between $1 and now()) as all
         from alert_rule where deleted_at is null and not paused and every_ms <= 60000`,
        [since],
      ),
    );
    return rows[0]?.all === true;
  }, 150);
}

/** `npm run verify` beside the running product: everything derived again from the events. */
export async function verifies(dataDir: string): Promise<boolean> {
  const child = spawn(process.execPath, ["lib/cli/boot.mjs", "verify"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: childEnv({ WATCHKEEPER_DATA: dataDir, DATABASE_URL: "", DATABASE_DIRECT_URL: "" }),
  });
  const [code] = await once(child, "exit");
  return code === 0;
}

export const seconds = (figure: number) =>
  Number.isFinite(figure) ? `${figure.toFixed(1)} s` : "never";

/** A promise about answers: that every one of them was one that is told beforehand. */
export function answersRow(measure: string, tallies: readonly Tally[]): Row {
  const broken = tallies.flatMap((tally) => tally.broken);
  for (const { what, times } of broken) note(`  broken: ${times} × ${what}`);
  return {
    measure,
    value: `${tallies.join("; ")}${broken.length > 0 ? `; broken: ${broken.length} kinds` : ""}`,
    target: "2xx; 429, 503, 507 with retry-after",
    met: broken.length === 0,
    figures: Object.fromEntries(tallies.flatMap((tally) => [...tally.byStatus])),
  };
}

export function lostRow(measure: string, lost: readonly string[], crowd: Crowd): Row {
  for (const id of lost.slice(0, 5)) note(`  lost: ${id}`);
  return {
    measure: `${measure}: acknowledged sessions that are not there whole`,
    value: `${lost.length} of ${crowd.acknowledged.size.toLocaleString("en")}`,
    target: "0",
    met: lost.length === 0 && crowd.acknowledged.size > 0,
    figures: { lost: lost.length, acknowledged: crowd.acknowledged.size },
  };
}

export function backRow(measure: string, took: number, limit: number): Row {
  return {
    measure,
    value: seconds(took),
    target: `≤ ${limit} s`,
    met: took <= limit,
    figures: { seconds: took },
  };
}
