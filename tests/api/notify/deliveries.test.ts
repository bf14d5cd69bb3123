import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as replay } from "@/app/api/v1/deliveries/[id]/replay/route";
import { GET as one } from "@/app/api/v1/deliveries/[id]/route";
import { GET } from "@/app/api/v1/deliveries/route";
import { prisma } from "@/lib/db/client";
import type { ChannelItem } from "@/lib/notify/channel-schema";
import type { DeliveriesPage, DeliveryItem } from "@/lib/notify/delivery-schema";
import { deliverDue, forgetDeliveries } from "@/lib/notify/delivery-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { deliveryOf, makeChannel, send, toldOf } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs, waitingJobs } from "@/tests/support/jobs";
import { message } from "@/tests/support/notices";
import { answering, type Sink, startSink } from "@/tests/support/sink";

const WRITTEN = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

let write: { authorization: string };
let sink: Sink;
let channel: ChannelItem;

beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  write = await bearer("write");
  sink = await startSink();
  channel = await makeChannel(write, { kind: "webhook", name: "hook", url: sink.url });
});
afterEach(() => sink.close());

const deliver = () => deliverDue("default", channel.id, new Date());
const list = async (query = "") => {
  const answer = await call(GET, `/x${query}`, { headers: write });
  return { ...answer, page: answer.body as DeliveriesPage };
};
const detail = (id: string) => call(one, "/x", { headers: write, params: { id } });
const again = (id: string, headers = write) =>
  call(replay, "/x", { method: "POST", headers, params: { id } });

describe("the list", () => {
  it("tells of each what became of it", async () => {
    sink.answer = answering(400, {}, "no such field");
    const id = await send(channel.id, message({ ep_1: {} }));
    await deliver();
    const entry = {
      ...{ id, channel_id: channel.id, channel_name: "hook", reason: "opened" },
      ...{ state: "failed", state_reason: "refused", episode_ids: ["ep_1"], attempts: 1 },
      ...{ last_status: 400, last_error: expect.stringContaining("refuses") },
      ...{ due_at: WRITTEN, created_at: WRITTEN, finished_at: WRITTEN },
    };
    expect((await list()).body).toEqual({ data: [entry], next_cursor: null });
    expect((await detail(id)).body).toEqual({
      ...entry,
      attempts: [
        {
          ...{ at: WRITTEN, ms: expect.any(Number), status: 400, body: "no such field" },
          ...{ error: expect.stringContaining("400"), uncertain: false },
        },
      ],
      content: message({ ep_1: {} }),
    });
    expect((await detail("dlv_none")).status).toBe(404);
  });

  it("is read page by page, newest first, by any filter", async () => {
    const other = await makeChannel(write, { kind: "webhook", url: sink.url });
    const ids: string[] = [];
    for (let at = 0; at < 5; at++)
      ids.push(
        await send(at === 4 ? other.id : channel.id, message({ [`ep_${at}`]: {} }), {
          groupKey: `g${at}`,
        }),
      );
    await deliver();
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { page } = await list(`?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      found.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(found).toEqual(ids.toReversed());
    const idsBy = async (query: string) => (await list(query)).page.data.map(({ id }) => id);
    expect(await idsBy(`?channel=${other.id}`)).toEqual([ids[4]]);
    expect(await idsBy("?state=queued")).toEqual([ids[4]]);
    expect(await idsBy("?state=sent&reason=opened&episode=ep_2")).toEqual([ids[2]]);
    expect(await idsBy("?reason=closed")).toEqual([]);
    expect((await list("?cursor=x")).status).toBe(400);
    expect((await list("?state=lost")).status).toBe(400);
  });
});

describe("a replay", () => {
  it("sends a failed one again, under its id and with all of its tries", async () => {
    sink.answer = answering(400);
    const id = await send(channel.id, message({ ep_1: {} }));
    await deliver();
    sink.answer = answering(200);
    await forgetJobs();
    const { status, body } = await again(id);
    expect([status, body as DeliveryItem]).toMatchObject([
      200,
      { state: "queued", state_reason: "replayed", finished_at: null, attempts: [{ status: 400 }] },
    ]);
    expect(await waitingJobs()).toMatchObject([{ task: "deliver_notices" }]);
    await deliver();
    expect(await deliveryOf(id)).toMatchObject({ state: "sent", stateReason: null, tries: 1 });
    expect(sink.received.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
    expect((await toldOf(channel.id)).told).toHaveProperty("ep_1");
  });

  it("of an old one does not change what the group is known to be told", async () => {
    const id = await send(channel.id, message({ ep_1: {} }));
    await deliver();
    await send(channel.id, message({}, { ep_1: {} }), { sequence: 2 });
    await deliver();
    await again(id);
    await deliver();
    expect(sink.received).toHaveLength(3);
    expect((await toldOf(channel.id)).told).toEqual({});
  });

  it("is not possible for one that is still to be sent, nor without its channel", async () => {
    const id = await send(channel.id, message({ ep_1: {} }));
    expect((await again(id)).status).toBe(409);
    expect((await again("dlv_none")).status).toBe(404);
    expect((await again(id, await bearer("read"))).status).toBe(403);
    await prisma.delivery.updateMany({ data: { state: "sent", finishedAt: new Date() } });
    await prisma.channel.deleteMany();
    expect((await again(id)).status).toBe(409);
  });
});

it("what ended 90 days ago is forgotten, what waits is not", async () => {
  const now = new Date();
  const old = new Date(now.getTime() - 91 * 86_400_000);
  const ended = await send(channel.id, message({ ep_1: {} }), { groupKey: "a" });
  const kept = await send(channel.id, message({ ep_1: {} }), { groupKey: "b" });
  await deliver();
  const waiting = await send(channel.id, message({ ep_1: {} }), { groupKey: "c" });
  await prisma.delivery.updateMany({
    where: { id: { in: [ended, waiting] } },
    data: { createdAt: old },
  });
  expect(await forgetDeliveries(now, 1)).toBe(1);
  const left = (await list()).page.data.map(({ id }) => id);
  expect(left.toSorted()).toEqual([kept, waiting].toSorted());
});
