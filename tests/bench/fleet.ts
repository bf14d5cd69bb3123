import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { checked } from "./client";
import { median, ms, p95, times, whole } from "./figures";
import { fillSessions } from "./list-data";
import { isWeb, processTree, pssMib } from "./processes";
import { type Product, startProduct, tellErrors, withDatabase } from "./product";
import { note, type Row } from "./report";
import { fillRollups } from "./rollup-data";

const DAYS = 30;
const DAY_MS = 86_400_000;
const OVERVIEW_LIMIT_MS = 250;
const WARM_UP = 3;
const SLOWED = 2;
const GROWN = 1.2;
/** Questions that somebody asks while the file is written. */
const ASKED = ["failure_rate", "cost", "turn_duration"];
const PAUSE_MS = 50;
const WEIGH_MS = 1_000;

/**
 * A fleet of a million sessions with its rollups in one installation: the overview's whole data, and
 * the file of all sessions, with what it does to the web process's memory and to others' questions.
 */
export async function measureFleet(dataDir: string, quick: boolean): Promise<Row[]> {
  const sessions = quick ? 50_000 : 1_000_000;
  await rm(dataDir, { recursive: true, force: true });
  const product = await startProduct(dataDir);
  try {
    const began = performance.now();
    await withDatabase(product.databaseUrl, async (client) => {
      await fillRollups(client, sessions);
      await fillSessions(client, { sessions, days: DAYS });
    });
    note(`${whole(sessions)} sessions made in ${Math.round((performance.now() - began) / 1000)} s`);
    return [...(await measureOverview(product, quick)), ...(await measureExport(product, quick))];
  } catch (error) {
    await tellErrors(product);
    throw error;
  } finally {
    await product.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** As the page asks when it opens, and over the month; now moves on as it does for a page. */
async function measureOverview({ client }: Product, quick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, days] of [
    ["last 24 hours, as it opens", 1],
    [`last ${DAYS} days`, DAYS],
  ] as const) {
    const figures: number[] = [];
    for (let i = 0; i < WARM_UP + (quick ? 10 : 40); i++) {
      const { ms: took } = checked(await client.get(overviewPath(days)), "overview");
      if (i >= WARM_UP) figures.push(took);
    }
    rows.push({
      measure: `overview page's whole data, ${name}`,
      value: `p95 ${ms(p95(figures))}, p50 ${ms(median(figures))}`,
      target: `≤ ${OVERVIEW_LIMIT_MS} ms`,
      met: p95(figures) <= OVERVIEW_LIMIT_MS,
      figures: { p95Ms: p95(figures), p50Ms: median(figures), requests: figures.length },
    });
  }
  return rows;
}

const since = (days: number) => {
  const now = Date.now();
  const [from, to] = [new Date(now - days * DAY_MS), new Date(now)];
  return `from=${from.toISOString()}&to=${to.toISOString()}`;
};
const overviewPath = (days: number) =>
  `/api/v1/overview?${since(days)}&compare=previous&tz=Europe/Berlin`;

async function measureExport(product: Product, quick: boolean): Promise<Row[]> {
  const alone = await askUntil(product, sleep(quick ? 3_000 : 20_000));
  const mib: number[] = [];
  const began = performance.now();
  const file = product.client.drain("/api/v1/sessions/export?format=ndjson");
  const [{ bytes, lines }, beside] = await Promise.all([
    file,
    askUntil(product, file),
    weighUntil(product, file, mib),
  ]);
  const seconds = (performance.now() - began) / 1000;
  const slowed = p95(beside) / p95(alone);
  const quarter = Math.floor(mib.length / 4);
  const [early, late] = [mib.slice(quarter, 2 * quarter), mib.slice(-quarter)];
  const grown = median(late) / median(early);
  return [
    {
      measure: `file of ${whole(lines)} sessions (${whole(bytes / 1e6)} MB): memory of the web process in its last quarter against its second`,
      value: `${times(grown)}, at most ${Math.round(Math.max(...mib))} MiB; ${whole(lines / seconds)} sessions/s`,
      target: `≤ ${GROWN} ×`,
      met: grown <= GROWN,
      figures: { grown, mostMib: Math.max(...mib), sessionsPerSecond: lines / seconds },
    },
    {
      measure: "p95 of questions about metrics meanwhile, against without",
      value: `${ms(p95(beside))} against ${ms(p95(alone))}: ${times(slowed)}`,
      target: `≤ ${SLOWED} ×`,
      met: slowed <= SLOWED,
      figures: { slowed, besideMs: p95(beside), aloneMs: p95(alone), requests: beside.length },
    },
  ];
}

/** How long questions take, one after the other, until something else is done. */
async function askUntil({ client }: Product, done: Promise<unknown>): Promise<number[]> {
  const figures: number[] = [];
  let isDone = false;
  done.finally(() => {
    isDone = true;
  });
  for (let turn = 0; !isDone; turn++) {
    const metric = ASKED[turn % ASKED.length];
    const path = `/api/v1/metrics?metric=${metric}&${since(DAYS)}&step=1h&group_by=agent&agg=p95`;
    figures.push(checked(await client.get(path), path).ms);
    await sleep(PAUSE_MS);
  }
  return figures.slice(ASKED.length);
}

async function weighUntil({ pid }: Product, done: Promise<unknown>, mib: number[]): Promise<void> {
  const web = (await processTree(pid)).find(({ command }) => isWeb(command));
  let isDone = false;
  done.finally(() => {
    isDone = true;
  });
  while (web && !isDone) {
    mib.push(await pssMib(web.pid));
    await sleep(WEIGH_MS);
  }
}
