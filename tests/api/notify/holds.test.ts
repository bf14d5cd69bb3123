import { beforeEach, expect, it } from "vitest";
import { prisma } from "@/lib/db/client";
import { dispatchNotices } from "@/lib/notify/dispatch-service";
import { listHolds } from "@/lib/notify/hold-store";
import { truncateAll } from "@/tests/support/database";
import { addChannel, closedOf, deliveries, noticeOf, put } from "@/tests/support/dispatching";

/** A Friday. */
const NOON = new Date("2026-11-20T12:00:00Z");
const after = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);

beforeEach(async () => {
  await truncateAll();
  await addChannel("chat", { isDefault: true });
});

const holds = async (episode: string) =>
  (await listHolds("default", episode)).map(({ kind, byName, channel, from, until }) => [
    ...[kind, byName, channel],
    ...[
      (from.getTime() - NOON.getTime()) / 60_000,
      until && (until.getTime() - NOON.getTime()) / 60_000,
    ],
  ]);
const dispatchAt = (minutes: number) => dispatchNotices("default", after(minutes));

it("names the silence that held a message back, and until when", async () => {
  await prisma.silence.create({
    data: {
      ...{ workspace: "default", id: "sil_1", author: "ines", createdAt: NOON },
      ...{ startsAt: after(-60), endsAt: after(30), history: [] },
      body: {
        matchers: [{ name: "agent", op: "=", value: "a" }],
        ...{ reason: "a planned deployment", end_when_closed: false, end_when_idle: false },
      },
    },
  });
  await put(NOON, noticeOf("a", NOON), noticeOf("b", NOON));
  for (const minutes of [0, 5, 10, 30, 31]) await dispatchAt(minutes);
  expect(await holds("a")).toEqual([["silence", "a planned deployment", "chat", 0, 30]]);
  expect(await holds("b")).toEqual([]);
});

it("names the mute timing of the route, and what the alert closes with", async () => {
  await prisma.muteTiming.create({
    data: {
      ...{ workspace: "default", id: "mt_1", name: "Fridays", createdAt: NOON },
      body: {
        name: "Fridays",
        tz: "UTC",
        intervals: [{ weekdays: [{ from: "friday", to: "friday" }] }],
      },
    },
  });
  await prisma.route.create({
    data: {
      ...{ workspace: "default", id: "route_1", name: "All", position: 1, createdAt: NOON },
      body: { name: "All", channels: ["chat"], mute_timings: ["mt_1"] },
    },
  });
  const notice = noticeOf("a", NOON);
  await put(NOON, notice);
  await dispatchAt(0);
  await dispatchAt(1);
  expect(await holds("a")).toEqual([["mute", "Fridays", "chat", 0, null]]);
  await put(after(2), closedOf(notice, after(2)));
  await dispatchAt(2);
  expect(await holds("a")).toEqual([["mute", "Fridays", "chat", 0, 2]]);
  expect(await deliveries()).toEqual([]);
});

it("names the rule whose alert hides another", async () => {
  const labels = { agent: "a" };
  const worse = noticeOf("worse", NOON, { labels, severity: "critical", alertname: "Outage" });
  await put(NOON, worse, noticeOf("mild", NOON, { labels }));
  await dispatchAt(0);
  await dispatchAt(1);
  expect(await holds("mild")).toEqual([["inhibited", "Outage", "chat", 0, null]]);
  await put(after(2), closedOf(worse, after(2)));
  await dispatchAt(2);
  expect(await holds("mild")).toEqual([["inhibited", "Outage", "chat", 0, 2]]);
  expect(await holds("worse")).toEqual([]);
});
