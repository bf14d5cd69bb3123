import { beforeAll, describe, expect, it } from "vitest";
import { GET as find } from "@/app/api/v1/sessions/[id]/find/route";
import { GET as minimap } from "@/app/api/v1/sessions/[id]/minimap/route";
import { GET as session } from "@/app/api/v1/sessions/[id]/route";
import { GET as tools } from "@/app/api/v1/sessions/[id]/tools/route";
import { GET as trace } from "@/app/api/v1/sessions/[id]/trace/route";
import { GET as turns } from "@/app/api/v1/sessions/[id]/turns/route";
import type { RouteHandler } from "@/lib/http/route";
import type { Minimap, ToolsAnswer, TurnItem, TurnsPage } from "@/lib/sessions/detail-schema";
import type { SessionItem, SpanItem, TracePage } from "@/lib/sessions/schema";
import { isoFromMicros } from "@/lib/time/micros";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { asks, at, event, idle, inThread, running, threadStatus } from "@/tests/support/events";
import { LONG, LONG_START_US, longSession, TURN_US } from "@/tests/support/long-session";
import { DC_07, HP_05, HP_05_CHILD } from "@/tests/support/recorded";
import { storeItems, storeRecorded } from "@/tests/support/stored";

const TURNS = 20;
const OPEN = "sesn_open";
let headers: { authorization: string };
beforeAll(async () => {
  await truncateAll();
  headers = await bearer("read");
  await storeItems(LONG, longSession(TURNS));
  await storeRecorded(HP_05);
  await storeRecorded(DC_07);
  await storeItems(OPEN, [
    running(0),
    event("span.model_request_start", 1, { id: "left" }),
    event("agent.tool_use", 2, {
      id: "asked",
      name: "bash",
      input: {},
      evaluated_permission: "ask",
    }),
    asks(3, "asked"),
    event("user.tool_confirmation", 33, { id: "yes", tool_use_id: "asked", result: "allow" }),
    running(33),
    event("agent.tool_result", 35, { id: "done", tool_use_id: "asked", content: [] }),
    event("agent.tool_use", 36, { id: "no", name: "rm", input: {}, evaluated_permission: "deny" }),
    event("agent.tool_use", 37, { id: "open", name: "sleep", input: {} }),
  ]);
});

async function get<T>(handler: RouteHandler, id: string, search = ""): Promise<T> {
  const { status, body } = await call(handler, `/x${search}`, { headers, params: { id } });
  expect([status, status === 200 ? null : body]).toEqual([200, null]);
  return body as T;
}
const spansOf = async (id: string, search = "") => (await get<TracePage>(trace, id, search)).data;
const instant = (turn: number, seconds: number) =>
  isoFromMicros(LONG_START_US + turn * TURN_US + seconds * 1_000_000);
const tree = (spans: SpanItem[]) =>
  spans.map(({ id, kind, parent_id }) => [
    kind,
    id,
    parent_id === null ? null : (spans.find((span) => span.id === parent_id)?.kind ?? parent_id),
  ]);

describe("the trace of the recorded coordinator", () => {
  it("has each request under its thread's turn and each call under its request", async () => {
    const page = await get<TracePage>(trace, HP_05);
    const kinds = tree(page.data).map(([kind, , parent]) => `${kind} < ${parent}`);
    expect(new Set(kinds)).toEqual(
      new Set(["turn < null", "model_request < turn", "tool < model_request"]),
    );
    expect(page.data.filter(({ kind }) => kind === "model_request")).toHaveLength(7);
    expect(
      page.threads?.map(({ id, model, model_requests, has_events }) => [
        id,
        model,
        model_requests,
        has_events,
      ]),
    ).toEqual([
      [null, "claude-haiku-4-5", 3, true],
      [HP_05_CHILD, "claude-haiku-4-5", 4, true],
    ]);
    const band = page.state_band ?? [];
    expect(new Set(band.map(({ state }) => state))).toEqual(
      new Set(["running", "waiting", "idle"]),
    );
    expect(band.slice(1).map(({ from }) => from)).toEqual(band.slice(0, -1).map(({ to }) => to));
    expect(band.at(-1)).toMatchObject({ state: "idle", to: null });
    expect(page.marks?.map(({ type }) => type)).toContain("agent.thread_message_sent");
  });

  it.each([HP_05, DC_07])("adds up to the session's token cost: %s", async (id) => {
    const { cost, usage } = await get<SessionItem>(session, id);
    const requests = (await spansOf(id)).filter(({ kind }) => kind === "model_request");
    const sum = (values: (number | null | undefined)[]) =>
      values.reduce<number>((total, value) => total + (value ?? 0), 0);
    expect(sum(requests.map(({ cost_nanos }) => cost_nanos))).toBe(cost.tokens_nanos);
    expect(sum(requests.map((span) => span.usage?.output_tokens))).toBe(usage.output_tokens);
    const { data } = await get<TurnsPage>(turns, id);
    expect(sum(data.map(({ cost_nanos }) => cost_nanos))).toBe(cost.tokens_nanos);
    const { lanes } = await get<Minimap>(minimap, id, "?buckets=7");
    expect(sum(lanes.flatMap(({ buckets }) => buckets.map((bucket) => bucket[5])))).toBe(
      cost.tokens_nanos,
    );
  });
});

describe("open spans", () => {
  it("are unknown once a newer turn began, and tell of denials and approvals", async () => {
    const spans = await spansOf(OPEN);
    expect(
      spans.map(({ id, state, duration_ms }) => [id.split("@")[0], state, duration_ms]),
    ).toEqual([
      ["session.status_running", "ok", 3000],
      ["left:request", "unknown", null],
      ["asked", "ok", 33_000],
      ["asked:approval", "ok", 31_000],
      ["session.status_running", "open", null],
      ["no", expect.stringMatching(/denied|open/), null],
      ["open", "open", null],
    ]);
    expect(spans.find(({ id }) => id === "asked:approval")?.parent_id).toBe("asked");
    expect(spans.find(({ id }) => id === "asked")?.parent_id).toBe("left:request");
    for (const span of spans)
      expect(Object.keys(span.attributes).filter((name) => name.startsWith("_"))).toEqual([]);
  });

  it("are unknown in a session that ended", async () => {
    await storeItems(OPEN, [event("session.status_terminated", 50)]);
    const states = (await spansOf(OPEN)).map(({ state }) => state);
    expect(states).not.toContain("open");
    expect(states).toContain("unknown");
  });

  it("leave the wait for the approval out of how long a tool took", async () => {
    const { data } = await get<ToolsAnswer>(tools, OPEN);
    expect(data.find(({ name }) => name === "bash")).toMatchObject({ calls: 1, p50_ms: 2000 });
    expect(data.find(({ name }) => name === "sleep")).toMatchObject({ calls: 1, open: 1 });
  });
});

describe("a trace of many threads", () => {
  const MANY = "sesn_many";
  const threads = Array.from({ length: 14 }, (_, n) => `sthr_${String(n).padStart(2, "0")}`);
  beforeAll(async () => {
    await storeItems(MANY, [
      running(0),
      ...threads.flatMap((thread, n) =>
        inThread(
          thread,
          threadStatus(1 + n, "running", thread),
          ...[0, 1, 2].flatMap((round) => {
            const [id, start] = [`${thread}.${round}`, 20 + round * 100 + n];
            return [
              event("span.model_request_start", start, { id }),
              event("agent.tool_use", start + 40, { id: `${id}.tool`, name: "bash", input: {} }),
              event("span.model_request_end", start + 41, {
                id: `${id}.end`,
                model_request_start_id: id,
                is_error: false,
              }),
            ];
          }),
        ),
      ),
    ]);
  });

  it.each(["", "&kinds=tool", `&from=${at(70)}`, `&from=${at(70)}&kinds=tool`])(
    "gives parents page by page as in the whole%s",
    async (search) => {
      const whole = new Map((await spansOf(MANY)).map((span) => [span.id, span]));
      const kinds = new Map([...whole.values()].map(({ id, kind }) => [id, kind]));
      let cursor: string | null = "";
      let seen = 0;
      while (cursor !== null) {
        const path: string = `?limit=25${search}${cursor && `&cursor=${cursor}`}`;
        const page = await get<TracePage>(trace, MANY, path);
        expect(page.data).toEqual(page.data.map(({ id }) => whole.get(id)));
        for (const span of page.data.filter(({ kind }) => kind === "tool"))
          expect(kinds.get(span.parent_id ?? "")).toBe("model_request");
        for (const span of page.data.filter(({ kind }) => kind === "model_request"))
          expect(kinds.get(span.parent_id ?? "")).toBe("turn");
        seen += page.data.length;
        cursor = page.next_cursor;
      }
      expect(seen).toBeGreaterThan(20);
    },
  );
});

describe("a long trace", () => {
  it("can be paged; pages together are the whole, parents and marks included", async () => {
    const whole = await get<TracePage>(trace, LONG, "?limit=2000");
    expect(whole.data).toHaveLength(TURNS * 3);
    const pages: TracePage[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const next: TracePage = await get(trace, LONG, `?limit=7${cursor && `&cursor=${cursor}`}`);
      pages.push(next);
      cursor = next.next_cursor;
    }
    expect(pages.flatMap(({ data }) => data)).toEqual(whole.data);
    expect(pages.flatMap(({ marks }) => marks ?? [])).toEqual(whole.marks);
    expect(pages.map((page) => ["threads" in page, "state_band" in page])).toEqual(
      pages.map((_, index) => [index === 0, index === 0]),
    );
    expect(tree(whole.data).slice(0, 3)).toEqual([
      ["turn", "sevt_0000_b:turn", null],
      ["model_request", "sevt_0000_c_s:request", "turn"],
      ["tool", "sevt_0000_d", "model_request"],
    ]);
  });

  it.each([
    ["kinds=tool", TURNS],
    ["kinds=tool&kinds=turn", 2 * TURNS],
    ["thread=primary", 3 * TURNS],
    ["thread=sthr_none", 0],
    // The turn and the call reach into the window; the request ended before it.
    [`from=${instant(4, 12)}&to=${instant(4, 13)}`, 2],
    [`from=${instant(4, 12)}&to=${instant(6, 0)}`, 5],
    [`to=${instant(2, 0)}`, 6],
    [`from=${instant(TURNS, 0)}`, 0],
  ])("%s leaves %i, each with the parent it has in the whole", async (search, count) => {
    const whole = new Map((await spansOf(LONG)).map((span) => [span.id, span]));
    const spans = await spansOf(LONG, `?${search}`);
    expect(spans).toHaveLength(count);
    expect(spans).toEqual(spans.map(({ id }) => whole.get(id)));
  });

  it("gives turns with what happened in each", async () => {
    const { data } = await get<TurnsPage>(turns, LONG, "?limit=200");
    expect(data).toHaveLength(TURNS);
    expect(data.map(({ number }) => number)).toEqual(data.map((_, index) => index + 1));
    expect(data[5]).toEqual({
      id: "sevt_0005_b:turn",
      number: 6,
      started_at: instant(5, 0),
      ended_at: instant(5, 20),
      duration_ms: 20_000,
      state: "ok",
      outcome: "end turn",
      // claude-sonnet-5: $2 input, $2.50 cache write, $10 output a million.
      cost_nanos: 20_000 * 2000 + 200 * 2500 + 100 * 10_000,
      unpriced_tokens: 0,
      usage: {
        input_tokens: 20_000,
        cache_write_tokens: 200,
        cache_read_tokens: 0,
        output_tokens: 100,
      },
      model_requests: 1,
      tool_calls: 1,
      errors: 1,
    });
    for (const order of ["asc", "desc"]) {
      const pages: TurnItem[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const search: string = `?limit=6&order=${order}${cursor && `&cursor=${cursor}`}`;
        const next = await get<TurnsPage>(turns, LONG, search);
        pages.push(...next.data);
        cursor = next.next_cursor;
      }
      expect(pages).toEqual(order === "asc" ? data : data.toReversed());
    }
  });

  it("gives its tools, and a minimap that holds all of it", async () => {
    const { data } = await get<ToolsAnswer>(tools, LONG);
    expect(data).toEqual([
      {
        name: "bash",
        tool_kind: "builtin",
        mcp_server: null,
        calls: TURNS,
        errors: TURNS / 4,
        denials: 0,
        open: 0,
        p50_ms: 5000,
        p95_ms: 5000,
        total_ms: TURNS * 5000,
        result_bytes: expect.any(Number),
      },
    ]);
    const map = await get<Minimap>(minimap, LONG, "?buckets=100");
    expect([map.from, map.to]).toEqual([instant(0, 0), instant(TURNS - 1, 20)]);
    const sums = [1, 2, 3, 4].map((column) =>
      map.lanes.flatMap(({ buckets }) => buckets).reduce((sum, row) => sum + (row[column] ?? 0), 0),
    );
    const failedRequests = Array.from({ length: TURNS }, (_, n) => n).filter((n) => n % 7 === 3);
    expect(sums).toEqual([
      expect.closeTo(TURNS * 10_000, -3),
      expect.closeTo(TURNS * 5000, -3),
      0,
      TURNS / 4 + failedRequests.length,
    ]);
  });
});

describe("find", () => {
  const found = async (search: string) => {
    const answer = await get<{ event_id: string } | null>(find, LONG, `?${search}`);
    return answer?.event_id ?? null;
  };
  // Calls fail at turns 1, 5, 9 …; requests at 3, 10, 17; turns 5 and 15 are dear.
  it.each([
    ["what=error", "sevt_0001_f"],
    ["what=error&after=sevt_0001_f", "sevt_0003_c_e"],
    ["what=error&after=sevt_0002_a", "sevt_0003_c_e"],
    [`what=error&after=${instant(4, 0)}`, "sevt_0005_f"],
    ["what=error&after=sevt_0005_f&direction=prev", "sevt_0003_c_e"],
    ["what=error&after=sevt_0001_f&direction=prev", null],
    ["what=error&direction=prev", "sevt_0017_f"],
    ["what=error&after=sevt_queued", null],
    ["what=error&thread=sthr_none", null],
    ["what=costly", "sevt_0005_c_s"],
    ["what=costly&after=sevt_0005_c_s", "sevt_0015_c_s"],
    ["what=costly&after=sevt_0015_c_s", null],
    ["what=costly&after=sevt_0009_a&direction=prev", "sevt_0005_c_s"],
    ["what=text&q=needle", "sevt_0007_g"],
    ["what=text&q=needle&after=sevt_0007_g", null],
    ["what=text&q=needle&after=sevt_0007_h&direction=prev", "sevt_0007_g"],
    ["what=type&q=user.message&after=sevt_0004_a", "sevt_0005_a"],
    ["what=type&q=user.message&after=sevt_0004_a&direction=prev", "sevt_0003_a"],
    ["what=type&q=no.such", null],
  ])("%s is %s", async (search, event_id) => {
    expect(await found(search)).toBe(event_id);
  });

  it("tells where it is and what it is", async () => {
    expect(await get(find, LONG, "?what=error")).toEqual({
      event_id: "sevt_0001_f",
      span_id: "sevt_0001_d",
      at: instant(1, 16),
      session_thread_id: null,
      label: "tool bash",
    });
  });

  it.each([
    ["", "what"],
    ["?what=nothing", "what"],
    ["?what=text", "q"],
    ["?what=type&q=", "q"],
  ])("refuses %j by name", async (search, path) => {
    const answer = await call(find, `/x${search}`, { headers, params: { id: LONG } });
    expect([answer.status, answer.body]).toMatchObject([400, { error: { issues: [{ path }] } }]);
  });

  it("knows no place of an event that is not there", async () => {
    const search = "?what=error&after=sevt_none";
    const answer = await call(find, `/x${search}`, { headers, params: { id: LONG } });
    expect(answer.status).toBe(404);
  });
});

it("tells names with any characters in them as they came", async () => {
  const id = "sesn_strange";
  const names = ["\u0001", "a\u0001b", "line\nbreak\ttab", '"quoted" \\', "naïve 😀", "{}", ","];
  await storeItems(
    id,
    names.map((name, n) => event("agent.tool_use", n, { id: `call${n}`, name, input: {} })),
  );
  expect((await spansOf(id)).map((span) => [span.name, span.start_event_id])).toEqual(
    names.map((name, n) => [name, `call${n}`]),
  );
});

describe("a session", () => {
  it("is told as the list tells it", async () => {
    expect(await get(session, LONG)).toMatchObject({
      id: LONG,
      connection_id: null,
      title: "Long",
      agent: { id: "agent_l", name: "long", version: 2 },
      outcome: "completed",
      turns: TURNS,
      tool_errors: TURNS / 4,
      complete_until: instant(TURNS - 1, 20),
    });
  });

  it("goes on waiting as time goes by", async () => {
    const id = "sesn_waits";
    await storeItems(id, [
      running(0),
      event("agent.tool_use", 1, { id: "w", name: "bash", input: {}, evaluated_permission: "ask" }),
      asks(2, "w"),
    ]);
    const item = await get<SessionItem>(session, id);
    expect([item.outcome, item.outcome_detail?.since]).toEqual(["waiting", at(2)]);
    const sinceMs = Date.now() - Date.parse(at(2));
    expect(Math.abs(item.waiting_ms - sinceMs)).toBeLessThan(5000);
    await storeItems(id, [
      event("user.tool_confirmation", 12, { id: "y", tool_use_id: "w", result: "allow" }),
      running(12),
      idle(20),
    ]);
    expect((await get<SessionItem>(session, id)).waiting_ms).toBe(10_000);
  });

  it.each([
    [session, ""],
    [trace, ""],
    [tools, ""],
    [turns, ""],
    [minimap, ""],
    [find, "?what=error"],
  ])("that is not there is a 404", async (route, search) => {
    const params = { id: "sesn_none" };
    const answer = await call(route, `/x${search}`, { headers, params });
    expect([answer.status, answer.body]).toMatchObject([404, { error: { code: "not_found" } }]);
  });
});
