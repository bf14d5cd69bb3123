import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { prisma } from "@/lib/db/client";
import type { ChannelItem } from "@/lib/notify/channel-schema";
import { bearer } from "@/tests/support/api";
import { deliveryOf, makeChannel, send } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs } from "@/tests/support/jobs";
import { message } from "@/tests/support/notices";
import { answering, hanging, type Sink, startSink } from "@/tests/support/sink";
import { WorkerProcess } from "@/tests/support/worker-process";

const QUICKLY = { timeout: 30_000, interval: 50 };

let write: { authorization: string };
let sinks: Sink[];
let worker: WorkerProcess;

beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  write = await bearer("write");
  sinks = [];
  worker = new WorkerProcess({});
});
afterEach(async () => {
  await worker.kill();
  await Promise.all(sinks.map((sink) => sink.close()));
});

async function hook(): Promise<{ sink: Sink; channel: ChannelItem }> {
  const sink = await startSink();
  sinks.push(sink);
  return { sink, channel: await makeChannel(write, { kind: "webhook", url: sink.url }) };
}
const stateOf = async (id: string) => (await deliveryOf(id)).state;

it("sends what is put on the queue, and tries again what was not taken", async () => {
  const { sink, channel } = await hook();
  await worker.start();
  const first = await send(channel.id, message({ ep_1: {} }));
  await expect.poll(() => stateOf(first), QUICKLY).toBe("sent");
  sink.answer = answering(500);
  const second = await send(channel.id, message({ ep_2: {} }), { groupKey: "other" });
  await expect.poll(() => stateOf(second), QUICKLY).toBe("retrying");
  sink.answer = answering(200);
  await expect.poll(() => stateOf(second), QUICKLY).toBe("sent");
  const ids = sink.received.map(({ headers }) => headers["webhook-id"]);
  expect(ids).toEqual([first, second, second]);
});

it("sends again, under the same id, what a killed process was sending", async () => {
  const { sink, channel } = await hook();
  sink.answer = hanging;
  await worker.start();
  const id = await send(channel.id, message({ ep_1: {} }));
  await expect.poll(() => sink.received.length, QUICKLY).toBe(1);
  await worker.kill();
  expect(await stateOf(id)).toBe("leased");
  sink.answer = answering(200);
  // As if the time of the lease were over.
  await prisma.delivery.updateMany({ data: { leasedUntil: new Date() } });
  await worker.start();
  await expect.poll(() => stateOf(id), QUICKLY).toBe("sent");
  expect(sink.received.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
  expect((await deliveryOf(id)).attempts).toMatchObject([
    { status: null, uncertain: true, error: expect.stringContaining("ended") },
    { status: 200 },
  ]);
});

it("holds nobody up but those behind a receiver that does not answer", async () => {
  const slow = await hook();
  slow.sink.answer = hanging;
  for (let at = 0; at < 20; at++)
    await send(slow.channel.id, message({ ep_1: {} }), { groupKey: `g${at}` });
  await worker.start();
  await expect.poll(() => slow.sink.received.length, QUICKLY).toBe(1);
  const others = await Promise.all([hook(), hook(), hook()]);
  const ids = await Promise.all(
    others.map(({ channel }) => send(channel.id, message({ ep_1: {} }))),
  );
  for (const id of ids) await expect.poll(() => stateOf(id), QUICKLY).toBe("sent");
  expect(slow.sink.received).toHaveLength(1);
});
