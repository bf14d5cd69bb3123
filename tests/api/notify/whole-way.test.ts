import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { prisma } from "@/lib/db/client";
import { NewRoute } from "@/lib/notify/route-schema";
import { createRoute } from "@/lib/notify/routes-service";
import type { Notice } from "@/lib/notify/schema";
import { bearer } from "@/tests/support/api";
import { makeChannel } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { closedOf, noticeOf, put } from "@/tests/support/dispatching";
import { forgetJobs } from "@/tests/support/jobs";
import { type Sink, startSink } from "@/tests/support/sink";
import { until } from "@/tests/support/sync";
import { WorkerProcess } from "@/tests/support/worker-process";

let sink: Sink;
let channelId: string;
let workers: WorkerProcess[];

beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  sink = await startSink();
  const write = await bearer("write");
  channelId = (await makeChannel(write, { kind: "webhook", url: sink.url })).id;
  workers = [new WorkerProcess({}), new WorkerProcess({})];
  for (const worker of workers) await worker.start();
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  await sink.close();
});

const Ids = z.array(z.object({ episode_id: z.string() }));
const Body = z.object({ data: z.object({ reason: z.string(), firing: Ids, closed: Ids }) });

/** What its receiver was told, in its order. On a slow machine a message may come twice, under the same id. */
const arrived = () => {
  const seen = new Set<string>();
  const isNew = (id: string) => !seen.has(id) && seen.add(id);
  const first = sink.received.map(({ headers }) => isNew(String(headers["webhook-id"])));
  return sink.bodies().flatMap((body, at) => {
    if (!first[at]) return [];
    const { reason, firing, closed } = Body.parse(body).data;
    const ids = (all: z.infer<typeof Ids>) => all.map(({ episode_id }) => episode_id);
    return [{ reason, firing: ids(firing), closed: ids(closed) }];
  });
};

const unrouted = () => prisma.notice.count({ where: { routedAt: null } });
const critical = { severity: "critical" } as const;

it("leads a critical alert to its receiver, and its close", async () => {
  await createRoute(
    "default",
    NewRoute.parse({ name: "r", channels: [channelId], group_interval_ms: 0 }),
  );
  const notice = noticeOf("e1", new Date(), critical);
  await put(new Date(), notice);
  await until(async () => sink.received.length === 1);
  await put(new Date(), closedOf(notice, new Date()));
  await until(async () => sink.received.length === 2);
  expect(arrived()).toEqual([
    { reason: "opened", firing: ["e1"], closed: [] },
    { reason: "closed", firing: [], closed: ["e1"] },
  ]);
  const isDone = async () => (await prisma.delivery.count({ where: { finishedAt: null } })) === 0;
  await until(isDone);
  expect(await prisma.noticeGroup.findFirst()).toMatchObject({ told: {} });
});

it("tells of everything that opens and of its close, while two workers are at it", async () => {
  const route = { name: "r", channels: [channelId], group_interval_ms: 0, group_by: ["agent"] };
  await createRoute("default", NewRoute.parse(route));
  const notices: Notice[] = [];
  for (let round = 0; round < 40; round++) {
    const labels = { agent: `agent_${round % 4}` };
    const notice = noticeOf(`e${round}`, new Date(), { ...critical, labels });
    notices.push(notice);
    const old = notices[round - 5];
    await Promise.all([
      put(new Date(), notice),
      ...(old ? [put(new Date(), closedOf(old, new Date()))] : []),
    ]);
    // Every other one comes while the one before is on its way.
    if (round % 2 === 1) await until(async () => (await unrouted()) === 0);
  }
  await put(new Date(), ...notices.slice(-5).map((notice) => closedOf(notice, new Date())));
  await until(async () => {
    const waiting = await prisma.delivery.count({ where: { finishedAt: null } });
    const groups = await prisma.noticeGroup.findMany();
    const isTold = groups.some(({ told }) => Object.keys(told as object).length > 0);
    return waiting === 0 && !isTold && (await unrouted()) === 0;
  });
  expect(sink.received.length).toBeGreaterThan(8);
  const open = new Set<string>();
  for (const { firing, closed } of arrived()) {
    for (const id of firing) open.add(id);
    for (const id of closed) expect([id, open.delete(id)]).toEqual([id, true]);
  }
  expect([...open]).toEqual([]);
  const sequences = await prisma.delivery.groupBy({ by: ["groupKey", "sequence"], _count: true });
  expect(sequences.every(({ _count }) => _count === 1)).toBe(true);
});
