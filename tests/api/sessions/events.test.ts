import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { GET } from "@/app/api/v1/sessions/[id]/events/route";
import type { EventItem, EventsPage } from "@/lib/sessions/schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { EVENTS_A_TURN, LONG, longSession } from "@/tests/support/long-session";
import { HP_05, HP_05_CHILD, recordedItems } from "@/tests/support/recorded";
import { storeItems, storeRecorded } from "@/tests/support/stored";

const TURNS = 12;
let headers: { authorization: string };
beforeAll(async () => {
  await truncateAll();
  headers = await bearer("read");
  await storeItems(LONG, longSession(TURNS));
  await storeRecorded(HP_05);
});

const get = (search: string, id = LONG) =>
  call(GET, `/api/v1/sessions/${id}/events${search}`, { headers, params: { id } });
async function page(search: string, id = LONG): Promise<EventsPage> {
  const { status, body } = await get(search, id);
  expect(status).toBe(200);
  return body as EventsPage;
}
const ids = ({ data }: { data: EventItem[] }) => data.map(({ id }) => id);
/** All ids, the session's order: the queued message has no instant and comes last. */
const ALL = longSession(TURNS)
  .flatMap(({ kind, data }) => (kind === "event" ? [(data as { id: string }).id] : []))
  .sort((a, b) => Number(a === "sevt_queued") - Number(b === "sevt_queued"));

describe("a session's events", () => {
  it("come in the session's order, whole", async () => {
    const { data, next_cursor, prev_cursor } = await page("?limit=1000");
    // user.message and session.status_running of one instant stand in the fixed order of types.
    expect(data.map(({ at }) => at)).toEqual(
      data.map(({ at }) => at).sort((a, b) => ((a ?? "z") < (b ?? "z") ? -1 : 1)),
    );
    expect([...ids({ data })].sort()).toEqual([...ALL].sort());
    expect(data).toHaveLength(TURNS * EVENTS_A_TURN + 1);
    expect(data.at(-1)).toEqual({
      id: "sevt_queued",
      session_thread_id: null,
      type: "user.message",
      at: null,
      source: "push",
      received_at: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/),
      event: {
        id: "sevt_queued",
        type: "user.message",
        processed_at: null,
        content: [{ type: "text", text: "queued" }],
      },
    });
    expect([next_cursor, prev_cursor]).toEqual([null, null]);
  });

  it.each(["asc", "desc"])("can be paged %s and back", async (order) => {
    const whole = ids(await page(`?limit=1000&order=${order}`));
    expect(whole).toEqual(order === "asc" ? whole : ids(await page("?limit=1000")).reverse());
    const pages: EventsPage[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const next = await page(`?limit=10&order=${order}${cursor && `&cursor=${cursor}`}`);
      pages.push(next);
      cursor = next.next_cursor;
    }
    expect(pages.flatMap(ids)).toEqual(whole);
    expect(pages[0]?.prev_cursor).toBeNull();
    for (let at = pages.length - 1; at > 0; at--) {
      const back = await page(`?limit=10&order=${order}&cursor=${pages[at]?.prev_cursor}`);
      expect(ids(back)).toEqual(pages[at - 1] ? ids(pages[at - 1] as EventsPage) : []);
      expect(back.prev_cursor === null).toBe(at === 1);
      expect(back.next_cursor).not.toBeNull();
    }
  });

  it.each([
    ["sevt_0005_g", 11, "asc"],
    ["sevt_0005_g", 11, "desc"],
    ["sevt_0000_a", 5, "asc"],
    ["sevt_queued", 6, "asc"],
    ["sevt_queued", 1, "desc"],
  ])("around %s hold it in their middle", async (around, limit, order) => {
    const whole = ids(await page(`?limit=1000&order=${order}`));
    const found = await page(`?around=${around}&limit=${limit}&order=${order}`);
    const from = Math.max(0, whole.indexOf(around) - Math.floor(limit / 2));
    expect(ids(found)).toEqual(whole.slice(from, from + limit).slice(0, ids(found).length));
    expect(ids(found)).toContain(around);
    const at = whole.indexOf(ids(found)[0] ?? "");
    const end = at + ids(found).length;
    expect([found.prev_cursor !== null, found.next_cursor !== null]).toEqual([
      at > 0,
      end < whole.length,
    ]);
    if (found.next_cursor) {
      const next = await page(`?limit=3&order=${order}&cursor=${found.next_cursor}`);
      expect(ids(next)).toEqual(whole.slice(end, end + 3));
    }
    if (found.prev_cursor) {
      const prev = await page(`?limit=3&order=${order}&cursor=${found.prev_cursor}`);
      expect(ids(prev)).toEqual(whole.slice(Math.max(0, at - 3), at));
    }
  });

  it.each([
    ["types=agent.tool_use", TURNS],
    ["types=agent.tool_use&types=agent.tool_result", 2 * TURNS],
    ["types=no.such", 0],
    ["thread=primary", TURNS * EVENTS_A_TURN + 1],
    ["thread=sthr_none", 0],
    ["q=needle", 1],
    ["q=NEEDLE", 1],
    [`q=${encodeURIComponent('the needle, "here" 100%')}`, 1],
    [`q=${encodeURIComponent("echo \\")}`, 0],
    [`q=${encodeURIComponent("%")}`, 1],
    ["q=queued", 1],
    ["from=2026-11-20T10:02:00Z&to=2026-11-20T10:02:00Z", 2],
    ["from=2026-11-20T10:02:00Z&to=2026-11-20T10:02:59Z", EVENTS_A_TURN],
    ["from=2026-11-20T12:02:00%2B02:00&to=2026-11-20T10:02:00.000001Z", 2],
    ["to=2026-11-20T09:00:00Z", 0],
  ])("%s leaves %i", async (search, count) => {
    const { data } = await page(`?limit=1000&${search}`);
    expect(data).toHaveLength(count);
    expect(ids(await page(`?limit=1000&order=desc&${search}`))).toEqual(ids({ data }).reverse());
  });

  it("hold child threads' events beside the session's", async () => {
    const { data } = await page("?limit=1000", HP_05);
    expect(data).toHaveLength(recordedItems(HP_05).filter(({ kind }) => kind === "event").length);
    const child = await page(`?limit=1000&thread=${HP_05_CHILD}`, HP_05);
    const own = await page("?limit=1000&thread=primary", HP_05);
    expect(new Set(child.data.map((item) => item.session_thread_id))).toEqual(
      new Set([HP_05_CHILD]),
    );
    expect(child.data.length + own.data.length).toBe(data.length);
  });
});

describe("large events", () => {
  const LARGE = "sesn_large";
  const MIB = 1024 * 1024;
  /** Sizes in MiB, in the session's order; texts that a database packs well, and one it cannot. */
  const SIZES = [1.5, 1.5, 1.5, 0.1, 6, 0.1, 0.1, 3.95, 0.1, 5];
  const text = (n: number, size: number) =>
    n === 2 ? randomBytes((size * MIB) / 2).toString("hex") : "x".repeat(size * MIB);
  beforeAll(async () => {
    await storeItems(
      LARGE,
      SIZES.map((size, n) => ({
        kind: "event",
        threadId: null,
        data: {
          id: `e${n}`,
          type: "agent.message",
          // The last one has not been taken in by the platform.
          processed_at: n === SIZES.length - 1 ? null : `2026-11-20T10:00:0${n}Z`,
          content: [{ type: "text", text: text(n, size) }],
        },
      })),
    );
  });
  const bytesOf = ({ data }: EventsPage) =>
    data.reduce((sum, { event }) => sum + JSON.stringify(event).length, 0);

  it.each([
    ["asc", ["e0 e1", "e2 e3", "e4", "e5 e6", "e7", "e8", "e9"]],
    ["desc", ["e9", "e8", "e7", "e6 e5", "e4", "e3 e2 e1", "e0"]],
  ])("come %s in pages of 4 MiB, one that is larger alone", async (order, expected) => {
    const pages: EventsPage[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const search: string = `?order=${order}${cursor && `&cursor=${cursor}`}`;
      const next = await page(search, LARGE);
      pages.push(next);
      cursor = next.next_cursor;
    }
    expect(pages.map((one) => ids(one).join(" "))).toEqual(expected);
    for (const one of pages)
      if (one.data.length > 1) expect(bytesOf(one)).toBeLessThanOrEqual(4 * MIB);
    const back: string[] = [];
    for (let prev = pages.at(-1)?.prev_cursor ?? null; prev !== null; ) {
      const before: EventsPage = await page(`?order=${order}&cursor=${prev}`, LARGE);
      back.unshift(...ids(before));
      prev = before.prev_cursor;
    }
    expect(back).toEqual(pages.slice(0, -1).flatMap(ids));
  });

  it.each([
    ["e0", "e0 e1", [false, true]],
    ["e1", "e0 e1", [false, true]],
    ["e3", "e2 e3", [true, true]],
    ["e4", "e4", [true, true]],
    ["e5", "e5 e6", [true, true]],
    ["e9", "e9", [true, false]],
  ])("around %s", async (id, expected, [before, after]) => {
    const one = await page(`?around=${id}`, LARGE);
    expect([ids(one).join(" "), one.prev_cursor !== null, one.next_cursor !== null]).toEqual([
      expected,
      before,
      after,
    ]);
  });

  it("are bounded by their number, too", async () => {
    expect(ids(await page("?limit=1", LARGE))).toEqual(["e0"]);
    const whole = await page("?from=2026-11-20T10:00:05Z&to=2026-11-20T10:00:06Z", LARGE);
    expect([ids(whole), whole.next_cursor]).toEqual([["e5", "e6"], null]);
  });
});

describe("refused", () => {
  it.each([
    ["?limit=0", "limit"],
    ["?limit=1001", "limit"],
    ["?order=up", "order"],
    ["?from=yesterday", "from"],
    ["?from=2026-02-30T00:00:00Z", "from"],
    ["?to=9999-01-01T00:00:00Z", "to"],
    ["?from=2026-11-20T10:00:00%2B25:00", "from"],
    ["?cursor=abc", "cursor"],
    ["?cursor=bnVsbA", "cursor"],
    [
      `?cursor=${Buffer.from('{"k":["x",0,"",""],"o":"asc","d":"next"}').toString("base64url")}`,
      "cursor",
    ],
    [
      `?cursor=${Buffer.from('{"k":[null,99999,"",""],"o":"asc","d":"next"}').toString("base64url")}`,
      "cursor",
    ],
    ["?types=a%00b", "types"],
    ["?q=%00", "q"],
  ])("%s by name", async (search, path) => {
    const { status, body } = await get(search);
    expect([status, body]).toMatchObject([
      400,
      { error: { code: "invalid", issues: [{ path: expect.stringContaining(path) }] } },
    ]);
  });

  it("a cursor of the other order", async () => {
    const { next_cursor } = await page("?limit=2");
    const { status, body } = await get(`?limit=2&order=desc&cursor=${next_cursor}`);
    expect([status, body]).toMatchObject([400, { error: { issues: [{ path: "cursor" }] } }]);
  });

  it.each(["sesn_none", "'; drop table event --", "%", "ü".repeat(200)])(
    "the session %s is not there",
    async (id) => {
      expect((await get("", id)).status).toBe(404);
    },
  );

  it("an event that is not there cannot be in the middle", async () => {
    expect((await get("?around=sevt_none")).status).toBe(404);
  });
});
