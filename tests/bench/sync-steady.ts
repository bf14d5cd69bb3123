import { setTimeout as sleep } from "node:timers/promises";
import type { SessionsPage } from "@/lib/sessions/schema";
import type { PlatformProcess } from "@/tests/support/platform/process";
import { checked } from "./client";
import { median, p95, quantile, whole } from "./figures";
import type { Product } from "./product";
import { note, type Row } from "./report";
import { SteadyFleet } from "./sync-fleet";
import { BUDGET, change, connect, LIFTED, readRequests, SECRET, untilLive } from "./sync-platform";

const SETTLE_MS = 90_000;
const MOMENT_MS = 500;
const HINT_PAUSE_MS = 1_500;
const HINT_PATIENCE_MS = 20_000;

type Sizes = { idle: number; running: number; minutes: number; hints: number; history: number };
const SIZES: Sizes = { idle: 10_000, running: 50, minutes: 5, hints: 60, history: 2_000 };
const QUICK: Sizes = { idle: 1_000, running: 50, minutes: 1, hints: 10, history: 600 };

type Watched = { fleet: SteadyFleet; platform: PlatformProcess; id: string };

/**
 * Three connections at once, each with a budget of its own: a fleet with webhooks, the same without,
 * and one whose history is still being read. Reads are counted as the platforms saw them.
 */
export async function measureSteady(
  product: Product,
  platforms: PlatformProcess[],
  { quick }: { quick: boolean },
): Promise<Row[]> {
  const [hooks, polls, busy] = platforms;
  if (!hooks || !polls || !busy) throw new Error("Three platforms are needed.");
  const sizes = quick ? QUICK : SIZES;
  const told = await watch(product, hooks, { name: "told", sizes, isTold: true });
  const asked = await watch(product, polls, { name: "asked", sizes, isTold: false });
  await busy.control("simulate", { sessions: sizes.history, days: 30, seed: "busy" });
  await connect(product, busy, BUDGET);
  note("the fleets settle");
  await live([told, asked], SETTLE_MS);
  for (const { platform } of [told, asked]) await platform.control("clear-requests");
  asked.fleet.happened = [];
  const began = Date.now();
  const latencies = await live([told, asked], sizes.minutes * 60_000, () =>
    seen(product, asked.fleet),
  );
  const minutes = (Date.now() - began) / 60_000;
  const since = ({ at }: { at: number }) => at >= began;
  const reads = async ({ platform }: Watched) =>
    (await readRequests(platform)).records.length / minutes;
  const [withHooks, without] = [await reads(told), await reads(asked)];
  const busyLog = await readRequests(busy);
  const used = busyLog.records.filter(since).length / minutes;
  return [
    budgetRow(used, busyLog.mostWithin(60_000), minutes),
    hintRow(await hintLatencies(product, told.fleet, sizes.hints)),
    eventRow(latencies),
    readsRow(sizes, { reads: withHooks, most: 60, how: "with webhooks" }),
    readsRow(sizes, { reads: without, most: 220, how: "without" }),
  ];
}

async function watch(
  product: Product,
  platform: PlatformProcess,
  { name, sizes, isTold }: { name: string; sizes: Sizes; isTold: boolean },
): Promise<Watched> {
  const fleet = new SteadyFleet(platform, name, sizes);
  await fleet.loadIdle();
  const began = performance.now();
  const { id, webhook_path } = await connect(product, platform, LIFTED);
  await untilLive(product, id);
  note(
    `${whole(sizes.idle)} sessions read in ${Math.round((performance.now() - began) / 1_000)} s`,
  );
  await change(product, id, { reads_per_minute: BUDGET });
  if (isTold)
    await platform.control("subscribe", {
      url: `${product.client.address}${webhook_path}`,
      secret: SECRET,
    });
  await fleet.begin();
  return { fleet, platform, id };
}

/** Lets the fleets live for so long; what `look` answers at each moment comes back as one. */
async function live(
  watched: readonly Watched[],
  forMs: number,
  look: () => Promise<number[]> = async () => [],
): Promise<number[]> {
  const found: number[] = [];
  for (const endMs = Date.now() + forMs; Date.now() < endMs; await sleep(MOMENT_MS)) {
    for (const { fleet } of watched) await fleet.moment();
    found.push(...(await look()));
  }
  return found;
}

async function lastEvents(product: Product, limit: number): Promise<Map<string, number>> {
  const path = `/api/v1/sessions?sort=last_event_at&limit=${limit}`;
  const page: SessionsPage = JSON.parse(
    checked(await product.client.get(path), path).body.toString(),
  );
  return new Map(page.data.map((row) => [row.id, Date.parse(row.last_event_at ?? "")]));
}

/** For what has come into the list since the last look: how long it took, in ms. */
async function seen(product: Product, fleet: SteadyFleet): Promise<number[]> {
  const rows = await lastEvents(product, 200);
  const now = Date.now();
  const isSeen = ({ session, atMs }: { session: string; atMs: number }) =>
    (rows.get(session) ?? 0) >= atMs;
  const come = fleet.happened.filter(isSeen);
  fleet.happened = fleet.happened.filter((one) => !isSeen(one));
  return come.map(({ atMs }) => now - atMs);
}

/** From a change of status, which a webhook tells of, to the row in the list; in ms. */
async function hintLatencies(product: Product, fleet: SteadyFleet, count: number) {
  const latencies: number[] = [];
  while (latencies.length < count) {
    const [happened] = (await fleet.turnNow()).filter(({ session }) => fleet.isAlone(session));
    if (!happened) continue;
    const { session, atMs } = happened;
    let now = Date.now();
    for (; now - atMs < HINT_PATIENCE_MS; now = Date.now())
      if (((await lastEvents(product, 10)).get(session) ?? 0) >= atMs) break;
    latencies.push(Date.now() - atMs);
    await sleep(HINT_PAUSE_MS);
  }
  return latencies;
}

function budgetRow(used: number, most: number, minutes: number): Row {
  const share = used / BUDGET;
  return {
    measure: `reads while history is read within ${BUDGET}/min, over ${minutes.toFixed(1)} min`,
    value: `${(100 * share).toFixed(1)} % of it, at most ${most} in any 60 s`,
    target: `≥ 95 %, never above ${BUDGET}`,
    met: share >= 0.95 && most <= BUDGET,
    figures: { share, readsPerMinute: used, mostIn60s: most },
  };
}

function hintRow(latencies: number[]): Row {
  return latencyRow("from a webhook to the row in GET /api/v1/sessions", latencies, 1_000);
}

function eventRow(latencies: number[]): Row {
  return latencyRow(
    "from an event to the row without webhooks, sessions at work",
    latencies,
    30_000,
  );
}

function latencyRow(measure: string, latencies: number[], mostMs: number): Row {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
  return {
    measure,
    value: `p95 ${seconds(p95(latencies))}, p50 ${seconds(median(latencies))} of ${whole(latencies.length)}`,
    target: `p95 ≤ ${mostMs / 1_000} s`,
    met: p95(latencies) <= mostMs,
    figures: { p95Ms: p95(latencies), p50Ms: median(latencies), mostMs: quantile(latencies, 1) },
  };
}

/** The sweeps are rarer than what is measured: their share by the minute is added. */
function readsRow(
  { idle, running }: Sizes,
  { reads, most, how }: { reads: number; most: number; how: string },
): Row {
  const pages = (days: number) => Math.ceil(((idle / 30) * days) / 100);
  const sweeps = pages(1) / 10 + pages(7) / 60 + pages(30) / 1_440;
  const total = reads + sweeps;
  return {
    measure: `reads with ${whole(idle)} sessions at rest and ${running} at work, ${how}`,
    value: `${total.toFixed(0)}/min, ${sweeps.toFixed(1)} of them for sweeps`,
    target: `< ${most}/min`,
    met: total < most,
    figures: { readsPerMinute: total, sweepsPerMinute: sweeps },
  };
}
