import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionItem } from "@/lib/connections/schema";
import { type PlatformProcess, startPlatformProcess } from "@/tests/support/platform/process";
import { RequestLog } from "@/tests/support/platform/requests";
import type { PlatformOptions, RequestRecord } from "@/tests/support/platform/shapes";
import { checked } from "./client";
import type { Product } from "./product";

export const LIFTED = 100_000;
export const BUDGET = 240;
export const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

/** Runs a part of the measurement on platforms that are processes of their own, and ends them. */
export async function withPlatforms<T>(
  count: number,
  work: (platforms: PlatformProcess[]) => Promise<T>,
  options: PlatformOptions = {},
): Promise<T> {
  const starting = Array.from({ length: count }, (_, at) =>
    startPlatformProcess({ readsPerMinute: null, workspaceId: `wrkspc_bench_${at}`, ...options }),
  );
  const platforms = await Promise.all(starting);
  try {
    return await work(platforms);
  } finally {
    for (const platform of platforms) await platform.stop();
  }
}

export async function connect(
  product: Product,
  platform: PlatformProcess,
  readsPerMinute: number,
): Promise<ConnectionItem> {
  const body = JSON.stringify({
    name: "bench",
    base_url: platform.url,
    api_key: platform.apiKey,
    webhook_secrets: [SECRET],
    reads_per_minute: readsPerMinute,
  });
  const answer = await product.client.post("/api/v1/connections", body);
  if (answer.status !== 201) throw new Error(`connect: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body.toString());
}

export async function readConnection(product: Product, id: string): Promise<ConnectionItem> {
  const path = `/api/v1/connections/${id}`;
  const item = JSON.parse(checked(await product.client.get(path), path).body.toString());
  if (item.state === "failed") throw new Error(`The connection failed: ${item.state_reason}`);
  return item;
}

export async function change(product: Product, id: string, changes: object): Promise<void> {
  const path = `/api/v1/connections/${id}`;
  checked(await product.client.patch(path, JSON.stringify(changes)), path);
}

/** Waits until all history is in; `each` sees how many of the sessions are. */
export async function untilLive(
  product: Product,
  id: string,
  each: (sessions: number) => Promise<void> = async () => {},
): Promise<ConnectionItem> {
  for (;;) {
    const item = await readConnection(product, id);
    await each(item.backfill.sessions);
    if (item.state === "live") return item;
    await sleep(250);
  }
}

/** What the platform was asked for since its log was cleared. */
export async function readRequests(platform: PlatformProcess): Promise<RequestLog> {
  const { records } = await platform.control<{ records: RequestRecord[] }>("requests");
  const log = new RequestLog(records.length + 1);
  log.records.push(...records);
  return log;
}
