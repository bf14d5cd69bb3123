import { beforeEach, describe, expect, it } from "vitest";
import { DELETE as closeRoute, GET as stateRoute } from "@/app/api/v1/account/break-glass/route";
import { DELETE as endRoute } from "@/app/api/v1/break-glasses/[id]/route";
import { GET as listRoute } from "@/app/api/v1/break-glasses/route";
import { GET as liveRoute } from "@/app/api/v1/live/route";
import { GET as metricsRoute } from "@/app/api/v1/metrics/route";
import { GET as eventsRoute } from "@/app/api/v1/sessions/[id]/events/route";
import { GET as sessionRoute } from "@/app/api/v1/sessions/[id]/route";
import { GET as exportRoute } from "@/app/api/v1/sessions/export/route";
import { GET as sessionsRoute } from "@/app/api/v1/sessions/route";
import type { OwnBreakGlass } from "@/lib/auth/break-glass-schema";
import { whileOpen } from "@/lib/auth/break-glass-stream";
import { callerOfCookie } from "@/lib/auth/service";
import { prisma } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { at } from "@/tests/support/events";
import {
  allowOpening,
  browser,
  enterAs,
  enterFirst,
  openContent,
  REASON,
} from "@/tests/support/people";
import { failedSession, MARKER } from "@/tests/support/said";
import { storeItems } from "@/tests/support/stored";

let admin: string;
let cost: string;
let personId: string;
beforeEach(async () => {
  await truncateAll();
  admin = await enterFirst();
  cost = await enterAs("cost", admin);
  personId = await allowOpening(cost, admin);
  await storeItems("sesn_failed", failedSession("sesn_failed"));
});

const read = (cookie: string) =>
  call(sessionRoute, "/api/v1/sessions/sesn_failed", {
    headers: { cookie },
    params: { id: "sesn_failed" },
  });
const sees = async (cookie = cost) => (await read(cookie)).text.includes(MARKER);
const close = (cookie = cost) =>
  call(closeRoute, "/x", { method: "DELETE", headers: browser(cookie) });
const list = async () =>
  (await call(listRoute, "/api/v1/break-glasses", { headers: { cookie: admin } })).body;
async function open(json?: object): Promise<OwnBreakGlass> {
  const answer = await openContent(cost, json);
  expect(answer.status).toBe(201);
  return answer.body as OwnBreakGlass;
}
const entries = (action: string) =>
  prisma.auditEntry.findMany({ where: { action: { startsWith: action } }, orderBy: { at: "asc" } });

describe("opening", () => {
  it("shows content with a reason, for so long, until it is closed", async () => {
    expect(await sees()).toBe(false);
    const opened = await open({ reason: `  ${REASON} `, minutes: 60 });
    expect(opened).toEqual({
      id: expect.stringMatching(/^glass_/),
      reason: REASON,
      opened_at: expect.any(String),
      until: new Date(Date.parse(opened.opened_at) + 3_600_000).toISOString(),
    });
    expect(await sees()).toBe(true);
    const state = await call(stateRoute, "/x", { headers: { cookie: cost } });
    expect(state.body).toEqual({ may_open: true, open: opened });
    expect((await close()).status).toBe(204);
    expect([await sees(), (await close()).status]).toEqual([false, 404]);
    expect(await list()).toEqual({
      data: [
        {
          ...opened,
          person: { id: personId, email: "cost@example.com" },
          closed_at: expect.any(String),
          ...{ closed_by: "cost@example.com", is_open: false },
        },
      ],
      next_cursor: null,
    });
  });

  it("changes nothing of what they may change", async () => {
    await open();
    const { scopes } = (await callerOfCookie(new Headers({ cookie: cost }), new Date())) ?? {};
    expect(scopes).toEqual(["figures", "read"]);
  });

  it.each([
    [{ reason: "too short", minutes: 15 }, "reason"],
    [{ reason: `${" ".repeat(20)}short`, minutes: 15 }, "reason"],
    [{ reason: REASON, minutes: 30 }, "minutes"],
    [{ reason: REASON }, "minutes"],
    [{ minutes: 15 }, "reason"],
  ])("asks for a reason and a time: %j", async (json, path) => {
    expect(await openContent(cost, json)).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path }] } },
    });
    expect(await sees()).toBe(false);
  });

  it("is not for who was not let, sees content anyway, or comes with a key", async () => {
    await allowOpening(cost, admin, false);
    expect(await openContent(cost)).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringMatching(/administrator can allow it/) } },
    });
    const viewer = await enterAs("viewer", admin);
    await allowOpening(viewer, admin);
    expect((await openContent(viewer)).status).toBe(409);
    const key = await bearer("figures");
    const byKey = await call(closeRoute, "/x", { method: "DELETE", headers: key });
    expect(byKey.status).toBe(404);
    expect(await list()).toMatchObject({ data: [] });
  });

  it("is one at a time, also for two at once", async () => {
    const answers = await Promise.all([openContent(cost), openContent(cost)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await prisma.breakGlass.count()).toBe(1);
  });
});

describe("the end", () => {
  it("comes by itself", async () => {
    await open();
    await prisma.breakGlass.updateMany({ data: { until: new Date(Date.now() + 300) } });
    expect(await sees()).toBe(true);
    await expect.poll(() => sees(), { timeout: 5_000 }).toBe(false);
    expect(await list()).toMatchObject({ data: [{ is_open: false, closed_at: null }] });
    await open();
  });

  it("comes when an admin closes it", async () => {
    const { id } = await open();
    const end = () =>
      call(endRoute, "/x", { method: "DELETE", headers: browser(admin), params: { id } });
    expect((await end()).status).toBe(204);
    expect([await sees(), (await end()).status]).toEqual([false, 404]);
    expect(await list()).toMatchObject({ data: [{ closed_by: "ada@example.com" }] });
    expect(await entries("break_glass.closed")).toMatchObject([
      { actorLabel: "ada@example.com", targetId: id, targetLabel: "cost@example.com" },
    ]);
  });

  it("comes with the right to open, and not back with it", async () => {
    await open();
    await allowOpening(cost, admin, false);
    expect(await sees()).toBe(false);
    await allowOpening(cost, admin);
    expect(await sees()).toBe(false);
  });

  it.each([
    ["who opened it", () => close()],
    [
      "an admin",
      async (id: string) =>
        call(endRoute, "/x", { method: "DELETE", headers: browser(admin), params: { id } }),
    ],
    ["taking the right away", () => allowOpening(cost, admin, false)],
  ])("ends a quiet stream of hints at once when it is closed by %s", async (_, end) => {
    const { id } = await open();
    const headers = { cookie: cost };
    const hints = await liveRoute(new Request("http://localhost:3000/api/v1/live", { headers }));
    const reader = hints.body?.getReader();
    let isOver = false;
    let words = "";
    const reading = (async () => {
      while (!isOver) {
        const { done = true, value } = (await reader?.read()) ?? {};
        words += new TextDecoder().decode(value);
        isOver = done;
      }
    })();
    await expect.poll(() => words).toContain("retry");
    await end(id);
    await expect.poll(() => isOver, { timeout: 5_000 }).toBe(true);
    await reading;
    // Nothing but the beginning was told: neither a hint nor a sign of life has ended it.
    expect(words).not.toMatch(/changed|still here/);
  });

  it("cuts hints and files that are on their way", async () => {
    await open();
    await prisma.breakGlass.updateMany({ data: { until: new Date(Date.now() + 1_000) } });
    const headers = { cookie: cost };
    const hints = await liveRoute(new Request("http://localhost:3000/api/v1/live", { headers }));
    const reader = hints.body?.getReader();
    let isOver = false;
    while (!isOver) isOver = (await reader?.read())?.done ?? true;
    expect(await sees()).toBe(false);

    await open();
    const caller = await callerOfCookie(new Headers({ cookie: cost }), new Date());
    const lines = new ReadableStream<Uint8Array>(
      { pull: (controller) => controller.enqueue(new TextEncoder().encode("line\n")) },
      { highWaterMark: 0 },
    );
    const file = whileOpen(new Response(lines), caller).body?.getReader();
    expect((await file?.read())?.done).toBe(false);
    await close();
    const rest = async () => {
      for (;;) await file?.read();
    };
    await expect(rest()).rejects.toThrow("What sessions said is hidden again.");
  });
});

describe("the audit log", () => {
  it("has who opened, why and for how long", async () => {
    const { id, until } = await open();
    expect(await entries("break_glass.opened")).toMatchObject([
      {
        ...{
          actorKind: "person",
          actorId: personId,
          targetId: id,
          targetLabel: "cost@example.com",
        },
        ...{ reason: REASON, after: { minutes: 15, until } },
      },
    ]);
  });

  it("has every look at content, with the id and the reason, and none without", async () => {
    const range = new URLSearchParams({ from: at(-3600), to: at(3600) });
    const looks: [Parameters<typeof call>[0], string, string?][] = [
      [sessionsRoute, "/api/v1/sessions?q=refund&limit=5"],
      [sessionsRoute, "/api/v1/sessions?limit=7&q=refund"],
      [metricsRoute, `/api/v1/metrics?metric=grouped_errors&group_by=error_group&${range}`],
      [metricsRoute, `/api/v1/metrics?metric=cost&${range}`],
      [sessionRoute, "/api/v1/sessions/sesn_failed", "sesn_failed"],
      [eventsRoute, "/api/v1/sessions/sesn_failed/events", "sesn_failed"],
      [eventsRoute, "/api/v1/sessions/sesn_failed/events", "sesn_failed"],
      [exportRoute, "/api/v1/sessions/export?format=csv"],
    ];
    const lookAtAll = async () => {
      for (const [handler, path, id = ""] of looks)
        await call(handler, path, { headers: { cookie: cost }, params: { id } });
    };
    await lookAtAll();
    const views = async () =>
      (await prisma.auditEntry.findMany({ orderBy: { at: "asc" } })).filter(
        ({ action, actorId }) => actorId === personId && /viewed|exported/.test(action),
      );
    expect((await views()).map(({ action, reason }) => [action, reason])).toEqual([
      ["session.exported", null],
    ]);
    const told: unknown[] = [];
    for (const minutes of [15, 60]) {
      const { id } = await open({ reason: REASON, minutes });
      await lookAtAll();
      await close();
      const because = `break-glass ${id}: ${REASON}`;
      told.push(
        ["break_glass.viewed", id, because, "GET /api/v1/sessions"],
        ["break_glass.viewed", id, because, "GET /api/v1/metrics"],
        ["break_glass.viewed", id, because, "GET /api/v1/sessions/sesn_failed"],
        ["session.viewed", "sesn_failed", because, undefined],
        ["session.exported", null, because, undefined],
      );
    }
    const kept = (await views()).slice(1);
    expect(
      kept.map(({ action, targetId, reason, after }) => [
        ...[action, targetId, reason],
        Object(after).asked,
      ]),
    ).toEqual(told);
  });
});
