import { beforeAll, beforeEach, expect, it } from "vitest";
import { PUT as savePrices } from "@/app/api/v1/prices/route";
import { POST as retryOne } from "@/app/api/v1/rejected/[id]/retry/route";
import { GET as listRejected } from "@/app/api/v1/rejected/route";
import { readRepricings, startRepricing } from "@/lib/costs/repricing-service";
import { pool, prisma } from "@/lib/db/client";
import { noteInterrupt } from "@/lib/ingest/interrupt-service";
import { fillPromoted } from "@/lib/ingest/promote-service";
import { refoldOutdated } from "@/lib/ingest/refold-service";
import { repriceHistory } from "@/lib/ingest/reprice-service";
import { promote, readDimensions } from "@/lib/metrics/promoted-service";
import type { RejectedPage } from "@/lib/rejected/schema";
import { removeSessions } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import {
  agentOf,
  idle,
  message,
  request,
  result,
  running,
  session,
  thread,
  threadCreated,
  use,
} from "@/tests/support/events";
import { differences, keep, retain, rowsOf, send, totalsOf } from "@/tests/support/retention";
import { startWorker } from "@/tests/support/sync";

const SEEN = new Date("2026-11-20T12:00:00Z");
const after = (days: number) => new Date(SEEN.getTime() + days * 86_400_000);
const DAY = 86_400;

let headers: { authorization: string };
beforeAll(async () => {
  await (await startWorker()).stop();
});
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("admin");
});

const events = [running(1), message(2), ...request("req_1", 3, [1000, 100]), idle(9)];
const object = (fields = {}) =>
  session({ id: "sesn_1", metadata: { tenant: "a" }, agent: agentOf("claude-next"), ...fields });

/** A session whose events are gone, in one of two ways: its spans are here, or they are gone too. */
async function sealed(spans: number | null): Promise<string[]> {
  await send("sesn_1", [...events, object()], { now: SEEN });
  await keep({ content: 7, events: 7, spans });
  await retain(after(8));
  expect(await rowsOf("sesn_1", ["event"])).toEqual({});
  return totalsOf();
}

const lateOf = async () =>
  (await pool().query("select late from session_seal where session_id = 'sesn_1'")).rows[0].late;

/** The session's row and state, as they are stored. */
async function stored(): Promise<string> {
  const { rows } = await pool().query(
    `select to_jsonb(s)::text as row, st.fold::text, st.rolled::jsonb - 'promoted' as rolled, st.object::text
     from session s join session_state st using (workspace, session_id, connection_id)
     where session_id = 'sesn_1'`,
  );
  return JSON.stringify(rows);
}

it.each([
  ["are here", null],
  ["are gone too", 7],
] as const)(
  "changes nothing of a session whose events are gone and whose spans %s, whatever comes of that time",
  async (_, spans) => {
    const before = await sealed(spans);
    const was = await stored();
    const late = [
      // As it was; between what was known; an older object; what is queued.
      ...events,
      message(2.5, "in between"),
      threadCreated(4),
      object({
        updated_at: "2026-01-01T00:00:00Z",
        title: "before",
      }),
      message(null, "queued"),
    ];
    const answer = await send("sesn_1", late, { now: after(20) });
    expect(answer).toMatchObject({ accepted: 0, updated: 0, duplicates: 0 });
    expect(answer.rejected.length).toBe(late.length);
    expect(new Set(answer.rejected.map(({ code }) => code))).toEqual(new Set(["retained"]));
    expect(answer.rejected[0]?.message).toBe(
      "retained: retention dropped this session's events on 2026-11-28. What belongs to them is counted, and changes none of its totals.",
    );
    expect(await lateOf()).toBe(late.length);
    expect(await stored()).toBe(was);
    expect(await rowsOf("sesn_1", ["event", "message_text"])).toEqual({});
    expect(await totalsOf()).toEqual(before);
    expect(await differences()).toEqual([]);
  },
);

it.each([
  ["are here", null],
  ["are gone too", 7],
] as const)("goes on where a session was sealed whose spans %s", async (_, spans) => {
  await sealed(spans);
  const more = [
    running(20 * DAY),
    ...request("req_2", 20 * DAY + 1, [5000, 500]),
    idle(20 * DAY + 9),
  ];
  const answer = await send("sesn_1", [...more, ...events], { now: after(20) });
  expect(answer).toMatchObject({ accepted: more.length });
  expect(answer.rejected.length).toBe(events.length);
  expect(answer.rejected[0]?.message).toBe(
    "retained: retention dropped this session's events up to 2026-11-20T10:00:09.000000Z. What belongs to them is counted, and changes none of its totals.",
  );
  expect(await rowsOf("sesn_1", ["event"])).toEqual({ event: more.length });
  const { rows } = await pool().query(
    `select turns, model_requests, input_tokens::int, output_tokens::int, events, day::text,
       active_ms::int from session`,
  );
  expect(rows).toEqual([
    {
      ...{ turns: 2, model_requests: 2, input_tokens: 6_000, output_tokens: 600 },
      ...{ events: events.length + more.length, day: "2026-12-10", active_ms: 17_000 },
    },
  ]);
  expect(await differences()).toEqual([]);
  // What came since is dropped in its turn, and it goes on again.
  const later = await totalsOf();
  await retain(after(40));
  expect(await rowsOf("sesn_1", ["event"])).toEqual({});
  expect(await totalsOf()).toEqual(later);
  expect(await differences()).toEqual([]);
  await send("sesn_1", [running(50 * DAY)], { now: after(50) });
  const again = await pool().query("select turns, outcome, events from session");
  expect(again.rows).toEqual([
    { turns: 3, outcome: "running", events: events.length + more.length + 1 },
  ]);
  expect(await differences()).toEqual([]);
});

it("takes in what objects tell, also of the time whose events are gone", async () => {
  await sealed(7);
  const told = [
    thread("sthr_child", agentOf("claude-opus-5"), { session_id: "sesn_1" }),
    object({ updated_at: "2026-01-01T00:00:00Z", usage: { output_tokens: 150 } }),
  ];
  expect(await send("sesn_1", told, { now: after(20) })).toMatchObject({ accepted: 1, updated: 1 });
  const { rows } = await pool().query("select threads, output_tokens::int from session");
  expect(rows).toEqual([{ threads: 2, output_tokens: 150 }]);
  expect(await differences()).toEqual([]);
});

it("is left as it stands by a version of the fold that its base is not of", async () => {
  const before = await sealed(null);
  const upgrade = "update session_seal set base_version = base_version - 1";
  await pool().query(upgrade);
  const was = await stored();
  const more = [running(20 * DAY), idle(20 * DAY + 9)];
  const answer = await send("sesn_1", more, { now: after(20) });
  expect(answer.rejected.map(({ code }) => code)).toEqual(["retained", "retained"]);
  expect(await prisma.rejectedItem.count()).toBe(2);
  expect(await stored()).toBe(was);
  expect(await totalsOf()).toEqual(before);
  expect(await differences()).toEqual([]);
  // Also one that had gone on before the upgrade; its rows go all the same.
  await pool().query("update session_seal set base_version = base_version + 1");
  await send("sesn_1", more, { now: after(20) });
  const after20 = await totalsOf();
  await pool().query(upgrade);
  await pool().query("update session_state set fold_version = fold_version - 1");
  expect(await refoldOutdated(after(20))).toBe(0);
  expect((await send("sesn_1", [running(21 * DAY)], { now: after(21) })).accepted).toBe(0);
  expect(await differences()).toEqual([]);
  expect((await retain(after(40))).counts).toMatchObject({ events: 1 });
  expect(await rowsOf("sesn_1", ["event"])).toEqual({});
  expect(await totalsOf()).toEqual(after20);
  expect(await differences()).toEqual([]);
});

it("keeps what is news but cannot be added among the rejected items, once and without what it says", async () => {
  await send("sesn_1", [running(1), use("call_1", 2), result("call_1", 3), idle(9)], { now: SEEN });
  await keep({ content: 7, events: 7 });
  await retain(after(8));
  const before = await totalsOf();
  const said = [{ type: "text", text: "a late secret" }];
  const late = [use("call_1", 20 * DAY), result("call_1", 20 * DAY + 1, { content: said })];
  await send("sesn_1", late, { now: after(20) });
  await send("sesn_1", late, { now: after(21) });
  expect(await totalsOf()).toEqual(before);
  expect(await differences()).toEqual([]);
  const { data } = (await call(listRejected, "/x", { headers })).body as RejectedPage;
  expect(data.map(({ code, kind, session_id }) => [code, kind, session_id])).toEqual([
    ["retained", "event", "sesn_1"],
    ["retained", "event", "sesn_1"],
  ]);
  expect(data.map(({ body }) => body).join()).not.toContain("a late secret");
  // Tried again it is refused again, and neither taken in nor lost.
  const { id = "" } = data[0] ?? {};
  const again = await call(retryOne, "/x", { method: "POST", headers, params: { id } });
  expect([again.status, again.body]).toMatchObject([200, { taken: false }]);
  expect(await rowsOf("sesn_1", ["event"])).toEqual({});
  expect(await prisma.rejectedItem.count()).toBe(2);
});

it("counts at other prices whole, the difference where it came to be known", async () => {
  const before = await sealed(7);
  const terms = {
    prices: [
      {
        ...{ model: "claude-next", input_pico: 3_000_000, cache_write_5m_pico: 0 },
        ...{ cache_write_1h_pico: 0, cache_read_pico: 0, output_pico: 15_000_000 },
      },
    ],
  };
  await call(savePrices, "/x", { method: "PUT", headers, json: { based_on: 0, terms } });
  const more = [
    running(20 * DAY),
    ...request("req_2", 20 * DAY + 1, [5000, 500]),
    idle(20 * DAY + 9),
  ];
  await send("sesn_1", more, { now: after(20) });
  const { rows } = await pool().query(
    `select tokens_nanos::int, unpriced_tokens::int,
       (select sum(nanos)::int from session_cell where family = 'request') as cells,
       (select sum(unpriced_tokens)::int from session_cell where family = 'request') as unpriced from session`,
  );
  // 6,000 in and 600 out, at $3 and $15 a million.
  const nanos = 27_000_000;
  expect(rows).toEqual([{ tokens_nanos: nanos, unpriced_tokens: 0, cells: nanos, unpriced: 0 }]);
  expect(await totalsOf()).not.toEqual(before);
  expect(await differences()).toEqual([]);
});

it.each([null, 7])(
  "is left alone by every way to derive sessions anew, spans after %s days",
  async (spans) => {
    const before = await sealed(spans);
    const was = await stored();
    // Another version of the fold: also of one that is not sealed.
    await send("sesn_2", [running(1), ...request("req", 2, [10, 1]), idle(3)], { now: after(8) });
    const both = await totalsOf();
    await pool().query(
      "update session_state set fold_version = fold_version - 1 where fold_version > 0",
    );
    expect(await refoldOutdated(after(8))).toBe(1);
    expect(await refoldOutdated(after(8))).toBe(0);
    expect(await totalsOf()).toEqual(both);

    // Other prices.
    const terms = {
      prices: [
        {
          ...{ model: "claude-next", input_pico: 3_000_001, cache_write_5m_pico: 0 },
          ...{ cache_write_1h_pico: 0, cache_read_pico: 0, output_pico: 15_000_000 },
        },
      ],
    };
    const saved = await call(savePrices, "/x", {
      method: "PUT",
      headers,
      json: { based_on: 0, terms },
    });
    expect([saved.status, saved.text]).toEqual([200, expect.anything()]);
    await startRepricing("default", { kind: "run" }, after(8));
    await repriceHistory(() => after(8));
    expect((await readRepricings("default")).last).toMatchObject({ state: "done", kept: 1 });
    expect(await stored()).toBe(was);

    // A rule's interrupt.
    const key = { workspace: "default", connectionId: "", sessionId: "sesn_1" };
    const interrupt = { eventId: "e", rule: { id: "rule_1", name: "too dear" } };
    await prisma.$transaction((tx) => noteInterrupt(tx, key, interrupt, after(8)));

    // A metadata key that is promoted: its cells are counted under it as well.
    await promote("default", { key: "tenant" }, after(8));
    await fillPromoted(() => after(8));
    const { rows } = await pool().query(
      `select rolled #>> '{promoted}' as said from session_state where session_id = 'sesn_1'`,
    );
    expect(rows[0].said).toMatch(/"a"/);
    const own = (all: readonly string[]) => all.filter((row) => row.includes('"promotion": 0'));
    expect(own(await totalsOf()).length).toBe(own(both).length);
    expect(await differences()).toEqual([]);
    await removeSessions({ workspace: "default", connectionId: "", sessionId: "sesn_2" });
    expect(own(await totalsOf())).toEqual(own(before));
    expect(await differences()).toEqual([]);
  },
);

it("is not taken in again once it is gone, by whatever name it comes", async () => {
  await send("sesn_1", [...events, object()], { now: SEEN });
  await keep({ content: 7, events: 7, spans: 7, sessions: 7 });
  await retain(after(8));
  const before = await totalsOf();
  const answer = await send("sesn_1", [...events, object()], { now: after(9) });
  expect(answer).toMatchObject({ accepted: 0, updated: 0 });
  expect(answer.rejected[0]).toMatchObject({
    code: "retained",
    message: "retained: retention dropped this session on 2026-11-28. It is not taken in again.",
  });
  expect(await rowsOf("sesn_1")).toEqual({});
  expect(await prisma.rejectedItem.count()).toBe(0);
  expect(await prisma.goneSession.findMany()).toMatchObject([
    { late: events.length + 1, erasureId: null },
  ]);
  // Of another connection it is another session.
  const other = await send("sesn_1", events, { now: after(9), connectionId: "conn_b" });
  expect(other.rejected).toEqual([]);
  await removeSessions({ workspace: "default", connectionId: "conn_b" });
  expect(await totalsOf()).toEqual(before);
  expect(await differences()).toEqual([]);
});

it("goes out of the totals when what it came from is removed for good", async () => {
  await send("sesn_1", events, { now: SEEN, connectionId: "conn_a" });
  const others = await totalsOf();
  expect(others).not.toEqual([]);
  await keep({ content: 7, events: 7, spans: 7, sessions: 7 });
  await retain(after(8));
  expect(await totalsOf()).toEqual(others);
  await removeSessions({ workspace: "default", connectionId: "conn_a" });
  expect(await totalsOf()).toEqual([]);
  expect(await differences()).toEqual([]);
});

it("is found by verify when anything of a sealed session is another", async () => {
  await sealed(7);
  await pool().query("update session_cell set nanos = nanos + 1 where family = 'request'");
  expect((await differences()).map(({ what }) => what)).toContain("cells since it was sealed");
  await pool().query("update session_cell set nanos = nanos - 1 where family = 'request'");
  expect(await differences()).toEqual([]);
  await pool().query("update session set computed_nanos = computed_nanos + 1");
  expect((await differences()).map(({ what }) => what)).toContain("cells of the row");
});

it("counts what remains of sessions that are gone with the other values of a key that is promoted later", async () => {
  const gone = (id: string, tenant: string) =>
    send(
      id,
      [...events, session({ id, metadata: { tenant }, agent: agentOf("claude-haiku-4-5") })],
      {
        now: SEEN,
      },
    );
  await gone("sesn_1", "a");
  await gone("sesn_2", "b");
  await keep({ content: 7, events: 7, spans: 7, sessions: 7 });
  await retain(after(8));
  await keep({});
  await gone("sesn_3", "a");
  const own = (all: readonly string[]) => all.filter((row) => row.includes('"promotion": 0'));
  const before = await totalsOf();
  const { promotion } = await promote("default", { key: "tenant" }, after(9));
  expect(promotion).toMatchObject({ gone_before: 2 });
  await fillPromoted(() => after(9));
  const { rows } = await pool().query(
    `select value, folded, sum(count)::int as settled from rollup
     where family = 'settled' and promotion <> 0 and grain = 'hour' group by 1, 2 order by 1`,
  );
  expect(rows).toEqual([
    { value: "", folded: true, settled: 2 },
    { value: "a", folded: false, settled: 1 },
  ]);
  expect(own(await totalsOf())).toEqual(before);
  expect(await differences()).toEqual([]);
  // What goes after that goes to what remains under the same labels.
  await keep({ content: 7, events: 7, spans: 7, sessions: 7 });
  await retain(after(20));
  expect(await rowsOf("sesn_3")).toEqual({});
  expect(own(await totalsOf())).toEqual(before);
  expect(await differences()).toEqual([]);
  const [dimension] = (await readDimensions("default")).dimensions;
  expect(dimension?.promotion).toMatchObject({ state: "ready", gone_before: 2 });
});
