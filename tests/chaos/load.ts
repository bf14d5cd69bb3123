import { setTimeout as sleep } from "node:timers/promises";
import { median, p95, whole } from "../bench/figures";
import { isWeb, isWorker, processTree, pssMib } from "../bench/processes";
import type { Product } from "../bench/product";
import { note, type Row } from "../bench/report";
import { Crowd, type CrowdOptions, type Sender } from "./crowd";
import {
  answersRow,
  crowdOf,
  lostOf,
  lostRow,
  makeKeys,
  onProduct,
  type Part,
  type Size,
} from "./ground";

const SAMPLE_MS = 2_000;
const GROWTH = 1.2;
/** Of the senders: the rest share one key and never wait, these have a key each and send once a second. */
const MODEST = 20;
const MODEST_MS = 1_000;
const MODEST_SHARE = 0.8;

type Sample = { atMs: number; mib: Record<Part, number> };

/** Everybody at once: what is answered, what it does to memory, and who gets how much of it. */
export async function tryLoad(dataDir: string, size: Size): Promise<Row[]> {
  return onProduct(dataDir, async (product) => {
    const crowd = new Crowd(await crowdWithGreed(product, size));
    const samples: Sample[] = [];
    for (const until = Date.now() + size.seconds * 1000; Date.now() < until; ) {
      await sleep(SAMPLE_MS);
      samples.push(await sample(product));
    }
    await crowd.stop();
    note(`  sent: ${crowd.sent}; read: ${crowd.read}; ${crowd.hints} hints`);
    const name = `${size.senders} senders, ${size.viewers} viewers, ${size.seconds} s`;
    return [
      answersRow(`${name}: answers`, [crowd.sent, crowd.read]),
      lossRow(name, crowd),
      ...(["web", "worker", "database"] as const).map((part) => memoryRow(part, samples, size)),
      shareRow(crowd, size),
      lostRow("under load", await lostOf(product.databaseUrl, crowd), crowd),
    ];
  });
}

async function crowdWithGreed(product: Product, size: Size): Promise<CrowdOptions> {
  const { address, viewers } = await crowdOf(product, size);
  const [greedy = ""] = await makeKeys(product, "ingest", 1);
  const modest = await makeKeys(product, "ingest", Math.min(MODEST, size.senders / 2));
  const senders: Sender[] = [
    ...modest.map((key, at) => ({ name: `modest${at}`, key, everyMs: MODEST_MS })),
    ...Array.from({ length: size.senders - modest.length }, () => {
      return { name: "greedy", key: greedy, everyMs: 0 };
    }),
  ];
  return { address, senders, viewers };
}

async function sample(product: Product): Promise<Sample> {
  const mib = { web: 0, worker: 0, database: 0 };
  for (const { pid, command } of await processTree(product.pid)) {
    const part = isWeb(command)
      ? "web"
      : isWorker(command)
        ? "worker"
        : command.includes("postgres")
          ? "database"
          : null;
    // One that has ended meanwhile has none.
    if (part) mib[part] += (await pssMib(pid).catch(() => 0)) || 0;
  }
  return { atMs: performance.now(), mib };
}

function lossRow(name: string, crowd: Crowd): Row {
  const losses = crowd.sent.losses + crowd.read.losses;
  return {
    measure: `${name}: requests without an answer; p95 of taken, of read`,
    value: `${losses}; ${whole(p95(crowd.sent.ms))} ms, ${whole(p95(crowd.read.ms))} ms`,
    target: "0; –",
    met: losses === 0,
    figures: { losses, sentP95Ms: p95(crowd.sent.ms), readP95Ms: p95(crowd.read.ms) },
  };
}

/** The last quarter of the time against the second; the slope is that of a line through the second half. */
function memoryRow(part: Part, samples: readonly Sample[], size: Size): Row {
  const mib = samples.map((one) => one.mib[part]);
  const quarter = (from: number) =>
    median(
      mib.slice(Math.floor((mib.length * from) / 4), Math.floor((mib.length * (from + 1)) / 4)),
    );
  const growth = quarter(3) / quarter(1);
  const slope = slopeOf(samples.slice(samples.length / 2), part);
  // In less time than this, buffers and heaps are still being filled.
  const isLong = size.seconds >= 120;
  return {
    measure: `memory (PSS) of ${part} under it: last quarter against the second`,
    value: `${growth.toFixed(2)} ×, ${slope >= 0 ? "+" : ""}${slope.toFixed(1)} MiB/min, at most ${whole(Math.max(...mib))} MiB`,
    target: `≤ ${GROWTH} ×`,
    met: isLong ? growth <= GROWTH : null,
    figures: { growth, slopeMibPerMinute: slope, mostMib: Math.max(...mib) },
  };
}

/** Least squares, MiB a minute. */
function slopeOf(samples: readonly Sample[], part: Part): number {
  const xs = samples.map(({ atMs }) => atMs / 60_000);
  const ys = samples.map(({ mib }) => mib[part]);
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  const [x, y] = [mean(xs), mean(ys)];
  const above = xs.reduce((sum, one, at) => sum + (one - x) * ((ys[at] ?? y) - y), 0);
  return above / xs.reduce((sum, one) => sum + (one - x) ** 2, 0);
}

/** Of what the modest one that got least asked for, how much it got. */
function shareRow(crowd: Crowd, size: Size): Row {
  const asked = size.seconds / (MODEST_MS / 1000);
  const modest = [...crowd.taken].filter(([name]) => name !== "greedy");
  const least = Math.min(...modest.map(([, ms]) => ms.length)) / asked;
  const waits = p95(modest.flatMap(([, ms]) => ms));
  const greedy = crowd.taken.get("greedy")?.length ?? 0;
  const all = greedy + modest.reduce((sum, [, ms]) => sum + ms.length, 0);
  return {
    measure: `${modest.length} keys that send once a second beside one with ${size.senders - modest.length} senders: what the worst off got of what it asked`,
    value: `${Math.round(least * 100)} % (p95 ${whole(waits)} ms; the greedy one has ${Math.round((greedy / all) * 100)} % of all)`,
    target: `≥ ${MODEST_SHARE * 100} %`,
    met: least >= MODEST_SHARE,
    figures: { least, modestP95Ms: waits, greedy, all },
  };
}
