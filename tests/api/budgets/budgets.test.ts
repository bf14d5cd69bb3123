import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DELETE, PUT } from "@/app/api/v1/budgets/[id]/route";
import { GET as coverage } from "@/app/api/v1/budgets/coverage/route";
import { GET, POST } from "@/app/api/v1/budgets/route";
import { GET as forecast } from "@/app/api/v1/costs/forecast/route";
import type { BudgetItem, BudgetsPage, Course, Coverage, Forecast } from "@/lib/budgets/schema";
import { NewBudget } from "@/lib/budgets/schema";
import { createBudget, readBudgets, readForecast } from "@/lib/budgets/service";
import { METHOD } from "@/lib/costs/forecast";
import { pool } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import { at, idle, running } from "@/tests/support/events";
import { storeItems } from "@/tests/support/stored";

const DAY = 86_400;
/** What an hour of running time costs. */
const HOUR_NANOS = 80_000_000;
const NOW = new Date("2026-11-20T12:00:00Z");

let write: { authorization: string };
let read: { authorization: string };

/** Ran an hour each of so many days until yesterday. */
async function store(id: string, agent: string, team: string, days: number): Promise<void> {
  const data = {
    ...{ id, type: "session", created_at: at(-days * DAY), metadata: { team } },
    agent: { type: "agent", id: agent, name: agent, version: 1, model: { id: "claude-sonnet-5" } },
  };
  const items: SoupItem[] = [{ kind: "session", threadId: null, data }];
  for (let day = days; day >= 1; day--) items.push(running(-day * DAY), idle(-day * DAY + 3_600));
  await storeItems(id, items);
}

beforeAll(async () => {
  await truncateAll();
  await store("sesn_a", "agent_a", "search", 40);
  await store("sesn_b", "agent_b", "ads", 3);
  write = await bearer("write");
  read = await bearer("read");
});
beforeEach(async () => {
  await pool().query("truncate budget");
});

/** Minutes of running time are rounded, each to a nano-dollar; what that leaves stands at the session's last. */
const roughly = (nanos = 0) => Math.round(nanos / 100_000) * 100_000;

const budget = (fields: Partial<BudgetItem>) =>
  NewBudget.parse({ name: "b", amount_nanos: 30 * HOUR_NANOS, ...fields });

describe("how far budgets are", () => {
  it.each([
    // 19 days of one agent and 3 of the other; today nothing yet, and half of today is left.
    [{}, { spent_nanos: 22 * HOUR_NANOS }, "will_exceed"],
    [{ scope: "agent", value: "agent_a" }, { spent_nanos: 19 * HOUR_NANOS }, "within"],
    [
      { scope: "agent", value: "agent_b" },
      { spent_nanos: 3 * HOUR_NANOS, wanted_days: 5 },
      "unknown",
    ],
    [{ scope: "metadata.team", value: "search" }, { spent_nanos: 19 * HOUR_NANOS }, "within"],
    [{ scope: "metadata.team", value: "nobody" }, { spent_nanos: 0, wanted_days: 7 }, "unknown"],
    [{ scope: "source", value: "push" }, { spent_nanos: 22 * HOUR_NANOS }, "will_exceed"],
    [
      { scope: "agent", value: "agent_a", period: "week" },
      { spent_nanos: 4 * HOUR_NANOS, from: "2026-11-16T00:00:00.000Z" },
      "within",
    ],
    [
      { scope: "agent", value: "agent_a", period: "day", amount_nanos: HOUR_NANOS },
      { spent_nanos: 0, to: "2026-11-21T00:00:00.000Z" },
      "within",
    ],
    [
      { scope: "agent", value: "agent_a", amount_nanos: 10 * HOUR_NANOS },
      { spent_nanos: 19 * HOUR_NANOS },
      "over",
    ],
  ] as [Partial<BudgetItem>, Partial<Course> & { spent_nanos: number }, string][])(
    "%j",
    async (fields, course, state) => {
      await createBudget("default", budget(fields));
      const [item] = (await readBudgets("default", NOW)).data;
      const { spent_nanos, ...rest } = course;
      expect(item?.course).toMatchObject(rest);
      expect(roughly(item?.course.spent_nanos)).toBe(spent_nanos);
      expect(item?.state).toBe(state);
    },
  );

  it("begin where days do in their zone, and say when they are used up", async () => {
    const fields = { scope: "agent", value: "agent_a", tz: "Asia/Tokyo" };
    await createBudget("default", budget({ ...fields, amount_nanos: 9.5 * HOUR_NANOS }));
    const [item] = (await readBudgets("default", NOW)).data;
    expect(item).toMatchObject({
      state: "over",
      exhausted_on: "2026-11-10",
      course: { from: "2026-10-31T15:00:00.000Z", to: "2026-11-30T15:00:00.000Z" },
    });
    const [first] = item?.course.days ?? [];
    expect(first).toMatchObject({ date: "2026-11-01", outlook: null });
    expect(roughly(first?.spent_nanos ?? 0)).toBe(HOUR_NANOS);
  });

  it("are those of the same forecast that anybody can ask for", async () => {
    await createBudget("default", budget({ scope: "agent", value: "agent_a" }));
    const [item] = (await readBudgets("default", NOW)).data;
    const asked = { period: "month", tz: "UTC", agent: ["agent_a"] } as const;
    const found = await readForecast("default", { ...asked, agent: [...asked.agent] }, NOW);
    expect(found).toEqual({ ...item?.course, method: METHOD });
    // Ten whole days and a half are left.
    expect(roughly(found.outlook?.expected_nanos)).toBe(29.5 * HOUR_NANOS);
  });
});

describe("the API", () => {
  const make = (json: unknown, headers = write) =>
    call(POST, "/api/v1/budgets", { method: "POST", headers, json });
  const list = async () =>
    (await call(GET, "/api/v1/budgets", { headers: read })).body as BudgetsPage;

  it("keeps budgets, gives them other terms, and forgets them", async () => {
    const made = await make({ name: " All ", amount_nanos: 1e12 });
    expect(made.status).toBe(201);
    const item = made.body as BudgetItem;
    expect(item).toEqual({
      ...{ id: expect.stringMatching(/^bdgt_/), name: "All", scope: "all", value: null },
      ...{ period: "month", tz: "UTC", amount_nanos: 1e12, created_at: expect.any(String) },
      ...{ state: expect.any(String), exhausted_on: null, course: expect.any(Object) },
    });
    const params = { id: item.id };
    const terms = { name: "Ads", scope: "metadata.team", value: "ads", period: "week" };
    const put = await call(PUT, "/x", {
      ...{ method: "PUT", headers: write, params, json: { ...terms, amount_nanos: 5e9 } },
    });
    expect(put.status).toBe(200);
    expect((await list()).data).toMatchObject([{ id: item.id, ...terms, amount_nanos: 5e9 }]);
    const forget = () => call(DELETE, "/x", { method: "DELETE", headers: write, params });
    expect((await forget()).status).toBe(204);
    expect((await list()).data).toEqual([]);
    expect((await forget()).status).toBe(404);
  });

  it("lets readers read only", async () => {
    expect((await make({ name: "a", amount_nanos: 1e9 }, read)).status).toBe(403);
    const params = { id: "bdgt_1" };
    expect((await call(DELETE, "/x", { method: "DELETE", headers: read, params })).status).toBe(
      403,
    );
  });

  it.each([
    [{ amount_nanos: 1e9 }, "name"],
    [{ name: "a" }, "amount_nanos"],
    [{ name: "a", amount_nanos: 9_999_999 }, "amount_nanos"],
    [{ name: "a", amount_nanos: 1.5 }, "amount_nanos"],
    [{ name: "a", amount_nanos: 1e9, scope: "outcome", value: "x" }, "scope"],
    [{ name: "a", amount_nanos: 1e9, scope: "agent" }, "value"],
    [{ name: "a", amount_nanos: 1e9, value: "x" }, "value"],
    [{ name: "a", amount_nanos: 1e9, period: "year" }, "period"],
    [{ name: "a", amount_nanos: 1e9, tz: "Mars" }, "tz"],
    [{ name: "a", amount_nanos: 1e9, id: "mine" }, "id"],
  ])("says what is wrong with %j", async (json, path) => {
    const { status, body } = await make(json);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(path);
  });

  it("takes a hundred budgets", async () => {
    const rows = Array.from(
      { length: 100 },
      (_, at) => `('default', '${at}', 'b', 'all', 'month', 'UTC', 1)`,
    );
    await pool().query(
      `insert into budget (workspace, id, name, scope, period, tz, amount_nanos) values ${rows.join(",")}`,
    );
    expect((await make({ name: "a", amount_nanos: 1e9 })).status).toBe(409);
  });

  it("tells the forecast of any filter", async () => {
    const path = "/api/v1/costs/forecast?period=week&tz=Europe/Berlin&metadata.team=ads";
    const { status, body } = await call(forecast, path, { headers: read });
    expect(status).toBe(200);
    expect((body as Forecast).days).toHaveLength(7);
    const wrong = await call(forecast, "/api/v1/costs/forecast?period=year", { headers: read });
    expect(wrong.status).toBe(400);
  });
});

describe("sessions without a cap", () => {
  const covered = async (query: string) =>
    (await call(coverage, `/api/v1/budgets/coverage?${query}`, { headers: read })).body as Coverage;
  const RANGE = "from=2026-12-01T00:00:00Z&to=2026-12-02T00:00:00Z";

  it("are counted by agent version, with a cap above what nearly all cost", async () => {
    const object = (id: string, agent: string, more: object): SoupItem => ({
      ...{ kind: "session", threadId: null },
      data: {
        ...{ id, type: "session", created_at: at(11 * DAY), ...more },
        agent: { type: "agent", id: agent, name: agent, version: 2, model: { id: "m" } },
      },
    });
    const budget = { type: "limit", max_list_cost: { amount: "150", currency: "USD" } };
    for (let index = 1; index <= 20; index++) {
      const id = `sesn_cap_${index}`;
      // From an hour to twenty: eight cents to a dollar sixty.
      const ends = idle(11 * DAY + index * 3_600);
      await storeItems(id, [
        object(id, "agent_open", index > 18 ? { budget } : {}),
        running(11 * DAY),
        ends,
      ]);
    }
    await storeItems("sesn_capped", [object("sesn_capped", "agent_capped", { budget })]);
    await storeItems("sesn_few", [object("sesn_few", "agent_few", {})]);
    expect(await covered(RANGE)).toEqual({
      ...{ sessions: 22, uncapped: 19, deployments: 0, uncapped_deployments: 0, versions: 2 },
      data: [
        {
          ...{ agent: { id: "agent_open", name: "agent_open" }, version: 2 },
          ...{ sessions: 20, uncapped: 18, settled: 20 },
          ...{ p95_nanos: 1_524_000_000, most_nanos: 1_600_000_000, suggested_cents: 229 },
        },
        {
          ...{ agent: { id: "agent_few", name: "agent_few" }, version: 2 },
          ...{ sessions: 1, uncapped: 1, settled: 0 },
          ...{ p95_nanos: null, most_nanos: 0, suggested_cents: null },
        },
      ],
    });
    expect(await covered(`${RANGE}&agent=agent_capped`)).toMatchObject({ sessions: 1, data: [] });
    expect((await covered(`${RANGE}&limit=1`)).data).toHaveLength(1);
  });
});
