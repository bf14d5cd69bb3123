import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import type { ChannelItem } from "@/lib/notify/channel-schema";
import { deliverDue, wakeDeliveries } from "@/lib/notify/delivery-service";
import { dispatchNotices } from "@/lib/notify/dispatch-service";
import { putNotices } from "@/lib/notify/notice-store";
import type { NoticeContent } from "@/lib/notify/schema";
import { bearer } from "@/tests/support/api";
import { channelOf, deliveryOf, makeChannel, send, toldOf } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs, waitingJobs } from "@/tests/support/jobs";
import { closedContent, content, message } from "@/tests/support/notices";
import { answering, cutting, hanging, type Sink, startSink } from "@/tests/support/sink";

const SECRETS = [1, 2].map((byte) => `whsec_${Buffer.alloc(24, byte).toString("base64")}`);

let write: { authorization: string };
let sink: Sink;
let channel: ChannelItem;
let now: Date;

beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  write = await bearer("write");
  sink = await startSink();
  channel = await makeChannel(write, { kind: "webhook", url: `${sink.url}/hook` });
  now = new Date();
});
afterEach(() => sink.close());

const deliver = (at = now, id = channel.id) => deliverDue("default", id, at);
const later = (ms: number) => new Date(now.getTime() + ms);
const opened = (...ids: string[]) => message(Object.fromEntries(ids.map((id) => [id, {}])));
const closed = (...ids: string[]) => message({}, Object.fromEntries(ids.map((id) => [id, {}])));
const statesOf = (ids: string[]) =>
  Promise.all(
    ids.map(async (id) => {
      const { state, stateReason } = await deliveryOf(id);
      return [state, stateReason];
    }),
  );

describe("a message that is taken", () => {
  it("counts as told, with the answer kept", async () => {
    const id = await send(channel.id, opened("ep_1", "ep_2"));
    expect(await waitingJobs()).toMatchObject([
      {
        task: "deliver_notices",
        payload: { workspace: "default", channelId: channel.id },
        key: `deliver:${channel.id}`,
      },
    ]);
    await deliver();
    expect(sink.received.map(({ path }) => path)).toEqual(["/hook"]);
    expect(sink.bodies()[0]).toMatchObject({ type: "alert.opened", data: { reason: "opened" } });
    expect(await deliveryOf(id)).toMatchObject({
      ...{ state: "sent", stateReason: null, tries: 1, leasedUntil: null },
      attempts: [{ status: 200, body: "ok", error: null, uncertain: false }],
      finishedAt: expect.any(Date),
    });
    expect(await toldOf(channel.id)).toMatchObject({
      told: {
        ep_1: { status: "firing", severity: "high" },
        ep_2: { status: "firing", severity: "high" },
      },
      lastSentAt: expect.any(Date),
    });
    expect((await channelOf(channel.id)).lastSentAt).not.toBeNull();
  });

  it("takes closed ones out of what is told", async () => {
    await send(channel.id, opened("ep_1", "ep_2"));
    await deliver();
    await send(channel.id, message({ ep_2: { severity: "critical" } }, { ep_1: {} }), {
      sequence: 2,
    });
    await deliver(later(1_000));
    expect(sink.received).toHaveLength(2);
    expect((await toldOf(channel.id)).told).toEqual({
      ep_2: { status: "firing", severity: "critical" },
    });
  });

  it("is written once for a sequence", async () => {
    await send(channel.id, opened("ep_1"));
    await expect(send(channel.id, opened("ep_1"))).rejects.toThrow("already");
    await deliver();
    expect(sink.received).toHaveLength(1);
  });

  it("is signed by every live secret over what is sent", async () => {
    const signed = await makeChannel(write, {
      ...{ kind: "webhook", url: sink.url, secrets: SECRETS },
      headers: { "x-tenant": "acme" },
    });
    const id = await send(signed.id, opened("ep_1"));
    await deliver(now, signed.id);
    const [sent] = sink.received;
    const { headers = {} as IncomingHttpHeaders, text = "" } = sent ?? {};
    expect(headers).toMatchObject({ "webhook-id": id, "x-tenant": "acme" });
    const seconds = Number(headers["webhook-timestamp"]);
    expect(Math.abs(seconds - now.getTime() / 1000)).toBeLessThan(60);
    const expected = [1, 2].map((byte) => {
      const mac = createHmac("sha256", Buffer.alloc(24, byte));
      return `v1,${mac.update(`${id}.${seconds}.${text}`).digest("base64")}`;
    });
    expect(headers["webhook-signature"]).toBe(expected.join(" "));
  });
});

describe("a message that is not taken", () => {
  it.each([
    ["500", answering(500, {}, "no")],
    ["408", answering(408)],
    ["425", answering(425)],
    ["cut", cutting],
  ])("is tried again after %s, under the same id", async (_, answer) => {
    sink.answer = answer;
    const id = await send(channel.id, opened("ep_1"));
    await deliver();
    const first = await deliveryOf(id);
    expect(first).toMatchObject({ state: "retrying", tries: 1, finishedAt: null });
    const waitMs = first.dueAt.getTime() - now.getTime();
    expect(waitMs).toBeGreaterThanOrEqual(4_000);
    expect(waitMs).toBeLessThan(12_000);
    expect((await toldOf(channel.id)).told).toEqual({});
    sink.answer = answering(204);
    await deliver(later(2_000));
    expect(sink.received).toHaveLength(1);
    await deliver(later(20_000));
    expect(sink.received.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
    expect(await deliveryOf(id)).toMatchObject({ state: "sent", attempts: [{}, { status: 204 }] });
  });

  it("waits as long as it is asked to", async () => {
    sink.answer = answering(429, { "retry-after": "120" });
    const id = await send(channel.id, opened("ep_1"));
    await deliver();
    const { dueAt } = await deliveryOf(id);
    expect(dueAt.getTime() - now.getTime()).toBeGreaterThanOrEqual(120_000);
    expect(dueAt.getTime() - now.getTime()).toBeLessThan(130_000);
    // Others are not sent meanwhile either.
    await send(channel.id, opened("ep_2"), { groupKey: "other" });
    await deliver(later(100_000));
    expect(sink.received).toHaveLength(1);
    sink.answer = answering(200);
    await deliver(later(130_000));
    expect(sink.received).toHaveLength(3);
    const put = (await waitingJobs()).filter(({ key }) => key?.startsWith("deliver-later"));
    expect(put).toMatchObject([{ task: "deliver_notices" }]);
  });

  it.each([
    ["400", answering(400, {}, "no such field"), 400],
    ["404", answering(404), 404],
    ["a redirect", answering(302, { location: "http://127.0.0.1:9/" }), 302],
  ])("fails at once after %s", async (_, answer, status) => {
    sink.answer = answer;
    const id = await send(channel.id, opened("ep_1"));
    await deliver();
    expect(await deliveryOf(id)).toMatchObject({
      ...{ state: "failed", stateReason: "refused", attempts: [{ status }] },
    });
    expect(await channelOf(channel.id)).toMatchObject({
      ...{ state: "failing", failures: 1, stateReason: expect.stringContaining(String(status)) },
    });
    sink.answer = answering(200);
    await send(channel.id, opened("ep_1"), { sequence: 2 });
    await deliver(later(1_000));
    expect(await channelOf(channel.id)).toMatchObject({
      state: "ok",
      stateReason: null,
      failures: 0,
    });
  });

  it("is given up after ten attempts", async () => {
    sink.answer = answering(503);
    const id = await send(channel.id, opened("ep_1"));
    let at = now;
    for (let tries = 1; tries <= 10; tries++) {
      await deliver(at);
      at = new Date((await deliveryOf(id)).dueAt.getTime() + 60_000);
    }
    expect(sink.received).toHaveLength(10);
    expect(await deliveryOf(id)).toMatchObject({
      state: "failed",
      stateReason: "gave_up",
      tries: 10,
    });
    expect(await channelOf(channel.id)).toMatchObject({ state: "failing", failures: 10 });
  });

  it("disables a channel that is gone", async () => {
    sink.answer = answering(410);
    const id = await send(channel.id, opened("ep_1"));
    const waiting = await send(channel.id, opened("ep_2"), { groupKey: "other" });
    await deliver();
    expect(sink.received).toHaveLength(1);
    expect(await statesOf([id, waiting])).toEqual([
      ["failed", "gone"],
      ["failed", "channel_disabled"],
    ]);
    expect((await channelOf(channel.id)).state).toBe("disabled");
  });

  it("holds up only so long as a receiver does not answer", { timeout: 40_000 }, async () => {
    sink.answer = hanging;
    const id = await send(channel.id, opened("ep_1"));
    await deliver();
    expect(await deliveryOf(id)).toMatchObject({
      state: "retrying",
      attempts: [{ status: null, uncertain: true, error: expect.stringContaining("15 s") }],
    });
  });
});

it("is not sent to a place that may not be called any more", async () => {
  const id = await send(channel.id, opened("ep_1"));
  env.WATCHKEEPER_OUTBOUND_ALLOW = undefined;
  await deliver().finally(allowLoopback);
  expect(await deliveryOf(id)).toMatchObject({
    ...{ state: "failed", stateReason: "refused" },
    attempts: [{ status: null, error: expect.stringContaining("WATCHKEEPER_OUTBOUND_ALLOW") }],
  });
  expect(sink.received).toEqual([]);
});

describe("several of one group", () => {
  it("become one: the newest is sent, the others are dropped", async () => {
    const ids = [
      await send(channel.id, opened("ep_1"), { sequence: 1 }),
      await send(channel.id, opened("ep_1", "ep_2"), { sequence: 2 }),
      await send(channel.id, opened("ep_1", "ep_2", "ep_3"), { sequence: 3 }),
    ];
    await deliver();
    expect(await statesOf(ids)).toEqual([
      ["dropped", "superseded"],
      ["dropped", "superseded"],
      ["sent", null],
    ]);
    expect(sink.received).toHaveLength(1);
  });

  it("lose no close on the way", async () => {
    await send(channel.id, opened("ep_1", "ep_2"));
    await deliver();
    sink.answer = answering(500);
    await send(channel.id, message({ ep_2: {} }, { ep_1: {} }), { sequence: 2 });
    await deliver(later(1_000));
    sink.answer = answering(200);
    await send(channel.id, opened("ep_2", "ep_3"), { sequence: 3 });
    await deliver(later(2_000));
    expect(sink.bodies().at(-1)).toMatchObject({
      data: {
        firing: [{ episode_id: "ep_2" }, { episode_id: "ep_3" }],
        closed: [{ episode_id: "ep_1" }],
      },
    });
    expect(Object.keys((await toldOf(channel.id)).told as object).sort()).toEqual(["ep_2", "ep_3"]);
  });

  it("are dropped when all was closed before any of it was told", async () => {
    sink.answer = answering(500);
    const ids = [await send(channel.id, opened("ep_1"))];
    await deliver();
    sink.answer = answering(200);
    ids.push(await send(channel.id, closed("ep_1"), { sequence: 2 }));
    await deliver(later(10_000));
    expect(sink.received).toHaveLength(1);
    expect(await statesOf(ids)).toEqual([
      ["dropped", "superseded"],
      ["dropped", "closed_before_opened"],
    ]);
  });

  it("do not tell of a close that has arrived already", async () => {
    await send(channel.id, opened("ep_1"));
    await deliver();
    await send(channel.id, closed("ep_1"), { sequence: 2 });
    await deliver(later(1_000));
    // Decided while the one before was on its way.
    const ids = [await send(channel.id, message({ ep_2: {} }, { ep_1: {} }), { sequence: 3 })];
    await deliver(later(2_000));
    ids.push(await send(channel.id, closed("ep_1"), { sequence: 4 }));
    await deliver(later(3_000));
    expect(sink.bodies()).toMatchObject([
      { data: { firing: [{ episode_id: "ep_1" }], closed: [] } },
      { data: { firing: [], closed: [{ episode_id: "ep_1" }] } },
      { data: { firing: [{ episode_id: "ep_2" }], closed: [] } },
    ]);
    expect(await statesOf(ids)).toEqual([
      ["sent", null],
      ["dropped", "closed_before_opened"],
    ]);
  });

  it("tell of a close where the opening may have arrived", async () => {
    sink.answer = cutting;
    await send(channel.id, opened("ep_1"));
    await deliver();
    sink.answer = answering(200);
    await send(channel.id, closed("ep_1"), { sequence: 2 });
    await deliver(later(20_000));
    expect(sink.bodies().map(({ type }) => type)).toEqual(["alert.opened", "alert.closed"]);
  });
});

describe("the default channel", () => {
  let other: Sink;
  let fallback: ChannelItem;
  beforeEach(async () => {
    other = await startSink();
    fallback = await makeChannel(write, {
      ...{ kind: "webhook", name: "last resort", url: other.url, is_default: true },
    });
  });
  afterEach(() => other.close());

  it("tells what another could not, once, and its close", async () => {
    sink.answer = answering(400);
    await send(channel.id, opened("ep_1"));
    await deliver();
    await deliver(now, fallback.id);
    expect(other.bodies()).toMatchObject([
      { data: { reason: "opened", failed_channel: "test", firing: [{ episode_id: "ep_1" }] } },
    ]);
    await send(channel.id, closed("ep_1"), { sequence: 2 });
    await deliver(later(1_000));
    await deliver(later(1_000), fallback.id);
    expect(other.bodies()[1]).toMatchObject({ data: { closed: [{ episode_id: "ep_1" }] } });
    expect(sink.received).toHaveLength(1);
  });

  it("is told of the close, once, by whoever forms the groups", async () => {
    sink.answer = answering(400);
    const of: Partial<NoticeContent> = {
      ...{ channels: [channel.id], opened_at: now.toISOString(), severity: "critical" },
    };
    const put = (of: NoticeContent, at: Date) =>
      prisma.$transaction((tx) => putNotices(tx, "default", [{ id: "ep_1", content: of }], at));
    const all = async (at: Date) => {
      await dispatchNotices("default", at);
      await deliver(at);
      await deliver(at, fallback.id);
    };
    await put(content(of), now);
    await all(now);
    expect(other.bodies()).toMatchObject([{ data: { firing: [{ episode_id: "ep_1" }] } }]);
    await put(closedContent({ ...of, closed_at: later(600_000).toISOString() }), later(600_000));
    for (const minutes of [10, 20, 120, 3_000]) await all(later(minutes * 60_000));
    expect(other.bodies().slice(1)).toMatchObject([{ data: { closed: [{ episode_id: "ep_1" }] } }]);
    expect(sink.received).toHaveLength(1);
    expect(
      await prisma.noticeGroup.count({
        where: { channelId: channel.id, members: { isEmpty: false } },
      }),
    ).toBe(0);
  });

  it("has nobody to fall back on itself", async () => {
    other.answer = answering(400);
    const id = await send(fallback.id, opened("ep_1"));
    await deliver(now, fallback.id);
    expect(await statesOf([id])).toEqual([["failed", "refused"]]);
    await deliver(later(1_000), fallback.id);
    expect(other.received).toHaveLength(1);
  });
});

describe("pace", () => {
  /** How long it takes at least: what comes before the first message only adds to it. */
  async function spentMs(work: () => Promise<unknown>): Promise<number> {
    const began = performance.now();
    await work();
    return performance.now() - began;
  }

  it("is five at once and then five a second", async () => {
    for (let at = 0; at < 8; at++)
      await send(channel.id, opened(`ep_${at}`), { groupKey: `g${at}` });
    expect(await spentMs(deliver)).toBeGreaterThanOrEqual(590);
    expect(sink.received).toHaveLength(8);
  });

  it("holds over several workers, and nothing is sent twice", async () => {
    for (let at = 0; at < 12; at++)
      await send(channel.id, opened(`ep_${at}`), { groupKey: `g${at}` });
    const together = () => Promise.all([deliver(), deliver(), deliver()]);
    expect(await spentMs(together)).toBeGreaterThanOrEqual(1_390);
    const ids = sink.received.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(12);
  });
});

it("what comes for a channel that is gone is dropped", async () => {
  const id = await send("chan_gone", opened("ep_1"));
  await deliver(now, "chan_gone");
  expect(await statesOf([id])).toEqual([["dropped", "channel_removed"]]);
});

it("a channel whose job went with its worker is woken", async () => {
  await send(channel.id, opened("ep_1"));
  await forgetJobs();
  await wakeDeliveries(new Date());
  expect(await waitingJobs()).toMatchObject([{ key: `deliver:${channel.id}` }]);
});
