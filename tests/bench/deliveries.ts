import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sampleMessage } from "@/lib/notify/sample";
import { p95, times, whole } from "./figures";
import { type Product, startProduct, tellErrors, withDatabase } from "./product";
import { note, type Row } from "./report";

const OTHERS = 8;
const RATIO = 1.1;

/**
 * 10,000 messages on the queue, most of them for one receiver: how long the others wait for theirs,
 * while that one answers and while it does not.
 */
export async function measureDeliveries(root: string, quick: boolean): Promise<Row[]> {
  const env = { WATCHKEEPER_OUTBOUND_ALLOW: "127.0.0.1/32" };
  const product = await startProduct(join(root, "deliveries"), { env });
  const sink = await startSinks();
  const sizes = quick ? { all: 2_000, each: 20 } : { all: 10_000, each: 100 };
  try {
    const channels: string[] = [];
    for (let at = 0; at <= OTHERS; at++) channels.push(await makeChannel(product, sink.url, at));
    const before = await run(product, { channels, sizes, sink });
    sink.hangs = true;
    const hanging = await run(product, { channels, sizes, sink });
    const ratio = p95(hanging) / p95(before);
    const seconds = (figures: number[]) => `${(p95(figures) / 1000).toFixed(1)} s`;
    return [
      {
        measure: `${whole(sizes.all)} queued deliveries, one receiver hanging: the others' wait`,
        value: `p95 ${seconds(hanging)} = ${times(ratio)} of ${seconds(before)} while it answers`,
        target: `p95 ≤ ${RATIO} ×`,
        met: ratio <= RATIO,
        figures: { ratio, p95HangingMs: p95(hanging), p95Ms: p95(before), channels: OTHERS },
      },
    ];
  } catch (error) {
    await tellErrors(product);
    throw error;
  } finally {
    await product.stop();
    await sink.close();
  }
}

type Sinks = { url: string; hangs: boolean; came: Map<string, number[]>; close(): Promise<void> };

/** Receivers by path; the first of them can be told to hang. */
async function startSinks(): Promise<Sinks> {
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      const path = request.url ?? "";
      sinks.came.set(path, [...(sinks.came.get(path) ?? []), performance.now()]);
      if (sinks.hangs && path === "/0") held.push(response);
      else response.end("ok");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const sinks: Sinks = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hangs: false,
    came: new Map(),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return sinks;
}

async function makeChannel({ client }: Product, url: string, at: number): Promise<string> {
  const wish = { kind: "webhook", name: `bench ${at}`, url: `${url}/${at}` };
  const { status, body } = await client.post("/api/v1/channels", JSON.stringify(wish));
  if (status !== 201) throw new Error(`A channel was not made: ${status} ${body}`);
  return (JSON.parse(body.toString()) as { id: string }).id;
}

type Load = { channels: string[]; sizes: { all: number; each: number }; sink: Sinks };

/** How long each message to the others took from being queued to its receipt, in ms. */
async function run(product: Product, { channels, sizes, sink }: Load): Promise<number[]> {
  const content = JSON.stringify(sampleMessage("ep_bench", "opened", Date.now()));
  const counts = channels.map((_, at) => (at === 0 ? sizes.all - OTHERS * sizes.each : sizes.each));
  sink.came.clear();
  return withDatabase(product.databaseUrl, async (database) => {
    await database.query("delete from delivery");
    await database.query("begin");
    for (const [at, channel] of channels.entries())
      await database.query(
        `insert into delivery (workspace, id, channel_id, group_key, sequence, reason, content, due_at)
         select 'default', 'dlv_' || $1 || n, $1, 'g' || n, 1, 'opened', $2, now()
         from generate_series(1, $3::int) n`,
        [channel, content, counts[at]],
      );
    for (const id of channels)
      await database.query(
        `select graphile_worker.add_job('deliver_notices',
           json_build_object('workspace', 'default', 'channelId', $1::text), job_key := 'deliver:' || $1)`,
        [id],
      );
    await database.query("commit");
    const startedMs = performance.now();
    const others = () => [...sink.came].filter(([path]) => path !== "/0").flatMap(([, at]) => at);
    while (others().length < OTHERS * sizes.each) await sleep(100);
    note(`${whole(others().length)} arrived in ${whole(performance.now() - startedMs)} ms`);
    return others().map((at) => at - startedMs);
  });
}
