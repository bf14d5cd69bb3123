import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnv } from "@/lib/env";
import type { Product } from "../bench/product";
import { note, type Row } from "../bench/report";
import { Crowd } from "./crowd";
import {
  answersRow,
  backRow,
  crowdOf,
  kill,
  lostOf,
  lostRow,
  onProduct,
  type Part,
  processOf,
  type Size,
  secondsUntil,
  secondsUntilAddedUp,
  takesIn,
  verifies,
} from "./ground";

/** Faults of one process each, in this order, while everybody is at work. */
const FAULTS: readonly { part: Part; signal: NodeJS.Signals; words: string; limit: number }[] = [
  { part: "database", signal: "SIGINT", words: "the database is restarted", limit: 20 },
  { part: "database", signal: "SIGKILL", words: "SIGKILL of the database", limit: 30 },
  { part: "web", signal: "SIGKILL", words: "SIGKILL of the web process", limit: 15 },
  { part: "worker", signal: "SIGKILL", words: "SIGKILL of a worker of two", limit: 15 },
];
/** So many sessions more have to be taken in before it counts as going on. */
const MORE = 20;
const BETWEEN_MS = 5_000;

/** Each process killed in turn under load, with two workers; everything goes on by itself. */
export async function tryFaults(
  dataDir: string,
  size: Size,
  { isWhole }: { isWhole: boolean } = { isWhole: true },
): Promise<Row[]> {
  return onProduct(dataDir, async (product) => {
    const second = isWhole ? secondWorker(product, dataDir) : null;
    try {
      const rows = await faultsOf(product, size, isWhole ? BETWEEN_MS : 0);
      return isWhole ? [...rows, ...(await wholeRows(product, dataDir))] : rows;
    } finally {
      if (second) await ended(second);
    }
  });
}

async function faultsOf(product: Product, size: Size, pauseMs: number): Promise<Row[]> {
  const crowd = new Crowd(await crowdOf(product, size));
  const rows: Row[] = [];
  for (const { part, signal, words, limit } of FAULTS) {
    await secondsUntil(takesIn(crowd, MORE), 30);
    const before = await kill(product, part, signal);
    const isBack = async () => {
      const now = await processOf(product, part);
      return now !== undefined && now.pid !== before;
    };
    // What is answered while the kill is under way says nothing of afterwards.
    const took = await secondsUntil(isBack, limit);
    const goesOn = await secondsUntil(takesIn(crowd, MORE), limit);
    const measure = `${words} under load: until ${MORE} requests are taken again`;
    rows.push(backRow(measure, took + goesOn, limit));
    await sleep(pauseMs);
  }
  await crowd.stop();
  note(`  sent: ${crowd.sent}; read: ${crowd.read}`);
  return [
    ...rows,
    answersRow("the same: answers", [crowd.sent, crowd.read]),
    awayRow(crowd),
    lostRow("the same", await lostOf(product.databaseUrl, crowd), crowd),
  ];
}

/** That the worker came back as well, and nothing was counted twice or not at all. */
async function wholeRows(product: Product, dataDir: string): Promise<Row[]> {
  const took = await secondsUntilAddedUp(product.databaseUrl);
  const isSame = await verifies(dataDir);
  return [
    backRow("the same: until all of it is added up", took, 150),
    {
      measure: "the same: npm run verify, beside two workers",
      value: isSame ? "no differences" : "differences",
      target: "none",
      met: isSame,
      figures: {},
    },
  ];
}

/** The restarts are meant to be met by requests, or nothing was seen of how they are answered. */
function awayRow(crowd: Crowd): Row {
  const met = crowd.sent.count(503) + crowd.read.count(503);
  return {
    measure: "the same: requests answered 503 with retry-after while the database was away",
    value: met.toLocaleString("en"),
    target: "> 0",
    met: met > 0,
    figures: { answered503: met },
  };
}

function secondWorker({ databaseUrl }: Product, dataDir: string): ChildProcess {
  return spawn(process.execPath, ["lib/cli/boot.mjs", "start", "worker"], {
    stdio: "ignore",
    env: childEnv({ WATCHKEEPER_DATA: dataDir, DATABASE_URL: databaseUrl }),
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
