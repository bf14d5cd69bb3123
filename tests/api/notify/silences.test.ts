import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DELETE, PUT, GET as readOne } from "@/app/api/v1/silences/[id]/route";
import { POST as preview } from "@/app/api/v1/silences/preview/route";
import { GET, POST } from "@/app/api/v1/silences/route";
import { pool } from "@/lib/db/client";
import { dispatchAll, dispatchNotices } from "@/lib/notify/dispatch-service";
import type { SilenceItem, SilencesPage } from "@/lib/notify/silence-schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { addChannel, arrive, closedOf, noticeOf, put, told } from "@/tests/support/dispatching";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const inTime = (ms: number) => new Date(Date.now() + ms);
const ends_at = inTime(60 * MINUTE).toISOString();
const matchers = [{ name: "agent", op: "=" as const, value: "e1" }];

let write: { authorization: string };
let admin: { authorization: string };

beforeAll(async () => {
  await truncateAll();
  write = await bearer("write");
  admin = await bearer("admin");
  await addChannel("chat");
});
beforeEach(async () => {
  await pool().query("truncate notice, notice_group, delivery, silence");
});

const make = (json: object, headers = write) =>
  call(POST, "/x", {
    method: "POST",
    headers,
    json: { matchers, ends_at, reason: "why", ...json },
  });
const made = async (json: object = {}) => (await make(json)).body as SilenceItem;
const page = async (query = "") =>
  (await call(GET, `/x${query}`, { headers: write })).body as SilencesPage;
const look = async (id: string) =>
  (await call(readOne, "/x", { headers: write, params: { id } })).body as SilenceItem;

describe("silences", () => {
  it("are made, and tell what they hide and would have hidden", async () => {
    const old = noticeOf("old", inTime(-3 * DAY), { labels: { agent: "e1" } });
    const older = noticeOf("older", inTime(-9 * DAY), { labels: { agent: "e1" } });
    await put(inTime(0), noticeOf("e1", inTime(-MINUTE)), noticeOf("e2", inTime(-2 * MINUTE)));
    await put(inTime(0), closedOf(old, inTime(-2 * DAY)), closedOf(older, inTime(-8 * DAY)));
    const { status, body } = await make({});
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        ...{ matchers, ends_at, reason: "why", state: "active", ends_soon: false, author: "test" },
        ...{ matching: 1, would_have_hidden: 2, end_when_closed: false, end_when_idle: false },
        history: [],
      },
    });
    const json = { matchers: [{ name: "agent", op: "=~", value: "e.*" }] };
    expect(await call(preview, "/x", { method: "POST", headers: write, json })).toMatchObject({
      status: 200,
      body: {
        ...{ matching: 2, would_have_hidden: 3 },
        alerts: [{ episode_id: "e1" }, { episode_id: "e2", rule: { name: "Failures" } }],
      },
    });
  });

  it.each([
    [{ matchers: [] }, "matchers"],
    [{ matchers: [{ name: "a", op: "=~", value: ".*" }] }, "matchers"],
    [{ matchers: [{ name: "a", op: "!=", value: "x" }] }, "matchers"],
    [{ matchers: [{ name: "a", op: "=~", value: "a)" }] }, "matchers.0.value"],
    [{ ends_at: inTime(-MINUTE).toISOString() }, "ends_at"],
    [{ ends_at: "tomorrow" }, "ends_at"],
    [{ ends_at: undefined }, "ends_at"],
    [{ starts_at: inTime(2 * DAY).toISOString() }, "ends_at"],
    [{ reason: " " }, "reason"],
  ])("say what is wrong with %j", async (json, path) => {
    expect(await make(json)).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path }] } },
    });
  });

  it("are for thirty days at most, but for an admin", async () => {
    const long = { ends_at: inTime(31 * DAY).toISOString() };
    expect(await make(long)).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path: "ends_at" }] } },
    });
    expect((await make(long, admin)).status).toBe(201);
  });

  it("keep what they were, and are not revived", async () => {
    const { id, starts_at } = await made();
    const later = inTime(10 * MINUTE).toISOString();
    const json = {
      matchers,
      reason: "longer",
      ends_at: later,
      starts_at: inTime(DAY).toISOString(),
    };
    const edit = {
      method: "PUT",
      headers: write,
      params: { id },
      json: { ...json, starts_at: undefined },
    };
    expect(await call(PUT, "/x", edit)).toMatchObject({
      status: 200,
      body: {
        ...{ reason: "longer", starts_at, ends_at: later, ends_soon: true },
        history: [{ what: "edited", by: "test", before: { reason: "why", starts_at, ends_at } }],
      },
    });
    const end = { method: "DELETE", headers: write, params: { id } };
    expect((await call(DELETE, "/x", end)).status).toBe(204);
    expect((await call(DELETE, "/x", end)).status).toBe(204);
    expect(await look(id)).toMatchObject({
      state: "expired",
      history: [{ what: "edited" }, { what: "expired", before: { ends_at: later } }],
    });
    expect((await call(PUT, "/x", edit)).status).toBe(409);
    const nobody = { ...end, params: { id: "slnc_none" } };
    expect((await call(DELETE, "/x", nobody)).status).toBe(404);
  });

  it("are listed newest first, by state and by pages", async () => {
    const first = await made();
    const second = await made({ starts_at: inTime(30 * MINUTE).toISOString() });
    const third = await made();
    await call(DELETE, "/x", { method: "DELETE", headers: write, params: { id: third.id } });
    const ids = ({ data }: SilencesPage) => data.map(({ id }) => id);
    expect(ids(await page()).sort()).toEqual([first.id, second.id, third.id].sort());
    expect(ids(await page("?state=active"))).toEqual([first.id]);
    expect(ids(await page("?state=pending"))).toEqual([second.id]);
    expect(ids(await page("?state=expired"))).toEqual([third.id]);
    const begin = await page("?limit=2");
    const rest = await page(`?limit=2&cursor=${begin.next_cursor}`);
    expect([...ids(begin), ...ids(rest)]).toEqual(ids(await page()));
    expect(rest.next_cursor).toBe(null);
  });
});

describe("while one is in force", () => {
  const now = new Date();
  const later = (minutes: number) => new Date(now.getTime() + minutes * MINUTE);
  const critical = { severity: "critical" } as const;

  it("nobody is told, but of closes; at its end what fires is told of once", async () => {
    const known = noticeOf("known", now, { ...critical, labels: { agent: "e1" } });
    await put(now, known);
    await dispatchNotices("default", now);
    await arrive(now);
    await made({ ends_at: later(60).toISOString() });
    await put(later(1), noticeOf("e1", later(1), critical));
    await dispatchNotices("default", later(1));
    await put(later(10), closedOf(known, later(10)));
    await dispatchNotices("default", later(10));
    await arrive(later(10));
    await dispatchNotices("default", later(59.9));
    expect(await told()).toEqual(["chat opened known+", "chat closed known-"]);
    await dispatchNotices("default", later(60));
    await arrive(later(60));
    await dispatchNotices("default", later(70));
    expect((await told()).slice(2)).toEqual(["chat silence_ended e1+"]);
  });

  it("it ends with what it hid, where it is to", async () => {
    const notice = noticeOf("e1", now, critical);
    await put(now, notice);
    const { id } = await made({ end_when_closed: true });
    const { id: other } = await made();
    await dispatchNotices("default", later(1));
    expect((await look(id)).state).toBe("active");
    await put(later(5), closedOf(notice, later(5)));
    await dispatchNotices("default", later(5));
    expect(await look(id)).toMatchObject({
      ends_at: later(5).toISOString(),
      history: [{ what: "closed", by: "watchkeeper" }],
    });
    expect((await look(other)).history).toEqual([]);
    expect(await told()).toEqual([]);
  });

  it("it ends when it has had nothing to hide for an hour, where it is to", async () => {
    const { id } = await made({ end_when_idle: true, ends_at: later(600).toISOString() });
    await dispatchAll(later(59));
    expect((await look(id)).history).toEqual([]);
    await dispatchAll(later(61));
    expect(await look(id)).toMatchObject({ history: [{ what: "idle" }] });
  });
});
