import type { PlatformProcess } from "@/tests/support/platform/process";
import { ms, whole } from "./figures";
import { cpuTimes, isWeb, isWorker, processTree, pssMib } from "./processes";
import { type Product, withDatabase } from "./product";
import { Profile } from "./profile";
import { note, type Row } from "./report";
import { change, connect, LIFTED, untilLive } from "./sync-platform";

const TARGET = 5_000;
/** Of the memory at a quarter of the way. */
const GROWTH = 1.2;
/** About 200 events a session on average. */
const EVENTS = { least: 125, most: 1_000 };
const QUARTERS = [0.25, 0.5, 0.75, 1];

type Memory = { web: number; worker: number };

/** All history of a fleet, as fast as it goes; and what the processes hold meanwhile. */
export async function measureBackfill(
  product: Product,
  platform: PlatformProcess,
  { quick, profile }: { quick: boolean; profile: boolean },
): Promise<Row[]> {
  const wish = { ...EVENTS, sessions: quick ? 400 : 2_000, days: 60, seed: "backfill" };
  const fleet = await platform.control<{ sessions: number; events: number }>("simulate-some", wish);
  note(`${whole(fleet.sessions)} sessions with ${whole(fleet.events)} events to read`);
  const profiled = profile ? await Profile.begin(product, "worker") : undefined;
  const memory: Memory[] = [];
  const before = await cpuTimes(product.pid);
  const { id } = await connect(product, platform, LIFTED);
  const { backfill } = await untilLive(product, id, async (sessions) => {
    const due = QUARTERS[memory.length];
    if (due !== undefined && sessions >= due * fleet.sessions) memory.push(await memoryOf(product));
  });
  const after = await cpuTimes(product.pid);
  await profiled?.end();
  const cpu = (part: "web" | "worker" | "database") =>
    `${part} ${ms(((after[part] - before[part]) / fleet.events) * 1_000)}`;
  note(`CPU per 1,000 events: ${cpu("worker")}, ${cpu("database")}, ${cpu("web")}`);
  const seconds =
    (Date.parse(backfill.done_at ?? "") - Date.parse(backfill.started_at ?? "")) / 1_000;
  await change(product, id, { state: "paused" });
  const stored = await withDatabase(product.databaseUrl, (client) =>
    client.query<{ count: number }>(
      "select count(*)::int as count from event where connection_id = $1",
      [id],
    ),
  );
  if (stored.rows[0]?.count !== fleet.events)
    throw new Error(`${stored.rows[0]?.count} events are stored, not ${fleet.events}.`);
  const rate = fleet.events / seconds;
  return [
    {
      measure: `backfill of ${whole(fleet.sessions)} sessions, ${whole(fleet.events)} events, budget lifted`,
      value: `${whole(rate)} events/s, ${seconds.toFixed(1)} s`,
      target: `≥ ${whole(TARGET)} events/s`,
      met: rate >= TARGET,
      figures: { eventsPerSecond: rate, seconds, ...fleet },
    },
    memoryRow(memory),
  ];
}

function memoryRow(memory: readonly Memory[]): Row {
  const sums = memory.map(({ web, worker }) => web + worker);
  const growth = Math.max(...sums) / (sums[0] ?? Number.NaN);
  const told = memory.map(({ web, worker }) => `${Math.round(web)} + ${Math.round(worker)}`);
  return {
    measure: "memory of web + worker meanwhile (PSS), at 25, 50, 75, 100 %",
    value: `${told.join(", ")} MiB: ${growth.toFixed(2)} ×`,
    target: `≤ ${GROWTH} × the first`,
    met: growth <= GROWTH,
    figures: Object.fromEntries(sums.map((mib, at) => [`at${(at + 1) * 25}Mib`, mib])),
  };
}

async function memoryOf(product: Product): Promise<Memory> {
  const memory = { web: 0, worker: 0 };
  for (const { pid, command } of await processTree(product.pid)) {
    if (isWeb(command)) memory.web += await pssMib(pid);
    if (isWorker(command)) memory.worker += await pssMib(pid);
  }
  return memory;
}
