import { beforeAll, describe, expect, it } from "vitest";
import { GET as exported } from "@/app/api/v1/reconcile/export/route";
import { GET } from "@/app/api/v1/reconcile/route";
import { GET as sessions } from "@/app/api/v1/reconcile/sessions/route";
import type { Reconcile, ReconcileSession } from "@/lib/costs/reconcile-schema";
import type { JsonObject } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  agentOf,
  at,
  cents,
  evaluationEnd,
  evaluationStart,
  idle,
  modelUsage,
  request,
  running,
  session,
  usage,
} from "@/tests/support/events";
import { DC_07, HP_05 } from "@/tests/support/recorded";
import { storeRecorded } from "@/tests/support/stored";

let headers: { authorization: string };

/** Half a million tokens of Sonnet 5 cost a dollar. */
const DOLLAR = 500_000;
const whole = (members: object = {}) => ({
  input_tokens: DOLLAR,
  output_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  active_seconds: 0,
  list_cost: cents("100"),
  ...members,
});
type Made = {
  model?: JsonObject | string;
  tokens?: number[];
  told?: JsonObject | null;
  more?: SoupItem[];
  agent?: string;
  source?: "push" | "sdk" | "demo";
};

/** A session of one request that settled at 9 s, with what the platform told of it at 8 s. */
async function make(id: string, made: Made = {}): Promise<void> {
  const { model = "claude-sonnet-5", tokens = [DOLLAR], told = whole(), more = [] } = made;
  const { agent = "agent_A", source = "push" } = made;
  const items = [
    session({ id, title: id, agent: agentOf(model, { id: agent, name: agent.toUpperCase() }) }),
    running(0),
    ...request("r", 1, tokens),
    ...more,
    ...(told === null ? [] : [usage(8, told)]),
    idle(9),
  ];
  const raw = items.map((item, index) => ({ ...item, index, sessionId: id }));
  const origin = { workspace: "default", connectionId: "", source };
  const { rejected } = await acceptItems(origin, raw, [], new Date());
  expect(rejected).toEqual([]);
}

async function get<T>(handler: typeof GET, search = ""): Promise<T> {
  const { status, body } = await call(handler, `/x${search}`, { headers });
  expect([status, status === 200 ? null : body]).toEqual([200, null]);
  return body as T;
}
const read = (search = "") => get<Reconcile>(GET, search);
const worst = (search = "") =>
  get<{ data: ReconcileSession[]; next_cursor: string | null }>(sessions, search);

/** By cause: the session that has it, and its drift in cents. */
const CAUSES: [cause: string, made: Made, driftCents: number][] = [
  ["exact", {}, 0],
  ["rounding", { told: whole({ active_seconds: 225 }) }, 0.5],
  ["unknown_model", { model: "claude-novel-9", agent: "agent_B" }, -100],
  [
    "missing_thread",
    { told: whole({ input_tokens: 2 * DOLLAR, list_cost: cents("190") }), agent: "agent_B" },
    10,
  ],
  [
    "missing_split",
    { tokens: [DOLLAR, 0, 0, 100_000], told: whole({ cache_creation: undefined }) },
    25,
  ],
  ["late_events", { told: whole({ input_tokens: 100_000, list_cost: cents("20") }) }, 80],
  ["modifier", { model: { id: "claude-sonnet-5", speed: "fast" } }, -100],
  [
    "grader_model",
    {
      more: [
        evaluationStart("e", 3),
        evaluationEnd("e", 4, "satisfied", { usage: modelUsage(100_000) }),
      ],
      told: whole({ input_tokens: DOLLAR + 100_000, list_cost: cents("170") }),
    },
    -50,
  ],
  ["price", { told: whole({ list_cost: cents("60") }) }, 40],
  // Nine seconds of running that the platform did not tell of are in ours.
  ["unexplained", { told: whole({ active_seconds: undefined, list_cost: cents("7") }) }, 93.02],
];

beforeAll(async () => {
  await truncateAll();
  headers = await bearer("read");
});

describe("before anything is there", () => {
  it("says that there is nothing", async () => {
    const empty = await read();
    expect(empty).toMatchObject({ data: [], next_cursor: null, tokens: { compared: 0 } });
    expect(empty.totals).toMatchObject({ sessions: 0, drift_nanos: 0, drift_ratio: null });
    expect(empty.without_list_cost).toEqual({ sessions: 0, reasons: [] });
    expect((await worst()).data).toEqual([]);
  });
});

describe("sessions with each cause", () => {
  beforeAll(async () => {
    for (const [cause, made] of CAUSES) await make(`sesn_${cause}`, made);
    await make("sesn_quiet", { told: null });
    await make("sesn_uncosted", { told: whole({ list_cost: null }) });
    await make("sesn_loop", { told: null, source: "sdk" });
    await storeRecorded(HP_05);
    await storeRecorded(DC_07);
  });

  it.each(CAUSES)("%s", async (cause, _made, driftCents) => {
    const { data } = await worst(`?cause=${cause}&limit=200`);
    const found = data.find(({ id }) => id === `sesn_${cause}`);
    expect(found).toMatchObject({ cause, drift_nanos: driftCents * 1e7 });
    expect(data.every((item) => item.cause === cause)).toBe(true);
  });

  it("adds up to the same by cause, by agent and one by one", async () => {
    const [byCause, byAgent] = [await read("?by=cause"), await read("?by=agent")];
    const { data } = await worst("?limit=200");
    expect(byAgent.totals).toEqual(byCause.totals);
    expect(data).toHaveLength(CAUSES.length + 2);
    const names = ["computed_nanos", "list_nanos", "drift_nanos"] as const;
    for (const name of names) {
      const sum = (items: readonly { [key in typeof name]: number | null }[]) =>
        items.reduce((total, item) => total + (item[name] ?? 0), 0);
      expect([sum(byCause.data), sum(byAgent.data), sum(data)]).toEqual(
        Array(3).fill(byCause.totals[name]),
      );
    }
    const absolute = data.reduce((sum, item) => sum + Math.abs(item.drift_nanos ?? 0), 0);
    expect(byCause.totals.drift_absolute_nanos).toBe(absolute);
    expect(byCause.totals.drift_nanos).toBe(
      byCause.totals.computed_nanos - byCause.totals.list_nanos,
    );
    // Exact, rounding and the two recorded sessions; of those, the percent holds for the first two.
    expect(byCause.totals).toMatchObject({
      sessions: 12,
      within_cent: 4,
      within_percent: 2,
      demo: 0,
    });
  });

  it("has the worst first, and groups one cause or one agent", async () => {
    const [first, second] = (await read("?by=agent")).data;
    expect(first?.agent).toEqual({ id: "agent_A", name: "AGENT_A" });
    expect(second).toMatchObject({ agent: { id: "agent_B" }, cause: null, sessions: 2 });
    expect(second?.drift_absolute_nanos).toBe(1_100_000_000);
    const causes = (await read()).data.map(({ cause }) => cause);
    expect(causes.slice(0, 2).sort()).toEqual(["modifier", "unknown_model"]);
    expect(causes.slice(-2)).toEqual(["rounding", "exact"]);
    const sizes = (await worst("?agent=agent_B")).data.map(({ id }) => id);
    expect(sizes).toEqual(["sesn_unknown_model", "sesn_missing_thread"]);
  });

  it("gives groups and sessions page by page, each once", async () => {
    for (const [what, all] of [
      ["by=cause", (await read()).data],
      ["by=agent", (await read("?by=agent")).data],
    ] as const) {
      const seen: unknown[] = [];
      let page = await read(`?${what}&limit=1`);
      for (; page.next_cursor; page = await read(`?${what}&limit=1&cursor=${page.next_cursor}`))
        seen.push(...page.data);
      expect([...seen, ...page.data]).toEqual(all);
    }
    const all = (await worst("?limit=200")).data;
    const seen: ReconcileSession[] = [];
    let page = await worst("?limit=5");
    for (; page.next_cursor; page = await worst(`?limit=5&cursor=${page.next_cursor}`))
      seen.push(...page.data);
    expect([...seen, ...page.data]).toEqual(all);
  });

  it("counts beside them the settled sessions that have no list cost, and says why", async () => {
    expect((await read()).without_list_cost).toEqual({
      sessions: 3,
      reasons: [
        { reason: "own_loop", sessions: 1 },
        { reason: "no_usage", sessions: 1 },
        { reason: "not_given", sessions: 1 },
      ],
    });
  });

  it("compares the tokens of spans and usage, bucket by bucket, so that nothing cancels out", async () => {
    const { tokens, relists } = await read();
    expect(tokens).toMatchObject({ compared: 13, differing: 2 });
    expect(tokens.missing).toEqual({
      input_tokens: DOLLAR,
      cache_write_tokens: 0,
      cache_read_tokens: 0,
      output_tokens: 0,
    });
    expect(tokens.surplus.input_tokens).toBe(400_000);
    expect(tokens.usage.input_tokens - tokens.spans.input_tokens).toBe(100_000);
    expect(relists).toEqual({ waiting: 0, different: 0, mended: 0, unavailable: 2 });
    const { data } = await worst("?show=tokens");
    expect(data.map(({ id, token_gap, relist }) => [id, token_gap, relist])).toEqual([
      ["sesn_missing_thread", DOLLAR, "unavailable"],
      ["sesn_late_events", 400_000, "unavailable"],
    ]);
  });

  it("knows only what settled in the range", async () => {
    const before = await read(`?to=${at(9)}`);
    expect(before.totals.sessions).toBe(2);
    const after = await read(`?from=${at(9)}`);
    expect(after.totals.sessions).toBe(CAUSES.length);
    expect((await worst(`?from=${at(9.000_001)}`)).data).toEqual([]);
  });

  it("exports the rows in the same order, exact to the nano-dollar", async () => {
    const { text } = await call(exported, "/x?agent=agent_B", { headers });
    const [head, ...rows] = text.trim().split("\n");
    expect(head).toMatch(/^id,connection_id,title,.*,drift_nanos,billed_nanos,cause,causes,/);
    expect(rows.map((row) => row.split(",")[0])).toEqual([
      "sesn_unknown_model",
      "sesn_missing_thread",
    ]);
    const ndjson = await call(exported, "/x?format=ndjson", { headers });
    const items = ndjson.text.trim().split("\n");
    expect(items.map((item) => JSON.parse(item))).toEqual((await worst("?limit=200")).data);
  });

  it("tells simulated sessions apart", async () => {
    await make("sesn_demo", { source: "demo" });
    const { totals } = await read();
    expect([totals.demo, totals.sessions]).toEqual([1, CAUSES.length + 3]);
  });

  it.each([
    ["?from=yesterday", "from"],
    ["?by=model", "by"],
    ["?cursor=abc", "cursor"],
    [
      `?by=agent&cursor=${Buffer.from('{"b":"cause","v":"1","k":"x"}').toString("base64url")}`,
      "cursor",
    ],
  ])("says what is wrong with %s", async (search, path) => {
    const { status, body } = await call(GET, `/x${search}`, { headers });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(`"path":"${path}"`);
  });
});
