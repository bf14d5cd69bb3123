import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DELETE as demote, GET as list, PUT as promote } from "@/app/api/v1/dimensions/route";
import { GET as readSeries } from "@/app/api/v1/metrics/route";
import { PATIENT, prisma } from "@/lib/db/client";
import { acceptItems } from "@/lib/ingest/service";
import { verifyWorkspace } from "@/lib/ingest/verify-service";
import type { DimensionItem, DimensionsAnswer } from "@/lib/metrics/promoted-schema";
import type { MetricsAnswer } from "@/lib/metrics/query-schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import { idle, request, running, session } from "@/tests/support/events";
import { forgetJobs } from "@/tests/support/jobs";
import { storeItems } from "@/tests/support/stored";
import { WorkerProcess } from "@/tests/support/worker-process";

const NOW = new Date("2026-11-20T12:00:00Z");
const worker = new WorkerProcess({});
let admin: { authorization: string };

beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  admin = await bearer("admin");
});
afterEach(() => worker.kill());

const itemsOf = (id: string, metadata: Record<string, unknown>): SoupItem[] => [
  { ...session(), data: { ...Object(session({ metadata }).data), id } },
  running(0),
  ...request(`${id}.r`, 1, [1000, 10]),
  idle(60),
];
const store = (id: string, metadata: Record<string, unknown>) =>
  storeItems(id, itemsOf(id, metadata));

async function storeMany(count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, number) => {
    const sessionId = `sesn_${String(number).padStart(4, "0")}`;
    return itemsOf(sessionId, { tenant: `t${number % 7}` }).map((item) => ({ ...item, sessionId }));
  }).flat();
  const origin = { workspace: "default", connectionId: "", source: "push" } as const;
  const numbered = items.map((item, index) => ({ ...item, index }));
  expect((await acceptItems(origin, numbered, [], NOW)).rejected).toEqual([]);
}

const put = (key: string) => call(promote, "/x", { method: "PUT", headers: admin, json: { key } });
const take = (key: string) =>
  call(demote, `/x?key=${encodeURIComponent(key)}`, { method: "DELETE", headers: admin });
const standing = async () => (await call(list, "/x", { headers: admin })).body as DimensionsAnswer;
const promotionOf = async (key: string) =>
  (await standing()).dimensions.find((one) => one.key === key)?.promotion ?? null;

async function until(key: string, holds: (promotion: DimensionItem["promotion"]) => boolean) {
  const limit = performance.now() + 70_000;
  for (;;) {
    const promotion = await promotionOf(key);
    if (holds(promotion)) return promotion;
    if (performance.now() > limit)
      throw new Error(`It stays at ${JSON.stringify(promotion)}. The worker:\n${worker.output()}`);
    await sleep(20);
  }
}

async function differences(): Promise<string[]> {
  const found: string[] = [];
  await verifyWorkspace("default", (difference) => found.push(JSON.stringify(difference)));
  return found;
}

test("lists the keys of sessions, the promoted first", async () => {
  await store("sesn_1", { team: "red", tier: 2, "odd key/?": "x" });
  await store("sesn_2", { team: "red", tier: 2 });
  await store("sesn_3", { team: "blue" });
  const seen = (key: string, sessions: number, values: number, ...examples: string[]) => ({
    ...{ key, sessions, values, examples, promotion: null },
  });
  expect(await standing()).toEqual({
    dimensions: [
      seen("team", 3, 2, "red", "blue"),
      seen("tier", 2, 1, "2"),
      seen("odd key/?", 1, 1, "x"),
    ],
    looked_at: 3,
    most_promoted: 10,
  });
  expect(await put("odd key/?")).toMatchObject({
    status: 200,
    body: { key: "odd key/?", promotion: { state: "filling", done: 0, filled_at: null } },
  });
  const { dimensions } = await standing();
  expect(dimensions.map(({ key }) => key)).toEqual(["odd key/?", "team", "tier"]);
});

describe("a key", () => {
  test("is promoted over a killed worker, while sessions come and change, and taken back", async () => {
    const all = 230;
    await storeMany(all);
    await put("tenant");
    await prisma.$transaction(async (tx) => {
      // The last part cannot be done while somebody else is at one of its sessions.
      await tx.$executeRaw`
        select from session where session_id = (select max(session_id) from session) for update`;
      await worker.start();
      await until("tenant", (promotion) => (promotion?.done ?? 0) >= 200);
      await worker.kill();
    }, PATIENT);
    expect(await promotionOf("tenant")).toMatchObject({
      ...{ state: "filling", done: 200, sessions: all },
    });
    await store("sesn_A", { tenant: "new" });
    expect(await differences()).toEqual([]);
    await worker.start();
    const done = await until("tenant", (promotion) => promotion?.state === "ready");
    expect(done).toMatchObject({ done: all + 1, folded_days: 0, filled_at: expect.anything() });
    expect(await differences()).toEqual([]);
    const path =
      "/x?metric=sessions_started&from=2026-11-01T00:00:00Z&to=2026-11-21T00:00:00Z&step=all&limit=100&group_by=metadata.tenant";
    const answer = (await call(readSeries, path, { headers: admin })).body as MetricsAnswer;
    const counted = (answer.results[0]?.series ?? []).map(({ total }) => total ?? 0);
    expect(counted.reduce((sum, one) => sum + one, 0)).toBe(all + 1);

    expect((await take("tenant")).status).toBe(204);
    await until("tenant", (promotion) => promotion === null);
    expect(await prisma.rollup.count({ where: { promotion: { not: 0 } } })).toBe(0);
    expect(await differences()).toEqual([]);
    const facts = (await call(readSeries, path, { headers: admin })).body as MetricsAnswer;
    expect(facts.results[0]?.series).toEqual(answer.results[0]?.series);
  }, 240_000);

  test("is promoted once, of ten at most, and by admins only", async () => {
    await put("team");
    expect(await put("team")).toMatchObject({
      status: 409,
      body: { error: { code: "conflict", message: "`team` is promoted already." } },
    });
    for (let number = 1; number < 10; number++) expect((await put(`k${number}`)).status).toBe(200);
    expect((await put("k10")).body).toMatchObject({
      error: { message: "10 keys are promoted, which is the most: take one of them back first." },
    });
    expect((await take("k1")).status).toBe(204);
    expect((await put("k10")).status).toBe(200);
    expect((await take("nobody's")).status).toBe(404);
    expect((await put("")).status).toBe(400);
    const headers = await bearer("read", "write");
    const json = { key: "other" };
    expect((await call(promote, "/x", { method: "PUT", headers, json })).status).toBe(403);
    expect((await call(demote, "/x?key=team", { method: "DELETE", headers })).status).toBe(403);
  });
});
