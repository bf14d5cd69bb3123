import { setTimeout as sleep } from "node:timers/promises";
import { CATALOGUE } from "@/lib/metrics/catalogue";
import { knownBy, type Metric } from "@/lib/metrics/metric";
import { type Client, checked } from "./client";
import { median, ms, p95, times, whole } from "./figures";
import { onPair } from "./pair";
import { note, type Row } from "./report";
import { fillRollups } from "./rollup-data";

const LIMIT_MS = 100;
const DISTRIBUTION_LIMIT_MS = 250;
const MINUTES_LIMIT_MS = 30;
const SCRAPE_LIMIT_MS = 500;
const TOLD_AGAIN_MS = 5_100;
const GROWTH = 1.3;
/** Below it, growth with the number of sessions is nobody's concern. */
const FREE_MS = 20;

type Measured = {
  id: string;
  isDistribution: boolean;
  smallMs: number;
  largeMs: number;
  /** Growth of the median: of sixty metrics the worst p95 of any is partly chance. */
  growth: number;
};

/**
 * Every metric over 30 days, hour by hour, by agent (the top 10 of 20), and over the last hour by the
 * minute, in two installations of which one has had ten times the sessions. Requests go to both in
 * turn; the first pass is thrown away.
 */
export async function measureMetrics(root: string, quick: boolean): Promise<Row[]> {
  const sizes = quick ? ([10_000, 100_000] as const) : ([100_000, 1_000_000] as const);
  return onPair({ root, name: "metrics", sizes, fill: fillRollups }, async (small, large) => {
    const passes = quick ? 5 : 40;
    const now = new Date();
    const from = new Date(now.getTime() - 30 * 86_400_000).toISOString();
    const hourly = `from=${from}&to=${now.toISOString()}&step=1h&group_by=agent&limit=10&agg=p95`;
    const hours = await measureAll(small.client, large.client, hourly, passes);
    const hourAgo = new Date(now.getTime() - 3_600_000).toISOString();
    const minutely = `from=${hourAgo}&to=${now.toISOString()}&step=1m&agg=p95`;
    const minutes = await measureAll(small.client, large.client, minutely, passes);
    const scrapes = await measureScrapes(small.client, large.client, quick ? 2 : 6);
    return [...rowsOf(hours, minutes, sizes[1]), scrapeRow(scrapes)];
  });
}

/** What is of no session has no agent to be grouped by, and may have nothing. */
function groupOf(metric: Metric): string {
  const [group] = knownBy(metric) ?? ["agent"];
  return group === undefined ? "" : `group_by=${group}`;
}

async function measureAll(
  small: Client,
  large: Client,
  query: string,
  passes: number,
): Promise<Measured[]> {
  const found = CATALOGUE.map((metric) => ({
    id: metric.id,
    isDistribution: metric.kind === "distribution",
    query: query.replace("group_by=agent", groupOf(metric)),
    small: [] as number[],
    large: [] as number[],
  }));
  for (let pass = 0; pass <= passes; pass++)
    for (const one of found) {
      const path = `/api/v1/metrics?metric=${one.id}&${one.query}`;
      const smallMs = checked(await small.get(path), path).ms;
      const largeMs = checked(await large.get(path), path).ms;
      if (pass === 0) continue;
      one.small.push(smallMs);
      one.large.push(largeMs);
    }
  return found.map(({ id, isDistribution, small: s, large: l }) => ({
    id,
    isDistribution,
    smallMs: p95(s),
    largeMs: p95(l),
    growth: median(l) / median(s),
  }));
}

/** `/metrics`, each time when what was told last is no longer told again. */
async function measureScrapes(small: Client, large: Client, passes: number): Promise<Measured> {
  const told: Record<"small" | "large", number[]> = { small: [], large: [] };
  for (let pass = 0; pass <= passes; pass++) {
    const smallMs = checked(await small.get("/metrics"), "/metrics").ms;
    const largeMs = checked(await large.get("/metrics"), "/metrics").ms;
    if (pass > 0) {
      told.small.push(smallMs);
      told.large.push(largeMs);
    }
    await sleep(TOLD_AGAIN_MS);
  }
  const [smallMs, largeMs] = [p95(told.small), p95(told.large)];
  return { id: "/metrics", isDistribution: false, smallMs, largeMs, growth: largeMs / smallMs };
}

const scrapeRow = ({ smallMs, largeMs }: Measured): Row => ({
  measure: "everything for Prometheus (/metrics), computed anew",
  value: `p95 ${ms(largeMs)}, with a tenth of the sessions ${ms(smallMs)}`,
  target: `≤ ${SCRAPE_LIMIT_MS} ms`,
  met: largeMs <= SCRAPE_LIMIT_MS,
  figures: { p95Ms: largeMs },
});

function rowsOf(hours: readonly Measured[], minutes: readonly Measured[], sessions: number): Row[] {
  const slowest = (measured: readonly Measured[]) =>
    [...measured].sort((a, b) => b.largeMs - a.largeMs)[0];
  for (const { id, smallMs, largeMs } of [...hours]
    .sort((a, b) => b.largeMs - a.largeMs)
    .slice(0, 8))
    note(`${largeMs.toFixed(1).padStart(8)} ${smallMs.toFixed(1).padStart(8)}  ${id}, hourly`);
  const grown = hours
    .filter(({ largeMs }) => largeMs > FREE_MS)
    .sort((a, b) => b.largeMs / b.smallMs - a.largeMs / a.smallMs);
  for (const { id, smallMs, largeMs, growth } of grown.slice(0, 5))
    note(`grown ${times(largeMs / smallMs)}, its median ${times(growth)}: ${id}`);
  const worst = (measure: string, measured: readonly Measured[], limit: number): Row => {
    const one = slowest(measured);
    return {
      measure,
      value: one ? `worst ${ms(one.largeMs)} (${one.id})` : "nothing",
      target: `≤ ${limit} ms`,
      met: one !== undefined && one.largeMs <= limit,
      figures: { p95Ms: one?.largeMs ?? 0 },
    };
  };
  const [most] = grown;
  const growth = most ? most.largeMs / most.smallMs : 1;
  return [
    worst(
      `metrics at ${whole(sessions)} sessions: p95 of each, 30 days hourly by agent (top 10 of 20)`,
      hours.filter((one) => !one.isDistribution),
      LIMIT_MS,
    ),
    worst(
      "the same of distributions (p95 of each hour)",
      hours.filter((one) => one.isDistribution),
      DISTRIBUTION_LIMIT_MS,
    ),
    {
      measure: "p95 against a tenth of the sessions, where above 20 ms",
      value: most
        ? `worst ${times(growth)} (${most.id}; its median ${times(most.growth)})`
        : "none above 20 ms",
      target: `≤ ${GROWTH} ×`,
      met: growth <= GROWTH,
      figures: { growth },
    },
    worst("the last hour by the minute", minutes, MINUTES_LIMIT_MS),
  ];
}
