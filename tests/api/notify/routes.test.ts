import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DELETE as deleteTiming, PUT as putTiming } from "@/app/api/v1/mute-timings/[id]/route";
import { GET as getTimings, POST as postTiming } from "@/app/api/v1/mute-timings/route";
import { GET as getSettings, PUT as putSettings } from "@/app/api/v1/notify-settings/route";
import { DELETE, PUT } from "@/app/api/v1/routes/[id]/route";
import { PUT as order } from "@/app/api/v1/routes/order/route";
import { POST as preview } from "@/app/api/v1/routes/preview/route";
import { GET, POST } from "@/app/api/v1/routes/route";
import { pool, prisma } from "@/lib/db/client";
import { dispatchNotices } from "@/lib/notify/dispatch-service";
import type { RouteItem } from "@/lib/notify/route-schema";
import { DEFAULT_TIMERS } from "@/lib/notify/route-schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { addChannel, arrive, closedOf, noticeOf, put, told } from "@/tests/support/dispatching";
import { waitingJobs } from "@/tests/support/jobs";

let write: { authorization: string };
let read: { authorization: string };

beforeAll(async () => {
  await truncateAll();
  write = await bearer("write");
  read = await bearer("read");
  for (const id of ["chat", "pager"])
    await addChannel(id, { kind: id === "pager" ? "pagerduty" : "slack" });
});
beforeEach(async () => {
  await pool().query(
    "truncate route, mute_timing, setting, notice, notice_group, delivery, silence",
  );
});

const make = (json: unknown, headers = write) =>
  call(POST, "/x", { method: "POST", headers, json });
const made = async (json: object) => (await make({ name: "r", ...json })).body as RouteItem;
const names = async () =>
  ((await call(GET, "/x", { headers: read })).body as { data: RouteItem[] }).data.map(
    ({ name }) => name,
  );

describe("routes", () => {
  it("are made with defaults, read in order, changed, ordered and deleted", async () => {
    const first = await make({ name: "First", channels: ["chat"] });
    expect(first).toMatchObject({
      status: 201,
      body: {
        ...{ name: "First", matchers: [], continue: false, channels: ["chat"] },
        ...{ group_by: ["alertname"], mute_timings: [], active_timings: [], escalate: [] },
      },
    });
    const second = await made({ name: "Second" });
    const { id } = first.body as RouteItem;
    const json = { ids: [second.id, id] };
    const ordered = await call(order, "/x", { method: "PUT", headers: write, json });
    expect(ordered.status).toBe(200);
    expect(await names()).toEqual(["Second", "First"]);
    const other = { name: "Third", matchers: [{ name: "severity", value: "critical" }] };
    const changed = await call(PUT, "/x", {
      ...{ method: "PUT", headers: write, json: other, params: { id } },
    });
    expect(changed).toMatchObject({
      ...{ status: 200, body: { id, name: "Third", channels: [] } },
    });
    const gone = { method: "DELETE", headers: write, params: { id } };
    expect((await call(DELETE, "/x", gone)).status).toBe(204);
    expect((await call(DELETE, "/x", gone)).status).toBe(404);
    expect(await names()).toEqual(["Second"]);
  });

  it.each([
    [{ name: "" }, "name"],
    [{ name: "r", channels: ["nobody"] }, "channels.0"],
    [{ name: "r", escalate: [{ after_ms: 60_000, channels: ["x"] }] }, "escalate.0.channels.0"],
    [{ name: "r", mute_timings: ["x"] }, "mute_timings.0"],
    [{ name: "r", matchers: [{ name: "a", op: "=~", value: "(" }] }, "matchers.0.value"],
    [{ name: "r", matchers: [{ name: "a", op: "=~", value: "(?=a)" }] }, "matchers.0.value"],
    [{ name: "r", group_wait_ms: -1 }, "group_wait_ms"],
    [{ name: "r", what: 1 }, "what"],
  ])("say what is wrong with %j", async (json, path) => {
    expect(await make(json)).toMatchObject({
      status: 400,
      body: { error: { code: "invalid", issues: [{ path }] } },
    });
  });

  it("are put in order only as a whole", async () => {
    const { id } = await made({});
    await made({});
    const answer = await call(order, "/x", { method: "PUT", headers: write, json: { ids: [id] } });
    expect(answer).toMatchObject({ status: 400, body: { error: { issues: [{ path: "ids" }] } } });
  });

  it("are not for readers to change", async () => {
    expect((await make({ name: "r" }, read)).status).toBe(403);
  });

  it("concern what is open already: who is told no more hears of its close", async () => {
    const now = new Date();
    const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
    const { id } = await made({ channels: ["chat"] });
    const notice = noticeOf("e1", now, { severity: "critical" });
    await put(now, notice);
    await dispatchNotices("default", now);
    await arrive(now);
    await call(PUT, "/x", {
      ...{ method: "PUT", headers: write, params: { id } },
      json: { name: "r", channels: ["pager"] },
    });
    expect((await waitingJobs()).map(({ key }) => key)).toContain("dispatch:default");
    await dispatchNotices("default", later(1));
    await arrive(later(1));
    await dispatchNotices("default", later(70));
    await arrive(later(70));
    await put(later(80), closedOf(notice, later(80)));
    await dispatchNotices("default", later(80));
    const all = await told();
    expect(all.slice(0, 3)).toEqual(["chat opened e1+", "pager opened e1+", "pager reminder e1+"]);
    expect(all.slice(3).sort()).toEqual(["chat closed e1-", "pager closed e1-"]);
  });
});

describe("the preview", () => {
  const look = async (json: object) =>
    (await call(preview, "/x", { method: "POST", headers: read, json })).body;

  it("says which routes take an alert, to whom it goes and when", async () => {
    const labels = { severity: "critical", alertname: "Failures", agent: "a" };
    const critical = { matchers: [{ name: "severity", value: "critical" }] };
    const weekend = (
      await call(postTiming, "/x", {
        ...{ method: "POST", headers: write },
        json: { name: "Always", intervals: [{ days_of_month: [{ from: 1, to: 31 }] }] },
      })
    ).body as { id: string };
    const first = await made({
      ...{ name: "Pages", ...critical, channels: ["pager"], continue: true },
      ...{ group_by: ["agent"], repeat_ms: 600_000 },
    });
    const second = await made({
      ...{ name: "Chat", channels: ["chat"], mute_timings: [weekend.id] },
      escalate: [{ after_ms: 300_000, channels: ["pager"] }],
    });
    await made({ name: "Never reached", channels: ["chat"] });
    const timers = { group_wait_ms: 0, group_interval_ms: 300_000, repeat_ms: 3_600_000 };
    const [chat, pager] = [
      { id: "chat", name: "chat", kind: "slack" },
      { id: "pager", name: "pager", kind: "pagerduty" },
    ];
    const group = { alertname: "Failures" };
    expect(await look({ labels })).toEqual({
      routes: [
        { id: first.id, name: "Pages", continue: true },
        { id: second.id, name: "Chat", continue: false },
      ],
      targets: [
        {
          ...{ channel: pager, route: first.id, group: { agent: "a" }, after_ms: 0 },
          ...{ timers: { ...timers, repeat_ms: 600_000 }, muted: false },
        },
        { channel: chat, route: second.id, group, after_ms: 0, timers, muted: true },
        { channel: pager, route: second.id, group, after_ms: 300_000, timers, muted: true },
      ],
      silenced: false,
    });
  });

  it("names the default channel where no route takes it, and what the rule names", async () => {
    const labels = { severity: "warning", alertname: "Failures" };
    const timers = { group_wait_ms: 30_000, group_interval_ms: 300_000 };
    expect(await look({ labels })).toMatchObject({
      routes: [],
      targets: [
        { channel: { id: "chat" }, route: null, timers: { ...timers, repeat_ms: 86_400_000 } },
      ],
    });
    expect(await look({ labels, channels: ["pager"] })).toMatchObject({
      targets: [{ channel: { id: "pager" }, timers: { ...timers, repeat_ms: 14_400_000 } }],
    });
  });
});

describe("mute timings", () => {
  const json = {
    ...{ name: "Nights", tz: "Europe/Berlin" },
    intervals: [
      {
        times: [
          { from: "00:00", to: "08:00" },
          { from: "20:00", to: "24:00" },
        ],
      },
    ],
  };
  const post = (body: unknown) =>
    call(postTiming, "/x", { method: "POST", headers: write, json: body });

  it("are made, read, changed and, once no route refers to them, deleted", async () => {
    const { status, body } = await post(json);
    const { id } = body as { id: string };
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { ...json, now: expect.any(Boolean) },
    });
    const { id: routeId } = await made({ mute_timings: [id] });
    const gone = { method: "DELETE", headers: write, params: { id } };
    expect(await call(deleteTiming, "/x", gone)).toMatchObject({
      ...{ status: 409, body: { error: { message: expect.stringContaining("“r”") } } },
    });
    const changed = { ...json, name: "Evenings" };
    const answer = await call(putTiming, "/x", {
      ...{ method: "PUT", headers: write, json: changed, params: { id } },
    });
    expect(answer).toMatchObject({ status: 200, body: { id, name: "Evenings" } });
    const { body: page } = await call(getTimings, "/x", { headers: read });
    expect(page).toMatchObject({ data: [{ id, name: "Evenings" }], next_cursor: null });
    await prisma.route.deleteMany({ where: { id: routeId } });
    expect((await call(deleteTiming, "/x", gone)).status).toBe(204);
    expect((await call(deleteTiming, "/x", gone)).status).toBe(404);
  });

  it.each([
    [{ ...json, tz: "Mars/Base" }, "tz"],
    [{ ...json, intervals: [] }, "intervals"],
    [{ ...json, intervals: [{}] }, "intervals.0"],
    [
      { ...json, intervals: [{ times: [{ from: "9:00", to: "10:00" }] }] },
      "intervals.0.times.0.from",
    ],
    [
      { ...json, intervals: [{ times: [{ from: "10:00", to: "09:00" }] }] },
      "intervals.0.times.0.to",
    ],
    [
      { ...json, intervals: [{ days_of_month: [{ from: 0, to: 3 }] }] },
      "intervals.0.days_of_month.0.from",
    ],
    [
      { ...json, intervals: [{ days_of_month: [{ from: -1, to: -3 }] }] },
      "intervals.0.days_of_month.0.to",
    ],
  ])("say what is wrong, case %#", async (body, path) => {
    expect(await post(body)).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path }] } },
    });
  });
});

describe("the settings", () => {
  it("are the defaults until somebody changes them, and what is left out is a default", async () => {
    const inhibition = { rule_health: true, critical_over_warning: true, platform_down: true };
    const before = await call(getSettings, "/x", { headers: read });
    expect(before).toMatchObject({ status: 200, body: { inhibition, timers: DEFAULT_TIMERS } });
    const json = { inhibition: { ...inhibition, platform_down: false } };
    const changed = await call(putSettings, "/x", { method: "PUT", headers: write, json });
    expect(changed).toMatchObject({ status: 200, body: { ...json, timers: DEFAULT_TIMERS } });
    expect((await call(getSettings, "/x", { headers: read })).body).toEqual(changed.body);
    const bad = { timers: { ...DEFAULT_TIMERS, group_wait_ms: -1 } };
    const answer = await call(putSettings, "/x", { method: "PUT", headers: write, json: bad });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path: "timers.group_wait_ms" }] } },
    });
  });
});
