import { beforeAll, describe, expect, it } from "vitest";
import { GET } from "@/app/api/v1/overview/route";
import { prisma } from "@/lib/db/client";
import type { Overview } from "@/lib/overview/schema";
import { OverviewQuery } from "@/lib/overview/schema";
import { readOverview } from "@/lib/overview/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import { asks, at, event, idle, request, running } from "@/tests/support/events";
import { storeItems } from "@/tests/support/stored";

let headers: { authorization: string };
const HOUR = 3600;
const DAY_HOURS = 24;
const WEEK_HOURS = 7 * 24;
const hoursAgo = (hours: number) => at(-hours * HOUR);
const NOW = new Date(hoursAgo(0));

type Made = {
  id: string;
  /** Hours ago. */
  start: number;
  agent?: string;
  version?: number;
  model?: string;
  /** Cached tokens read: at $0.20 a million, five are a micro-dollar. */
  tokens?: number;
  end?: SoupItem[];
};

/** Ran for a minute, in which it made one request. */
async function make({ id, start, agent, version = 1, model, tokens = 0, end }: Made) {
  const from = -start * HOUR;
  const object: SoupItem = {
    kind: "session",
    threadId: null,
    data: {
      id,
      type: "session",
      created_at: at(from),
      agent: agent
        ? {
            ...{ type: "agent", id: agent, version, name: agent.toUpperCase() },
            model: { id: model ?? "claude-sonnet-5" },
          }
        : null,
    },
  };
  const items = [object, running(from), ...request(`${id}_r`, from + 1, [0, 0, tokens])];
  await storeItems(id, [...items, ...(end ?? [idle(from + 60)])]);
}

const refused = (start: number) => [idle(-start * HOUR + 60, "refusal")];

async function read(query: object, now = NOW): Promise<Overview> {
  return readOverview("default", OverviewQuery.parse(query), { now });
}
const DAY = { from: hoursAgo(DAY_HOURS), to: hoursAgo(0) };
const sum = (values: readonly (number | null)[]) =>
  values.reduce<number>((a, b) => a + (b ?? 0), 0);
const RUNTIME = Math.round((60_000 * 80_000_000) / 3_600_000);

beforeAll(async () => {
  await truncateAll();
  headers = await bearer("read");
});

describe("the overview", () => {
  it("of nothing at all says so", async () => {
    const empty = await read({});
    expect(empty).toMatchObject({ any: false, attention: [], agents: [], running: [], cost: [] });
    expect(empty.figures.failure_rate).toMatchObject({ value: null, failed: 0, settled: 0 });
  });

  it("puts figures beside those of the day before, and its parts sum to the whole", async () => {
    // Six of the last day's eight of agent_b v2 failed, none of those before.
    for (let n = 0; n < 8; n++) {
      const b = { start: 5, agent: "agent_b", version: 2, tokens: 5000 };
      await make({ id: `b${n}`, ...b, ...(n < 6 ? { end: refused(5) } : {}) });
    }
    for (let n = 0; n < 10; n++)
      await make({ id: `old${n}`, start: 30, agent: "agent_b", version: 1, tokens: 2500 });
    await make({ id: "steady", start: 3, agent: "agent_a", end: refused(3) });
    await make({ id: "runs", start: 1, agent: "agent_a", end: [event("agent.thinking", -9)] });
    await make({ id: "silent", start: 9, agent: "agent_c", version: 4, end: [] });
    await make({ id: "nobody", start: 7, tokens: 100 });
    const call = event("agent.tool_use", -51 * HOUR + 5, { name: "bash", input: {} });
    const asking = asks(-49 * HOUR, "agent.tool_use@-183595");
    await make({ id: "waits", start: 51, agent: "agent_c", end: [call, asking] });

    const { figures, ...overview } = await read(DAY);
    expect(figures.sessions).toMatchObject({ value: 12, previous: 10 });
    // What those that run on have run is told when they rest.
    expect(figures.cost_nanos).toMatchObject({
      value: 8 * 1_000_000 + 10 * RUNTIME,
      previous: 10 * (500_000 + RUNTIME),
      unpriced_tokens: 100,
    });
    expect(figures.session_hours.value).toBeCloseTo(10 / 60, 6);
    expect(figures.session_hours.previous).toBeCloseTo(10 / 60, 6);
    expect(figures.failure_rate).toMatchObject({
      ...{ value: 7 / 10, previous: 0, failed: 7, settled: 10 },
    });
    for (const figure of [figures.sessions, figures.cost_nanos]) {
      expect(sum(figure.points)).toBe(figure.value);
      expect(figure.points).toHaveLength(overview.times.length);
    }
    expect(overview.step_ms).toBe(1_800_000);
    expect(
      Object.fromEntries(overview.outcomes.map((each) => [each.outcome, sum(each.values)])),
    ).toEqual({ completed: 3, refused: 7 });
    expect(overview.cost.map(({ meter, values }) => [meter, sum(values)])).toEqual([
      ["tokens", 8_000_000],
      ["runtime", 10 * RUNTIME],
    ]);
    const bucket = overview.times.indexOf(hoursAgo(5).replace(".000000", ""));
    expect(figures.failure_rate.points[bucket]).toBe(6 / 8);
    expect(figures.failure_rate.points.filter((point) => point !== null)).toHaveLength(3);
    expect(overview.concurrency).toHaveLength(overview.times.length);
    expect([overview.concurrency[0], overview.concurrency.at(-1)]).toEqual([0, 2]);
    expect(overview.compared).toEqual({
      from: new Date(hoursAgo(2 * DAY_HOURS)).toISOString(),
      to: new Date(hoursAgo(DAY_HOURS)).toISOString(),
    });
  });

  it("says who needs attention, worst first, and why", async () => {
    const { attention } = await read(DAY);
    expect(attention).toEqual([
      {
        kind: "failing",
        agent: { id: "agent_b", name: "AGENT_B", version: 2 },
        ...{ failed: 6, settled: 8, normal: 0, cost_nanos: 6 * (1_000_000 + RUNTIME) },
        from: new Date(DAY.from).toISOString(),
        to: new Date(DAY.to).toISOString(),
      },
      {
        kind: "waiting",
        ...{ sessions: 1, cost_nanos: 2 * 80_000_000 },
        oldest: {
          ...{ session_id: "waits", connection_id: null, since: hoursAgo(49), tool: "bash" },
          agent: { id: "agent_c", name: "AGENT_C", version: 1 },
        },
      },
      {
        kind: "silent",
        ...{ sessions: 1, cost_nanos: 0 },
        oldest: {
          ...{ session_id: "silent", connection_id: null, tool: null },
          since: at(-9 * HOUR + 2),
          agent: { id: "agent_c", name: "AGENT_C", version: 4 },
        },
      },
      { kind: "unpriced", tokens: 100, models: [] },
    ]);
  });

  it("names the agents with most sessions and what runs now", async () => {
    const overview = await read(DAY);
    expect(
      overview.agents.map(({ agent, sessions, failed, settled, p95_turn_ms }) => [
        ...[
          agent.id,
          agent.name,
          sessions,
          failed,
          settled,
          p95_turn_ms && Math.round(p95_turn_ms / 1000),
        ],
      ]),
    ).toEqual([
      ["agent_b", "AGENT_B", 8, 6, 8, 60],
      ["agent_a", "AGENT_A", 2, 1, 1, 60],
      [null, null, 1, 0, 1, 60],
      ["agent_c", "AGENT_C", 1, 0, 0, null],
    ]);
    expect(overview.agents.map(({ cost_nanos }) => cost_nanos)[0]).toBe(8 * (1_000_000 + RUNTIME));
    expect(overview.agents_total).toBe(4);
    expect(overview.running.map(({ id }) => id)).toEqual(["runs", "silent"]);
    expect([overview.running_total, overview.waiting_total]).toEqual([2, 1]);
  });

  it("says what is dearer than in the weeks before, and who made it so", async () => {
    for (const week of [1, 2, 3]) {
      const start = week * WEEK_HOURS + 4;
      const tokens = 5_000_000 * week;
      await make({ id: `week${week}`, start, agent: "agent_b", tokens });
      await make({ id: `same${week}`, start, agent: "agent_d", tokens: 5_000_000 });
    }
    await make({ id: "first", start: 4 * WEEK_HOURS, agent: "agent_d" });
    await make({ id: "dear", start: 4, agent: "agent_d", tokens: 50_000_000 });
    const kinds = async (query: object) => (await read(query)).attention.map(({ kind }) => kind);
    const dear = (await read(DAY)).attention.find(({ kind }) => kind === "dear");
    const [own, week] = [10_000_000_000 + RUNTIME, 2_000_000_000 + 2 * RUNTIME];
    expect(dear).toMatchObject({
      ...{ weeks: 3, expected_nanos: week + 1_000_000_000 },
      agent: { id: "agent_d", name: "AGENT_D", excess_nanos: own - 1_000_000_000 - RUNTIME },
    });
    expect(await kinds({ ...DAY, to: hoursAgo(4.5) })).not.toContain("dear");
    expect(await kinds({ from: hoursAgo(8 * DAY_HOURS), to: hoursAgo(0) })).not.toContain("dear");
  });

  it("says what has no price, and which connection is in trouble", async () => {
    await make({ id: "strange", start: 2, agent: "agent_b", model: "nobody-1", tokens: 70 });
    const blank = { workspace: "default", baseUrl: "http://127.0.0.1:1", apiKeySealed: "" };
    await prisma.connection.createMany({
      data: [
        {
          ...blank,
          id: "conn_1",
          name: "One",
          apiKeyHint: "",
          state: "failed",
          stateReason: "No.",
        },
        { ...blank, id: "conn_2", name: "Two", apiKeyHint: "", state: "live", lagSeconds: 301 },
        { ...blank, id: "conn_3", name: "Three", apiKeyHint: "", state: "live", lagSeconds: 300 },
      ],
    });
    const { attention, figures } = await read(DAY);
    expect(figures.cost_nanos.unpriced_tokens).toBe(170);
    expect(attention[0]).toEqual({
      kind: "stopped",
      connection: { id: "conn_1", name: "One" },
      reason: "No.",
    });
    expect(attention.slice(-2)).toEqual([
      { kind: "unpriced", tokens: 170, models: ["nobody-1"] },
      { kind: "behind", connection: { id: "conn_2", name: "Two" }, lag_seconds: 301 },
    ]);
  });

  it("without a range begins with the first session", async () => {
    const overview = await read({});
    expect(overview.from).toBe(new Date(hoursAgo(4 * WEEK_HOURS)).toISOString());
    expect(overview.figures.sessions.value).toBe(32);
  });

  it.each([
    ["?from=now", "from"],
    [`?from=${hoursAgo(1)}&to=${hoursAgo(2)}`, "from"],
    ["?to=0001-01-01T00:00:00Z", "to"],
    ["?tz=Mars/Base", "tz"],
    ["?compare=year", "compare"],
  ])("refuses %s by name", async (search, path) => {
    const { status, body } = await call(GET, `/x${search}`, { headers });
    expect([status, body]).toMatchObject([400, { error: { issues: [{ path }] } }]);
  });

  it.each(["?tz=America/New_York&compare=week", "?compare=none", "?compare=day&tz=Asia/Kolkata"])(
    "can be asked with %s",
    async (search) => {
      const { status, body } = await call(GET, `/x${search}`, { headers });
      expect([status, status === 200 ? null : body]).toEqual([200, null]);
    },
  );
});
