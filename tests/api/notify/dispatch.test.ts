import { beforeEach, describe, expect, it } from "vitest";
import { DELETE } from "@/app/api/v1/channels/[id]/route";
import { prisma } from "@/lib/db/client";
import { bringMessagesBack } from "@/lib/notify/clock-store";
import { dispatchNotices, forgetNotices } from "@/lib/notify/dispatch-service";
import { NewRoute } from "@/lib/notify/route-schema";
import { saveRoute } from "@/lib/notify/route-store";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { makeChannel } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import {
  addChannel,
  arrive,
  closedOf,
  deliveries,
  noticeOf,
  put,
  told,
} from "@/tests/support/dispatching";
import { forgetJobs, waitingJobs } from "@/tests/support/jobs";

const START = Date.parse("2026-11-20T12:00:00Z");
const MINUTE = 60_000;
const at = (minutes: number) => new Date(START + minutes * MINUTE);
const dispatch = (minutes: number) => dispatchNotices("default", at(minutes));

beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
});

const route = (fields: Partial<NewRoute>) =>
  saveRoute(prisma, "default", NewRoute.parse({ name: "r", ...fields }), at(0));

describe("putting notices", () => {
  it("stores what is said of an episode and has it dispatched at once", async () => {
    await put(at(0), noticeOf("e1", at(0)));
    expect(await prisma.notice.findMany()).toMatchObject([
      { id: "e1", ruleId: "rule_Failures", openedAt: at(0), closedAt: null, routedAt: null },
    ]);
    expect(await waitingJobs()).toMatchObject([
      { task: "dispatch_notices", payload: { workspace: "default" }, key: "dispatch:default" },
    ]);
  });

  it("changes nothing when it is the same again", async () => {
    await put(at(0), noticeOf("e1", at(0)));
    await addChannel("chan");
    await dispatch(0);
    const before = await prisma.notice.findMany();
    await forgetJobs();
    await put(at(1), noticeOf("e1", at(0)));
    expect(await prisma.notice.findMany()).toEqual(before);
    expect(await waitingJobs()).toEqual([]);
  });

  it("takes the acknowledgement from what worsens, and from nothing else", async () => {
    const first = noticeOf("e1", at(0), { severity: "high" });
    await put(at(0), first);
    await prisma.notice.updateMany({ data: { acknowledgedAt: at(1), acknowledgedBy: "ann" } });
    await put(at(2), { ...first, content: { ...first.content, severity: "warning" } });
    expect(await prisma.notice.findFirst()).toMatchObject({ acknowledgedBy: "ann" });
    await put(at(3), { ...first, content: { ...first.content, severity: "critical" } });
    expect(await prisma.notice.findFirst()).toMatchObject({
      acknowledgedBy: null,
      acknowledgedAt: null,
    });
  });
});

describe("dispatching", () => {
  it("tells the default channel in half a minute, and the close when it has been told", async () => {
    await addChannel("other");
    await addChannel("chan", { isDefault: true });
    const first = noticeOf("e1", at(0));
    await put(at(0), first, noticeOf("e2", at(0)));
    await dispatch(0);
    expect(await told()).toEqual([]);
    const later = (await waitingJobs()).find(({ key }) => key === "dispatch-later:default");
    expect(later?.runAt).toEqual(at(0.5));
    await dispatch(0.5);
    expect(await told()).toEqual(["chan opened e1+ e2+"]);
    await arrive(at(0.6));
    await put(at(2), closedOf(first, at(2)));
    await dispatch(2);
    await dispatch(5.5);
    expect(await told()).toEqual(["chan opened e1+ e2+"]);
    await dispatch(5.6);
    expect(await told()).toEqual(["chan opened e1+ e2+", "chan some_closed e2+ e1-"]);
    await arrive(at(5.7));
    await dispatch(7);
    const [group] = await prisma.noticeGroup.findMany();
    expect(group).toMatchObject({
      members: ["e2"],
      sequence: 2,
      labels: { alertname: "Failures" },
    });
    expect(Object.keys(group?.told as object)).toEqual(["e2"]);
    // The reminder is due a day after the last message that arrived.
    expect(group?.flushAt).toEqual(at(5.7 + 1_440));
  });

  it("tells nothing twice after the clock went back, and the close when it comes", async () => {
    await addChannel("chan", { isDefault: true });
    const first = noticeOf("e1", at(180), { severity: "critical" });
    await put(at(180), first);
    await dispatch(180);
    await arrive(at(180.2));
    await dispatch(181);
    const before = await told();
    expect(before).toEqual([expect.stringContaining("e1+")]);
    await bringMessagesBack(at(1));
    await dispatch(1);
    await dispatch(60);
    expect(await told()).toEqual(before);
    const [group] = await prisma.noticeGroup.findMany();
    expect(group?.lastSentAt).toEqual(at(1));
    await put(at(61), closedOf(first, at(61)));
    await dispatch(61);
    await dispatch(67);
    expect(await told()).toEqual([...before, expect.stringContaining("e1-")]);
  });

  it("tells of critical ones at once", async () => {
    await addChannel("chan");
    await put(at(0), noticeOf("e1", at(0), { severity: "critical" }));
    await dispatch(0);
    expect(await deliveries()).toMatchObject([
      { reason: "opened", sequence: 1, state: "queued", dueAt: at(0), message: { more: 0 } },
    ]);
    expect((await waitingJobs()).map(({ key }) => key)).toContain("deliver:chan");
  });

  it("says nothing of what has closed before anybody was told", async () => {
    await addChannel("chan");
    const first = noticeOf("e1", at(0));
    await put(at(0), first);
    await dispatch(0);
    await put(at(0.2), closedOf(first, at(0.2)));
    await dispatch(0.2);
    await dispatch(1);
    await dispatch(60);
    expect(await deliveries()).toEqual([]);
    expect(await prisma.noticeGroup.findMany()).toMatchObject([{ members: [], flushAt: null }]);
  });

  it("puts newer content in the place of what waits", async () => {
    await addChannel("chan");
    await put(at(0), noticeOf("e1", at(0), { severity: "critical" }));
    await dispatch(0);
    await put(at(0.1), noticeOf("e2", at(0.1)));
    await dispatch(0.1);
    expect((await deliveries()).map(({ sequence, firing }) => [sequence, firing])).toEqual([
      [1, ["e1"]],
      [2, ["e1", "e2"]],
    ]);
  });

  it("follows routes, and what rules name", async () => {
    for (const id of ["default", "pager", "chat", "own"]) await addChannel(id);
    await route({
      matchers: [{ name: "severity", op: "=", value: "critical" }],
      ...{ channels: ["pager"], continue: true },
    });
    await route({
      matchers: [{ name: "agent", op: "=~", value: "a.*" }],
      ...{ channels: ["chat"], group_by: ["agent"] },
    });
    const critical = { severity: "critical" } as const;
    await put(
      at(0),
      noticeOf("a1", at(0), critical),
      noticeOf("a2", at(0), critical),
      noticeOf("b1", at(0), critical),
      noticeOf("c1", at(0), { ...critical, alertname: "Other", channels: ["own"], labels: {} }),
      noticeOf("d1", at(0)),
    );
    await dispatch(0);
    await dispatch(0.5);
    expect((await told()).sort()).toEqual([
      "chat opened a1+",
      "chat opened a2+",
      "default opened d1+",
      "own opened c1+",
      "pager opened a1+ a2+ b1+",
      "pager opened c1+",
    ]);
  });

  it("tells a route's next channels of what nobody acknowledges", async () => {
    for (const id of ["first", "second"]) await addChannel(id);
    const escalate = [{ after_ms: 10 * MINUTE, channels: ["second"] }];
    await route({ channels: ["first"], group_wait_ms: 0, escalate });
    const [first, taken] = [noticeOf("e1", at(0)), noticeOf("e2", at(0), { alertname: "Other" })];
    await put(at(0), first, taken);
    await dispatch(0);
    await arrive(at(0));
    await dispatch(1);
    await prisma.notice.updateMany({ where: { id: "e2" }, data: { acknowledgedAt: at(5) } });
    await dispatch(9.9);
    expect(await told()).toHaveLength(2);
    await dispatch(10);
    await arrive(at(10));
    expect((await told()).slice(2)).toEqual(["second escalated e1+"]);
    await put(at(20), closedOf(first, at(20)), closedOf(taken, at(20)));
    await dispatch(20);
    expect((await told()).slice(3).sort()).toEqual([
      "first closed e1-",
      "first closed e2-",
      "second closed e1-",
    ]);
  });

  it("tells of more than twenty groups at once in one digest, and of their closes", async () => {
    await addChannel("chan");
    const many = Array.from({ length: 30 }, (_, index) =>
      noticeOf(`e${index + 10}`, at(0), {
        alertname: `Rule ${index + 10}`,
        severity: index < 2 ? "high" : "warning",
      }),
    );
    await put(at(0), ...many);
    await dispatch(0);
    await dispatch(0.5);
    const first = await told();
    expect(first).toHaveLength(21);
    expect(first.filter((line) => line.split(" ").length > 3)).toEqual([
      `chan opened ${many
        .slice(20)
        .map(({ id }) => `${id}+`)
        .join(" ")}`,
    ]);
    await arrive(at(0.6));
    await put(at(1), noticeOf("late", at(1), { alertname: "Late", severity: "critical" }));
    await dispatch(1);
    await dispatch(3);
    expect(await told()).toHaveLength(21);
    await dispatch(5.6);
    expect((await told()).slice(21)).toEqual([expect.stringMatching(/^chan more_opened .*late\+/)]);
    await arrive(at(5.7));
    await put(at(20), ...many.map((notice) => closedOf(notice, at(20))));
    await dispatch(20);
    const closes = (await deliveries()).slice(22).flatMap(({ closed }) => closed);
    expect(closes.sort()).toEqual(many.map(({ id }) => id).sort());
    // A day later it is told group by group again.
    await arrive(at(20));
    await put(
      at(2_000),
      noticeOf("new", at(2_000), { alertname: "Rule 39", severity: "critical" }),
    );
    await dispatch(2_000);
    expect((await told()).at(-1)).toBe("chan opened new+");
  });

  it("goes by the channels that there are", async () => {
    const write = await bearer("write");
    await put(at(0), noticeOf("e1", at(0), { severity: "critical" }));
    await dispatch(0);
    expect(await told()).toEqual([]);
    allowLoopback();
    const { id } = await makeChannel(write, { kind: "webhook", url: "http://127.0.0.1:9/" });
    await dispatch(1);
    expect(await told()).toEqual([`${id} opened e1+`]);
    await addChannel("other");
    await call(DELETE, "/x", { method: "DELETE", headers: write, params: { id } });
    await dispatch(2);
    expect(await told()).toEqual(["other opened e1+"]);
  });

  it("forgets in time what has closed, and groups in which nothing happens", async () => {
    await addChannel("chan");
    const [old, recent, open] = ["old", "recent", "open"].map((id) =>
      noticeOf(id, at(0), { severity: "critical", alertname: id }),
    );
    if (!old || !recent || !open) throw new Error("three were made");
    await put(at(0), old, recent, open);
    await dispatch(0);
    await arrive(at(0));
    await put(at(10), closedOf(old, at(10)));
    await dispatch(10);
    await arrive(at(10));
    const day = 1_440;
    await put(at(50 * day), closedOf(recent, at(50 * day)));
    await dispatch(50 * day);
    await arrive(at(50 * day));
    expect(await forgetNotices(at(100 * day))).toBe(2);
    expect((await prisma.notice.findMany()).map(({ id }) => id).sort()).toEqual(["open", "recent"]);
    expect(await prisma.noticeGroup.count()).toBe(2);
  });
});
